#include "journey/question.h"

/* The echo of a question: what was asked, and what it left to us. */

static void pair_moment(struct json_writer *writer, const char *name, const struct zone *zone, struct maybe_i64 at)
{
    char text[ISO_MAX];
    if (at.is) {
        json_pair_str(writer, name, iso_format(zone, at.value, text));
    }
}

static void pair_stated(struct json_writer *writer, const char *name, str text)
{
    if (str_is(text)) {
        json_pair_raw(writer, name, text);
    }
}

static void write_names(struct json_writer *writer, const char *key, const str *names, i64 count)
{
    if (count == 0) {
        return;
    }
    json_key(writer, str_from(key));
    json_list(writer);
    for (i64 i = 0; i < count; i++) {
        json_put_str(writer, names[i]);
    }
    json_list_end(writer);
}

static void write_words(struct json_writer *writer, const char *key, const char *const *words, u32 said)
{
    str named[8];
    i64 count = 0;
    for (i64 i = 0; words[i] != NULL; i++) {
        if ((said >> i & 1) != 0) {
            named[count++] = str_from(words[i]);
        }
    }
    write_names(writer, key, named, count);
}

static void write_count(struct json_writer *writer, const struct question *question)
{
    write_words(writer, "of", (const char *const[]){"events", "people", "amount", NULL},
                question->of == 0 ? COUNT_EVENTS | COUNT_PEOPLE : question->of);
}

static void write_funnel(struct json_writer *writer, const struct question *question)
{
    json_key(writer, STR("steps"));
    json_list(writer);
    for (i64 i = 0; i < question->step_count; i++) {
        json_put_raw(writer, question->steps[i].text);
    }
    json_list_end(writer);
    if (question->within_ms.is) {
        json_pair_str(writer, "within", question->within);
    }
    json_pair_str(writer, "order", question->strict ? STR("strict") : STR("loose"));
}

static void write_retention(struct json_writer *writer, const struct question *question)
{
    pair_stated(writer, "start", question->start.text);
    pair_stated(writer, "return", question->back.text);
    json_pair_i64(writer, "periods", question->periods);
    json_pair_str(writer, "cohort", question->each_cohort ? STR("every") : STR("first"));
    json_pair_bool(writer, "elapsed", question->elapsed);
}

static void write_paths(struct json_writer *writer, const struct question *question)
{
    pair_stated(writer, "start", question->start.text);
    pair_stated(writer, "end", question->end.text);
    if (question->path_steps > 0) {
        json_pair_i64(writer, "steps", question->path_steps);
    }
    json_pair_i64(writer, "top", question->top);
    json_pair_bool(writer, "collapse", question->collapse);
    json_pair_str(writer, "node", question->node_name);
    json_pair_str(writer, "traveller", str_is(question->traveller_name) ? question->traveller_name : STR("person"));
    json_pair_bool(writer, "ends", question->ends);
    write_words(writer, "of", (const char *const[]){"edges", "variants", NULL}, question->parts);
}

static void write_page(struct json_writer *writer, const struct question *question)
{
    char text[CURSOR_MAX];
    if (question->person != 0) {
        json_pair_id(writer, "person", question->person);
    } else if (question->person_alias.len > 0) {
        json_pair_str(writer, "person", question->person_alias);
    }
    json_pair_i64(writer, "limit", question->limit);
    if (question->kind == ASK_FEATURES && question->after_id != 0) {
        json_pair_id(writer, "after", question->after_id);
    } else if (question->kind == ASK_TIMELINE && question->after_ms != 0) {
        json_pair_str(writer, "after", cursor_text(question->after_ms, question->after_id, text));
    }
}

static void write_own(struct json_writer *writer, const struct question *question)
{
    switch (question->kind) {
    case ASK_SCORE: json_pair_str(writer, "metric", question->metric); break;
    case ASK_COUNT: write_count(writer, question); break;
    case ASK_FUNNEL: write_funnel(writer, question); break;
    case ASK_RETENTION: write_retention(writer, question); break;
    case ASK_PATHS: write_paths(writer, question); break;
    case ASK_TIMELINE:
    case ASK_FEATURES: write_page(writer, question); break;
    default: break;
    }
}

void question_write(struct json_writer *writer, const struct question *question)
{
    json_pair_str(writer, "ask", str_from(ask_words[question->kind]));
    pair_moment(writer, "from", question->zone, question->from_ms);
    pair_moment(writer, "to", question->zone, question->to_ms);
    pair_stated(writer, "where", question->where_text);
    write_names(writer, "by", question->by_names, question->by_count);
    if (question->every != PERIOD_NONE) {
        json_pair_str(writer, "every", question->every_word);
    }
    write_own(writer, question);
    if (question->version != 0) {
        json_pair_i64(writer, "version", question->version);
    }
    if (question->as_of_ms != 0) {
        pair_moment(writer, "as_of", question->zone, (struct maybe_i64){question->as_of_ms, true});
    }
    json_pair_str(writer, "zone", zone_name(question->zone));
    json_pair_i64(writer, "minimum_n", question->minimum_n);
}
