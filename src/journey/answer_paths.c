#include "journey/answer.h"

#include "journey/paths.h"
#include "journey/sql/answers.h"

#include <stdlib.h>

static err prepare_traveller(const struct asking *asking, struct routing *routing)
{
    const struct question *question = &asking->question;
    routing->traveller_slot = -1;
    if (!str_is(question->traveller_name)) {
        return OK;
    }
    const struct view_prop *prop = view_prop(asking->env.view, question->traveller.name);
    routing->nowhere = prop == NULL;
    routing->traveller_slot = prop == NULL ? 0 : lens_attached(asking->lens, prop->column);
    return OK;
}

static err prepare(const struct asking *asking, const struct behind *behind, struct routing **out)
{
    const struct question *question = &asking->question;
    struct routing *routing = arena_new(&asking->ctx->arena, struct routing, 1);
    *out = routing;
    *routing = (struct routing){
        .asking = asking,
        .behind = behind,
        .split = question->by_count > 0 || question->every != PERIOD_NONE,
        .rule =
            {
                .collapse = question->collapse,
                .start = str_is(question->start.text),
                .end = str_is(question->end.text),
                .steps = question->path_steps,
            },
    };
    if (routing->rule.start || routing->rule.end) {
        TRY(program_compile(asking->ctx, &question->start.condition, &asking->env, &routing->conditions[0]));
        TRY(program_compile(asking->ctx, &question->end.condition, &asking->env, &routing->conditions[1]));
        TRY(program_set_begin(asking->ctx, NULL, routing->conditions, 2, &routing->marks));
    }
    routing->node = dimension_make(asking, asking->lens, question->node, question->node_name);
    TRY(prepare_traveller(asking, routing));
    TRY(groups_begin(asking, asking->lens, NULL, 0, &routing->groups));
    routing->dense = paths_dense(routing);
    return OK;
}

static err begin(struct part *part)
{
    const struct routing *routing = part->self;
    struct routed *routed = part->state;
    routed->found.behind = routing->behind;
    routed->flow.part = part;
    TRY(grouping_begin(part, &routing->groups, &routed->grouping));
    return routing->dense ? dense_begin(part) : OK;
}

/* One path. */

static u32 group_at(const struct routed *routed, const struct traveller *traveller, i64 i)
{
    i64 row = routed->events.rows[i];
    return traveller->person == 0      ? traveller->followed[row].group
           : traveller->groups == NULL ? 0
                                       : traveller->groups[row];
}

static err add_ends(struct part *part, const struct traveller *traveller, const struct path *path)
{
    struct routed *routed = part->state;
    const u32 *nodes = routed->events.nodes;
    struct edge first = {.to = nodes[path->from], .step = FLOW_BEGIN};
    struct edge last = {.from = nodes[path->to - 1], .step = FLOW_END};
    first.group = group_at(routed, traveller, path->from);
    last.group = group_at(routed, traveller, path->to - 1);
    TRY(flow_edge(&routed->flow, &first, routed->travellers, -1));
    return flow_edge(&routed->flow, &last, routed->travellers, -1);
}

static err add_edges(struct part *part, const struct traveller *traveller, const struct path *path)
{
    const struct routing *routing = part->self;
    struct routed *routed = part->state;
    const struct path_events *events = &routed->events;
    bool stepped = routing->rule.start || routing->rule.end;
    for (i64 i = path->from; i + 1 < path->to; i++) {
        struct edge edge = {
            .group = group_at(routed, traveller, i),
            .from = events->nodes[i],
            .to = events->nodes[i + 1],
            .step = stepped ? (u32)(path->first_step + i - path->from) : 0,
        };
        i64 ms = events->at_ms[i + 1] - events->at_ms[i];
        TRY(routing->dense ? dense_edge(part, &edge, ms) : flow_edge(&routed->flow, &edge, routed->travellers, ms));
    }
    return OK;
}

/* The people behind a row. */

/* The event i is the first of the row's edge, or of its path. */
static err consider(struct part *part, const struct traveller *traveller, i64 i)
{
    struct routed *routed = part->state;
    alias_no person = traveller->person;
    if (person == 0) {
        person = traveller->followed[routed->events.rows[i]].person;
    }
    if (person == 0 || !found_group(&routed->found, &routed->grouping, group_at(routed, traveller, i))) {
        return OK;
    }
    return found_add(part, &routed->found, person, routed->events.at_ms[i]);
}

static bool is_node(const struct part *part, i64 i, str text)
{
    const struct routing *routing = part->self;
    const struct routed *routed = part->state;
    return str_eq(dimension_text(routing->asking, &routing->node, routed->events.nodes[i]), text);
}

static err consider_edges(struct part *part, const struct traveller *traveller, const struct path *path)
{
    const struct routed *routed = part->state;
    const struct behind_row *row = &routed->found.behind->row;
    if (row->begin || row->end) {
        i64 at = row->begin ? path->from : path->to - 1;
        return is_node(part, at, row->begin ? row->to : row->from) ? consider(part, traveller, at) : OK;
    }
    for (i64 i = path->from; i + 1 < path->to; i++) {
        bool here = row->step == 0 || path->first_step + i - path->from == row->step;
        if (here && is_node(part, i, row->from) && is_node(part, i + 1, row->to)) {
            TRY(consider(part, traveller, i));
        }
    }
    return OK;
}

