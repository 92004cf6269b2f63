#include "listen/preview.h"

#include "listen/guess.h"
#include "listen/importer.h"
#include "listen/limits.h"
#include "listen/lines.h"
#include "store/settings.h"

enum { PROBLEMS_MAX = 100 };

static const struct shape_field request_fields[] = {
    {"file", SHAPE_STR, offsetof(struct preview_request, file), .min = 1, .max = 40, .flags = SHAPE_REQUIRED},
    {"map", SHAPE_JSON, offsetof(struct preview_request, map), .min = 2, .max = 100000},
};
const struct shape preview_request_shape = SHAPE("ImportPreviewRequest", struct preview_request, request_fields,
                                                 "import.help.preview_request");

static const struct shape_field problem_fields[] = {
    {"target", SHAPE_STR, offsetof(struct preview_problem, target)},
    {"detail", SHAPE_STR, offsetof(struct preview_problem, detail)},
};
static const struct shape problem_shape = SHAPE("ImportProblem", struct preview_problem, problem_fields,
                                                "import.help.problem");

static const struct shape_field example_fields[] = {
    {"target", SHAPE_STR, offsetof(struct preview_example, target)},
    {"values", SHAPE_JSON, offsetof(struct preview_example, values)},
};
static const struct shape example_shape = SHAPE("ImportExample", struct preview_example, example_fields,
                                                "import.help.example");

static const struct shape_field preview_fields[] = {
    {"columns", SHAPE_STRS, offsetof(struct preview, columns)},
    {"rows", SHAPE_JSON, offsetof(struct preview, rows)},
    {"map", SHAPE_JSON, offsetof(struct preview, map)},
    {"encoding", SHAPE_STR, offsetof(struct preview, encoding)},
    {"separator", SHAPE_STR, offsetof(struct preview, separator)},
    {"kind", SHAPE_WORD, offsetof(struct preview, kind), .words = rows_kind_words},
    {"sheets", SHAPE_STRS, offsetof(struct preview, sheets)},
    {"problems", SHAPE_LIST, offsetof(struct preview, problems), .of = &problem_shape},
    {"examples", SHAPE_LIST, offsetof(struct preview, examples), .of = &example_shape},
};
const struct shape preview_shape = SHAPE("ImportPreview", struct preview, preview_fields, "import.help.preview");

struct previewing {
    struct ctx *ctx;
    enum language language;
    const struct zone *zone;
    struct rows *rows;
    struct sample sample;
    struct preview *out;
    struct preview_problem *problems;
};

static void add_problem(struct previewing *previewing, str target, str detail)
{
    struct shape_list *list = &previewing->out->problems;
    if (list->count < PROBLEMS_MAX) {
        previewing->problems[list->count++] = (struct preview_problem){target, detail};
    }
}

/* The context's failure as a problem; it is forgiven. */
static void add_fault(struct previewing *previewing, str target)
{
    struct ctx *ctx = previewing->ctx;
    const struct fault *fault = &ctx->fault;
    str detail = sentence_fill(&ctx->arena, previewing->language, fault->key, fault->args, fault->arg_count);
    add_problem(previewing, target, detail);
    ctx_forgive(ctx);
}

/* "/map/score/0" → "score/0" */
static str target_of(struct ctx *ctx)
{
    str pointer = ctx->fault.pointer;
    return pointer.len > 1 ? str_copy(&ctx->arena, str_slice(pointer, 1, pointer.len)) : STR("");
}

/* The options that say how the file is read; those that make no sense are problems later, when the map is read. */
static struct rows_options options_of(struct ctx *ctx, str map)
{
    struct rows_options options = {0};
    struct json object;
    str word;
    if (!str_is(map) || json_parse(ctx, json_reader_here(), map, &object) != OK) {
        ctx_forgive(ctx);
        return options;
    }
    if (json_str(json_get(object, STR("encoding")), &word)) {
        (void)encoding_parse(word, &options.encoding);
    }
    if (json_str(json_get(object, STR("separator")), &word) && word.len > 0) {
        bool tab = str_eq(word, STR("\\t")) || str_eq_nocase(word, STR("tab"));
        options.separator = tab ? STR("\t") : str_copy(&ctx->arena, word);
    }
    if (json_str(json_get(object, STR("sheet")), &word) && word.len > 0) {
        options.sheet = str_copy(&ctx->arena, word);
    }
    return options;
}

/* A map that says only how the file is read is to be guessed. */
static bool has_targets(struct ctx *ctx, str map)
{
    static const char *const about_reading[] = {"separator", "encoding",  "sheet",  "source",
                                                "decimal",   "thousands", "missing"};
    struct json object;
    bool some = false;
    if (!str_is(map) || json_parse(ctx, json_reader_here(), map, &object) != OK) {
        ctx_forgive(ctx);
        return str_is(map) && !str_eq(map, STR("null"));
    }
    for (struct json_iter i = json_each(object); json_next(&i);) {
        bool reading = false;
        for (i64 k = 0; k < countof(about_reading); k++) {
            reading = reading || str_eq(i.key, str_from(about_reading[k]));
        }
        some = some || !reading;
    }
    return some;
}

