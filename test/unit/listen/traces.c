#include "test.h"

#include "listen/traces.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *path_in(struct ctx *ctx, const char *folder, const char *name)
{
    return str_format(&ctx->arena, "%s/%s", folder, name).data;
}

static void write_file(const char *path, str text)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.data, 1, (size_t)text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

static str read_file(struct ctx *ctx, const char *path)
{
    char *bytes = arena_alloc(&ctx->arena, 4096, 1);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    i64 len = (i64)fread(bytes, 1, 4096, file);
    (void)fclose(file);
    return (str){bytes, len};
}

TEST(lines_that_name_a_person_lose_their_text)
{
    struct ctx ctx = {0};
    const char *folder = test_folder();
    assert_int_equal(mkdir(path_in(&ctx, folder, "imports"), 0700), 0);
    assert_int_equal(mkdir(path_in(&ctx, folder, "uploads"), 0700), 0);
    const char *list = path_in(&ctx, folder, "imports/1.refused.csv");
    write_file(list, STR("line,reason,text\r\n2,bad score,\"U17,\"\"x\"\"\n11\"\r\n3,bad score,\"U170,9\"\r\n"));
    const char *named = path_in(&ctx, folder, "uploads/a.upload");
    const char *other = path_in(&ctx, folder, "uploads/b.upload");
    const char *packed = path_in(&ctx, folder, "uploads/c.upload");
    write_file(named, STR("id\nU17\n"));
    write_file(other, STR("id\nU170\n"));
    write_file(packed, (str){"\x1F\x8B\x08\x00\x01", 5});
    str words[] = {STR("U17"), STR("an@vidu.vn")};
    assert_ok(traces_erase(&ctx, &(struct uploads){.folder = str_from(folder)}, &(struct str_list){words, 2}));
    assert_true(str_eq(read_file(&ctx, list),
                       STR("line,reason,text\r\n2,bad score,\"****\"\"*\"\"***\"\r\n3,bad score,\"U170,9\"\r\n")));
    assert_int_equal(access(named, F_OK), -1);
    assert_int_equal(access(other, F_OK), 0);
    assert_int_equal(access(packed, F_OK), -1);
    ctx_end(&ctx);
}

static void put_piece(struct ctx *ctx, struct store *store, i64 upload, i64 number, str bytes)
{
    assert_ok(store_run(ctx, store, SQL_UPLOAD_PIECE_ADD,
                        ARGS(ARG_I64("upload", upload), ARG_I64("number", number), ARG_BYTES("piece", bytes)), NULL));
}

static void put_lines(struct ctx *ctx, struct store *store, i64 import, i64 start, str bytes)
{
    assert_ok(store_run(ctx, store, SQL_REFUSED_PIECE_ADD,
                        ARGS(ARG_I64("import", import), ARG_I64("start", start), ARG_BYTES("piece", bytes)), NULL));
}

struct found {
    char text[400];
    i64 pieces;
};

static err add_row(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct found *found = self;
    (void)ctx;
    found->pieces++;
    snprintf(found->text, sizeof found->text, "%.*s", STR_ARG(row_str(row, 1)));
    return OK;
}

TEST(what_lies_in_the_records_loses_a_persons_texts_too)
{
    struct ctx ctx = {0};
    struct store *store;
    struct found found = {0};
    i64 left;
    assert_ok(store_open(&ctx, &(struct store_options){.folder = str_from(test_folder()), .no_fsync = true}, &store));
    put_lines(&ctx, store, 1, 0, STR("line,reason,text\r\n2,bad,U170\r\n"));
    put_lines(&ctx, store, 1, 28, STR("3,bad,\"U17,9\"\r\n4,bad,x\r\n"));
    put_piece(&ctx, store, 10, 0, STR("id\nU170\n"));
    put_piece(&ctx, store, 11, 0, STR("id\nU"));
    put_piece(&ctx, store, 11, 1, STR("17\nx\n"));
    put_piece(&ctx, store, 11, 2, STR("y\n"));
    put_piece(&ctx, store, 12, 0, (str){"\x1F\x8B\x08\x00\x01", 5});
    put_piece(&ctx, store, 13, 0, STR("id\nB\n"));
    struct uploads uploads = {store, str_from(test_folder()), true};
    str words[] = {STR("U17"), STR("an@vidu.vn")};
    assert_ok(traces_erase(&ctx, &uploads, &(struct str_list){words, 2}));
    assert_ok(
        store_each(&ctx, store, SQL_REFUSED_PIECE, ARGS(ARG_I64("import", 1), ARG_I64("start", 28)), add_row, &found));
    assert_string_equal(found.text, "3,bad,\"*****\"\r\n4,bad,x\r\n");
    assert_ok(
        store_each(&ctx, store, SQL_REFUSED_PIECE, ARGS(ARG_I64("import", 1), ARG_I64("start", 0)), add_row, &found));
    assert_string_equal(found.text, "line,reason,text\r\n2,bad,U170\r\n");
    assert_ok(store_number(&ctx, store, SQL_UPLOAD_PIECES_COUNT, ARGS_NONE, &left));
    assert_int_equal(left, 2);
    store_close(store);
    ctx_end(&ctx);
}
