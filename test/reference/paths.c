/* paths: by the letter of docs/ask.md. */
#include "sequences.h"

#include <stdlib.h>

enum { VARIANT_NODES = 64, STEPS_DEFAULT = 5, TOP_DEFAULT = 20 };

/* What one traveller went through. */
struct path {
    const struct seen **events;
    str *nodes;
    i64 count;
    i64 first_step; /* of the first edge, from 1 */
};

struct edge {
    struct key key;
    str from, to;
    bool begin, end;
    i64 step, traveller;
    f64 seconds;
    i64 events, people; /* of an edge that stands for all alike */
    f64 median_s, p90_s;
};

struct variant {
    struct key key;
    str *nodes;
    i64 count;
    bool cut;
    f64 seconds;
    i64 people;
    f64 median_s, p90_s;
};

struct paths {
    const struct asked *asked;
    struct meaning *start, *end;
    bool has_start, has_end, collapse, ends;
    i64 steps, top; /* steps 0: no limit */
    str node, traveller;
    struct path *paths;
    i64 path_count;
    struct edge *edges;
    i64 edge_count;
    struct variant *variants;
    i64 variant_count;
};

/* From the first event that satisfies `start` to the last that satisfies `end`, and so many of them. */
static void trim(const struct paths *paths, struct path *path)
{
    i64 first = 0, last = path->count - 1;
    const struct sight_of *sight = &paths->asked->sight;
    if (paths->has_start) {
        while (first < path->count && !meaning_holds(sight, paths->start, path->events[first])) {
            first++;
        }
    }
    if (paths->has_end) {
        while (last >= first + paths->has_start && !meaning_holds(sight, paths->end, path->events[last])) {
            last--;
        }
        first = last < first + paths->has_start ? last + 1 : first; // the end lies behind the start
    }
    i64 count = last - first + 1;
    if (count < 0) {
        count = 0;
    }
    // With an end alone steps are counted so that the last edge of every path has the same number.
    path->first_step = paths->has_end && !paths->has_start && count < paths->steps ? paths->steps - count + 1 : 1;
    if (paths->steps > 0 && count > paths->steps) {
        first = paths->has_end && !paths->has_start ? last - paths->steps + 1 : first;
        count = paths->steps;
    }
    path->events += first;
    path->nodes += first;
    path->count = count;
}

static void add_path(struct paths *paths, const struct seen **events, i64 count)
{
    struct arena *arena = paths->asked->arena;
    struct path path = {.events = arena_new(arena, const struct seen *, count + 1),
                        .nodes = arena_new(arena, str, count + 1)};
    for (i64 i = 0; i < count; i++) {
        str node = field_text(&paths->asked->sight, events[i], paths->node, false);
        if (paths->collapse && path.count > 0 && str_eq(node, path.nodes[path.count - 1])) {
            continue;
        }
        path.events[path.count] = events[i];
        path.nodes[path.count++] = node;
    }
    trim(paths, &path);
    if (path.count > 0) {
        paths->paths[paths->path_count++] = path;
    }
}

static void follow_people(struct paths *paths)
{
    i64 people, count;
    i64 *persons = everybody(paths->asked, &people);
    for (i64 i = 0; i < people; i++) {
        const struct seen **mine = taken_of(paths->asked, persons[i], &count);
        add_path(paths, mine, count);
    }
}

/* Whoever carries the same value of the property is one traveller. */
static void follow_values(struct paths *paths)
{
    const struct asked *asked = paths->asked;
    const struct seen **same = arena_new(asked->arena, const struct seen *, asked->sight.count + 1);
    bool *followed = arena_new(asked->arena, bool, asked->sight.count + 1);
    for (i64 i = 0; i < asked->sight.count; i++) {
        str value = field_text(&asked->sight, &asked->sight.events[i], paths->traveller, false);
        i64 count = 0;
        for (i64 k = i; k < asked->sight.count && value.len > 0 && !followed[i]; k++) {
            const struct seen *seen = &asked->sight.events[k];
            if (str_eq(field_text(&asked->sight, seen, paths->traveller, false), value)) {
                followed[k] = k != i;
                if (takes(asked, seen)) {
                    same[count++] = seen;
                }
            }
        }
        add_path(paths, same, count);
    }
}

/* Edges, one for each time it was gone. */

static struct edge *new_edge(struct paths *paths, const struct seen *at, i64 traveller)
{
    struct edge *edge = &paths->edges[paths->edge_count++];
    *edge = (struct edge){.key = key_of(paths->asked, at), .traveller = traveller};
    return edge;
}

