#include "events/props.h"

#include "base/hash.h"
#include "json/write.h"

#include <math.h>
#include <stdio.h>

bool props_parse(struct ctx *ctx, str text, struct json *out)
{
    if (text.len == 0) {
        return false;
    }
    err code = json_parse(ctx, json_reader_here(), text, out);
    ctx_forgive(ctx);
    return code == OK && json_type(*out) == JSON_OBJECT;
}

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

/* All names. */

struct listing {
    struct arena *arena;
    struct json props;
    struct prop_list *out;
    i64 capacity;
    i64 *slots; /* hash table of names: index + 1 */
    i64 slot_count;
};

static i64 *slot_of(struct listing *listing, str name)
{
    i64 at = (i64)(hash_str(name) & (u64)(listing->slot_count - 1));
    while (listing->slots[at] != 0 && !str_eq(listing->out->names[listing->slots[at] - 1], name)) {
        at = (at + 1) & (listing->slot_count - 1);
    }
    return &listing->slots[at];
}

static void *grown(struct listing *listing, void *old, i64 size, i64 more)
{
    return arena_grow(listing->arena, old, listing->capacity * size, more * size, _Alignof(f64));
}

static void make_room(struct listing *listing)
{
    struct prop_list *out = listing->out;
    if (out->count < listing->capacity) {
        return;
    }
    i64 more = greater(16, listing->capacity * 2);
    out->names = grown(listing, out->names, (i64)sizeof(str), more);
    out->texts = grown(listing, out->texts, (i64)sizeof(str), more);
    out->numbers = grown(listing, out->numbers, (i64)sizeof(f64), more);
    listing->capacity = more;
    listing->slot_count = more * 2;
    listing->slots = arena_new(listing->arena, i64, listing->slot_count);
    for (i64 i = 0; i < out->count; i++) {
        *slot_of(listing, out->names[i]) = i + 1;
    }
}

/* A name that several members could mean is looked up as a question would. */
static void add_name(struct listing *listing, str name)
{
    char digits[32];
    make_room(listing);
    i64 *slot = slot_of(listing, name);
    str text = *slot == 0 ? props_text(props_find(listing->props, name), digits) : STR_NONE;
    if (text.len == 0) {
        return;
    }
    struct prop_list *out = listing->out;
    i64 at = out->count++;
    out->names[at] = str_copy(listing->arena, name);
    out->texts[at] = str_copy(listing->arena, text);
    if (!str_f64(text, &out->numbers[at])) {
        out->numbers[at] = (f64)NAN;
    }
    *slot = out->count;
}

static bool is_ours(str name)
{
    return str_eq(name, STR("$")) || str_starts(name, STR("$."));
}

void props_list(struct arena *arena, struct json props, struct prop_list *out)
{
    struct level {
        struct json_iter members;
        i64 name_len;
    } levels[JSON_DEPTH_MAX + 1];
    char name[PROP_NAME_MAX + 1];
    struct listing listing = {.arena = arena, .props = props, .out = out};
    *out = (struct prop_list){0};
    levels[0] = (struct level){json_each(props), 0};
    for (i32 depth = 0; depth >= 0;) {
        struct level *level = &levels[depth];
        if (!json_next(&level->members)) {
            depth--;
            continue;
        }
        str key = level->members.key;
        i64 len = level->name_len + key.len;
        if (len > PROP_NAME_MAX) {
            continue;
        }
        memcpy(name + level->name_len, key.data, (size_t)key.len);
        if (is_ours((str){name, len}) || len == 0) {
            continue;
        }
        if (json_type(level->members.value) != JSON_OBJECT) {
            add_name(&listing, (str){name, len});
        } else if (depth < JSON_DEPTH_MAX) {
            name[len] = '.';
            levels[++depth] = (struct level){json_each(level->members.value), len + 1};
        }
    }
}
