#include "journey/answer.h"

#include "journey/behind.h"
#include "journey/flow.h"
#include "journey/lives.h"
#include "journey/path.h"
#include "journey/row_groups.h"

#include <stdlib.h>

/* An event of a traveller that is a property's value. */
struct followed {
    u32 code, row;
    alias_no person;
    u16 mask;
    i64 at_ms, id;
};

struct routing {
    const struct asking *asking;
    struct path_rule rule;
    struct program conditions[2];
    struct row_groups groups; /* of by and every */
    struct asking node_asking;
    struct row_groups nodes; /* a group is a node */
    struct flow flow;
    struct path_events events; /* of one traveller */
    i64 capacity;
    struct followed *followed; /* events of things that are followed, whoever the person is; rows are places in it */
    i64 followed_count, followed_capacity;
    struct spans_sorted edge_spans, variant_spans;
    struct found *found; /* NULL: counting; else looking for the people behind a row */
};

static err begin(const struct asking *asking, struct routing *out)
{
    const struct question *question = &asking->question;
    *out = (struct routing){.asking = asking, .node_asking = *asking, .flow = flow_new(&asking->ctx->arena)};
    out->rule = (struct path_rule){
        .collapse = question->collapse,
        .start = str_is(question->start.text),
        .end = str_is(question->end.text),
        .steps = question->path_steps,
    };
    TRY(lives_compile(asking, &question->start.condition, &out->conditions[0]));
    TRY(lives_compile(asking, &question->end.condition, &out->conditions[1]));
    struct question *nodes = &out->node_asking.question;
    nodes->by_count = 1;
    nodes->by[0] = question->node;
    nodes->every = PERIOD_NONE;
    TRY(row_groups_begin(&out->node_asking, NULL, 0, &out->nodes));
    return row_groups_begin(asking, NULL, 0, &out->groups);
}

static void reserve(struct routing *routing, i64 count)
{
    struct path_events *events = &routing->events;
    if (count > routing->capacity) {
        routing->capacity = count * 2;
        events->rows = mem_resize(events->rows, routing->capacity * (i64)sizeof(i64));
        events->at_ms = mem_resize(events->at_ms, routing->capacity * (i64)sizeof(i64));
        events->nodes = mem_resize(events->nodes, routing->capacity * (i64)sizeof(u32));
        events->marks = mem_resize(events->marks, routing->capacity);
    }
}

static void end(struct routing *routing)
{
    mem_free(routing->events.rows);
    mem_free(routing->events.at_ms);
    mem_free(routing->events.nodes);
    mem_free(routing->events.marks);
    mem_free(routing->followed);
    flow_free(&routing->flow);
}

/* One traveller. */
struct traveller {
    i64 number;      /* from 1 */
    alias_no person; /* 0: a property's value */
};

static alias_no person_of(const struct routing *routing, const struct traveller *traveller, i64 i)
{
    return traveller->person != 0 ? traveller->person : routing->followed[routing->events.rows[i]].person;
}

static err group_of(struct routing *routing, const struct traveller *traveller, i64 i, u32 *out)
{
    i64 group, row = routing->events.rows[i];
    row = traveller->person != 0 ? row : routing->followed[row].row;
    TRY(row_groups_find(&routing->groups, row, person_of(routing, traveller, i), &group));
    *out = (u32)group;
    return OK;
}

static err add_ends(struct routing *routing, const struct traveller *traveller, const struct path *path)
{
    const u32 *nodes = routing->events.nodes;
    struct edge begin = {.to = nodes[path->from], .step = FLOW_BEGIN};
    struct edge end = {.from = nodes[path->to - 1], .step = FLOW_END};
    TRY(group_of(routing, traveller, path->from, &begin.group));
    TRY(group_of(routing, traveller, path->to - 1, &end.group));
    flow_edge(&routing->flow, &begin, traveller->number, -1);
    flow_edge(&routing->flow, &end, traveller->number, -1);
    return OK;
}

static err add_edges(struct routing *routing, const struct traveller *traveller, const struct path *path)
{
    const struct path_events *events = &routing->events;
    bool stepped = routing->rule.start || routing->rule.end;
    for (i64 i = path->from; i + 1 < path->to; i++) {
        struct edge edge = {
            .from = events->nodes[i],
            .to = events->nodes[i + 1],
            .step = stepped ? (u32)(path->first_step + i - path->from) : 0,
        };
        TRY(group_of(routing, traveller, i, &edge.group));
        flow_edge(&routing->flow, &edge, traveller->number, events->at_ms[i + 1] - events->at_ms[i]);
    }
    return OK;
}

