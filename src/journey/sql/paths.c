#include "journey/paths.h"
#include "journey/sql/answers.h"
#include "journey/sql/behind.h"
#include "journey/sql/sequence.h"

enum { FIRST_KEY = 6, ROW_KEY = 7 }; /* in the tuples of a walk, and of what it comes to */
enum sort { SORT_EDGE, SORT_BEGIN, SORT_END, SORT_PATH };

static bool stepped(const struct question *question)
{
    return str_is(question->start.text) || str_is(question->end.text);
}

str sql_path_kept(struct ctx *ctx, const struct question *question)
{
    bool start = str_is(question->start.text), end = str_is(question->end.text), limited = question->path_steps > 0;
    str count = SQL_TEXT(ctx, SQL_CLICK_PATH_COUNT, VALUE_I64("behind", start && end));
    str most = limited ? SQL_TEXT(ctx, SQL_CLICK_PATH_MOST, VALUE_I64("steps", question->path_steps))
                       : SQL_TEXT(ctx, SQL_CLICK_PATH_EVERY);
    str events = end && !start && limited
                     ? SQL_TEXT(ctx, SQL_CLICK_PATH_STEPS_LAST, PART("count", count), PART("most", most),
                                VALUE_I64("steps", question->path_steps))
                     : SQL_TEXT(ctx, SQL_CLICK_PATH_STEPS, PART("count", count), PART("most", most));
    return SQL_TEXT(ctx, SQL_CLICK_PATH_KEPT, PART("kept", events),
                    PART("walk", SQL_TEXT(ctx, question->collapse ? SQL_CLICK_PATH_COLLAPSED : SQL_CLICK_PATH_WALK)),
                    PART("start", SQL_TEXT(ctx, start ? SQL_CLICK_PATH_START : SQL_CLICK_PATH_FROM_FIRST)),
                    PART("end", SQL_TEXT(ctx, end ? SQL_CLICK_PATH_END : SQL_CLICK_PATH_LAST)));
}

static err field_text(struct sql_asking *sql, struct field field, str name, struct sql_expr *out)
{
    struct dimension *dimension = arena_new(&sql->ctx->arena, struct dimension, 1);
    *dimension = dimension_make(sql->asking, NULL, field, name);
    return sql_field_text(sql, dimension, out);
}

/* A row for each traveller: the number of its path's first edge, and the path. `items` come behind node and bits. */
static err walks_of(struct sql_asking *sql, str items, u32 needs, str *out)
{
    const struct question *question = &sql->asking->question;
    const struct condition *conditions[] = {&question->start.condition, &question->end.condition};
    struct sql_bits bits = {.number = {.text = SQL_TEXT(sql->ctx, SQL_CLICK_NO_BITS)}};
    struct sql_expr node;
    struct sql_walks walks = {.results = sql_path_kept(sql->ctx, question), .where = sql_where(sql)};
    if (stepped(question)) {
        TRY(sql_bits(sql, conditions, countof(conditions), &bits));
    }
    TRY(field_text(sql, question->node, question->node_name, &node));
    if (str_is(question->traveller_name)) {
        TRY(field_text(sql, question->traveller, question->traveller_name, &walks.who));
    }
    walks.items = str_format(&sql->ctx->arena, ", %.*s, %.*s%.*s", STR_ARG(node.text), STR_ARG(bits.number.text),
                             STR_ARG(items));
    walks.needs = needs | node.needs | bits.number.needs;
    *out = sql_walks(sql, &walks);
    return OK;
}

/* The people behind a row. */

static str nodes_of(struct ctx *ctx, const struct behind_row *row)
{
    struct buf nodes = buf_in(&ctx->arena);
    for (i64 i = 0; i < row->path_count; i++) {
        buf_add(&nodes, i > 0 ? STR(", ") : STR_NONE);
        click_literal(&nodes, row->path[i]);
    }
    return buf_str(&nodes);
}

/* The events of a path that the row means. */
static str chosen(struct ctx *ctx, const struct behind *behind)
{
    const struct behind_row *row = &behind->row;
    if (behind->what == BEHIND_PATH) {
        return SQL_TEXT(ctx, SQL_CLICK_PATH_ROW_PATH, PART("nodes", nodes_of(ctx, row)), VALUE_I64("cut", row->cut),
                        VALUE_I64("most", FLOW_NODES_MAX));
    }
    if (row->begin) {
        return SQL_TEXT(ctx, SQL_CLICK_PATH_ROW_BEGIN, VALUE_STR("to", row->to));
    }
    if (row->end) {
        return SQL_TEXT(ctx, SQL_CLICK_PATH_ROW_END, VALUE_STR("from", row->from));
    }
    str step = row->step == 0 ? STR_NONE : SQL_TEXT(ctx, SQL_CLICK_PATH_ROW_STEP, VALUE_I64("step", row->step));
    return SQL_TEXT(ctx, SQL_CLICK_PATH_ROW_EDGE, VALUE_STR("from", row->from), VALUE_STR("to", row->to),
                    PART("step", step));
}

