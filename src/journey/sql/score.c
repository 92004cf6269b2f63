#include "journey/score_answers.h"
#include "journey/sql/answers.h"
#include "journey/sql/sql.h"

struct scores {
    struct sql_asking sql;
    struct sql_groups groups;
    struct tally *tallies; /* [group] */
    i64 capacity;
    enum metric metric;
    bool is_question;
};

static struct tally tally_of(const void *self, i64 group)
{
    const struct scores *scores = self;
    return scores->tallies[group];
}

static err make_room(struct scores *scores, i64 count)
{
    i64 size = (i64)sizeof(struct tally);
    if (count <= scores->capacity) {
        return OK;
    }
    i64 capacity = scores->capacity * 2 + 64;
    TRY(asking_use(scores->sql.asking, (capacity - scores->capacity) * size));
    scores->tallies = arena_grow(&scores->sql.ctx->arena, scores->tallies, scores->capacity * size, capacity * size,
                                 _Alignof(struct tally));
    scores->capacity = capacity;
    return OK;
}

/* The metric and the scale of a group of answers to one question; else those of the question and the row. */
static void meaning_of(const struct scores *scores, i64 group, str scale_text, enum metric *metric, struct scale *scale)
{
    const struct sql_groups *groups = &scores->groups;
    *metric = scores->metric;
    if (scores->is_question) {
        i64 dimensions = groups->groups.dimension_count;
        const u32 *numbers = groups->listed + group * (dimensions + 1);
        *metric = score_metric(dictionary_text(groups->texts[dimensions - 2], numbers[dimensions - 2]));
        scale_text = dictionary_text(groups->texts[dimensions - 1], numbers[dimensions - 1]);
    }
    *scale = (struct scale){0};
    (void)scale_parse(scale_text, scale);
}

static err read_rows(struct scores *scores, struct click_rows *rows)
{
    while (click_more(rows)) {
        i64 group;
        enum metric metric;
        struct scale scale;
        TRY(sql_groups_read(&scores->groups, rows, &group));
        TRY(make_room(scores, group + 1));
        meaning_of(scores, group, click_str(rows), &metric, &scale);
        struct tally *tally = &scores->tallies[group];
        tally->metric = metric;
        f64 value = click_f64(rows);
        i64 times = (i64)click_u64(rows);
        tally_add_many(tally, scale, value, times);
        scores->sql.asking->read->events += times;
    }
    sql_groups_end(&scores->groups);
    return OK;
}

err sql_score(const struct asking *asking, struct json_writer *writer)
{
    struct ctx *ctx = asking->ctx;
    struct scores *scores = arena_new(&ctx->arena, struct scores, 1);
    struct sql_asking *sql = &scores->sql;
    struct sql_groups *groups = &scores->groups;
    struct click_rows rows;
    scores->is_question = question_scores_one(&asking->question);
    scores->metric = score_metric(asking->question.metric);
    bool scaled = !scores->is_question && scores->metric != METRIC_NPS; // an NPS has one scale
    TRY(sql_begin(asking, sql));
    TRY(sql_groups_begin(sql, score_split, scores->is_question ? SCORE_SPLIT : 0, groups));
    struct sql_expr of = {
        .text = SQL_TEXT(ctx, SQL_CLICK_SCORE_OF,
                         PART("word", sql_word(ctx, scores->is_question ? WORD_QUESTION : WORD_METRIC)),
                         VALUE_STR("wanted", asking->question.metric))};
    struct sql_expr where = sql_and(ctx, of, sql_where(sql));
    u32 needs = groups->needs | where.needs;
    str text = SQL_TEXT(ctx, SQL_CLICK_SCORES, PART("names", groups->names), PART("with", sql_with(sql, needs)),
                        PART("select", groups->select), PART("scale", scaled ? sql_word(ctx, WORD_SCALE) : STR("''")),
                        PART("from", sql_from(sql, needs)), PART("where", where.text));
    TRY(sql_query(sql, text, &rows));
    TRY(read_rows(scores, &rows));
    struct scored scored = {.grouping = &groups->grouping, .tally = tally_of, .self = scores};
    return scored_write(asking, &scored, writer);
}

err sql_words(const struct asking *asking, enum word word, struct str_list *out)
{
    struct ctx *ctx = asking->ctx;
    struct sql_asking *sql = arena_new(&ctx->arena, struct sql_asking, 1);
    struct click_rows rows;
    *out = (struct str_list){0};
    TRY(sql_begin(asking, sql));
    TRY(sql_query(
        sql, SQL_TEXT(ctx, SQL_CLICK_WORDS, PART("word", sql_word(ctx, word)), PART("where", sql->known.text)), &rows));
    i64 capacity = 0, size = (i64)sizeof(str);
    while (click_more(&rows)) {
        if (out->count == capacity) {
            out->items = arena_grow(&ctx->arena, out->items, capacity * size, (capacity * 2 + 64) * size,
                                    _Alignof(str));
            capacity = capacity * 2 + 64;
        }
        out->items[out->count++] = click_str(&rows);
        (void)click_i64(&rows);
    }
    return OK;
}
