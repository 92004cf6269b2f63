#include "listen/survey/invitation.h"

#include "base/buf.h"

enum { ANSWERS_MAX = 11 };

struct writing {
    struct ctx *ctx;
    const struct invitation *with;
    str language;
    enum language words;                 /* of the catalogue */
    const struct survey_question *first; /* NULL: there is none that can be asked in a mail */
    struct buf text, html;
};

struct choice {
    str value, label;
};

/* Text inside HTML. */
static void add_html(struct buf *out, str text)
{
    for (i64 i = 0; i < text.len; i++) {
        char c = text.data[i];
        switch (c) {
        case '&': buf_add(out, STR("&amp;")); break;
        case '<': buf_add(out, STR("&lt;")); break;
        case '>': buf_add(out, STR("&gt;")); break;
        case '"': buf_add(out, STR("&quot;")); break;
        case '\'': buf_add(out, STR("&#39;")); break;
        default: buf_char(out, c);
        }
    }
}

/* What refers to answers and hidden fields says nothing yet. */
static str without_places(struct ctx *ctx, str text)
{
    struct buf out = buf_in(&ctx->arena);
    while (text.len > 0) {
        i64 open = str_find(text, STR("{{")), close = open < 0 ? -1 : str_find(text, STR("}}"));
        if (open < 0 || close < open) {
            break;
        }
        buf_add(&out, str_slice(text, 0, open));
        text = str_slice(text, close + 2, text.len);
    }
    buf_add(&out, text);
    return str_trim(buf_str(&out));
}

static str words_of(const struct writing *writing, str texts)
{
    str text = survey_text(writing->ctx, writing->with->document, texts, writing->language);
    return str_is(text) ? without_places(writing->ctx, text) : STR("");
}

static str say(const struct writing *writing, const char *key)
{
    struct fault_arg arg = {"organisation", writing->with->organisation};
    return sentence_fill(&writing->ctx->arena, writing->words, key, &arg, 1);
}

static str link_to(const struct writing *writing, str value)
{
    str url = str_format(&writing->ctx->arena, "%.*s?lang=%.*s", STR_ARG(writing->with->url),
                         STR_ARG(writing->language));
    return value.len == 0 ? url : str_format(&writing->ctx->arena, "%.*s&a=%.*s", STR_ARG(url), STR_ARG(value));
}

/* The language of the survey that is the person's, or its first. */
static str choose_language(const struct invitation *with)
{
    const struct str_list *languages = &with->document->languages;
    str wanted = str_from(language_words[with->language]);
    for (i64 i = 0; i < languages->count; i++) {
        if (str_eq(languages->items[i], wanted)) {
            return wanted;
        }
    }
    return languages->count > 0 ? languages->items[0] : wanted;
}

static i64 numbers(const struct writing *writing, struct choice *out)
{
    struct scale scale = survey_scale(writing->first);
    i64 count = 0;
    for (i32 value = scale.low; value <= scale.high && count < ANSWERS_MAX; value++) {
        str text = str_format(&writing->ctx->arena, "%d", value);
        out[count++] = (struct choice){text, text};
    }
    return count;
}

static i64 emotions(const struct writing *writing, struct choice *out)
{
    i64 count = 0;
    for (i32 i = 0; i < SURVEY_EMOTIONS; i++) {
        const char *word = survey_emotion_words[i];
        bool target = str_eq(str_from(word), STR("target"));
        str key = str_format(&writing->ctx->arena, "text.emotion.%s", word);
        str label = target ? writing->first->target : sentence(writing->words, str_c(&writing->ctx->arena, key));
        if (label.len > 0) {
            out[count++] = (struct choice){str_from(word), label};
        }
    }
    return count;
}

static i64 options(const struct writing *writing, struct choice *out)
{
    const struct survey_option *items = writing->first->options.items;
    i64 count = 0;
    for (i64 i = 0; i < writing->first->options.count && count < ANSWERS_MAX; i++) {
        out[count++] = (struct choice){items[i].id, words_of(writing, items[i].label)};
    }
    return count;
}

/* The answers that fit into a mail; none for questions that need a page. A random order stays the page's. */
static i64 choices(const struct writing *writing, struct choice *out)
{
    const struct survey_question *first = writing->first;
    if (first == NULL) {
        return 0;
    }
    switch (first->type) {
    case SURVEY_NPS:
    case SURVEY_CSAT:
    case SURVEY_CES: return numbers(writing, out);
    case SURVEY_EMOTION: return emotions(writing, out);
    case SURVEY_SINGLE: return first->options.count <= ANSWERS_MAX && !first->shuffle ? options(writing, out) : 0;
    default: return 0;
    }
}

static const struct survey_question *first_question(const struct survey_document *document)
{
    for (i64 i = 0; i < document->questions.count; i++) {
        const struct survey_question *question = survey_question_at(document, i);
        if (question->type != SURVEY_NOTE) {
            return question;
        }
    }
    return NULL;
}

static str accent_of(const struct survey_document *document)
{
    str accent = document->theme == NULL ? STR_NONE : document->theme->accent;
    bool colour = accent.len == 7 && accent.data[0] == '#';
    for (i64 i = 1; i < accent.len && colour; i++) {
        char c = accent.data[i];
        colour = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }
    return colour ? accent : STR("#0b6e4f");
}

static void html_link(struct buf *out, str url, str label, const char *style)
{
    buf_add(out, STR("<a href=\""));
    add_html(out, url);
    buf_format(out, "\" style=\"%s\">", style);
    add_html(out, label);
    buf_add(out, STR("</a>"));
}

