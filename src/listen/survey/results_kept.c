/* What everybody answered, kept while it can no longer change: a survey with hundreds of thousands of answers is read once and not
 * at every look.
 *
 *     ids   ──── settled: counted here, once ────┬── of the last minutes, or unfinished: counted at every look ──
 *                                               upto
 *
 * A finished response never changes but when somebody takes answers back (an erasure, a removal): `taken_back` of the survey says
 * so, and all is counted anew. A new version does the same, because questions and series are laid out by versions. Rows whose
 * id is young may still be on their way into the database beside later ones.
 */
#include "base/id.h"
#include "base/log.h"
#include "json/write.h"
#include "listen/survey/response.h"
#include "listen/survey/results_pass.h"
#include "listen/survey/state.h"

enum {
    WARM_LEAST = 5000, /* answers; fewer are counted in no time */
    WARM_MOST = 16,    /* surveys */
};

struct kept_results {
    struct ctx ctx; /* of everything below */
    i64 survey, taken_back, version, upto;
    struct results out;
    struct pass pass;
    i64 *open; /* ids up to `upto` that are not settled */
    i64 open_count, open_capacity;
};

struct standing {
    i64 taken_back, version;
};

static err read_standing(struct ctx *ctx, struct surveys *surveys, i64 survey, struct standing *out)
{
    static const struct shape_field fields[] = {
        {"taken_back", SHAPE_I64, offsetof(struct standing, taken_back)},
        {"version", SHAPE_I64, offsetof(struct standing, version)},
    };
    static const struct shape shape = SHAPE("SurveyTakenBack", struct standing, fields, NULL);
    return store_one(ctx, surveys->options.store, SQL_RESULTS_STANDING, ARGS(ARG_I64("survey", survey)), &shape, out);
}

static void drop(struct kept_slot *slot)
{
    if (slot->kept != NULL) {
        pass_end(&slot->kept->pass);
        ctx_end(&slot->kept->ctx);
        mem_free(slot->kept);
        slot->kept = NULL;
    }
}

/* The slot's own, of this survey in this state; what is there of another one goes. */
static err take_slot(struct ctx *ctx, struct surveys *surveys, struct kept_slot *slot, i64 survey)
{
    struct standing now = {0};
    struct kept_results *kept = slot->kept;
    TRY(read_standing(ctx, surveys, survey, &now));
    if (kept != NULL && kept->survey == survey && kept->taken_back == now.taken_back && kept->version == now.version) {
        return OK;
    }
    drop(slot);
    kept = slot->kept = mem_new(sizeof *kept);
    kept->survey = survey;
    kept->taken_back = now.taken_back;
    kept->version = now.version;
    err code = pass_begin(&kept->ctx, surveys, survey, &kept->out, &kept->pass);
    if (code != OK) {
        drop(slot);
    }
    return code;
}

struct folding {
    struct kept_results *kept;
    struct pass *pass; /* of the asker */
    i64 upto, open_before_ms;
    i64 *open;
    i64 count, capacity;
};

/* An unfinished response can be continued for some time, and becomes events once. */
static bool is_settled(const struct folding *folding, const struct store_row *row)
{
    return !str_eq(row_str(row, COL_STATE), STR("partial")) ||
           (row_null(row, COL_PENDING) && row_i64(row, COL_STARTED) < folding->open_before_ms);
}

static void keep_open(struct ctx *ctx, struct folding *folding, i64 id)
{
    if (folding->count == folding->capacity) {
        i64 wish = folding->capacity * 2 + 256;
        folding->open = arena_grow(&ctx->arena, folding->open, folding->capacity * (i64)sizeof(i64),
                                   wish * (i64)sizeof(i64), _Alignof(i64));
        folding->capacity = wish;
    }
    folding->open[folding->count++] = id;
}

static err fold(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct folding *folding = self;
    i64 id = row_i64(row, COL_ID);
    if (ctx_stopped(ctx)) {
        return ERR_CANCELLED;
    }
    if (id <= folding->upto && is_settled(folding, row)) {
        pass_row(&folding->kept->pass, row);
        return OK;
    }
    if (id <= folding->upto) {
        keep_open(ctx, folding, id);
    }
    pass_row(folding->pass, row);
    return OK;
}

static str open_text(struct ctx *ctx, const struct kept_results *kept)
{
    struct json_writer out = json_writer_in(&ctx->arena);
    json_list(&out);
    for (i64 i = 0; i < kept->open_count; i++) {
        json_put_i64(&out, kept->open[i]);
    }
    json_list_end(&out);
    return json_text(&out);
}

static void remember(struct kept_results *kept, const struct folding *folding)
{
    if (folding->count > kept->open_capacity) {
        kept->open = arena_grow(&kept->ctx.arena, kept->open, kept->open_capacity * (i64)sizeof(i64),
                                2 * folding->count * (i64)sizeof(i64), _Alignof(i64));
        kept->open_capacity = 2 * folding->count;
    }
    if (folding->count > 0) {
        memcpy(kept->open, folding->open, (size_t)folding->count * sizeof(i64));
    }
    kept->open_count = folding->count;
    kept->upto = folding->upto;
}

static err count(struct ctx *ctx, struct surveys *surveys, struct kept_slot *slot, struct pass *pass)
{
    struct kept_results *kept = slot->kept;
    i64 now_ms = ctx_now_ms(ctx);
    struct folding folding = {
        .kept = kept,
        .pass = pass,
        .upto = greater(kept->upto, id_from_ms(now_ms - surveys->young_ms) - 1),
        .open_before_ms = now_ms - (RESPONSE_CONTINUE_DAYS + 1) * 86400000LL,
    };
    TRY(store_each(ctx, surveys->options.store, SQL_RESULTS_FOLD,
                   ARGS(ARG_I64("survey", kept->survey), ARG_I64("after", kept->upto),
                        ARG_STR("open", open_text(ctx, kept))),
                   fold, &folding));
    remember(kept, &folding);
    pass_merge(pass, &kept->pass);
    return OK;
}

err results_kept(struct ctx *ctx, struct surveys *surveys, i64 survey, struct pass *pass)
{
    struct kept_slot *slot = &surveys->results[(u64)survey % KEPT_RESULTS];
    pthread_mutex_lock(&slot->lock);
    err code = take_slot(ctx, surveys, slot, survey);
    if (code == OK) {
        code = count(ctx, surveys, slot, pass);
        if (code != OK) {
            drop(slot); // it may have counted some
        }
    }
    pthread_mutex_unlock(&slot->lock);
    return code;
}

static err warm(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct surveys *surveys = self;
    struct ctx here = {.stop = ctx->stop};
    struct results results;
    err code = survey_results(&here, surveys, &(struct results_filter){.survey = row_i64(row, 0)}, 0, &results);
    ctx_end(&here);
    return code;
}

void results_kept_warm(struct surveys *surveys)
{
    struct ctx ctx = {.stop = &surveys->stop};
    err code = store_each(&ctx, surveys->options.store, SQL_RESULTS_LARGEST,
                          ARGS(ARG_I64("least", WARM_LEAST), ARG_I64("limit", WARM_MOST)), warm, surveys);
    if (code != OK && code != ERR_CANCELLED) {
        log_fault(LOG_WARN, "surveys_not_counted", &ctx, code);
    }
    ctx_end(&ctx);
}

void results_kept_close(struct surveys *surveys)
{
    for (i64 i = 0; i < KEPT_RESULTS; i++) {
        drop(&surveys->results[i]);
        pthread_mutex_destroy(&surveys->results[i].lock);
    }
}