err sql_behind_paths(struct sql_asking *sql, const struct behind *behind, str *statement)
{
    struct ctx *ctx = sql->ctx;
    bool people = !str_is(behind->question.traveller_name);
    struct sql_groups *groups = arena_new(&ctx->arena, struct sql_groups, 1);
    struct sql_expr group;
    str walks;
    TRY(sql_groups_begin(sql, NULL, 0, groups));
    TRY(sql_behind_group(groups, behind, &group));
    str items = SQL_TEXT(ctx, people ? SQL_CLICK_FLAG : SQL_CLICK_FLAG_OF_PERSON, PART("condition", group.text));
    TRY(walks_of(sql, items, group.needs | (people ? 0 : SQL_NEEDS_PERSON), &walks));
    *statement = SQL_TEXT(ctx, SQL_CLICK_PATHS_PEOPLE, PART("walks", walks), PART("chosen", chosen(ctx, behind)),
                          PART("who", SQL_TEXT(ctx, people ? SQL_CLICK_PATHS_TRAVELLER : SQL_CLICK_PATHS_OWNER)));
    return OK;
}

/* The answer. */

/* ", a.6, a.7": the keys of the event a. */
static str keys_of(struct ctx *ctx, i64 count)
{
    struct buf keys = buf_in(&ctx->arena);
    for (i64 i = 0; i < count; i++) {
        buf_format(&keys, ", a.%lld", (long long)(FIRST_KEY + i));
    }
    return buf_str(&keys);
}

static void add_rows(struct buf *rows, str more)
{
    buf_add(rows, rows->len == 0 ? STR_NONE : STR(", "));
    buf_add(rows, more);
}

/* What a path comes to, in the form of edges. */
static str rows_of(struct ctx *ctx, const struct question *question)
{
    struct buf rows = buf_in(&ctx->arena);
    str keys = keys_of(ctx, question->by_count);
    if ((question->parts & PATH_EDGES) != 0) {
        str step = SQL_TEXT(ctx, stepped(question) ? SQL_CLICK_PATH_EDGE_STEP : SQL_CLICK_PATH_NO_STEP);
        add_rows(&rows, SQL_TEXT(ctx, SQL_CLICK_PATH_EDGES, PART("keys", keys), PART("step", step)));
    }
    if ((question->parts & PATH_EDGES) != 0 && question->ends) {
        add_rows(&rows, SQL_TEXT(ctx, SQL_CLICK_PATH_BEGIN, PART("keys", keys)));
        add_rows(&rows, SQL_TEXT(ctx, SQL_CLICK_PATH_FINISH, PART("keys", keys)));
    }
    if ((question->parts & PATH_VARIANTS) != 0) {
        add_rows(&rows, SQL_TEXT(ctx, SQL_CLICK_PATH_VARIANT, PART("keys", keys), VALUE_I64("most", FLOW_NODES_MAX)));
    }
    return buf_str(&rows);
}

/* What makes two edges of a traveller the same: everything but time, nodes and cut. A whole path is there once. */
static str same_of(struct ctx *ctx, i64 keys)
{
    struct buf same = buf_in(&ctx->arena);
    for (i64 place = 1; place < ROW_KEY + keys; place++) {
        if (place != 5) { // the time
            add_rows(&same, SQL_TEXT(ctx, SQL_CLICK_PATH_COLUMN, VALUE_I64("place", place)));
        }
    }
    return buf_str(&same);
}

static str statement(struct sql_asking *sql, const struct sql_groups *groups, str walks)
{
    struct ctx *ctx = sql->ctx;
    const struct question *question = &sql->asking->question;
    i64 keys = question->by_count;
    return SQL_TEXT(ctx, SQL_CLICK_PATHS, PART("names", groups->names),
                    PART("keys", sql_key_columns(groups, "row", ROW_KEY)), PART("rows", rows_of(ctx, question)),
                    PART("same", same_of(ctx, keys)), PART("walks", walks), VALUE_I64("nodes", ROW_KEY + keys),
                    VALUE_I64("cut", ROW_KEY + keys + 1), VALUE_I64("top", question->top));
}