/* The people behind a row. */

static str node_text(const struct routing *routing, u32 node)
{
    return row_groups_text(&routing->nodes, node, 0);
}

/* The event i is the first of the row's edge, or of its path. */
static err consider(struct routing *routing, const struct traveller *traveller, i64 i)
{
    alias_no person = person_of(routing, traveller, i);
    u32 group;
    TRY(group_of(routing, traveller, i, &group));
    if (person != 0 && found_group(routing->found, &routing->groups, group)) {
        found_add(routing->found, person, routing->events.at_ms[i]);
    }
    return OK;
}

static bool is_node(const struct routing *routing, i64 i, str text)
{
    return str_eq(node_text(routing, routing->events.nodes[i]), text);
}

static err consider_edges(struct routing *routing, const struct traveller *traveller, const struct path *path)
{
    const struct behind_row *row = &routing->found->behind->row;
    if (row->begin || row->end) {
        i64 at = row->begin ? path->from : path->to - 1;
        return is_node(routing, at, row->begin ? row->to : row->from) ? consider(routing, traveller, at) : OK;
    }
    for (i64 i = path->from; i + 1 < path->to; i++) {
        bool here = row->step == 0 || path->first_step + i - path->from == row->step;
        if (here && is_node(routing, i, row->from) && is_node(routing, i + 1, row->to)) {
            TRY(consider(routing, traveller, i));
        }
    }
    return OK;
}

static err consider_path(struct routing *routing, const struct traveller *traveller, const struct path *path)
{
    const struct behind_row *row = &routing->found->behind->row;
    i64 count = path->to - path->from;
    bool same = lesser(count, FLOW_NODES_MAX) == row->path_count && row->cut == (count > FLOW_NODES_MAX);
    for (i64 i = 0; i < row->path_count && same; i++) {
        same = is_node(routing, path->from + i, row->path[i]);
    }
    return same ? consider(routing, traveller, path->from) : OK;
}

static err add_path(struct routing *routing, const struct traveller *traveller)
{
    const struct question *question = &routing->asking->question;
    const struct path_events *events = &routing->events;
    struct path path = path_keep(&routing->rule, &routing->events);
    u32 group;
    if (path.from == path.to) {
        return OK;
    }
    if (routing->found != NULL) {
        return routing->found->behind->what == BEHIND_PATH ? consider_path(routing, traveller, &path)
                                                           : consider_edges(routing, traveller, &path);
    }
    if ((question->parts & PATH_EDGES) != 0) {
        TRY(add_edges(routing, traveller, &path));
        if (question->ends) {
            TRY(add_ends(routing, traveller, &path));
        }
    }
    if ((question->parts & PATH_VARIANTS) != 0) {
        TRY(group_of(routing, traveller, path.from, &group));
        flow_variant(&routing->flow, group, events->nodes + path.from, path.to - path.from,
                     events->at_ms[path.to - 1] - events->at_ms[path.from]);
    }
    return OK;
}

/* Persons. */

static void add_event(struct routing *routing, i64 row, i64 node, i64 at_ms, u16 mask)
{
    struct path_events *events = &routing->events;
    events->rows[events->count] = row;
    events->at_ms[events->count] = at_ms;
    events->nodes[events->count] = (u32)node;
    events->marks[events->count] = (u8)mask;
    events->count++;
}

static err read_people(struct routing *routing, struct lives *lives)
{
    struct traveller traveller = {0};
    while (lives_next(lives)) {
        reserve(routing, lives->count);
        routing->events.count = 0;
        for (i64 i = 0; i < lives->count; i++) {
            i64 node;
            TRY(row_groups_find(&routing->nodes, lives->rows[i], lives->person, &node));
            add_event(routing, lives->rows[i], node, lives->at_ms[i], lives->masks[i]);
        }
        traveller.number++;
        traveller.person = lives->person;
        TRY(add_path(routing, &traveller));
    }
    return OK;
}

/* Values of a property. */

static void follow(struct routing *routing, const struct lives *lives, i32 column)
{
    const struct view *view = &routing->asking->view;
    if (routing->followed_count + lives->count > routing->followed_capacity) {
        routing->followed_capacity = (routing->followed_count + lives->count) * 2;
        routing->followed = mem_resize(routing->followed, routing->followed_capacity * (i64)sizeof(struct followed));
    }
    for (i64 i = 0; i < lives->count; i++) {
        u32 row = lives->rows[i], code = view_attached(view, column, row);
        routing->followed[routing->followed_count] = (struct followed){
            code, row, lives->person, lives->masks[i], lives->at_ms[i], view_id(view, row)};
        routing->followed_count += code != 0;
    }
}

