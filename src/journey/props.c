#include "journey/props.h"

#include <stdlib.h>

struct json props_find(struct json props, str name)
{
    str rest = name;
    while (json_type(props) == JSON_OBJECT) {
        struct json whole = json_get(props, rest);
        if (json_is(whole)) {
            return whole;
        }
        str head = str_cut(&rest, '.');
        if (!str_is(rest)) {
            break;
        }
        props = json_get(props, head);
    }
    return (struct json){0};
}

str props_text(struct json value, char number[32])
{
    str text;
    i64 integer;
    f64 floating;
    bool truth;
    switch (json_type(value)) {
    case JSON_STR: return json_str(value, &text) ? utf8_prefix(text, PROP_TEXT_MAX) : STR_NONE;
    case JSON_BOOL: return json_bool(value, &truth) && truth ? STR("true") : STR("false");
    case JSON_I64:
        if (json_i64(value, &integer)) {
            return (str){number, snprintf(number, 32, "%lld", (long long)integer)};
        }
        return STR_NONE;
    case JSON_U64:
    case JSON_F64: return json_f64(value, &floating) ? (str){number, f64_text(floating, number)} : STR_NONE;
    default: return STR_NONE;
    }
}

/* Facts. */

static struct prop_facts *facts_of(struct index *index, str name)
{
    for (i32 i = 0; i < index->fact_count; i++) {
        if (str_eq(index->facts[i].name, name)) {
            return &index->facts[i];
        }
    }
    if (index->fact_count == PROP_NAMES_MAX) {
        return NULL;
    }
    struct prop_facts *facts = &index->facts[index->fact_count++];
    char *copy = mem_new(greater(name.len, 1));
    memcpy(copy, name.data, (size_t)name.len);
    *facts = (struct prop_facts){.name = {copy, name.len}};
    return facts;
}

static void add_fact(struct index *index, str name, struct json value)
{
    char number[32];
    str text = props_text(value, number);
    struct prop_facts *facts = text.len == 0 ? NULL : facts_of(index, name);
    if (facts == NULL) {
        return;
    }
    facts->events++;
    if (facts->values.count < PROP_VALUES_MAX) {
        dictionary_put(&facts->values, text);
    } else if (!facts->many) {
        facts->many = dictionary_find(&facts->values, text) == 0;
    }
}

/* Walks the members of an object down to PROP_DEPTH_MAX names. */
static void survey(struct index *index, struct json props)
{
    struct level {
        struct json_iter members;
        i64 name_len;
    } levels[PROP_DEPTH_MAX];
    char name[512];
    i32 depth = 0;
    levels[0] = (struct level){json_each(props), 0};
    while (depth >= 0) {
        struct level *level = &levels[depth];
        if (!json_next(&level->members)) {
            depth--;
            continue;
        }
        str key = level->members.key;
        if ((depth == 0 && str_eq(key, STR("$"))) || level->name_len + key.len + 1 > (i64)sizeof name) {
            continue;
        }
        memcpy(name + level->name_len, key.data, (size_t)key.len);
        i64 len = level->name_len + key.len;
        if (json_type(level->members.value) != JSON_OBJECT) {
            add_fact(index, (str){name, len}, level->members.value);
        } else if (depth + 1 < PROP_DEPTH_MAX) {
            name[len] = '.';
            levels[++depth] = (struct level){json_each(level->members.value), len + 1};
        }
    }
}

/* Columns. */

static void put_promoted(struct promoted *promoted, i64 row, struct json props)
{
    char number[32];
    str text = props_text(props_find(props, promoted->name), number);
    column_set(&promoted->codes, row, dictionary_put(&promoted->texts, text));
}

static bool parse(struct ctx *ctx, str text, struct json *out)
{
    if (text.len == 0) {
        return false;
    }
    err code = json_parse(ctx, json_reader_here(), text, out);
    ctx_forgive(ctx);
    return code == OK && json_type(*out) == JSON_OBJECT;
}

void props_put(struct ctx *ctx, struct index *index, i64 row, const struct event *event)
{
    struct json props;
    if ((index->promoted_count == 0 && index->facts == NULL) || !parse(ctx, event->props, &props)) {
        return;
    }
    for (i32 i = 0; i < index->promoted_count; i++) {
        put_promoted(&index->promoted[i], row, props);
    }
    if (index->facts != NULL) {
        survey(index, props);
    }
}

static void free_promoted(struct promoted *promoted)
{
    mem_free((void *)(uintptr_t)promoted->name.data);
    dictionary_free(&promoted->texts);
    column_free(&promoted->codes);
}

