#include "journey/answer.h"
#include "journey/score_answers.h"
#include "journey/score_counts.h"
#include "journey/sql/answers.h"

#include <stdlib.h>

/* Scores are few different numbers, so every group counts how often each occurs; what they mean is computed from these
 * histograms in the end, which is exact and the same in any order:
 *
 *     histogram   | group 0: scale × score | group 1: scale × score | …
 */
struct scoring {
    const struct asking *asking;
    struct groups groups;
    enum metric metric;
    bool is_question; /* all answers to one question, whatever their metric; else those of a metric */
    i32 word_slot, score_slot, scale_slot;  /* -1: the scale is of no matter, or told by the group */
    u32 wanted;                             /* code of the metric or the question */
    struct codes wanted_codes, given_codes; /* that code alone; every score but none */
    i64 scores, cells;                      /* different scores, cells of a histogram */
};

struct score_state {
    struct grouping grouping;
    struct score_counts counts;
};

static err begin(struct part *part)
{
    const struct scoring *scoring = part->self;
    struct score_state *state = part->state;
    state->counts = score_counts_new(scoring->groups.dense ? scoring->groups.size : GROUPS_MAX, scoring->cells);
    return grouping_begin(part, &scoring->groups, &state->grouping);
}

/* The answers that count: their rows, and the cell of each in its group's histogram. */
struct sought {
    i32 *rows;
    u32 *cells;
    i64 count;
};

/* A bit for each answer of the metric or question that has a score. */
static u64 *find_answers(struct part *part, const struct block *block)
{
    const struct scoring *scoring = part->self;
    u64 *found = scratch_new(&part->scratch, u64, bits_words(block->answer_count));
    u64 *scored = scratch_new(&part->scratch, u64, bits_words(block->answer_count));
    bits_of_cells(block->cells[scoring->word_slot], block->answer_count, &scoring->wanted_codes, found);
    bits_of_cells(block->cells[scoring->score_slot], block->answer_count, &scoring->given_codes, scored);
    bits_and(found, scored, block->answer_count);
    return found;
}

static void list_cells(const struct scoring *scoring, const struct block *block, const i32 *answers, i64 count,
                       u32 *cells)
{
    struct cells scores = block->cells[scoring->score_slot];
    if (scores.width == 1) { // as good as always
        const u8 *codes = scores.at;
        for (i64 k = 0; k < count; k++) {
            cells[k] = codes[answers[k]];
        }
    }
    for (i64 k = 0; k < count && scores.width != 1; k++) {
        cells[k] = cells_get(scores, answers[k]);
    }
    for (i64 k = 0; k < count && scoring->scale_slot >= 0; k++) {
        cells[k] += (u32)(cells_get(block->cells[scoring->scale_slot], answers[k]) * scoring->scores);
    }
}

/* Of a block of answers alone: bits all the way, and then a list of few. */
static void seek_answers(struct part *part, const struct block *block, struct sought *out)
{
    const struct asking *asking = part->asking;
    u64 *found = find_answers(part, block);
    const u64 *where = part_where(part, block);
    if (where != NULL) {
        bits_and(found, where, block->count);
    }
    if (asking->from_ms != INT64_MIN || asking->to_ms != INT64_MAX) {
        u64 *timely = scratch_new(&part->scratch, u64, bits_words(block->count));
        bits_of_times(block->at_ms, block->count, asking->from_ms, asking->to_ms, timely);
        bits_and(found, timely, block->count);
    }
    out->count = bits_list(found, block->count, out->rows);
    list_cells(part->self, block, out->rows, out->count, out->cells);
}

/* Of a block of all events: the answers first, then what the question says about their rows. */
static void seek_rows(struct part *part, const struct block *block, struct sought *out)
{
    const struct asking *asking = part->asking;
    i32 *answers = scratch_new(&part->scratch, i32, block->answer_count + 64);
    i64 count = bits_list(find_answers(part, block), block->answer_count, answers), kept = 0;
    const u64 *where = count == 0 ? NULL : part_where(part, block);
    if (where != NULL) { // by itself: most moments need not be looked at then
        for (i64 k = 0; k < count; k++) {
            answers[kept] = answers[k];
            kept += bits_has(where, block->answer_row[answers[k]]);
        }
        count = kept;
        kept = 0;
    }
    for (i64 k = 0; k < count; k++) {
        i32 row = block->answer_row[answers[k]];
        out->rows[kept] = row;
        answers[kept] = answers[k];
        kept += asking_in_time(asking, block->at_ms[row]);
    }
    out->count = kept;
    list_cells(part->self, block, answers, kept, out->cells);
}