static void list_edges(struct paths *paths, i64 traveller)
{
    const struct path *path = &paths->paths[traveller];
    for (i64 i = 0; i + 1 < path->count; i++) {
        struct edge *edge = new_edge(paths, path->events[i], traveller);
        edge->from = path->nodes[i];
        edge->to = path->nodes[i + 1];
        edge->step = paths->has_start || paths->has_end ? path->first_step + i : 0;
        edge->seconds = (f64)(path->events[i + 1]->at_ms - path->events[i]->at_ms) / 1000.0;
    }
    if (paths->ends) {
        struct edge *begin = new_edge(paths, path->events[0], traveller);
        begin->begin = true;
        begin->to = path->nodes[0];
        struct edge *end = new_edge(paths, path->events[path->count - 1], traveller);
        end->end = true;
        end->from = path->nodes[path->count - 1];
    }
}

static bool edge_same(const struct edge *a, const struct edge *b)
{
    return key_same(&a->key, &b->key) && a->step == b->step && a->begin == b->begin && a->end == b->end &&
           str_eq(a->from, b->from) && str_eq(a->to, b->to);
}

/* Puts alike edges together: edges[at] is the first of its kind. */
static void sum_edge(const struct paths *paths, struct edge *edge)
{
    f64 *seconds = arena_new(paths->asked->arena, f64, paths->edge_count);
    bool *seen = arena_new(paths->asked->arena, bool, paths->path_count + 1);
    for (i64 i = 0; i < paths->edge_count; i++) {
        const struct edge *other = &paths->edges[i];
        if (edge_same(edge, other)) {
            seconds[edge->events++] = other->seconds;
            edge->people += !seen[other->traveller];
            seen[other->traveller] = true;
        }
    }
    edge->median_s = quantile(seconds, edge->events, 0.5);
    edge->p90_s = quantile(seconds, edge->events, 0.9);
}

static int edge_order(const void *first, const void *second, void *self)
{
    const struct edge *a = first, *b = second;
    int order = key_order(self, &a->key, &b->key);
    if (order == 0) {
        order = (b->events > a->events) - (b->events < a->events);
    }
    if (order == 0) {
        order = (a->step > b->step) - (a->step < b->step);
    }
    if (order == 0) {
        order = text_order(a->from, b->from);
    }
    if (order == 0) {
        order = text_order(a->to, b->to);
    }
    return order != 0 ? order : (a->begin + 2 * a->end) - (b->begin + 2 * b->end);
}

static void write_edge(const struct paths *paths, struct json_writer *writer, const struct edge *edge)
{
    json_object(writer);
    key_write(paths->asked, &edge->key, writer);
    json_pair_str(writer, "from", edge->from.len > 0 ? edge->from : STR_NONE);
    json_pair_str(writer, "to", edge->to.len > 0 ? edge->to : STR_NONE);
    if (edge->step > 0) {
        json_pair_i64(writer, "step", edge->step);
    }
    if (edge->begin || edge->end) {
        json_pair_bool(writer, edge->begin ? "begin" : "end", true);
    }
    json_pair_i64(writer, "events", edge->events);
    json_pair_i64(writer, "people", edge->people);
    write_number(writer, "median_s", !edge->begin && !edge->end, edge->median_s);
    write_number(writer, "p90_s", !edge->begin && !edge->end, edge->p90_s);
    json_object_end(writer);
}

static void write_edges(struct paths *paths, struct json_writer *writer)
{
    struct edge *different = arena_new(paths->asked->arena, struct edge, paths->edge_count + 1);
    i64 count = 0, written = 0;
    for (i64 i = 0; i < paths->edge_count; i++) {
        i64 at = 0;
        while (at < count && !edge_same(&different[at], &paths->edges[i])) {
            at++;
        }
        if (at == count) {
            different[count] = paths->edges[i];
            sum_edge(paths, &different[count++]);
        }
    }
    qsort_r(different, (size_t)count, sizeof(struct edge), edge_order, (void *)(uintptr_t)paths->asked);
    for (i64 i = 0; i < count; i++) {
        written = i > 0 && key_same(&different[i].key, &different[i - 1].key) ? written : 0;
        if (written++ < paths->top) {
            write_edge(paths, writer, &different[i]);
        }
    }
}

/* Whole paths. */

static int nodes_order(const struct variant *a, const struct variant *b)
{
    for (i64 i = 0; i < a->count && i < b->count; i++) {
        int order = text_order(a->nodes[i], b->nodes[i]);
        if (order != 0) {
            return order;
        }
    }
    if (a->count != b->count) {
        return a->count < b->count ? -1 : 1;
    }
    return (a->cut > b->cut) - (a->cut < b->cut);
}

static bool variant_same(const struct variant *a, const struct variant *b)
{
    return key_same(&a->key, &b->key) && nodes_order(a, b) == 0;
}

static int variant_order(const void *first, const void *second, void *self)
{
    const struct variant *a = first, *b = second;
    int order = key_order(self, &a->key, &b->key);
    if (order == 0) {
        order = (b->people > a->people) - (b->people < a->people);
    }
    return order != 0 ? order : nodes_order(a, b);
}

