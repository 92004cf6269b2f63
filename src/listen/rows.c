#include "listen/rows.h"

#include "listen/limits.h"
#include "listen/texts.h"
#include "text/fold.h"

#include <fcntl.h>
#include <unistd.h>

const char *const rows_kind_words[] = {"csv", "tsv", "xlsx", "jsonl", NULL};

static bool is_zip(const char *path)
{
    u8 magic[4] = {0};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool zip = file >= 0 && read(file, magic, 4) == 4 && memcmp(magic, "PK\x03\x04", 4) == 0;
    if (file >= 0) {
        close(file);
    }
    return zip;
}

static bool looks_like_json(struct texts *texts)
{
    str start = str_trim(texts_window(texts));
    return start.len > 0 && start.data[0] == '{';
}

err rows_open(struct ctx *ctx, const char *path, const struct rows_options *options, struct rows **out)
{
    if (is_zip(path)) {
        return rows_open_xlsx(ctx, path, options, out);
    }
    struct texts *texts;
    TRY(texts_open(ctx, path, options->encoding, &texts));
    bool json = !str_is(options->separator) && looks_like_json(texts);
    err failed = json ? rows_open_jsonl(ctx, texts, out) : rows_open_csv(ctx, texts, options, out);
    if (failed == ERR_EMPTY) {
        return FAIL(ctx, ERR_EMPTY, NULL, "import.file_empty");
    }
    return failed;
}

err rows_next(struct ctx *ctx, struct rows *rows, struct row *out)
{
    return rows->reader->next(ctx, rows, out);
}

f64 rows_done(const struct rows *rows)
{
    return rows->reader->done(rows);
}

void rows_close(struct rows *rows)
{
    if (rows != NULL) {
        rows->reader->close(rows);
    }
}

i64 rows_column(const struct rows *rows, str name)
{
    for (i64 i = 0; i < rows->columns.count; i++) {
        if (str_eq(rows->columns.items[i], name)) {
            return i;
        }
    }
    return -1;
}

void rows_set_columns(struct rows *rows, struct arena *arena, const str *names, i64 count)
{
    rows->columns = (struct str_list){.items = arena_new(arena, str, count + 1)};
    for (i64 i = 0; i < count; i++) {
        str name = fold_nfc(arena, str_copy(arena, str_trim(names[i])));
        if (name.len == 0) {
            name = str_format(arena, "column %d", (int)i + 1);
        }
        str distinct = name;
        for (int n = 2; rows_column(rows, distinct) >= 0; n++) {
            distinct = str_format(arena, "%.*s (%d)", STR_ARG(name), n);
        }
        rows->columns.items[rows->columns.count++] = distinct;
    }
}
