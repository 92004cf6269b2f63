#include "listen/voices/demo.h"

#include "listen/demo/texts.h"
#include "listen/voice_lines.h"
#include "listen/voices/study.h"

struct said {
    str kind, channel, touchpoint, text, author, url;
    i64 days, hour; /* before the end, and of that day */
};
static const struct shape_field said_fields[] = {
    {"kind", SHAPE_STR, offsetof(struct said, kind), .max = 100, .flags = SHAPE_REQUIRED},
    {"channel", SHAPE_STR, offsetof(struct said, channel), .max = 100, .flags = SHAPE_REQUIRED},
    {"touchpoint", SHAPE_STR, offsetof(struct said, touchpoint), .max = 100},
    {"text", SHAPE_STR, offsetof(struct said, text), .max = 2000, .flags = SHAPE_REQUIRED},
    {"author", SHAPE_STR, offsetof(struct said, author), .max = 200},
    {"url", SHAPE_STR, offsetof(struct said, url), .max = 2000},
    {"days", SHAPE_I64, offsetof(struct said, days), .flags = SHAPE_REQUIRED},
    {"hour", SHAPE_I64, offsetof(struct said, hour), .flags = SHAPE_REQUIRED},
};
static const struct shape said_shape = SHAPE("DemoSaid", struct said, said_fields, NULL);

static const struct shape_field study_fields[] = {
    {"name", SHAPE_STR, offsetof(struct study, name), .max = STUDY_NAME_MAX, .flags = SHAPE_REQUIRED},
    {"purpose", SHAPE_STR, offsetof(struct study, purpose), .max = STUDY_TEXT_MAX, .flags = SHAPE_REQUIRED},
    {"guide", SHAPE_STR, offsetof(struct study, guide), .max = STUDY_TEXT_MAX, .flags = SHAPE_REQUIRED},
    {"recruit", SHAPE_STR, offsetof(struct study, recruit), .max = STUDY_TEXT_MAX, .flags = SHAPE_REQUIRED},
    {"target", SHAPE_I64, offsetof(struct study, target), .flags = SHAPE_REQUIRED},
    {"status", SHAPE_WORD, offsetof(struct study, status), .words = study_status_words, .flags = SHAPE_REQUIRED},
};
static const struct shape study_text_shape = SHAPE("DemoStudy", struct study, study_fields, NULL);

struct told {
    struct shape_list said;
    struct study study;
};
static const struct shape_field told_fields[] = {
    {"said", SHAPE_LIST, offsetof(struct told, said), .of = &said_shape, .max = 200, .flags = SHAPE_REQUIRED},
    {"study", SHAPE_OBJECT, offsetof(struct told, study), .of = &study_text_shape, .flags = SHAPE_REQUIRED},
};
static const struct shape told_shape = SHAPE("DemoTold", struct told, told_fields, NULL);

static const i64 HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS;

static str props_of(struct ctx *ctx, const struct said *said)
{
    struct json_writer props = json_writer_in(&ctx->arena);
    json_object(&props);
    if (said->author.len > 0) {
        json_pair_str(&props, "author", said->author);
        json_pair_str(&props, "url", said->url);
    }
    json_object_end(&props);
    return json_text(&props);
}

/* Days are counted back from the midnight (UTC) before the end, so that nothing is said in the future. */
static struct event event_of(struct ctx *ctx, const struct said *said, i64 number, i64 to_ms)
{
    i64 midnight_ms = to_ms - to_ms % DAY_MS;
    return (struct event){
        .at_ms = midnight_ms - said->days * DAY_MS + said->hour * HOUR_MS,
        .source = voice_kind(said->kind) ? STR("mentions") : STR("staff"),
        .message_id = str_format(&ctx->arena, "demo-said-%lld", (long long)number),
        .kind = said->kind,
        .channel = said->channel,
        .touchpoint = said->touchpoint,
        .text = said->text,
        .props = props_of(ctx, said),
    };
}

err voices_demo_fill(struct ctx *ctx, struct store *store, struct events *events, i64 to_ms)
{
    struct told told = {0};
    i64 studies = 0;
    TRY(store_number(ctx, store, SQL_STUDY_COUNT, ARGS_NONE, &studies));
    if (studies > 0) {
        return OK;
    }
    TRY(shape_parse(ctx, &told_shape, demo_text_said, &told, NULL));
    struct event *items = arena_new(&ctx->arena, struct event, told.said.count);
    u8 *outcomes = arena_new(&ctx->arena, u8, told.said.count);
    for (i64 i = 0; i < told.said.count; i++) {
        items[i] = event_of(ctx, (const struct said *)told.said.items + i, i, to_ms);
    }
    TRY(events_append(ctx, events, items, told.said.count, outcomes));
    told.study.by = STR("demo");
    return study_add(ctx, store, &told.study);
}