static void list_variants(struct paths *paths)
{
    paths->variants = arena_new(paths->asked->arena, struct variant, paths->path_count + 1);
    for (i64 i = 0; i < paths->path_count; i++) {
        const struct path *path = &paths->paths[i];
        paths->variants[paths->variant_count++] = (struct variant){
            .key = key_of(paths->asked, path->events[0]),
            .nodes = path->nodes,
            .count = lesser(path->count, VARIANT_NODES),
            .cut = path->count > VARIANT_NODES,
            .seconds = (f64)(path->events[path->count - 1]->at_ms - path->events[0]->at_ms) / 1000.0,
        };
    }
}

static void sum_variant(const struct paths *paths, struct variant *variant)
{
    f64 *seconds = arena_new(paths->asked->arena, f64, paths->variant_count);
    for (i64 i = 0; i < paths->variant_count; i++) {
        if (variant_same(variant, &paths->variants[i])) {
            seconds[variant->people++] = paths->variants[i].seconds;
        }
    }
    variant->median_s = quantile(seconds, variant->people, 0.5);
    variant->p90_s = quantile(seconds, variant->people, 0.9);
}

static void write_variant(const struct paths *paths, struct json_writer *writer, const struct variant *variant)
{
    json_object(writer);
    key_write(paths->asked, &variant->key, writer);
    json_key(writer, STR("path"));
    json_list(writer);
    for (i64 i = 0; i < variant->count; i++) {
        json_put_str(writer, variant->nodes[i].len > 0 ? variant->nodes[i] : STR_NONE);
    }
    json_list_end(writer);
    json_pair_i64(writer, "people", variant->people);
    write_number(writer, "median_s", true, variant->median_s);
    write_number(writer, "p90_s", true, variant->p90_s);
    if (variant->cut) {
        json_pair_bool(writer, "cut", true);
    }
    json_object_end(writer);
}

static void write_variants(struct paths *paths, struct json_writer *writer)
{
    struct variant *different = arena_new(paths->asked->arena, struct variant, paths->variant_count + 1);
    i64 count = 0, written = 0;
    for (i64 i = 0; i < paths->variant_count; i++) {
        i64 at = 0;
        while (at < count && !variant_same(&different[at], &paths->variants[i])) {
            at++;
        }
        if (at == count) {
            different[count] = paths->variants[i];
            sum_variant(paths, &different[count++]);
        }
    }
    qsort_r(different, (size_t)count, sizeof(struct variant), variant_order, (void *)(uintptr_t)paths->asked);
    for (i64 i = 0; i < count; i++) {
        written = i > 0 && key_same(&different[i].key, &different[i - 1].key) ? written : 0;
        if (written++ < paths->top) {
            write_variant(paths, writer, &different[i]);
        }
    }
}

/* `of` is one of the two, or a list, or both where it is missing. */
static bool asked_for(const struct asked *asked, str part)
{
    str word;
    struct json of = json_get(asked->object, STR("of"));
    if (json_str(of, &word)) {
        return str_eq(word, part);
    }
    for (struct json_iter iter = json_each(of); json_type(of) == JSON_LIST && json_next(&iter);) {
        if (json_str(iter.value, &word) && str_eq(word, part)) {
            return true;
        }
    }
    return !json_is(of);
}

void answer_of_paths(const struct asked *asked, struct json_writer *writer)
{
    struct paths paths = {
        .asked = asked,
        .start = asked_meaning(asked, "start"),
        .end = asked_meaning(asked, "end"),
        .has_start = asked_has(asked, "start"),
        .has_end = asked_has(asked, "end"),
        .collapse = asked_truth(asked, "collapse"),
        .ends = asked_truth(asked, "ends"),
        .node = asked_text(asked, "node", STR("kind")),
        .traveller = asked_text(asked, "traveller", STR("person")),
        .top = asked_number(asked, "top", TOP_DEFAULT),
    };
    paths.steps = asked_number(asked, "steps", paths.has_start || paths.has_end ? STEPS_DEFAULT : 0);
    paths.paths = arena_new(asked->arena, struct path, asked->sight.count + asked->world->alias_count + 1);
    paths.edges = arena_new(asked->arena, struct edge, 3 * asked->sight.count + 1);
    if (str_eq(paths.traveller, STR("person"))) {
        follow_people(&paths);
    } else {
        follow_values(&paths);
    }
    for (i64 i = 0; i < paths.path_count; i++) {
        list_edges(&paths, i);
    }
    list_variants(&paths);
    if (asked_for(asked, STR("edges"))) {
        write_edges(&paths, writer);
    }
    if (asked_for(asked, STR("variants"))) {
        write_variants(&paths, writer);
    }
}
