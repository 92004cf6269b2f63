#include "listen/limits.h"
#include "listen/rows.h"
#include "listen/texts.h"
#include "text/fold.h"

enum { SAMPLE_LINES = 1000, PATHS_DEEP = 16 };

struct rows_jsonl {
    struct rows rows; /* first */
    struct texts *texts;
    struct json_reader *reader;
    struct arena memory, row;
    i64 line;
    i64 room;                                  /* of columns.items */
    str cells[COLUMNS_MAX], json[COLUMNS_MAX]; /* of the row */
};

/* The column's number; a new name becomes a new column. -1 when there are too many. */
static i64 column_of(struct rows_jsonl *jsonl, str name)
{
    struct str_list *columns = &jsonl->rows.columns;
    i64 at = rows_column(&jsonl->rows, name);
    if (at >= 0 || columns->count == COLUMNS_MAX) {
        return at;
    }
    if (columns->count == jsonl->room) {
        i64 room = jsonl->room * 2 + 64;
        str *items = arena_new(&jsonl->memory, str, room);
        if (columns->count > 0) {
            memcpy(items, columns->items, (size_t)columns->count * sizeof *items);
        }
        columns->items = items;
        jsonl->room = room;
    }
    columns->items[columns->count] = str_copy(&jsonl->memory, name);
    return columns->count++;
}

struct place {
    struct json_iter members;
    str path;
};

static str value_text(struct arena *arena, struct json value, str json)
{
    str text;
    switch (json_type(value)) {
    case JSON_NULL: return STR_NONE;
    case JSON_STR: return json_str(value, &text) ? str_copy(arena, text) : STR_NONE;
    default: return json;
    }
}

static bool put_value(struct rows_jsonl *jsonl, struct row *out, str path, struct json value)
{
    i64 column = column_of(jsonl, fold_nfc(&jsonl->row, path));
    if (column < 0) {
        return false;
    }
    struct json_writer writer = json_writer_in(&jsonl->row);
    json_put_value(&writer, value);
    out->json[column] = json_text(&writer);
    out->cells[column] = value_text(&jsonl->row, value, out->json[column]);
    out->count = greater(out->count, column + 1);
    return true;
}

/* Members of members become columns with dotted names. */
static const char *flatten(struct rows_jsonl *jsonl, struct json object, struct row *out)
{
    struct place stack[PATHS_DEEP];
    i64 depth = 0;
    stack[0] = (struct place){.members = json_each(object), .path = STR("")};
    while (depth >= 0) {
        struct place *top = &stack[depth];
        if (!json_next(&top->members)) {
            depth--;
            continue;
        }
        str path = top->path.len == 0
                       ? top->members.key
                       : str_format(&jsonl->row, "%.*s.%.*s", STR_ARG(top->path), STR_ARG(top->members.key));
        bool inside = json_type(top->members.value) == JSON_OBJECT && depth + 1 < PATHS_DEEP;
        if (inside) {
            stack[++depth] = (struct place){.members = json_each(top->members.value), .path = path};
        } else if (!put_value(jsonl, out, path, top->members.value)) {
            return "import.too_many_columns";
        }
    }
    return NULL;
}

static const char *read_object(struct rows_jsonl *jsonl, str line, struct row *out)
{
    struct ctx local = {0};
    struct json object;
    const char *problem = "import.bad_json";
    if (json_parse(&local, jsonl->reader, line, &object) == OK && json_type(object) == JSON_OBJECT) {
        memset(jsonl->cells, 0, (size_t)jsonl->rows.columns.count * sizeof *jsonl->cells);
        memset(jsonl->json, 0, (size_t)jsonl->rows.columns.count * sizeof *jsonl->json);
        out->cells = jsonl->cells;
        out->json = jsonl->json;
        problem = flatten(jsonl, object, out);
    }
    ctx_end(&local);
    return problem;
}

static err jsonl_next(struct ctx *ctx, struct rows *rows, struct row *out)
{
    struct rows_jsonl *jsonl = (struct rows_jsonl *)rows;
    str line;
    bool whole;
    do {
        TRY(texts_line(ctx, jsonl->texts, &line, &whole));
        jsonl->line++;
    } while (whole && str_trim(line).len == 0);
    arena_reset(&jsonl->row);
    *out = (struct row){.line = jsonl->line, .raw = line};
    out->problem = whole ? read_object(jsonl, line, out) : "import.line_too_long";
    return OK;
}

static f64 jsonl_done(const struct rows *rows)
{
    return bytes_done(((const struct rows_jsonl *)rows)->texts->bytes);
}

static void jsonl_close(struct rows *rows)
{
    struct rows_jsonl *jsonl = (struct rows_jsonl *)rows;
    texts_close(jsonl->texts);
    json_reader_close(jsonl->reader);
    arena_free(&jsonl->memory);
    arena_free(&jsonl->row);
    mem_free(jsonl);
}

static const struct rows_reader jsonl_reader = {jsonl_next, jsonl_done, jsonl_close};

/* Objects need not all have the same members: the names come from as many lines as the first sample holds. */
static void sample_columns(struct rows_jsonl *jsonl)
{
    str window = texts_window(jsonl->texts);
    for (i64 i = 0; i < SAMPLE_LINES && window.len > 0; i++) {
        i64 end = str_find_char(window, '\n');
        if (end < 0 && !jsonl->texts->ended) {
            return;
        }
        struct row row = {0};
        arena_reset(&jsonl->row);
        (void)read_object(jsonl, str_slice(window, 0, end < 0 ? window.len : end), &row);
        window = str_slice(window, end < 0 ? window.len : end + 1, window.len);
    }
}

err rows_open_jsonl(struct ctx *ctx, struct texts *texts, struct rows **out)
{
    struct rows_jsonl *jsonl = mem_new(sizeof *jsonl);
    jsonl->rows = (struct rows){.kind = ROWS_JSONL, .encoding = texts->decoder.encoding, .reader = &jsonl_reader};
    jsonl->texts = texts;
    jsonl->reader = json_reader_open();
    sample_columns(jsonl);
    if (jsonl->rows.columns.count == 0) {
        jsonl_close(&jsonl->rows);
        return FAIL(ctx, ERR_MALFORMED, NULL, "import.bad_json");
    }
    *out = &jsonl->rows;
    return OK;
}
