/* From an event to a feedback: which events are one, and what it is called. */
#include "listen/voices/inside.h"
#include "measure/metric.h"

const char *const feedback_source_words[] = {"survey", "review", "mention", "complaint", "interview",
                                             "call",   "chat",   "email",   "other",     NULL};
const char *const feedback_status_words[] = {"new", "read", "waiting", "done", "ignored", NULL};

bool feedback_is(const struct event *event)
{
    return event->text.len > 0 || (event->score.is && event->metric.len > 0) ||
           (event->score.is && event->question.len > 0);
}

/* The kinds of docs/voices.md; whatever else carries a metric was asked, and is an answer. */
static enum feedback_source source_of(const struct event *event)
{
    static const struct {
        str kind;
        enum feedback_source source;
    } kinds[] = {
        {STR("Survey Answered"), SOURCE_SURVEY},    {STR("Product Reviewed"), SOURCE_REVIEW},
        {STR("Mention Found"), SOURCE_MENTION},     {STR("Complaint Made"), SOURCE_COMPLAINT},
        {STR("Interview Noted"), SOURCE_INTERVIEW}, {STR("Call Noted"), SOURCE_CALL},
        {STR("Chat Noted"), SOURCE_CHAT},           {STR("Email Received"), SOURCE_EMAIL},
    };
    for (i64 i = 0; i < countof(kinds); i++) {
        if (str_eq(event->kind, kinds[i].kind)) {
            return kinds[i].source;
        }
    }
    return event->metric.len > 0 || event->question.len > 0 ? SOURCE_SURVEY : SOURCE_OTHER;
}

/* Imports name the metric of an own question by the question: that is a series, no metric. */
static void name_series(struct feedback *out)
{
    enum metric metric;
    if (str_is(out->metric) && !metric_parse(out->metric, &metric)) {
        out->question = str_is(out->question) ? out->question : out->metric;
        out->metric = STR_NONE;
    }
}

static str none_if_empty(str text)
{
    return text.len > 0 ? text : STR_NONE;
}

/* A text of the props, in the arena. */
static str prop(struct ctx *ctx, struct json props, const char *name, i64 bytes_max)
{
    str text;
    if (!json_str(json_get(props, str_from(name)), &text) || text.len == 0 || text.len > bytes_max) {
        return STR_NONE;
    }
    return str_copy(&ctx->arena, text);
}

enum { PROP_MAX = 500, URL_MAX = 2000 };

/* Only what begins like a web address may become a link. */
static bool is_web(str url)
{
    return str_starts(url, STR("https://")) || str_starts(url, STR("http://"));
}

static err take_props(struct ctx *ctx, const struct event *event, struct feedback *out)
{
    struct json props;
    if (event->props.len <= 2) {
        return OK;
    }
    TRY(json_parse(ctx, json_reader_here(), event->props, &props));
    out->survey = prop(ctx, props, "survey", PROP_MAX);
    out->response = prop(ctx, props, "response", PROP_MAX);
    out->product = prop(ctx, props, "product", PROP_MAX);
    out->author = prop(ctx, props, "author", PROP_MAX);
    out->url = prop(ctx, props, "url", URL_MAX);
    out->url = is_web(out->url) ? out->url : STR_NONE;
    out->language = prop(ctx, props, "language", 8);
    out->emotion = prop(ctx, props, "emotion", 20);
    return OK;
}

err feedback_of(struct ctx *ctx, const struct event *event, struct feedback *out)
{
    *out = (struct feedback){
        .id = event->id,
        .position = feedback_position(event->at_ms),
        .at_ms = event->at_ms,
        .received_ms = event->received_ms,
        .import = event->import,
        .alias = none_if_empty(event->alias),
        .source = str_from(feedback_source_words[source_of(event)]),
        .kind = event->kind,
        .channel = none_if_empty(event->channel),
        .place = none_if_empty(event->place),
        .touchpoint = none_if_empty(event->touchpoint),
        .metric = none_if_empty(event->metric),
        .question = none_if_empty(event->question),
        .version = {event->version, event->version != 0},
        .score = event->score,
        .scale = none_if_empty(event->scale),
        .reversed = event->reversed,
        .has_text = event->text.len > 0,
        .text = none_if_empty(event->text),
        .status = str_from(feedback_status_words[STATUS_NEW]),
    };
    name_series(out);
    TRY(take_props(ctx, event, out));
    if (!out->has_text) {
        out->language = STR_NONE;
    }
    feedback_read(ctx, out);
    return OK;
}