static int followed_order(const void *first, const void *second)
{
    const struct followed *a = first, *b = second;
    if (a->code != b->code) {
        return a->code < b->code ? -1 : 1;
    }
    if (a->at_ms != b->at_ms) {
        return a->at_ms < b->at_ms ? -1 : 1;
    }
    return (a->id > b->id) - (a->id < b->id);
}

static err read_followed(struct routing *routing, struct lives *lives)
{
    const struct asking *asking = routing->asking;
    const struct view_prop *prop = view_find_prop(&asking->view, asking->question.traveller.name);
    struct traveller traveller = {0};
    lives->nobody = true;
    while (prop != NULL && lives_next(lives)) {
        follow(routing, lives, prop->column);
    }
    const struct followed *followed = routing->followed;
    i64 count = routing->followed_count;
    if (count > 0) {
        qsort(routing->followed, (size_t)count, sizeof(*followed), followed_order);
    }
    for (i64 from = 0, to = 0; from < count; from = to) {
        while (to < count && followed[to].code == followed[from].code) {
            to++;
        }
        reserve(routing, to - from);
        routing->events.count = 0;
        for (i64 i = from; i < to; i++) {
            i64 node;
            TRY(row_groups_find(&routing->nodes, followed[i].row, followed[i].person, &node));
            add_event(routing, i, node, followed[i].at_ms, followed[i].mask);
        }
        traveller.number++;
        TRY(add_path(routing, &traveller));
    }
    return OK;
}

/* Writing. */

static int compare_texts(str a, str b)
{
    if (a.len == 0 || b.len == 0) {
        return (a.len == 0) - (b.len == 0);
    }
    return str_cmp(a, b);
}

static bool is_end(const struct edge *edge)
{
    return edge->step >= FLOW_BEGIN;
}

/* Between rows that are otherwise alike (a node may have no value): a way, a beginning, an end. */
static int sort_of(const struct edge *edge)
{
    return is_end(edge) ? edge->step == FLOW_BEGIN ? 1 : 2 : 0;
}

static int edge_order(const void *first, const void *second, void *self)
{
    const struct routing *routing = self;
    const struct edge *a = &routing->flow.edges[*(const i64 *)first], *b = &routing->flow.edges[*(const i64 *)second];
    i64 steps = (i64)(is_end(a) ? 0 : a->step) - (is_end(b) ? 0 : b->step);
    if (a->events != b->events) {
        return a->events > b->events ? -1 : 1;
    }
    if (steps != 0) {
        return steps < 0 ? -1 : 1;
    }
    int order = compare_texts(a->step == FLOW_BEGIN ? STR_NONE : node_text(routing, a->from),
                              b->step == FLOW_BEGIN ? STR_NONE : node_text(routing, b->from));
    if (order == 0) {
        order = compare_texts(a->step == FLOW_END ? STR_NONE : node_text(routing, a->to),
                              b->step == FLOW_END ? STR_NONE : node_text(routing, b->to));
    }
    return order != 0 ? order : sort_of(a) - sort_of(b);
}

static int variant_order(const void *first, const void *second, void *self)
{
    const struct routing *routing = self;
    const struct variant *a = &routing->flow.variants[*(const i64 *)first];
    const struct variant *b = &routing->flow.variants[*(const i64 *)second];
    if (a->people != b->people) {
        return a->people > b->people ? -1 : 1;
    }
    for (u32 i = 0; i < a->node_count && i < b->node_count; i++) {
        int order = compare_texts(node_text(routing, a->nodes[i]), node_text(routing, b->nodes[i]));
        if (order != 0) {
            return order;
        }
    }
    return a->node_count != b->node_count ? a->node_count < b->node_count ? -1 : 1 : a->cut - b->cut;
}

