#include "test.h"

#include "listen/survey/answer.h"
#include "listen/survey/logic.h"

#include <stdio.h>

static str read_all(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct buf out = buf_in(arena);
    assert_non_null(file);
    for (size_t got; (got = fread(buf_room(&out, 65536), 1, 65536, file)) > 0;) {
        out.len += (i64)got;
    }
    (void)fclose(file);
    return buf_str(&out);
}

static str raw(struct ctx *ctx, struct json value)
{
    struct json_writer writer = json_writer_in(&ctx->arena);
    json_put_value(&writer, value);
    return json_text(&writer);
}

/* ["a","b"] of places. */
static str list_of(struct ctx *ctx, const struct survey_document *document, const i64 *places, i64 count)
{
    struct json_writer writer = json_writer_in(&ctx->arena);
    json_list(&writer);
    for (i64 i = 0; i < count; i++) {
        json_put_str(&writer, survey_question_at(document, places[i])->id);
    }
    json_list_end(&writer);
    return json_text(&writer);
}

static void same(str name, str is, str should)
{
    if (!str_eq(is, should)) {
        fail_msg("%.*s: %.*s, not %.*s", STR_ARG(name), STR_ARG(is), STR_ARG(should));
    }
}

static void check_options(struct ctx *ctx, const struct survey_walk *walk, struct json options, str name)
{
    for (struct json_iter item = json_each(options); json_next(&item);) {
        const struct survey_question *question = survey_question_at(walk->document,
                                                                    survey_question_find(walk->document, item.key));
        const struct survey_option *all = question->options.items;
        i64 *order;
        survey_options_order(ctx, question, &question->options, walk->key, &order);
        struct json_writer writer = json_writer_in(&ctx->arena);
        json_list(&writer);
        for (i64 i = 0; i < question->options.count; i++) {
            json_put_str(&writer, all[order[i]].id);
        }
        json_list_end(&writer);
        same(name, json_text(&writer), raw(ctx, item.value));
    }
}

static void check_case(struct ctx *ctx, struct json item)
{
    struct survey_document document;
    struct survey_walk walk = {.document = &document};
    struct survey_way way;
    struct hidden_field *hidden;
    str name, end;
    assert_true(json_str(json_get(item, STR("name")), &name));
    assert_ok(survey_document_read(ctx, raw(ctx, json_get(item, STR("document"))), &document));
    struct survey_answer *answers = arena_new(&ctx->arena, struct survey_answer, document.questions.count + 1);
    assert_ok(survey_answers_read(ctx, &document, raw(ctx, json_get(item, STR("answers"))), answers));
    assert_ok(survey_hidden_read(ctx, raw(ctx, json_get(item, STR("hidden"))), &hidden, &walk.hidden_count));
    walk.answers = answers;
    walk.hidden = hidden;
    assert_true(json_str(json_get(item, STR("language")), &walk.language));
    assert_true(json_str(json_get(item, STR("key")), &walk.key));
    assert_true(json_str(json_get(item, STR("end")), &end));
    survey_way(ctx, &walk, &way);
    same(name, list_of(ctx, &document, way.questions, way.count), raw(ctx, json_get(item, STR("way"))));
    same(name, way.end, end);
    for (struct json_iter pipe = json_each(json_get(item, STR("pipes"))); json_next(&pipe);) {
        str text, is;
        assert_true(json_str(json_get(pipe.value, STR("text")), &text));
        assert_true(json_str(json_get(pipe.value, STR("is")), &is));
        same(name, survey_pipe(ctx, &walk, &way, text), is);
    }
    check_options(ctx, &walk, json_get(item, STR("options")), name);
}

TEST(every_golden_way_is_gone)
{
    struct ctx ctx = {0};
    struct json root;
    struct json_reader *reader = json_reader_open();
    str text = read_all(&ctx.arena, test_source("test/golden/survey-logic.json"));
    assert_ok(json_parse(&ctx, reader, text, &root));
    i64 count = 0;
    for (struct json_iter item = json_each(json_get(root, STR("cases"))); json_next(&item); count++) {
        struct ctx here = {0};
        check_case(&here, item.value);
        ctx_end(&here);
    }
    assert_true(count >= 60);
    json_reader_close(reader);
    ctx_end(&ctx);
}
