#include "events/row.h"

/* The order of the columns in every statement of sql/queries/events. */
enum column {
    ROW_ID,
    ROW_AT,
    ROW_RECEIVED,
    ROW_IMPORT,
    ROW_HASH,
    ROW_ALIAS,
    ROW_KIND,
    ROW_SOURCE,
    ROW_CHANNEL,
    ROW_PLACE,
    ROW_TOUCHPOINT,
    ROW_METRIC,
    ROW_QUESTION,
    ROW_VERSION,
    ROW_SCORE,
    ROW_SCALE,
    ROW_REVERSED,
    ROW_AMOUNT,
    ROW_CURRENCY,
    ROW_TEXT,
    ROW_PROPS,
};

static void put_i64(sqlite3_stmt *insert, int column, i64 value)
{
    if (value == 0) {
        sqlite3_bind_null(insert, column + 1);
    } else {
        sqlite3_bind_int64(insert, column + 1, value);
    }
}

static void put_str(sqlite3_stmt *insert, int column, str text)
{
    if (text.len == 0) {
        sqlite3_bind_null(insert, column + 1);
    } else {
        sqlite3_bind_text(insert, column + 1, text.data, (int)text.len, SQLITE_STATIC);
    }
}

static void put_hash(sqlite3_stmt *insert, const struct u128 *hash)
{
    if (hash->high == 0 && hash->low == 0) {
        sqlite3_bind_null(insert, ROW_HASH + 1);
    } else {
        sqlite3_bind_blob(insert, ROW_HASH + 1, hash, sizeof *hash, SQLITE_STATIC);
    }
}

int row_insert(sqlite3_stmt *insert, const struct event *event)
{
    sqlite3_bind_int64(insert, ROW_ID + 1, event->id);
    sqlite3_bind_int64(insert, ROW_AT + 1, event->at_ms);
    sqlite3_bind_int64(insert, ROW_RECEIVED + 1, event->received_ms);
    put_i64(insert, ROW_IMPORT, event->import);
    put_hash(insert, &event->message_hash);
    put_str(insert, ROW_ALIAS, event->alias);
    put_str(insert, ROW_KIND, event->kind);
    put_str(insert, ROW_SOURCE, event->source);
    put_str(insert, ROW_CHANNEL, event->channel);
    put_str(insert, ROW_PLACE, event->place);
    put_str(insert, ROW_TOUCHPOINT, event->touchpoint);
    put_str(insert, ROW_METRIC, event->metric);
    put_str(insert, ROW_QUESTION, event->question);
    put_i64(insert, ROW_VERSION, event->version);
    if (event->score.is) {
        sqlite3_bind_double(insert, ROW_SCORE + 1, event->score.value);
    } else {
        sqlite3_bind_null(insert, ROW_SCORE + 1);
    }
    put_str(insert, ROW_SCALE, event->scale);
    put_i64(insert, ROW_REVERSED, event->reversed);
    if (event->amount.is) {
        sqlite3_bind_int64(insert, ROW_AMOUNT + 1, event->amount.value);
    } else {
        sqlite3_bind_null(insert, ROW_AMOUNT + 1);
    }
    put_str(insert, ROW_CURRENCY, event->currency);
    put_str(insert, ROW_TEXT, event->text);
    put_str(insert, ROW_PROPS, event->props);
    int code = sqlite3_step(insert);
    sqlite3_reset(insert);
    return code;
}

static i64 get_i64(sqlite3_stmt *row, int column)
{
    return sqlite3_column_int64(row, column);
}

static str get_str(sqlite3_stmt *row, int column)
{
    // The value is taken out once: asking the statement for text and length each enters and leaves it.
    sqlite3_value *value = sqlite3_column_value(row, column);
    const unsigned char *text = sqlite3_value_text(value);
    return text == NULL ? STR_NONE : (str){(const char *)text, sqlite3_value_bytes(value)};
}

static struct u128 get_hash(sqlite3_stmt *row)
{
    struct u128 hash = {0};
    sqlite3_value *value = sqlite3_column_value(row, ROW_HASH);
    const void *bytes = sqlite3_value_blob(value);
    if (bytes != NULL && sqlite3_value_bytes(value) == (int)sizeof hash) {
        memcpy(&hash, bytes, sizeof hash);
    }
    return hash;
}

struct event row_event(sqlite3_stmt *row, enum event_columns columns)
{
    struct event event = {
        .id = get_i64(row, ROW_ID),
        .at_ms = get_i64(row, ROW_AT),
        .received_ms = get_i64(row, ROW_RECEIVED),
        .import = get_i64(row, ROW_IMPORT),
        .message_hash = get_hash(row),
    };
    if (columns == EVENT_KEYS) {
        return event;
    }
    event.alias = get_str(row, ROW_ALIAS);
    event.kind = get_str(row, ROW_KIND);
    event.source = get_str(row, ROW_SOURCE);
    event.channel = get_str(row, ROW_CHANNEL);
    event.place = get_str(row, ROW_PLACE);
    event.touchpoint = get_str(row, ROW_TOUCHPOINT);
    event.metric = get_str(row, ROW_METRIC);
    event.question = get_str(row, ROW_QUESTION);
    event.version = get_i64(row, ROW_VERSION);
    event.score.is = sqlite3_column_type(row, ROW_SCORE) != SQLITE_NULL;
    event.score.value = sqlite3_column_double(row, ROW_SCORE);
    event.scale = get_str(row, ROW_SCALE);
    event.reversed = get_i64(row, ROW_REVERSED) != 0;
    event.amount.is = sqlite3_column_type(row, ROW_AMOUNT) != SQLITE_NULL;
    event.amount.value = get_i64(row, ROW_AMOUNT);
    event.currency = get_str(row, ROW_CURRENCY);
    if (columns == EVENT_LOAD) {
        event.text = get_i64(row, ROW_TEXT) != 0 ? STR("…") : STR_NONE;
    }
    if (columns == EVENT_ALL) {
        event.text = get_str(row, ROW_TEXT);
        event.props = get_str(row, ROW_PROPS);
    }
    return event;
}

enum statement row_scan(enum event_columns columns)
{
    switch (columns) {
    case EVENT_PLAIN: return SQL_EVENTS_SCAN_PLAIN;
    case EVENT_KEYS: return SQL_EVENTS_SCAN_KEYS;
    case EVENT_LOAD: return SQL_EVENTS_SCAN_LOAD;
    case EVENT_ALL: break;
    }
    return SQL_EVENTS_SCAN_ALL;
}

void event_keep(struct arena *arena, struct event *event)
{
    str *texts[] = {&event->source, &event->alias,      &event->kind,   &event->channel,
                    &event->place,  &event->touchpoint, &event->metric, &event->question,
                    &event->scale,  &event->currency,   &event->text,   &event->props};
    for (i64 i = 0; i < countof(texts); i++) {
        if (texts[i]->len > 0) {
            *texts[i] = str_copy(arena, *texts[i]);
        }
    }
}
