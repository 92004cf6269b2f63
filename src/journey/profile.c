#include "journey/profile.h"

#include "journey/profile_gather.h"
#include "journey/sql/answers.h"

#include <stdlib.h>

static const struct shape_field amount_fields[] = {
    {"currency", SHAPE_STR, offsetof(struct profile_amount, currency), .flags = SHAPE_REQUIRED},
    {"amount", SHAPE_I64, offsetof(struct profile_amount, amount), .flags = SHAPE_REQUIRED, .help = "shape.row.amount"},
};
const struct shape profile_amount_shape = SHAPE("ProfileAmount", struct profile_amount, amount_fields,
                                                "shape.profile_amount");

static const struct shape_field score_fields[] = {
    {"metric", SHAPE_STR, offsetof(struct profile_score, metric), .flags = SHAPE_REQUIRED},
    {"n", SHAPE_I64, offsetof(struct profile_score, n), .flags = SHAPE_REQUIRED},
    {"score", SHAPE_MAYBE_F64, offsetof(struct profile_score, score), .flags = SHAPE_REQUIRED},
    {"low", SHAPE_MAYBE_F64, offsetof(struct profile_score, low), .flags = SHAPE_REQUIRED},
    {"high", SHAPE_MAYBE_F64, offsetof(struct profile_score, high), .flags = SHAPE_REQUIRED},
    {"few", SHAPE_BOOL, offsetof(struct profile_score, few), .flags = SHAPE_REQUIRED},
};
const struct shape profile_score_shape = SHAPE("ProfileScore", struct profile_score, score_fields,
                                               "shape.profile_score");

void profile_add_amount(struct gathering *gathering, str currency, i64 amount, i64 orders)
{
    struct profile *profile = gathering->profile;
    struct profile_amount *amounts = profile->amounts.items;
    i64 at = 0;
    while (at < profile->amounts.count && !str_eq(amounts[at].currency, currency)) {
        at++;
    }
    if (at == profile->amounts.count) {
        i64 size = (i64)sizeof(struct profile_amount);
        struct arena *arena = &gathering->asking->ctx->arena;
        amounts = arena_grow(arena, amounts, at * size, (at + 1) * size, _Alignof(struct profile_amount));
        amounts[at] = (struct profile_amount){.currency = str_copy(arena, currency)};
        profile->amounts = (struct shape_list){amounts, at + 1};
    }
    amounts[at].amount += amount;
    profile->orders += orders;
}

void profile_add_answers(struct gathering *gathering, str word, str scale_text, f64 value, i64 times)
{
    struct scale scale;
    enum metric metric;
    if (metric_parse(word, &metric) && scale_parse(scale_text, &scale)) {
        gathering->tallies[metric].metric = metric;
        tally_add_many(&gathering->tallies[metric], scale, value, times);
    }
}

static void add_row(struct gathering *gathering, i64 row)
{
    const struct view *view = &gathering->asking->view;
    struct profile *profile = gathering->profile;
    i64 at_ms = view_at_ms(view, row);
    profile->first_ms = profile->events == 0 ? at_ms : lesser(profile->first_ms, at_ms);
    profile->last_ms = profile->events == 0 ? at_ms : greater(profile->last_ms, at_ms);
    profile->events++;
    struct view_answer answer;
    i64 amount;
    if (view_answer(view, row, &answer) && answer.score != 0) {
        profile_add_answers(gathering, texts_text(&view->texts[WORD_METRIC], answer.metric),
                            texts_text(&view->texts[WORD_SCALE], answer.scale), view->scores.values[answer.score], 1);
    }
    if (view_amount(view, row, &amount)) {
        str currency = texts_text(&view->texts[WORD_CURRENCY], view_word(view, WORD_CURRENCY, row));
        profile_add_amount(gathering, currency, amount, amount > 0);
    }
}

static int by_currency(const void *a, const void *b)
{
    return str_cmp(((const struct profile_amount *)a)->currency, ((const struct profile_amount *)b)->currency);
}

void profile_end(struct gathering *gathering)
{
    struct profile_score *scores = arena_new(&gathering->asking->ctx->arena, struct profile_score, METRIC_COUNT);
    i64 count = 0;
    for (i32 metric = METRIC_NONE + 1; metric < METRIC_COUNT; metric++) {
        struct score score = tally_score(&gathering->tallies[metric]);
        if (score.n > 0) {
            scores[count++] = (struct profile_score){
                .metric = metric_word((enum metric)metric),
                .n = score.n,
                .score = {score.score, score.is},
                .low = {score.low, score.is},
                .high = {score.high, score.is},
                .few = score.n < gathering->asking->question.minimum_n,
            };
        }
    }
    gathering->profile->scores = (struct shape_list){scores, count};
    struct shape_list *amounts = &gathering->profile->amounts;
    if (amounts->count > 1) {
        qsort(amounts->items, (size_t)amounts->count, sizeof(struct profile_amount), by_currency);
    }
}

static void read_one(const struct asking *asking, struct walk *walk, i64 id, struct profile *out)
{
    struct gathering gathering = {.asking = asking, .profile = out};
    struct identity *identity = asking->rooms->identity;
    identity_lock(identity);
    alias_no alias = identity_of_id(identity, id);
    identity_unlock(identity);
    if (alias == 0 || alias > asking->view.alias_count) {
        return;
    }
    alias_no person = asking->view.person[alias];
    walk_to(walk, person);
    for (i64 i = 0; i < walk->count; i++) {
        if (asking_takes(asking, walk->rows[i], person)) {
            add_row(&gathering, walk->rows[i]);
        }
    }
    profile_end(&gathering);
}

err profile_read(struct ctx *ctx, const struct asked_rooms *rooms, const struct sight *scope,
                 const struct question *question, const struct id_list *persons, struct profile **out)
{
    struct asking *asking = arena_new(&ctx->arena, struct asking, 1);
    *out = arena_new(&ctx->arena, struct profile, greater(persons->count, 1));
    TRY(asking_begin(ctx, rooms, scope, question, asking));
    if (rooms->index == NULL) {
        return sql_profiles(asking, persons, *out);
    }
    struct walk walk = asking_walk(asking, false);
    for (i64 i = 0; i < persons->count; i++) {
        read_one(asking, &walk, persons->items[i], &(*out)[i]);
    }
    walk_end(&walk);
    asking_end(asking);
    return OK;
}