static err consider_path(struct part *part, const struct traveller *traveller, const struct path *path)
{
    const struct routed *routed = part->state;
    const struct behind_row *row = &routed->found.behind->row;
    i64 count = path->to - path->from;
    bool same = lesser(count, FLOW_NODES_MAX) == row->path_count && row->cut == (count > FLOW_NODES_MAX);
    for (i64 i = 0; i < row->path_count && same; i++) {
        same = is_node(part, path->from + i, row->path[i]);
    }
    return same ? consider(part, traveller, path->from) : OK;
}

static err add_path(struct part *part, const struct traveller *traveller)
{
    const struct routing *routing = part->self;
    const struct question *question = &routing->asking->question;
    struct routed *routed = part->state;
    struct path_events *events = &routed->events;
    struct path path = path_keep(&routing->rule, events);
    if (path.from == path.to) {
        return OK;
    }
    routed->travellers++;
    if (routing->behind != NULL) {
        return routing->behind->what == BEHIND_PATH ? consider_path(part, traveller, &path)
                                                    : consider_edges(part, traveller, &path);
    }
    if ((question->parts & PATH_EDGES) != 0) {
        TRY(add_edges(part, traveller, &path));
    }
    if (routing->pass != DENSE_COUNT) {
        return OK; // the second time only times are collected
    }
    if ((question->parts & PATH_EDGES) != 0 && question->ends) {
        TRY(add_ends(part, traveller, &path));
    }
    if ((question->parts & PATH_VARIANTS) == 0) {
        return OK;
    }
    return flow_variant(&routed->flow, group_at(routed, traveller, path.from), events->nodes + path.from,
                        path.to - path.from, events->at_ms[path.to - 1] - events->at_ms[path.from]);
}

static void events_room(struct scratch *scratch, i64 count, struct path_events *out)
{
    *out = (struct path_events){
        .rows = scratch_new(scratch, i64, count),
        .at_ms = scratch_new(scratch, i64, count),
        .nodes = scratch_new(scratch, u32, count),
        .marks = scratch_new(scratch, u8, count),
    };
}

static void add_event(struct path_events *events, i64 row, u32 node, i64 at_ms, u8 marks)
{
    events->rows[events->count] = row;
    events->at_ms[events->count] = at_ms;
    events->nodes[events->count] = node;
    events->marks[events->count] = marks;
    events->count++;
}

/* What the question takes of a block. */
struct taken {
    const i32 *rows; /* NULL: all */
    i64 count;
    const u32 *groups; /* [taken]; NULL: all are 0 */
    struct cells nodes;
    u8 *marks; /* NULL: none */
};

static i64 row_at(const struct taken *taken, i64 k)
{
    return taken->rows == NULL ? k : taken->rows[k];
}

static err take_people(struct part *part, const struct block *block, const struct taken *taken)
{
    struct routed *routed = part->state;
    i64 k = 0;
    events_room(&part->scratch, taken->count, &routed->events);
    for (i64 i = 0; i < block->person_count; i++) {
        const struct stretch *stretch = &block->people[i];
        routed->events.count = 0;
        for (; k < taken->count && row_at(taken, k) < stretch->to; k++) {
            i64 row = row_at(taken, k);
            if (row >= stretch->from) {
                add_event(&routed->events, k, cells_get(taken->nodes, row), block->at_ms[row],
                          taken->marks == NULL ? 0 : taken->marks[row]);
            }
        }
        if (routed->events.count > 0) {
            TRY(add_path(part, &(struct traveller){.person = stretch->person, .groups = taken->groups}));
        }
    }
    return OK;
}

/* Events with a value of the property that travels are kept until all are there. */
static err take_followed(struct part *part, const struct block *block, const struct taken *taken)
{
    const struct routing *routing = part->self;
    struct routed *routed = part->state;
    struct cells codes = block->cells[routing->traveller_slot];
    i64 k = 0;
    TRY(part_room_for(part, &routed->followed, &routed->followed_capacity, routed->followed_count + taken->count));
    for (i64 i = 0; i < block->person_count; i++) {
        const struct stretch *stretch = &block->people[i];
        for (; k < taken->count && row_at(taken, k) < stretch->to; k++) {
            i64 row = row_at(taken, k);
            u32 code = cells_get(codes, row);
            if (code == 0 || row < stretch->from) {
                continue;
            }
            routed->followed[routed->followed_count++] = (struct followed){
                .at_ms = block->at_ms[row],
                .id = block->ids[row],
                .code = code,
                .node = cells_get(taken->nodes, row),
                .group = taken->groups == NULL ? 0 : taken->groups[k],
                .person = stretch->person,
                .marks = taken->marks == NULL ? 0 : taken->marks[row],
            };
        }
    }
    return OK;
}