/* Rows on their way into a flow. */
struct reading {
    struct sql_asking *sql;
    struct flow flow;
    struct dictionary *nodes;
};

#define RESERVE(reading, array, capacity, needed)                                                                      \
    reserve((reading), (void **)(array), (capacity), (needed), (i64)sizeof **(array))

static err reserve(struct reading *reading, void **array, i64 *capacity, i64 needed, i64 size)
{
    if (needed <= *capacity) {
        return OK;
    }
    i64 more = greater(*capacity * 2, needed);
    TRY(asking_use(reading->sql->asking, (more - *capacity) * size));
    *array = arena_grow(&reading->sql->ctx->arena, *array, *capacity * size, more * size, _Alignof(max_align_t));
    *capacity = more;
    return OK;
}

static err read_nodes(struct reading *reading, struct click_rows *rows, struct variant *out)
{
    struct flow *flow = &reading->flow;
    i64 count = click_count(rows);
    out->nodes = flow->node_count;
    out->node_count = (u32)count;
    TRY(RESERVE(reading, &flow->nodes, &flow->node_capacity, flow->node_count + count));
    for (i64 i = 0; i < count; i++) {
        flow->nodes[flow->node_count++] = dictionary_put(reading->nodes, click_str(rows));
    }
    return OK;
}

/* One row behind its keys: an edge has no nodes, a whole path no ends. */
static err read_row(struct reading *reading, struct click_rows *rows, u32 group)
{
    static const u32 ends[] = {[SORT_BEGIN] = FLOW_BEGIN, [SORT_END] = FLOW_END};
    struct flow *flow = &reading->flow;
    struct variant variant = {.group = group};
    struct edge edge = {.group = group};
    u8 sort = click_u8(rows);
    edge.from = dictionary_put(reading->nodes, click_str(rows));
    edge.to = dictionary_put(reading->nodes, click_str(rows));
    i64 step = click_i64(rows);
    TRY(read_nodes(reading, rows, &variant));
    variant.cut = click_u8(rows) != 0;
    edge.events = (i64)click_u64(rows);
    edge.people = (i64)click_u64(rows);
    i64 median_ms = click_i64(rows), p90_ms = click_i64(rows);
    if (sort == SORT_PATH) {
        variant.people = edge.people;
        variant.median_ms = median_ms;
        variant.p90_ms = p90_ms;
        TRY(RESERVE(reading, &flow->variants, &flow->variant_capacity, flow->variant_count + 1));
        flow->variants[flow->variant_count++] = variant;
        return OK;
    }
    bool end = sort != SORT_EDGE;
    edge.step = end ? ends[sort] : (u32)step;
    edge.median_ms = end ? -1 : median_ms;
    edge.p90_ms = end ? -1 : p90_ms;
    TRY(RESERVE(reading, &flow->edges, &flow->edge_capacity, flow->edge_count + 1));
    flow->edges[flow->edge_count++] = edge;
    return OK;
}

static void free_nodes(void *nodes)
{
    dictionary_free(nodes);
}

err sql_paths(const struct asking *asking, struct json_writer *writer)
{
    struct ctx *ctx = asking->ctx;
    struct sql_asking *sql = arena_new(&ctx->arena, struct sql_asking, 1);
    struct sql_groups *groups = arena_new(&ctx->arena, struct sql_groups, 1);
    struct reading reading = {.sql = sql, .nodes = arena_new(&ctx->arena, struct dictionary, 1)};
    struct click_rows rows;
    str walks;
    ctx_defer(ctx, free_nodes, reading.nodes);
    TRY(sql_begin(asking, sql));
    TRY(sql_groups_begin(sql, NULL, 0, groups));
    str items = str_format(&ctx->arena, ", %.*s%.*s", STR_ARG(groups->period), STR_ARG(sql_key_items(groups)));
    TRY(walks_of(sql, items, groups->needs, &walks));
    TRY(sql_query(sql, statement(sql, groups, walks), &rows));
    while (click_more(&rows)) {
        i64 group;
        TRY(sql_groups_read(groups, &rows, &group));
        TRY(read_row(&reading, &rows, (u32)group));
    }
    sql_groups_end(groups);
    bool split = asking->question.by_count > 0 || asking->question.every != PERIOD_NONE;
    struct paths_rows out = {
        .asking = asking,
        .grouping = split ? &groups->grouping : NULL,
        .flow = &reading.flow,
        .texts = dictionary_texts(reading.nodes),
    };
    return paths_write(&out, writer);
}
