/* The keys of questions: how the value of each is read. Used by question.c alone, whose table says which kind has which. */
#pragma once

#include "journey/question.h"

typedef err read_key(struct ctx *ctx, struct json value, struct question *out);

/* Values. The place is the context's pointer; ERR_INVALID says what is expected there. */
err member_wrong_type(struct ctx *ctx, const char *expected);
err member_text(struct ctx *ctx, struct json value, str *out);
err member_number(struct ctx *ctx, struct json value, i64 low, i64 high, i64 *out);
err member_flag(struct ctx *ctx, struct json value, bool *out);
err member_id(struct ctx *ctx, struct json value, i64 *out);

/* The place of a word in a list that ends with NULL. */
err member_word(struct ctx *ctx, struct json value, const char *const *words, i64 *out);

/* One or a list of words: a bit for each, by its place in `words`. */
err member_words(struct ctx *ctx, struct json value, const char *const *words, u32 *out);

/* A condition or a list of them, with its text. */
err member_stated(struct ctx *ctx, struct json value, struct stated *out);

/* question_general.c: keys of more than one kind. */
read_key read_from, read_to, read_as_of, read_where, read_by, read_every, read_metric, read_of, read_journey,
    read_person, read_version, read_versions, read_minimum_n, read_limit, read_after, read_after_person;

/* question_sequence.c: keys of the questions about sequences. */
read_key read_steps, read_within, read_order, read_start, read_end, read_return, read_periods, read_cohort,
    read_elapsed, read_path_steps, read_top, read_collapse, read_node, read_traveller, read_ends, read_path_of;
