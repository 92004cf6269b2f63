#include "test.h"

#include "json/shape.h"

struct wheel {
    i64 inches;
};

struct bike {
    i64 id;
    str name;
    i32 colour;
    struct maybe_f64 weight;
    struct shape_list wheels;
    struct str_list tags;
    struct wheel spare;
    struct wheel *third;
    str extra;
    bool sold;
};

static const struct shape_field wheel_fields[] = {
    {"inches", SHAPE_I64, offsetof(struct wheel, inches), .min = 10, .max = 30, .flags = SHAPE_REQUIRED},
};
static const struct shape wheel_shape = SHAPE("Wheel", struct wheel, wheel_fields, NULL);

static const char *const colours[] = {"red", "green", NULL};
static const struct shape_field bike_fields[] = {
    {"id", SHAPE_ID, offsetof(struct bike, id), .flags = SHAPE_READ_ONLY},
    {"name", SHAPE_STR, offsetof(struct bike, name), .min = 1, .max = 10, .flags = SHAPE_REQUIRED | SHAPE_PERSONAL},
    {"colour", SHAPE_WORD, offsetof(struct bike, colour), .words = colours},
    {"weight", SHAPE_MAYBE_F64, offsetof(struct bike, weight)},
    {"wheels", SHAPE_LIST, offsetof(struct bike, wheels), .of = &wheel_shape, .max = 3},
    {"tags", SHAPE_STRS, offsetof(struct bike, tags)},
    {"spare", SHAPE_OBJECT, offsetof(struct bike, spare), .of = &wheel_shape},
    {"third", SHAPE_MAYBE_OBJECT, offsetof(struct bike, third), .of = &wheel_shape},
    {"extra", SHAPE_JSON, offsetof(struct bike, extra), .flags = SHAPE_OMIT_NONE},
    {"sold", SHAPE_BOOL, offsetof(struct bike, sold)},
};
static const struct shape bike_shape = SHAPE("Bike", struct bike, bike_fields, NULL);

static str written(struct ctx *ctx, const struct bike *bike, enum shape_view view)
{
    struct json_writer writer = json_writer_in(&ctx->arena);
    shape_write(&writer, &bike_shape, bike, view);
    return json_text(&writer);
}

TEST(a_struct_comes_back_as_it_was_read)
{
    struct ctx ctx = {0};
    struct bike bike = {0};
    shape_seen seen;
    str text = STR(
        "{\"name\":\"xe\",\"colour\":\"green\",\"weight\":9.5,\"wheels\":[{\"inches\":26},{\"inches\":27}],"
        "\"tags\":[\"a\",\"b\"],\"spare\":{\"inches\":20},\"third\":null,\"extra\":{\"k\":[1,2]},\"sold\":true}");
    assert_ok(shape_parse(&ctx, &bike_shape, text, &bike, &seen));
    assert_int_equal(bike.wheels.count, 2);
    assert_true(shape_has(&bike_shape, seen, "weight"));
    assert_false(shape_has(&bike_shape, seen, "id"));
    str out = written(&ctx, &bike, SHAPE_ALL);
    assert_true(
        str_eq(out, STR("{\"id\":null,\"name\":\"xe\",\"colour\":\"green\",\"weight\":9.5,\"wheels\":[{\"inches\":26},"
                        "{\"inches\":27}],\"tags\":[\"a\",\"b\"],\"spare\":{\"inches\":20},\"third\":null,"
                        "\"extra\":{\"k\":[1,2]},\"sold\":true}")));
    assert_true(str_find(written(&ctx, &bike, SHAPE_WITHOUT_PERSONAL), STR("\"name\"")) < 0);
    ctx_end(&ctx);
}

TEST(bad_input_names_the_field_and_the_reason)
{
    static const struct {
        const char *text, *pointer, *key;
    } cases[] = {
        {"[]", "", "error.type"},
        {"{}", "/name", "error.required"},
        {"{\"name\":\"\"}", "/name", "error.too_short"},
        {"{\"name\":\"12345678901\"}", "/name", "error.too_long"},
        {"{\"name\":7}", "/name", "error.type"},
        {"{\"name\":null}", "/name", "error.type"},
        {"{\"name\":\"x\",\"colour\":\"blue\"}", "/colour", "error.word"},
        {"{\"name\":\"x\",\"wheels\":[{\"inches\":26},{\"inches\":31}]}", "/wheels/1/inches", "error.range"},
        {"{\"name\":\"x\",\"wheels\":[{},{},{},{}]}", "/wheels", "error.too_long"},
        {"{\"name\":\"x\",\"wheels\":[{}]}", "/wheels/0/inches", "error.required"},
        {"{\"name\":\"x\",\"id\":\"0000000000001\"}", "/id", "error.read_only"},
        {"{\"name\":\"x\",\"a/b~\":1}", "/a~1b~0", "error.unknown_field"},
        {"{\"name\":\"x\",\"name\":\"y\"}", "/name", "error.repeated_field"},
        {"{\"name\":\"x\",\"tags\":[1]}", "/tags/0", "error.type"},
        {"{\"name\":\"x\",\"sold\":null}", "/sold", "error.type"},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        struct ctx ctx = {0};
        struct bike bike = {0};
        assert_int_equal(shape_parse(&ctx, &bike_shape, str_from(cases[i].text), &bike, NULL), ERR_INVALID);
        assert_string_equal(ctx.fault.key, cases[i].key);
        assert_true(str_eq(ctx.fault.pointer, str_from(cases[i].pointer)));
        ctx_end(&ctx);
    }
}

TEST(the_schema_describes_every_member)
{
    struct ctx ctx = {0};
    struct json_writer writer = json_writer_in(&ctx.arena);
    shape_schema(&writer, &bike_shape, NULL);
    struct json root;
    assert_ok(json_parse(&ctx, json_reader_here(), json_text(&writer), &root));
    struct json members = json_get(root, STR("properties"));
    assert_int_equal(json_count(members), countof(bike_fields));
    str ref;
    struct json items = json_get(json_get(members, STR("wheels")), STR("items"));
    assert_true(json_str(json_get(items, STR("$ref")), &ref));
    assert_true(str_eq(ref, STR("#/components/schemas/Wheel")));
    assert_int_equal(json_count(json_get(root, STR("required"))), 1);
    ctx_end(&ctx);
}