static void drop_facts(struct index *index)
{
    for (i32 i = 0; i < index->fact_count; i++) {
        mem_free((void *)(uintptr_t)index->facts[i].name.data);
        dictionary_free(&index->facts[i].values);
    }
    mem_free(index->facts);
    index->facts = NULL;
    index->fact_count = 0;
}

void props_drop(struct index *index)
{
    for (i32 i = 0; i < index->promoted_count; i++) {
        free_promoted(&index->promoted[i]);
    }
    index->promoted_count = 0;
    drop_facts(index);
}

const struct promoted *index_promoted(const struct index *index, str name)
{
    for (i32 i = 0; i < index->promoted_count; i++) {
        if (str_eq(index->promoted[i].name, name)) {
            return &index->promoted[i];
        }
    }
    return NULL;
}

/* The scan that fills new columns. The log gives events by id, so the rows are visited in that order too. */
struct fill {
    struct index *index;
    u32 *rows; /* ordered by id */
    i64 at;
    i32 first; /* columns from here on are new */
    bool facts;
};

static int by_id(const void *a, const void *b, void *self)
{
    const struct index *index = self;
    i64 x = index->ids[*(const u32 *)a], y = index->ids[*(const u32 *)b];
    return (x > y) - (x < y);
}

static err fill_event(void *self, struct ctx *ctx, const struct event *event)
{
    struct fill *fill = self;
    struct index *index = fill->index;
    while (fill->at < index->count && index->ids[fill->rows[fill->at]] < event->id) {
        fill->at++;
    }
    struct json props;
    if (fill->at == index->count || index->ids[fill->rows[fill->at]] != event->id ||
        !parse(ctx, event->props, &props)) {
        return OK; // on disk, and about to be followed
    }
    for (i32 i = fill->first; i < index->promoted_count; i++) {
        put_promoted(&index->promoted[i], fill->rows[fill->at], props);
    }
    if (fill->facts) {
        survey(index, props);
    }
    return OK;
}

static err scan(struct ctx *ctx, struct fill *fill)
{
    struct index *index = fill->index;
    fill->rows = mem_new(greater(index->count, 1) * (i64)sizeof(u32));
    for (i64 row = 0; row < index->count; row++) {
        fill->rows[row] = (u32)row;
    }
    qsort_r(fill->rows, (size_t)index->count, sizeof(u32), by_id, index);
    err code = index->log == NULL ? OK : events_scan(ctx, index->log, 0, EVENT_ALL, fill_event, fill);
    mem_free(fill->rows);
    return code;
}

static err promote_missing(struct ctx *ctx, struct index *index, const str *names, i64 count)
{
    struct fill fill = {.index = index, .first = index->promoted_count};
    for (i64 i = 0; i < count; i++) {
        if (index_promoted(index, names[i]) != NULL) {
            continue;
        }
        if (index->promoted_count == PROMOTED_MAX) {
            return FAIL(ctx, ERR_INVALID, "", "error.ask.props_many", {"name", names[i]});
        }
        struct promoted *promoted = &index->promoted[index->promoted_count++];
        char *copy = mem_new(greater(names[i].len, 1));
        memcpy(copy, names[i].data, (size_t)names[i].len);
        *promoted = (struct promoted){.name = {copy, names[i].len}};
        column_reserve(&promoted->codes, index->capacity);
    }
    if (fill.first == index->promoted_count) {
        return OK;
    }
    err code = scan(ctx, &fill);
    while (code != OK && index->promoted_count > fill.first) {
        free_promoted(&index->promoted[--index->promoted_count]);
    }
    return code;
}

err index_promote(struct ctx *ctx, struct index *index, const str *names, i64 count)
{
    i64 known = 0;
    index_lock(index);
    for (i64 i = 0; i < count; i++) {
        known += index_promoted(index, names[i]) != NULL;
    }
    index_unlock(index);
    if (known == count) {
        return OK;
    }
    pthread_rwlock_wrlock(&index->lock);
    err code = promote_missing(ctx, index, names, count);
    pthread_rwlock_unlock(&index->lock);
    return code;
}

err index_survey(struct ctx *ctx, struct index *index)
{
    index_lock(index);
    bool known = index->facts != NULL;
    index_unlock(index);
    if (known) {
        return OK;
    }
    err code = OK;
    pthread_rwlock_wrlock(&index->lock);
    if (index->facts == NULL) {
        index->facts = mem_new((i64)sizeof(struct prop_facts) * PROP_NAMES_MAX);
        code = scan(ctx, &(struct fill){.index = index, .first = index->promoted_count, .facts = true});
        if (code != OK) {
            drop_facts(index);
        }
    }
    pthread_rwlock_unlock(&index->lock);
    return code;
}
