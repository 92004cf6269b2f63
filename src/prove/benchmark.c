#include "prove/benchmark.h"

#include "base/id.h"
#include "base/zone.h"
#include "measure/metric.h"

const char *const benchmark_metrics[] = {"nps", "csat", "ces", NULL};

#define AT(member) offsetof(struct benchmark, member)

static const struct shape_field fields[] = {
    {"id", SHAPE_ID, AT(id), .flags = SHAPE_READ_ONLY},
    {"name", SHAPE_STR, AT(name), .min = 1, .max = 200, .flags = SHAPE_REQUIRED, .help = "shape.benchmark.name"},
    {"metric", SHAPE_WORD, AT(metric), .words = benchmark_metrics, .flags = SHAPE_REQUIRED},
    {"scale", SHAPE_STR, AT(scale), .max = SCALE_TEXT_MAX, .help = "shape.benchmark.scale"},
    {"question", SHAPE_STR, AT(question), .max = 200, .help = "shape.benchmark.question"},
    {"asked", SHAPE_STR, AT(asked), .max = 100, .help = "shape.benchmark.asked"},
    {"from", SHAPE_STR, AT(from), .min = 10, .max = 10, .flags = SHAPE_REQUIRED, .help = "shape.benchmark.from"},
    {"to", SHAPE_STR, AT(to), .min = 10, .max = 10, .flags = SHAPE_REQUIRED, .help = "shape.benchmark.from"},
    {"value", SHAPE_F64, AT(value), .flags = SHAPE_REQUIRED, .help = "shape.benchmark.value"},
    {"low", SHAPE_MAYBE_F64, AT(low), .help = "shape.benchmark.low"},
    {"high", SHAPE_MAYBE_F64, AT(high), .help = "shape.benchmark.low"},
    {"answers", SHAPE_I64, AT(answers), .min = 0, .max = 1000000000, .help = "shape.benchmark.answers"},
    {"source", SHAPE_STR, AT(source), .min = 1, .max = 500, .flags = SHAPE_REQUIRED, .help = "shape.benchmark.source"},
    {"url", SHAPE_STR, AT(url), .max = 2000, .help = "shape.benchmark.url"},
    {"note", SHAPE_STR, AT(note), .max = 4000, .help = "shape.benchmark.note"},
    {"by", SHAPE_STR, AT(by), .flags = SHAPE_READ_ONLY},
    {"created_ms", SHAPE_TIME, AT(created_ms), .flags = SHAPE_READ_ONLY},
    {"changed_ms", SHAPE_TIME, AT(changed_ms), .flags = SHAPE_READ_ONLY},
};
const struct shape benchmark_shape = SHAPE("Benchmark", struct benchmark, fields, "shape.benchmark");

const char *benchmark_differs(const struct benchmark *benchmark, const struct benchmark_ours *ours)
{
    if (benchmark->metric != ours->metric) {
        return "metric";
    }
    if (!str_eq(benchmark->scale, ours->scale)) {
        return "scale";
    }
    if (benchmark->question.len == 0 || benchmark->asked.len == 0) {
        return "unknown";
    }
    if (!str_eq(benchmark->question, ours->question)) {
        return "question";
    }
    return str_eq(benchmark->asked, ours->asked) ? NULL : "asked";
}

/* What a score of the metric can be. */
static void limits_of(enum metric metric, f64 *low, f64 *high)
{
    *low = metric == METRIC_NPS ? -100 : metric == METRIC_CSAT ? 0 : 1;
    *high = metric == METRIC_CES ? 7 : 100;
}

static err check_value(struct ctx *ctx, const char *field, struct maybe_f64 value, enum metric metric)
{
    f64 low, high;
    limits_of(metric, &low, &high);
    if (!value.is || (value.value >= low && value.value <= high)) {
        return OK;
    }
    return FAIL(ctx, ERR_INVALID, field, "error.range", {"low", str_format(&ctx->arena, "%g", low)},
                {"high", str_format(&ctx->arena, "%g", high)});
}

static err check_numbers(struct ctx *ctx, const struct benchmark *benchmark, enum metric metric)
{
    TRY(check_value(ctx, "value", (struct maybe_f64){benchmark->value, true}, metric));
    TRY(check_value(ctx, "low", benchmark->low, metric));
    TRY(check_value(ctx, "high", benchmark->high, metric));
    if (benchmark->low.is && benchmark->low.value > benchmark->value) {
        return FAIL(ctx, ERR_INVALID, "low", "error.benchmark.interval");
    }
    if (benchmark->high.is && benchmark->high.value < benchmark->value) {
        return FAIL(ctx, ERR_INVALID, "high", "error.benchmark.interval");
    }
    return OK;
}