static err open_rows(struct previewing *previewing, const char *path, str map)
{
    struct ctx *ctx = previewing->ctx;
    struct rows_options options = options_of(ctx, map);
    err failed = rows_open(ctx, path, &options, &previewing->rows);
    if (failed == ERR_INVALID && str_is(options.sheet)) {
        add_fault(previewing, STR("sheet"));
        options.sheet = STR_NONE;
        failed = rows_open(ctx, path, &options, &previewing->rows);
    }
    return failed == ERR_EMPTY ? ERR_INVALID : failed;
}

static str first_rows(struct ctx *ctx, const struct sample *sample)
{
    struct json_writer out = json_writer_in(&ctx->arena);
    json_list(&out);
    for (i64 i = 0; i < lesser(sample->count, PREVIEW_ROWS); i++) {
        const struct row *row = &sample->rows[i];
        json_list(&out);
        for (i64 c = 0; c < sample->columns.count; c++) {
            json_put_str(&out, c < row->count ? row->cells[c] : STR_NONE);
        }
        json_list_end(&out);
    }
    json_list_end(&out);
    return json_text(&out);
}

static void guess(struct previewing *previewing, str given)
{
    struct guess guess;
    guess_map(previewing->ctx, &previewing->sample, previewing->zone, given, &guess);
    previewing->out->map = guess.map;
    for (i64 i = 0; i < guess.doubt_count; i++) {
        struct fault_arg args[] = {{"column", guess.doubts[i].column}};
        str detail = sentence_fill(&previewing->ctx->arena, previewing->language, guess.doubts[i].key, args, 1);
        add_problem(previewing, str_from(guess.doubts[i].target), detail);
    }
}

/* Every column that is not there, not only the first. */
static bool bind(struct previewing *previewing, struct map *map)
{
    struct ctx *ctx = previewing->ctx;
    struct map_place *places;
    i64 count = map_places(&ctx->arena, map, &places);
    bool whole = true;
    for (i64 i = 0; i < count; i++) {
        if (rows_column(previewing->rows, places[i].target->column) < 0) {
            struct fault_arg args[] = {{"column", places[i].target->column}};
            add_problem(previewing, places[i].path,
                        sentence_fill(&ctx->arena, previewing->language, "import.no_column", args, 1));
            whole = false;
        }
    }
    return map_bind(ctx, map, previewing->rows) == OK && whole;
}

/* What the events of the first rows hold, by target. */
static const char *const example_targets[] = {"person", "at", "kind", "channel", "place", "amount", "score", "text"};

static void put_example(struct json_writer *out, const char *target, const struct event *event, const struct zone *zone)
{
    char iso[ISO_MAX];
    struct arena *arena = out->out.arena;
    if (strcmp(target, "at") == 0) {
        json_put_str(out, iso_format(zone, event->at_ms, iso));
    } else if (strcmp(target, "amount") == 0) {
        char code[4];
        i32 digits = 0;
        f64 unit = 1;
        (void)currency_find(event->currency, code, &digits);
        for (i32 i = 0; i < digits; i++) {
            unit *= 10;
        }
        json_put_str(out, event->amount.is ? str_format(arena, "%.*f %.*s", (int)digits,
                                                        (f64)event->amount.value / unit, STR_ARG(event->currency))
                                           : STR_NONE);
    } else if (strcmp(target, "score") == 0) {
        json_put_str(out, event->score.is ? str_format(arena, "%g (%.*s %.*s)", event->score.value,
                                                       STR_ARG(event->metric), STR_ARG(event->scale))
                                          : STR_NONE);
    } else {
        str value = strcmp(target, "person") == 0    ? event->alias
                    : strcmp(target, "kind") == 0    ? event->kind
                    : strcmp(target, "channel") == 0 ? event->channel
                    : strcmp(target, "place") == 0   ? event->place
                                                     : event->text;
        json_put_str(out, value.len > 0 ? value : STR_NONE);
    }
}

static str example_values(struct previewing *previewing, const struct map *map, const char *target)
{
    struct ctx here = {0};
    struct json_writer out = json_writer_in(&previewing->ctx->arena);
    json_list(&out);
    for (i64 i = 0; i < lesser(previewing->sample.count, PREVIEW_ROWS); i++) {
        struct line_events line;
        if (line_read(&here, map, previewing->rows, &previewing->sample.rows[i], STR(""), &line) == OK) {
            put_example(&out, target, &line.items[0], map->zone);
        } else {
            json_put_null(&out);
        }
        ctx_reset(&here);
    }
    json_list_end(&out);
    ctx_end(&here);
    return json_text(&out);
}

static bool is_mapped(const struct map *map, i64 target)
{
    switch (target) {
    case 0:
        return target_is(&map->person) || target_is(&map->user) || target_is(&map->anonymous) ||
               target_is(&map->email) || target_is(&map->phone);
    case 3: return target_is(&map->channel);
    case 4: return target_is(&map->place);
    case 5: return target_is(&map->amount);
    case 6: return map->answer_count > 0;
    case 7: return target_is(&map->text);
    default: return true;
    }
}

