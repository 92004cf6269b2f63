#include "listen/survey/results_pass.h"

#include "json/read.h"
#include "listen/survey/state.h"

static i64 find_tally(struct pass *pass, const struct survey_question *question)
{
    for (i64 i = 0; i < pass->tally_count; i++) {
        if (str_eq(pass->tallies[i].question->id, question->id) && str_eq(pass->tallies[i].series, question->series)) {
            return i;
        }
    }
    struct question_tally *tally = &pass->tallies[pass->tally_count];
    struct arena *arena = &pass->ctx->arena;
    *tally = (struct question_tally){
        .question = question,
        .series = question->series,
        .versions = arena_new(arena, u64, VERSION_WORDS),
        .chosen = arena_new(arena, i64, greater(question->options.count * greater(question->rows.count, 1), 1)),
        .ranks = arena_new(arena, i64, greater(question->options.count, 1)),
    };
    return pass->tally_count++;
}

/* The newest version first, so that its questions stand first and in its order; what is no longer asked follows. */
static void lay_out(struct pass *pass)
{
    struct arena *arena = &pass->ctx->arena;
    i64 questions = 1;
    for (i64 v = 0; v < pass->version_count; v++) {
        questions += pass->versions[v].questions.count;
    }
    pass->tallies = arena_new(arena, struct question_tally, questions);
    pass->tally_of = arena_new(arena, i64 *, greater(pass->version_count, 1));
    for (i64 v = pass->version_count - 1; v >= 0; v--) {
        const struct survey_document *document = &pass->versions[v];
        pass->tally_of[v] = arena_new(arena, i64, greater(document->questions.count, 1));
        for (i64 i = 0; i < document->questions.count; i++) {
            const struct survey_question *question = survey_question_at(document, i);
            pass->tally_of[v][i] = question->type == SURVEY_NOTE ? -1 : find_tally(pass, question);
            if (pass->tally_of[v][i] >= 0 && v < VERSION_WORDS * 64) {
                pass->tallies[pass->tally_of[v][i]].versions[v / 64] |= (u64)1 << (v % 64);
            }
        }
    }
}

static struct question_tally *tally_at(const struct pass *pass, i64 version, i64 index)
{
    i64 tally = index >= 0 ? pass->tally_of[version][index] : -1;
    return tally >= 0 ? &pass->tallies[tally] : NULL;
}

static void count_answers(struct pass *pass, i64 version, str counted, bool *answered)
{
    const struct survey_document *document = &pass->versions[version];
    i64 count = document->questions.count;
    struct survey_answer *answers = arena_new(&pass->here.arena, struct survey_answer, greater(count, 1));
    if (survey_answers_read(&pass->here, document, counted, answers) != OK) {
        return; // it was checked when it was taken
    }
    for (i64 i = 0; i < count; i++) {
        struct question_tally *tally = tally_at(pass, version, i);
        if (tally != NULL && answers[i].given) {
            tally_answer(&pass->ctx->arena, tally, &answers[i]);
            answered[i] = true;
        }
    }
}

/* Who left did so at the question that was shown last. */
static void count_seen(struct pass *pass, i64 version, str seen, const bool *answered, bool finished)
{
    const struct survey_document *document = &pass->versions[version];
    bool *shown = arena_new(&pass->here.arena, bool, greater(document->questions.count, 1));
    struct question_tally *last = NULL;
    struct json list;
    if (json_parse(&pass->here, json_reader_here(), seen, &list) == OK) {
        for (struct json_iter item = json_each(list); json_next(&item);) {
            str id;
            i64 at = json_str(item.value, &id) ? survey_question_find(document, id) : -1;
            last = at >= 0 ? tally_at(pass, version, at) : last;
            shown[at >= 0 ? at : 0] = shown[at >= 0 ? at : 0] || at >= 0;
        }
    }
    for (i64 i = 0; i < document->questions.count; i++) {
        struct question_tally *tally = tally_at(pass, version, i);
        if (tally != NULL && (shown[i] || answered[i])) {
            tally->seen++;
            tally->skipped += finished && !answered[i] ? 1 : 0;
            last = last == NULL || (answered[i] && !shown[i]) ? tally : last;
        }
    }
    if (last != NULL && !finished) {
        last->left++;
    }
}