static err check_date(struct ctx *ctx, const char *field, str text, i64 *at_ms)
{
    return iso_parse(zone_utc(), text, at_ms) ? OK : FAIL(ctx, ERR_INVALID, field, "error.benchmark.date");
}

static str text_or_empty(str text)
{
    return str_is(text) ? str_trim(text) : STR("");
}

/* Checks it, and brings it to the form in which it is stored. */
static err settle(struct ctx *ctx, struct benchmark *benchmark)
{
    enum metric metric = METRIC_NONE;
    struct scale scale;
    i64 from_ms, to_ms;
    (void)metric_parse(str_from(benchmark_metrics[benchmark->metric]), &metric);
    scale = metric_scale(metric);
    if (str_is(benchmark->scale) && benchmark->scale.len > 0 &&
        (!scale_parse(benchmark->scale, &scale) || !metric_allows(metric, scale))) {
        return FAIL(ctx, ERR_INVALID, "scale", "error.benchmark.scale");
    }
    char shown[SCALE_TEXT_MAX];
    benchmark->scale = str_copy(&ctx->arena, scale_text(scale, shown));
    TRY(check_numbers(ctx, benchmark, metric));
    TRY(check_date(ctx, "from", benchmark->from, &from_ms));
    TRY(check_date(ctx, "to", benchmark->to, &to_ms));
    if (to_ms < from_ms) {
        return FAIL(ctx, ERR_INVALID, "to", "error.benchmark.date");
    }
    str *texts[] = {&benchmark->question, &benchmark->asked, &benchmark->url, &benchmark->note};
    for (i64 i = 0; i < countof(texts); i++) {
        *texts[i] = text_or_empty(*texts[i]);
    }
    if (benchmark->url.len > 0 && !str_starts(benchmark->url, STR("https://")) &&
        !str_starts(benchmark->url, STR("http://"))) {
        return FAIL(ctx, ERR_INVALID, "url", "error.benchmark.url");
    }
    benchmark->changed_ms = ctx_now_ms(ctx);
    return OK;
}

err benchmark_add(struct ctx *ctx, struct store *store, const struct principal *who, struct benchmark *benchmark)
{
    i64 count = 0;
    TRY(settle(ctx, benchmark));
    TRY(store_number(ctx, store, SQL_BENCHMARK_COUNT, ARGS_NONE, &count));
    if (count >= BENCHMARKS_MAX) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.saved.full",
                    {"most", str_format(&ctx->arena, "%d", BENCHMARKS_MAX)});
    }
    benchmark->id = id_new();
    benchmark->by = text_or_empty(who->asker == ASKER_USER ? who->user_name : who->name);
    benchmark->created_ms = benchmark->changed_ms;
    return store_run(ctx, store, SQL_BENCHMARK_ADD, ARGS_OF(&benchmark_shape, benchmark), NULL);
}

err benchmark_list(struct ctx *ctx, struct store *store, struct shape_list *out)
{
    return store_all(ctx, store, SQL_BENCHMARK_ROWS, ARGS_NONE, &benchmark_shape, out);
}

err benchmark_get(struct ctx *ctx, struct store *store, i64 id, struct benchmark *out)
{
    *out = (struct benchmark){0};
    err code = store_one(ctx, store, SQL_BENCHMARK_ROW, ARGS(ARG_ID("id", id)), &benchmark_shape, out);
    return code == ERR_NOT_FOUND ? FAIL(ctx, ERR_NOT_FOUND, NULL, "error.not_found") : code;
}

err benchmark_change(struct ctx *ctx, struct store *store, struct benchmark *benchmark)
{
    TRY(settle(ctx, benchmark));
    return store_run(ctx, store, SQL_BENCHMARK_CHANGE, ARGS_OF(&benchmark_shape, benchmark), NULL);
}

err benchmark_remove(struct ctx *ctx, struct store *store, i64 id, struct benchmark *removed)
{
    TRY(benchmark_get(ctx, store, id, removed));
    return store_run(ctx, store, SQL_BENCHMARK_REMOVE, ARGS(ARG_ID("id", id)), NULL);
}