static void write_edge(const struct routing *routing, i64 place, struct json_writer *writer)
{
    const struct edge *edge = &routing->flow.edges[place];
    json_object(writer);
    row_groups_write(&routing->groups, edge->group, writer);
    json_pair_str(writer, "from", edge->step == FLOW_BEGIN ? STR_NONE : node_text(routing, edge->from));
    json_pair_str(writer, "to", edge->step == FLOW_END ? STR_NONE : node_text(routing, edge->to));
    if (is_end(edge)) {
        json_pair_bool(writer, edge->step == FLOW_BEGIN ? "begin" : "end", true);
    } else if (edge->step > 0) {
        json_pair_i64(writer, "step", edge->step);
    }
    json_pair_i64(writer, "events", edge->events);
    json_pair_i64(writer, "people", edge->people);
    spans_pair(writer, "median_s", &routing->edge_spans, place, 50);
    spans_pair(writer, "p90_s", &routing->edge_spans, place, 90);
    json_object_end(writer);
}

static void write_variant(const struct routing *routing, i64 place, struct json_writer *writer)
{
    const struct variant *variant = &routing->flow.variants[place];
    json_object(writer);
    row_groups_write(&routing->groups, variant->group, writer);
    json_key(writer, STR("path"));
    json_list(writer);
    for (u32 i = 0; i < variant->node_count; i++) {
        json_put_str(writer, node_text(routing, variant->nodes[i]));
    }
    json_list_end(writer);
    if (variant->cut) {
        json_pair_bool(writer, "cut", true);
    }
    json_pair_i64(writer, "people", variant->people);
    spans_pair(writer, "median_s", &routing->variant_spans, place, 50);
    spans_pair(writer, "p90_s", &routing->variant_spans, place, 90);
    json_object_end(writer);
}

/* Things of one kind, group by group, the first `top` of each. */
struct listing {
    i64 count;
    u32 (*group)(const struct routing *routing, i64 place);
    int (*order)(const void *first, const void *second, void *self);
    void (*write)(const struct routing *routing, i64 place, struct json_writer *writer);
};

static u32 edge_group(const struct routing *routing, i64 place)
{
    return routing->flow.edges[place].group;
}

static u32 variant_group(const struct routing *routing, i64 place)
{
    return routing->flow.variants[place].group;
}

static void write_list(struct routing *routing, const struct listing *listing, struct json_writer *writer)
{
    struct arena *arena = &routing->asking->ctx->arena;
    i64 groups = routing->groups.count;
    i64 *starts = arena_new(arena, i64, groups + 2), *places = arena_new(arena, i64, greater(listing->count, 1));
    i64 *order = row_groups_order(&routing->groups);
    for (i64 i = 0; i < listing->count; i++) {
        starts[listing->group(routing, i) + 2]++;
    }
    for (i64 group = 1; group < groups; group++) {
        starts[group + 1] += starts[group];
    }
    for (i64 i = 0; i < listing->count; i++) {
        places[starts[listing->group(routing, i) + 1]++] = i;
    }
    for (i64 i = 0; i < groups; i++) {
        i64 *first = places + starts[order[i]], count = starts[order[i] + 1] - starts[order[i]];
        if (count > 0) {
            qsort_r(first, (size_t)count, sizeof(i64), listing->order, routing);
        }
        for (i64 k = 0; k < count && k < routing->asking->question.top; k++) {
            listing->write(routing, first[k], writer);
        }
    }
}

static void write_rows(struct routing *routing, struct json_writer *writer)
{
    struct arena *arena = &routing->asking->ctx->arena;
    struct flow *flow = &routing->flow;
    routing->edge_spans = spans_sort(&flow->edge_spans, flow->edge_count, arena);
    routing->variant_spans = spans_sort(&flow->variant_spans, flow->variant_count, arena);
    write_list(routing, &(struct listing){flow->edge_count, edge_group, edge_order, write_edge}, writer);
    write_list(routing, &(struct listing){flow->variant_count, variant_group, variant_order, write_variant}, writer);
}

static err run(struct routing *routing)
{
    struct lives lives = lives_begin(routing->asking, routing->conditions, 2, true);
    bool followed = str_is(routing->asking->question.traveller_name);
    err code = followed ? read_followed(routing, &lives) : read_people(routing, &lives);
    lives_end(&lives);
    return code;
}

err answer_paths(const struct asking *asking, struct json_writer *writer)
{
    struct routing *routing = arena_new(&asking->ctx->arena, struct routing, 1);
    TRY(begin(asking, routing));
    err code = run(routing);
    if (code == OK) {
        write_rows(routing, writer);
    }
    end(routing);
    return code;
}

err behind_paths(const struct asking *asking, struct found *found)
{
    struct routing *routing = arena_new(&asking->ctx->arena, struct routing, 1);
    TRY(begin(asking, routing));
    routing->found = found;
    err code = run(routing);
    end(routing);
    return code;
}
