/* Members of every type go into a row and come back the same. */
#include "store/store.h"

#include "databases.h"

struct inner {
    str name;
    i64 n;
};
static const struct shape_field inner_fields[] = {
    {"name", SHAPE_STR, offsetof(struct inner, name)},
    {"n", SHAPE_I64, offsetof(struct inner, n)},
};
static const struct shape inner_shape = SHAPE("Inner", struct inner, inner_fields, NULL);

/* The columns of a job, used for other things: one shape for each type that a column of the table can carry. */
struct words {
    i64 id;
    str kind, cause;
    struct shape_list input;
    i64 now_ms, due_ms;
};
static const struct shape_field words_fields[] = {
    {"id", SHAPE_ID, offsetof(struct words, id)},
    {"kind", SHAPE_STR, offsetof(struct words, kind)},
    {"cause", SHAPE_STR, offsetof(struct words, cause)},
    {"input", SHAPE_LIST, offsetof(struct words, input), .of = &inner_shape},
    {"now_ms", SHAPE_TIME, offsetof(struct words, now_ms)},
    {"due_ms", SHAPE_TIME, offsetof(struct words, due_ms)},
};
static const struct shape words_shape = SHAPE("Words", struct words, words_fields, NULL);

struct back {
    i64 id;
    str kind, cause;
    struct shape_list input;
    struct inner *output;
    i32 state;
    struct maybe_f64 progress;
    i64 attempts;
    bool cancel;
    str failure;
    i64 created_ms, due_ms, started_ms;
    struct maybe_i64 ended_ms;
};
static const char *const states[] = {"running", "waiting", NULL};
static const struct shape_field back_fields[] = {
    {"id", SHAPE_ID, offsetof(struct back, id)},
    {"kind", SHAPE_STR, offsetof(struct back, kind)},
    {"cause", SHAPE_STR, offsetof(struct back, cause)},
    {"input", SHAPE_LIST, offsetof(struct back, input), .of = &inner_shape},
    {"output", SHAPE_MAYBE_OBJECT, offsetof(struct back, output), .of = &inner_shape},
    {"state", SHAPE_WORD, offsetof(struct back, state), .words = states},
    {"progress", SHAPE_MAYBE_F64, offsetof(struct back, progress)},
    {"attempts", SHAPE_I64, offsetof(struct back, attempts)},
    {"cancel", SHAPE_BOOL, offsetof(struct back, cancel)},
    {"failure", SHAPE_STR, offsetof(struct back, failure)},
    {"created_ms", SHAPE_TIME, offsetof(struct back, created_ms)},
    {"due_ms", SHAPE_TIME, offsetof(struct back, due_ms)},
    {"started_ms", SHAPE_TIME, offsetof(struct back, started_ms)},
    {"ended_ms", SHAPE_MAYBE_I64, offsetof(struct back, ended_ms)},
};
static const struct shape back_shape = SHAPE("Back", struct back, back_fields, NULL);

TEST_BOTH(members_of_all_types_come_back_as_they_went)
{
    struct ctx ctx = {0};
    struct store *store;
    struct store_options options = database_new(database);
    assert_ok(store_open(&ctx, &options, &store));
    struct inner inner[] = {{STR("Đà \"Nẵng\""), 7}, {STR(""), -1}};
    struct words words = {
        .id = 42, .kind = STR("k"), .cause = STR("c"), .input = {inner, 2}, .now_ms = 99, .due_ms = 99};
    assert_ok(store_run(&ctx, store, SQL_JOB_PUT, ARGS_OF(&words_shape, &words), NULL));
    assert_ok(store_run(
        &ctx, store, SQL_JOB_PROGRESS,
        ARGS(ARG_I64("id", 42), ARG_F64("progress", 0.5), ARG_STR("output", STR_NONE), ARG_I64("owner", 1)), NULL));
    struct back back = {0};
    assert_ok(store_one(&ctx, store, SQL_JOB_FIND, ARGS(ARG_I64("id", 42)), &back_shape, &back));
    assert_int_equal(back.id, 42);
    assert_true(str_eq(back.kind, STR("k")));
    assert_int_equal(back.input.count, 2);
    struct inner *items = back.input.items;
    assert_true(str_eq(items[0].name, inner[0].name));
    assert_int_equal(items[0].n, 7);
    assert_true(str_eq(items[1].name, STR("")) && str_is(items[1].name));
    assert_int_equal(items[1].n, -1);
    assert_null(back.output);
    assert_int_equal(back.state, 1);
    assert_true(back.progress.is);
    assert_int_equal(back.created_ms, 99);
    assert_int_equal(back.started_ms, 0);
    assert_false(back.ended_ms.is);
    assert_false(str_is(back.failure));
    assert_false(back.cancel);
    store_close(store);
    ctx_end(&ctx);
}

TEST_BOTH(a_list_given_by_hand_goes_before_the_struct)
{
    struct ctx ctx = {0};
    struct store *store;
    struct store_options options = database_new(database);
    assert_ok(store_open(&ctx, &options, &store));
    struct words words = {.id = 42, .kind = STR("k"), .cause = STR("c"), .now_ms = 99, .due_ms = 99};
    assert_ok(store_run(&ctx, store, SQL_JOB_PUT, ARGS_OF(&words_shape, &words, ARG_STR("cause", STR("other"))), NULL));
    struct back back = {0};
    assert_ok(store_one(&ctx, store, SQL_JOB_FIND, ARGS(ARG_I64("id", 42)), &back_shape, &back));
    assert_true(str_eq(back.cause, STR("other")));
    store_close(store);
    ctx_end(&ctx);
}

TEST_BOTH(a_word_nobody_knows_is_damage)
{
    struct ctx ctx = {0};
    struct store *store;
    struct store_options options = database_new(database);
    assert_ok(store_open(&ctx, &options, &store));
    struct words words = {.id = 42, .kind = STR("k"), .cause = STR("c"), .now_ms = 99, .due_ms = 99};
    assert_ok(store_run(&ctx, store, SQL_JOB_PUT, ARGS_OF(&words_shape, &words), NULL));
    assert_ok(store_run(&ctx, store, SQL_JOB_END,
                        ARGS(ARG_I64("id", 42), ARG_STR("state", STR("lost")), ARG_STR("output", STR_NONE),
                             ARG_STR("failure", STR_NONE), ARG_I64("now_ms", 5), ARG_I64("owner", 1)),
                        NULL));
    struct back back = {0};
    assert_int_equal(store_one(&ctx, store, SQL_JOB_FIND, ARGS(ARG_I64("id", 42)), &back_shape, &back), ERR_CORRUPT);
    assert_string_equal(ctx.fault.key, "error.corrupt");
    store_close(store);
    ctx_end(&ctx);
}
