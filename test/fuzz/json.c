/* JSON from outside: what is accepted survives being written and read again. */
#include "fuzz.h"

#include "json/read.h"
#include "json/write.h"

static str written(struct ctx *ctx, struct json value)
{
    struct json_writer writer = json_writer_in(&ctx->arena);
    json_put_value(&writer, value);
    return json_text(&writer);
}

static void look(struct json value)
{
    str text;
    i64 integer;
    f64 number;
    bool truth;
    (void)(json_str(value, &text) && utf8_valid(text));
    (void)json_i64(value, &integer);
    (void)json_f64(value, &number);
    (void)json_bool(value, &truth);
    (void)json_repeats(value);
    i64 count = 0;
    for (struct json_iter at = json_each(value); json_next(&at);) {
        count++;
        (void)json_get(value, at.key);
    }
    assert(count == json_count(value));
}

int LLVMFuzzerTestOneInput(const u8 *bytes, size_t len)
{
    struct ctx ctx = {0};
    struct json value, again;
    if (json_parse(&ctx, json_reader_here(), fuzz_str(bytes, len), &value) == OK) {
        look(value);
        str first = written(&ctx, value);
        assert(json_parse(&ctx, json_reader_here(), first, &again) == OK);
        assert(str_eq(first, written(&ctx, again)));
    } else {
        assert(ctx.fault.key != NULL);
    }
    ctx_end(&ctx);
    return 0;
}