static bool plain(const struct routing *routing)
{
    const struct question *question = &routing->asking->question;
    const struct path_rule *rule = &routing->rule;
    return routing->dense && !rule->collapse && !rule->start && !rule->end && rule->steps == 0 && !question->ends &&
           question->parts == PATH_EDGES;
}

/* Without groups time is looked at on the way. */
static err take_plain(struct part *part, const struct block *block, const struct cells *nodes)
{
    const u64 *where = part_where(part, block);
    if (where == NULL) {
        return dense_block(part, block, nodes, NULL, NULL, block->count);
    }
    i32 *rows = scratch_new(&part->scratch, i32, block->count + 64);
    return dense_block(part, block, nodes, NULL, rows, bits_list(where, block->count, rows));
}

static err take_block(struct part *part, const struct block *block)
{
    const struct routing *routing = part->self;
    struct routed *routed = part->state;
    struct taken taken = {0};
    bool followed = routing->traveller_slot >= 0;
    if (routing->nowhere || block->person_count == 0 || (block->people[0].person == 0 && !followed)) {
        return OK;
    }
    taken.nodes = dimension_cells(part, &routing->node, block);
    if (plain(routing) && !routing->split) {
        return take_plain(part, block, &taken.nodes);
    }
    taken.count = part_take(part, block, &taken.rows);
    if (routing->split) {
        TRY(grouping_find(&routed->grouping, block, taken.rows, taken.count, &taken.groups));
    }
    if (routing->marks != NULL) {
        taken.marks = scratch_new(&part->scratch, u8, block->count);
        program_masks(routing->marks, block, &part->scratch, taken.marks);
    }
    if (followed) {
        return take_followed(part, block, &taken);
    }
    if (plain(routing)) {
        return dense_block(part, block, &taken.nodes, taken.groups, taken.rows, taken.count);
    }
    return take_people(part, block, &taken);
}

static err merge(struct part *into, struct part *from)
{
    const struct routing *routing = into->self;
    struct routed *a = into->state;
    const struct routed *b = from->state;
    const u32 *groups;
    TRY(found_merge(into, &a->found, &b->found));
    TRY(grouping_merge(&a->grouping, &b->grouping, &groups));
    TRY(flow_merge(&a->flow, &b->flow, groups));
    TRY(part_room_for(into, &a->followed, &a->followed_capacity, a->followed_count + b->followed_count));
    for (i64 i = 0; i < b->followed_count; i++) {
        a->followed[a->followed_count] = b->followed[i];
        a->followed[a->followed_count++].group = groups[b->followed[i].group];
    }
    return routing->dense ? dense_merge(into, from) : OK;
}

/* Values of a property travel. */

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

static err read_followed(struct part *part)
{
    struct routed *routed = part->state;
    struct followed *followed = routed->followed;
    i64 count = routed->followed_count;
    if (count > 0) {
        qsort(followed, (size_t)count, sizeof(*followed), followed_order);
    }
    for (i64 from = 0, to = 0; from < count; from = to) {
        while (to < count && followed[to].code == followed[from].code) {
            to++;
        }
        scratch_reset(&part->scratch);
        events_room(&part->scratch, to - from, &routed->events);
        for (i64 i = from; i < to; i++) {
            add_event(&routed->events, i, followed[i].node, followed[i].at_ms, followed[i].marks);
        }
        TRY(add_path(part, &(struct traveller){.followed = followed}));
        if (ctx_stopped(part->asking->ctx)) {
            return ERR_CANCELLED;
        }
    }
    return OK;
}

static err run(struct routing *routing, struct part **out)
{
    static const struct scanner scanner = {
        .state_size = sizeof(struct routed), .begin = begin, .block = take_block, .merge = merge};
    TRY(scan_run(routing->asking, routing->asking->lens, &scanner, routing, out));
    if (routing->traveller_slot >= 0) {
        TRY(read_followed(*out));
    }
    return routing->dense ? dense_end(*out, &scanner) : OK;
}

err answer_paths(const struct asking *asking, struct json_writer *writer)
{
    if (asking->rooms->index == NULL) {
        return sql_paths(asking, writer);
    }
    struct routing *routing;
    struct part *part;
    struct spans_sorted edges, variants;
    TRY(prepare(asking, NULL, &routing));
    TRY(run(routing, &part));
    const struct routed *routed = part->state;
    const struct flow *flow = &routed->flow;
    TRY(spans_sort(part, &flow->edge_spans, flow->edge_count, &edges));
    TRY(spans_sort(part, &flow->variant_spans, flow->variant_count, &variants));
    struct paths_rows rows = {
        .asking = asking,
        .grouping = routing->split ? &routed->grouping : NULL,
        .flow = flow,
        .node = &routing->node,
        .edge_spans = routing->dense ? NULL : &edges,
        .variant_spans = &variants,
    };
    return paths_write(&rows, writer);
}

err behind_paths(const struct asking *asking, const struct behind *behind, const struct found **out)
{
    struct routing *routing;
    struct part *part;
    TRY(prepare(asking, behind, &routing));
    TRY(run(routing, &part));
    *out = &((const struct routed *)part->state)->found;
    return OK;
}