static err read_block(struct part *part, const struct block *block)
{
    const struct scoring *scoring = part->self;
    struct score_state *state = part->state;
    struct sought sought = {.rows = scratch_new(&part->scratch, i32, block->answer_count + 64),
                            .cells = scratch_new(&part->scratch, u32, block->answer_count + 64)};
    const u32 *groups;
    if (block->answer_count == block->count) {
        seek_answers(part, block, &sought);
    } else {
        seek_rows(part, block, &sought);
    }
    TRY(grouping_find(&state->grouping, block, sought.rows, sought.count, &groups));
    u64 *places = scratch_new(&part->scratch, u64, sought.count);
    u64 cells = (u64)scoring->cells;
    for (i64 k = 0; k < sought.count; k++) {
        places[k] = groups[k] * cells + sought.cells[k];
    }
    return score_counts_add(part, &state->counts, places, sought.count, state->grouping.count);
}

static err merge(struct part *part, struct part *from_part)
{
    struct score_state *into = part->state, *from = from_part->state;
    const u32 *numbers;
    TRY(grouping_merge(&into->grouping, &from->grouping, &numbers));
    return score_counts_merge(part, &into->counts, &from->counts, numbers, into->grouping.count);
}

static const struct scanner scanner = {sizeof(struct score_state), begin, read_block, merge};

/* What the histograms mean. */

/* Group by group, scale by scale, from the lowest number up, so that sums do not depend on what was seen first. */
static int by_value(const void *a, const void *b, void *self)
{
    const struct scoring *scoring = self;
    const struct score_pair *x = a, *y = b;
    u64 scores = (u64)scoring->scores;
    if (x->place / scores != y->place / scores) {
        return x->place < y->place ? -1 : 1;
    }
    const f64 *values = scoring->asking->view.scores.values;
    f64 first = values[x->place % scores], second = values[y->place % scores];
    return (first > second) - (first < second);
}

/* The pairs of one group, ordered. */
struct answers {
    const struct score_pair *pairs;
    i64 count;
};

/* All of them. */
struct answered {
    const struct scoring *scoring;
    const struct grouping *grouping;
    const struct answers *groups;
};

static struct tally tally_of(const void *self, i64 group)
{
    const struct answered *answered = self;
    const struct scoring *scoring = answered->scoring;
    const struct grouping *grouping = answered->grouping;
    const struct asking *asking = scoring->asking;
    struct answers answers = answered->groups[group];
    i64 dimensions = scoring->groups.dimension_count;
    struct tally tally = {.metric = scoring->metric};
    if (scoring->is_question) {
        tally.metric = score_metric(grouping_text(grouping, group, dimensions - 2));
    }
    for (i64 i = 0; i < answers.count; i++) {
        u64 cell = answers.pairs[i].place % (u64)scoring->cells;
        u32 number = (u32)(cell / (u64)scoring->scores), code = (u32)(cell % (u64)scoring->scores);
        struct scale scale = {0};
        str text = scoring->is_question ? grouping_text(grouping, group, dimensions - 1)
                                        : texts_text(&asking->view.texts[WORD_SCALE], number);
        (void)scale_parse(text, &scale);
        tally_add_many(&tally, scale, asking->view.scores.values[code], answers.pairs[i].times);
    }
    return tally;
}

/* The answers of every group, and which groups there are. */
static struct answers *answers_by_group(const struct scoring *scoring, const struct score_state *state, u8 **has)
{
    struct arena *arena = &scoring->asking->ctx->arena;
    i64 count;
    struct score_pair *pairs = score_counts_list(&state->counts, arena, &count);
    struct answers *out = arena_new(arena, struct answers, state->grouping.count + 1);
    *has = arena_new(arena, u8, state->grouping.count + 1);
    if (count > 0) {
        qsort_r(pairs, (size_t)count, sizeof pairs[0], by_value, (void *)(uintptr_t)scoring);
    }
    for (i64 i = 0; i < count; i++) {
        struct answers *group = &out[pairs[i].place / (u64)scoring->cells];
        group->pairs = group->count == 0 ? &pairs[i] : group->pairs;
        group->count++;
        (*has)[pairs[i].place / (u64)scoring->cells] = 1;
    }
    return out;
}

enum metric score_metric(str word)
{
    enum metric metric;
    return metric_parse(word, &metric) ? metric : METRIC_NONE;
}

/* Nobody answered: said in one row where the question has no dimensions to say it in. */
static void write_nothing(const struct asking *asking, struct json_writer *writer)
{
    if (asking->question.by_count == 0 && asking->question.every == PERIOD_NONE) {
        json_object(writer);
        tally_write(writer, &(struct tally){.metric = score_metric(asking->question.metric)},
                    asking->question.minimum_n);
        json_object_end(writer);
    }
}