static void put_examples(struct previewing *previewing, const struct map *map)
{
    struct preview_example *items = arena_new(&previewing->ctx->arena, struct preview_example,
                                              countof(example_targets));
    i64 count = 0;
    for (i64 i = 0; i < countof(example_targets); i++) {
        if (is_mapped(map, i)) {
            str values = example_values(previewing, map, example_targets[i]);
            items[count++] = (struct preview_example){str_from(example_targets[i]), values};
        }
    }
    previewing->out->examples = (struct shape_list){items, count};
}

/* The target that reads a column, for a reason that names it. */
static str target_reading(struct ctx *ctx, struct map *map, str column)
{
    struct map_place *places;
    i64 count = map_places(&ctx->arena, map, &places);
    for (i64 i = count - 1; i >= 0; i--) {
        if (str_eq(places[i].target->column, column) && strcmp(places[i].name, "props") != 0 &&
            strcmp(places[i].name, "id") != 0) {
            return places[i].path;
        }
    }
    return STR("");
}

/* Tries the map on the sample and tells what would be refused, each reason once. */
static void try_lines(struct previewing *previewing, struct map *map)
{
    struct ctx here = {0}, *ctx = previewing->ctx;
    struct tally_reason reasons[32];
    i64 count = 0;
    for (i64 i = 0; i < previewing->sample.count; i++, ctx_reset(&here)) {
        struct line_events line;
        if (line_read(&here, map, previewing->rows, &previewing->sample.rows[i], STR(""), &line) == OK) {
            continue;
        }
        struct tally_reason reason = reason_of(&here.fault);
        i64 at = 0;
        while (at < count && !(str_eq(reasons[at].key, reason.key) && str_eq(reasons[at].column, reason.column))) {
            at++;
        }
        if (at == count && count < countof(reasons)) {
            reasons[count++] = (struct tally_reason){reason.key, str_copy(&ctx->arena, reason.column),
                                                     str_copy(&ctx->arena, reason.allowed), 0};
        }
        if (at < count) {
            reasons[at].count++;
        }
    }
    ctx_end(&here);
    for (i64 i = 0; i < count; i++) {
        struct fault_arg args[] = {
            {"count", str_format(&ctx->arena, "%lld", (long long)reasons[i].count)},
            {"lines", str_format(&ctx->arena, "%lld", (long long)previewing->sample.count)},
            {"reason", reason_text(&ctx->arena, previewing->language, &reasons[i])},
        };
        add_problem(previewing, target_reading(ctx, map, reasons[i].column),
                    sentence_fill(&ctx->arena, previewing->language, "import.would_refuse", args, countof(args)));
    }
}

static err fill(struct previewing *previewing, const struct preview_request *request)
{
    struct ctx *ctx = previewing->ctx;
    struct preview *out = previewing->out;
    TRY(sample_read(ctx, previewing->rows, &previewing->sample));
    const struct rows *rows = previewing->rows;
    out->columns = previewing->sample.columns;
    out->rows = first_rows(ctx, &previewing->sample);
    out->encoding = str_from(encoding_words[rows->encoding]);
    out->separator = str_is(rows->separator) ? str_copy(&ctx->arena, rows->separator) : STR_NONE;
    out->kind = (i32)rows->kind;
    out->sheets.items = arena_new(&ctx->arena, str, rows->sheets.count + 1);
    for (i64 i = 0; i < rows->sheets.count; i++) {
        out->sheets.items[out->sheets.count++] = str_copy(&ctx->arena, rows->sheets.items[i]);
    }
    if (has_targets(ctx, request->map)) {
        out->map = request->map;
    } else {
        guess(previewing, request->map);
    }
    struct map map;
    str before = ctx->pointer;
    ctx->pointer = STR("");
    err failed = map_read(ctx, out->map, previewing->zone, &map);
    if (failed == OK && bind(previewing, &map)) {
        try_lines(previewing, &map);
        put_examples(previewing, &map);
    } else if (failed != OK && !(out->problems.count > 0 && str_eq(target_of(ctx), STR("at")))) {
        add_fault(previewing, target_of(ctx));
    }
    ctx_forgive(ctx);
    ctx->pointer = before;
    return OK;
}

err import_preview(struct ctx *ctx, struct importer *importer, const struct preview_request *request,
                   enum language language, struct preview *out)
{
    struct settings settings;
    const char *path;
    *out = (struct preview){0};
    struct previewing previewing = {.ctx = ctx, .language = language, .out = out};
    previewing.problems = arena_new(&ctx->arena, struct preview_problem, PROBLEMS_MAX);
    out->problems.items = previewing.problems;
    TRY(upload_path(ctx, &importer->uploads, request->file, &path));
    TRY(settings_read(ctx, importer->options.store, &settings));
    TRY(zone_find(ctx, settings.zone, &previewing.zone));
    TRY(open_rows(&previewing, path, request->map));
    err result = fill(&previewing, request);
    rows_close(previewing.rows);
    return result;
}