static void count_spent(struct pass *pass, i64 version, str spent, i64 took_ms, bool finished)
{
    const struct survey_document *document = &pass->versions[version];
    struct json object;
    f64 sum = 0;
    if (json_parse(&pass->here, json_reader_here(), spent, &object) == OK) {
        for (struct json_iter member = json_each(object); json_next(&member);) {
            f64 ms;
            struct question_tally *tally = tally_at(pass, version, survey_question_find(document, member.key));
            if (tally != NULL && json_f64(member.value, &ms)) {
                numbers_keep(&pass->ctx->arena, &tally->spent, ms);
                sum += ms;
            }
        }
    }
    if (finished && (sum > 0 || took_ms > 0)) {
        numbers_keep(&pass->ctx->arena, &pass->seconds, (sum > 0 ? sum : (f64)took_ms) / 1000);
    }
}

static void count_end(struct pass *pass, str end, i64 n)
{
    for (i64 i = 0; i < ENDS_MAX; i++) {
        if (i == pass->out->ends.count) {
            pass->ends[i] = (struct result_count){.id = str_copy(&pass->ctx->arena, end)};
            pass->out->ends.count++;
        }
        if (str_eq(pass->ends[i].id, end)) {
            pass->ends[i].n += n;
            return;
        }
    }
}

static void count_row(struct pass *pass, const struct store_row *row)
{
    struct results *out = pass->out;
    i64 version = row_i64(row, COL_VERSION) - 1, answered = row_i64(row, COL_ANSWERED);
    str state = row_str(row, COL_STATE);
    bool finished = str_eq(state, STR("finished")), over = str_eq(state, STR("over"));
    bool counted = !row_null(row, COL_COUNTED);
    if (version < 0 || version >= pass->version_count) {
        return;
    }
    out->opened++;
    out->over += over ? 1 : 0;
    out->started += answered > 0 ? 1 : 0;
    out->finished += finished ? 1 : 0;
    out->partial += !finished && !over && answered > 0 ? 1 : 0;
    out->answered_invited += counted && str_eq(row_str(row, COL_KIND), STR("invitation")) ? 1 : 0;
    bool *given = arena_new(&pass->here.arena, bool, greater(pass->versions[version].questions.count, 1));
    if (over) {
        return;
    }
    if (counted) {
        count_answers(pass, version, row_str(row, COL_COUNTED), given);
    }
    count_seen(pass, version, row_str(row, COL_SEEN), given, finished);
    count_spent(pass, version, row_str(row, COL_SPENT), row_i64(row, COL_FINISHED) - row_i64(row, COL_STARTED),
                finished);
    if (finished) {
        count_end(pass, row_str(row, COL_END), 1);
    }
}

static err read_versions(struct ctx *ctx, struct surveys *surveys, i64 survey, struct pass *pass)
{
    struct shape_list rows;
    TRY(survey_versions(ctx, surveys, survey, &rows));
    struct survey_document *versions = arena_new(&ctx->arena, struct survey_document, greater(rows.count, 1));
    for (i64 i = 0; i < rows.count; i++) {
        TRY(survey_document_read(ctx, ((const struct survey_version *)rows.items)[i].document, &versions[i]));
    }
    pass->versions = versions;
    pass->version_count = rows.count;
    return OK;
}

err pass_begin(struct ctx *ctx, struct surveys *surveys, i64 survey, struct results *out, struct pass *pass)
{
    *pass = (struct pass){.ctx = ctx, .out = out};
    pass->ends = arena_new(&ctx->arena, struct result_count, ENDS_MAX);
    TRY(read_versions(ctx, surveys, survey, pass));
    lay_out(pass);
    return OK;
}

void pass_end(struct pass *pass)
{
    ctx_end(&pass->here);
}

void pass_row(struct pass *pass, const struct store_row *row)
{
    count_row(pass, row);
    ctx_reset(&pass->here);
}

void pass_merge(struct pass *into, const struct pass *more)
{
    struct results *out = into->out;
    const struct results *add = more->out;
    out->opened += add->opened;
    out->over += add->over;
    out->started += add->started;
    out->finished += add->finished;
    out->partial += add->partial;
    out->answered_invited += add->answered_invited;
    numbers_merge(&into->ctx->arena, &into->seconds, &more->seconds);
    for (i64 i = 0; i < more->out->ends.count; i++) {
        count_end(into, more->ends[i].id, more->ends[i].n);
    }
    for (i64 i = 0; i < into->tally_count && i < more->tally_count; i++) {
        tally_join(&into->ctx->arena, &into->tallies[i], &more->tallies[i]);
    }
}