const struct field score_split[SCORE_SPLIT] = {{.kind = FIELD_WORD, .word = WORD_METRIC},
                                               {.kind = FIELD_WORD, .word = WORD_SCALE}};

err scored_write(const struct asking *asking, const struct scored *scored, struct json_writer *writer)
{
    const struct grouping *grouping = scored->grouping;
    i64 *order, count = 0;
    if (grouping != NULL) {
        TRY(grouping_order(grouping, scored->has, &order, &count));
    }
    for (i64 i = 0; i < count; i++) {
        struct tally tally = scored->tally(scored->self, order[i]);
        i64 dimensions = grouping->groups->dimension_count;
        json_object(writer);
        grouping_write(grouping, order[i], writer);
        if (question_scores_one(&asking->question)) {
            json_pair_str(writer, "metric", grouping_text(grouping, order[i], dimensions - 2));
            json_pair_str(writer, "scale", grouping_text(grouping, order[i], dimensions - 1));
        }
        tally_write(writer, &tally, asking->question.minimum_n);
        json_object_end(writer);
        TRY(answer_use(asking, writer));
    }
    asking->read->answered = count > 0;
    if (count == 0) {
        write_nothing(asking, writer);
    }
    return OK;
}

static struct codes one_code(const struct asking *asking, u32 code, u32 count)
{
    u64 *bits = arena_new(&asking->ctx->arena, u64, count / 64 + 1);
    bits_set(bits, code, (i64)code + 1);
    return codes_make(&asking->ctx->arena, bits, count);
}

static struct codes all_but_none(const struct asking *asking, u32 count)
{
    u64 *bits = arena_new(&asking->ctx->arena, u64, count / 64 + 1);
    bits_set(bits, 1, count);
    return codes_make(&asking->ctx->arena, bits, count);
}

/* Does it matter whose an answer is? */
static bool of_people(const struct asking *asking, const struct scoring *scoring)
{
    bool people = program_of_people(&asking->where);
    for (i64 i = 0; i < scoring->groups.dimension_count; i++) {
        people |= scoring->groups.dimensions[i].trait != NULL;
    }
    return people;
}

/* Versions change at any millisecond. */
static bool of_versions(const struct scoring *scoring)
{
    bool versions = false;
    for (i64 i = 0; i < scoring->groups.dimension_count; i++) {
        versions |= scoring->groups.dimensions[i].field.kind == FIELD_VERSION;
    }
    return versions;
}

static err prepare(const struct asking *asking, struct scoring *out)
{
    struct lens *lens = asking->lens;
    str wanted = asking->question.metric;
    out->asking = asking;
    out->is_question = !metric_parse(wanted, &out->metric);
    enum word word = out->is_question ? WORD_QUESTION : WORD_METRIC;
    bool scaled = !out->is_question && out->metric != METRIC_NPS; // an NPS has one scale
    out->wanted = texts_find(&asking->view.texts[word], wanted);
    out->word_slot = lens_word(lens, (i32)word);
    out->score_slot = lens_scores(lens);
    out->scale_slot = scaled ? lens_word(lens, WORD_SCALE) : -1;
    out->scores = (i64)asking->view.scores.count + 1;
    out->cells = out->scores * (scaled ? (i64)asking->view.texts[WORD_SCALE].count + 1 : 1);
    out->wanted_codes = one_code(asking, out->wanted, asking->view.texts[word].count + 1);
    out->given_codes = all_but_none(asking, (u32)out->scores);
    lens->unordered = true;
    TRY(groups_begin(asking, lens, score_split, out->is_question ? SCORE_SPLIT : 0, &out->groups));
    lens->alone = !of_people(asking, out);
    lens->answers_only = !of_versions(out);
    lens->metric = out->is_question ? 0 : out->wanted;
    return OK;
}

err answer_score(const struct asking *asking, struct json_writer *writer)
{
    if (asking->rooms->index == NULL) {
        return sql_score(asking, writer);
    }
    struct scoring *scoring = arena_new(&asking->ctx->arena, struct scoring, 1);
    struct answered answered = {.scoring = scoring};
    struct scored scored = {.tally = tally_of, .self = &answered};
    struct part *part;
    u8 *has;
    TRY(prepare(asking, scoring));
    if (scoring->wanted != 0) {
        TRY(scan_run(asking, asking->lens, &scanner, scoring, &part));
        const struct score_state *state = part->state;
        answered.groups = answers_by_group(scoring, state, &has);
        answered.grouping = scored.grouping = &state->grouping;
        scored.has = has;
    }
    return scored_write(asking, &scored, writer);
}