/* Numbers side by side, words below each other. */
static void html_choices(struct writing *writing, const struct choice *items, i64 count, bool side)
{
    struct buf *out = &writing->html;
    buf_add(out, STR("<table role=\"presentation\" width=\"100%\" cellspacing=\"4\" cellpadding=\"0\"><tr>"));
    for (i64 i = 0; i < count; i++) {
        buf_add(out, !side && i > 0 ? STR("</tr><tr>") : STR(""));
        buf_add(out, STR("<td style=\""
                         "border:1px solid #b9c4be;border-radius:6px;text-align:center\">"));
        html_link(out, link_to(writing, items[i].value), items[i].label,
                  "display:block;padding:10px 2px;color:#14201b;text-decoration:none;font-weight:600");
        buf_add(out, STR("</td>"));
    }
    buf_add(out, STR("</tr></table>"));
}

static void html_ends(struct writing *writing)
{
    struct buf *out = &writing->html;
    str low = words_of(writing, writing->first->low), high = words_of(writing, writing->first->high);
    if (low.len == 0 && high.len == 0) {
        return;
    }
    buf_add(out, STR("<table role=\"presentation\" width=\"100%\"><tr><td style=\"font-size:13px;color:#4a5a52\">"));
    add_html(out, low);
    buf_add(out, STR("</td><td style=\"font-size:13px;color:#4a5a52;text-align:right\">"));
    add_html(out, high);
    buf_add(out, STR("</td></tr></table>"));
}

static void html_line(struct buf *out, const char *style, str text)
{
    if (text.len > 0) {
        buf_format(out, "<p style=\"%s\">", style);
        add_html(out, text);
        buf_add(out, STR("</p>"));
    }
}

static void write_html(struct writing *writing, const struct choice *items, i64 count)
{
    struct buf *out = &writing->html;
    bool side = count > 0 && writing->first->type <= SURVEY_CES;
    str accent = accent_of(writing->with->document);
    buf_format(out, "<!doctype html><html lang=\"%.*s\"><head><meta charset=\"utf-8\"><title>",
               STR_ARG(writing->language));
    add_html(out, words_of(writing, writing->with->document->title));
    buf_add(out,
            STR("</title></head><body style=\"margin:0;background:#f3f6f4;font-family:Arial,sans-serif;color:#14201b\">"
                "<div style=\"max-width:560px;margin:0 auto;padding:24px;background:#ffffff\">"));
    html_line(out, "font-size:20px;font-weight:700;margin:0 0 12px", words_of(writing, writing->with->document->title));
    html_line(out, "font-size:16px;line-height:1.5;margin:0 0 16px",
              words_of(writing, writing->with->document->welcome));
    if (count > 0) {
        html_line(out, "font-size:17px;line-height:1.4;font-weight:600;margin:0 0 12px",
                  words_of(writing, writing->first->title));
        html_choices(writing, items, count, side);
        html_ends(writing);
        html_line(out, "font-size:14px;color:#4a5a52;margin:12px 0 0", say(writing, "mail.invite.choose"));
    }
    str style = str_format(&writing->ctx->arena,
                           "display:inline-block;margin:20px 0 0;padding:12px 20px;border-radius:6px;color:#ffffff;"
                           "text-decoration:none;font-weight:600;background:%.*s",
                           STR_ARG(accent));
    html_link(out, link_to(writing, STR("")), say(writing, "mail.invite.open"), str_c(&writing->ctx->arena, style));
    buf_add(out, STR("<hr style=\"border:0;border-top:1px solid #d5ddd8;margin:28px 0 12px\">"));
    html_line(out, "font-size:13px;color:#4a5a52;margin:0 0 6px", say(writing, "mail.invite.why"));
    html_link(out, writing->with->opt_out, say(writing, "mail.invite.stop"), "font-size:13px;color:#4a5a52");
    buf_add(out, STR("</div></body></html>"));
}

static void text_line(struct buf *out, str text)
{
    if (text.len > 0) {
        buf_add(out, text);
        buf_add(out, STR("\n\n"));
    }
}

static void write_text(struct writing *writing, const struct choice *items, i64 count)
{
    struct buf *out = &writing->text;
    text_line(out, words_of(writing, writing->with->document->title));
    text_line(out, words_of(writing, writing->with->document->welcome));
    if (count > 0) {
        text_line(out, words_of(writing, writing->first->title));
        for (i64 i = 0; i < count; i++) {
            buf_format(out, "%.*s: %.*s\n", STR_ARG(items[i].label), STR_ARG(link_to(writing, items[i].value)));
        }
        buf_char(out, '\n');
        text_line(out, say(writing, "mail.invite.choose"));
    }
    buf_format(out, "%.*s: %.*s\n\n-- \n", STR_ARG(say(writing, "mail.invite.open")),
               STR_ARG(link_to(writing, STR(""))));
    text_line(out, say(writing, "mail.invite.why"));
    buf_format(out, "%.*s: %.*s\n", STR_ARG(say(writing, "mail.invite.stop")), STR_ARG(writing->with->opt_out));
}

void invitation_write(struct ctx *ctx, const struct invitation *invitation, struct invitation_words *out)
{
    struct writing writing = {
        .ctx = ctx,
        .with = invitation,
        .language = choose_language(invitation),
        .first = first_question(invitation->document),
        .text = buf_in(&ctx->arena),
        .html = buf_in(&ctx->arena),
    };
    struct choice items[ANSWERS_MAX];
    writing.words = str_eq(writing.language, STR("en")) ? LANGUAGE_EN : LANGUAGE_VI;
    i64 count = choices(&writing, items);
    write_text(&writing, items, count);
    write_html(&writing, items, count);
    out->subject = say(&writing, "mail.invite.subject");
    out->text = buf_str(&writing.text);
    out->html = buf_str(&writing.html);
    out->language = writing.language;
}
