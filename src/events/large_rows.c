/* Events as rows of ClickHouse: the order of the columns in log_insert and log_rows. */
#include "events/large.h"

#include "events/props.h"

static void put_props(struct ctx *ctx, struct buf *rows, str text)
{
    struct json props;
    struct prop_list list = {0};
    if (props_parse(ctx, text, &props)) {
        props_list(&ctx->arena, props, &list);
    }
    click_put_count(rows, list.count);
    for (i64 i = 0; i < list.count; i++) {
        click_put_str(rows, list.names[i]);
    }
    click_put_count(rows, list.count);
    for (i64 i = 0; i < list.count; i++) {
        click_put_str(rows, list.texts[i]);
    }
    click_put_count(rows, list.count);
    for (i64 i = 0; i < list.count; i++) {
        click_put_f64(rows, list.numbers[i]);
    }
}

void large_put_event(struct ctx *ctx, struct buf *rows, const struct event *event)
{
    click_put_i64(rows, event->id);
    click_put_i64(rows, event->at_ms);
    click_put_i64(rows, event->received_ms);
    click_put_i64(rows, event->import);
    click_put_fixed(rows, &event->message_hash, (i64)sizeof event->message_hash);
    click_put_i64(rows, event->alias_id);
    click_put_str(rows, event->alias);
    click_put_str(rows, event->kind);
    click_put_str(rows, event->source);
    click_put_str(rows, event->channel);
    click_put_str(rows, event->place);
    click_put_str(rows, event->touchpoint);
    click_put_str(rows, event->metric);
    click_put_str(rows, event->question);
    click_put_i64(rows, event->version);
    click_put_u8(rows, event->score.is);
    click_put_f64(rows, event->score.is ? event->score.value : 0);
    click_put_str(rows, event->scale);
    click_put_u8(rows, event->reversed);
    click_put_u8(rows, event->amount.is);
    click_put_i64(rows, event->amount.is ? event->amount.value : 0);
    click_put_str(rows, event->currency);
    click_put_str(rows, event->text);
    click_put_str(rows, event->props);
    put_props(ctx, rows, event->props);
}

static str read_str(struct click_rows *rows)
{
    str text = click_str(rows);
    return text.len == 0 ? STR_NONE : text;
}

static struct u128 read_hash(struct click_rows *rows)
{
    struct u128 hash = {0};
    str bytes = click_fixed(rows, (i64)sizeof hash);
    if (bytes.len == (i64)sizeof hash) {
        memcpy(&hash, bytes.data, sizeof hash);
    }
    return hash;
}

static void read_rest(struct click_rows *rows, struct event *event)
{
    event->alias_id = click_i64(rows);
    event->alias = read_str(rows);
    event->kind = read_str(rows);
    event->source = read_str(rows);
    event->channel = read_str(rows);
    event->place = read_str(rows);
    event->touchpoint = read_str(rows);
    event->metric = read_str(rows);
    event->question = read_str(rows);
    event->version = click_i64(rows);
    event->score.is = click_u8(rows) != 0;
    event->score.value = click_f64(rows);
    event->scale = read_str(rows);
    event->reversed = click_u8(rows) != 0;
    event->amount.is = click_u8(rows) != 0;
    event->amount.value = click_i64(rows);
    event->currency = read_str(rows);
    event->text = read_str(rows);
    event->props = read_str(rows);
}

struct event large_read_event(struct click_rows *rows, enum event_columns columns)
{
    struct event event = {0}; // members of an initialiser may be computed in any order
    event.id = click_i64(rows);
    event.at_ms = click_i64(rows);
    event.received_ms = click_i64(rows);
    event.import = click_i64(rows);
    event.message_hash = read_hash(rows);
    if (columns != EVENT_KEYS) {
        read_rest(rows, &event);
    }
    return event;
}

enum statement large_select(enum event_columns columns)
{
    switch (columns) {
    case EVENT_KEYS: return SQL_LOG_ROWS_KEYS;
    case EVENT_PLAIN: return SQL_LOG_ROWS_PLAIN;
    case EVENT_LOAD:
    case EVENT_ALL: break;
    }
    return SQL_LOG_ROWS;
}

str large_ids(struct ctx *ctx, const i64 *ids, i64 count)
{
    struct buf out = buf_in(&ctx->arena);
    for (i64 i = 0; i < count; i++) {
        if (i > 0) {
            buf_char(&out, ',');
        }
        buf_i64(&out, ids[i]);
    }
    return buf_str(&out);
}
