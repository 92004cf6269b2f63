#include "http/mail.h"

#include "base/buf.h"
#include "base/clock.h"
#include "http/out.h"
#include "text/fold.h"

#include <curl/curl.h>
#include <gmime/gmime.h>
#include <pthread.h>

enum { CONNECT_MS = 10 * 1000, LIMIT_MS = 60 * 1000 };

struct mailer {
    const char *url, *user, *password;
    str from_name, from;
    struct out *out;
    struct ctx ctx; /* of what lives as long */
};

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Opening. */

/* "Name <address>" or an address alone. */
static bool read_from(struct mailer *mailer, str text)
{
    struct arena *arena = &mailer->ctx.arena;
    i64 open = str_find_char(text, '<');
    str address = text;
    if (open >= 0 && str_ends(text, STR(">"))) {
        mailer->from_name = str_copy(arena, str_trim(str_slice(text, 0, open)));
        address = str_slice(text, open + 1, text.len - 1);
    }
    mailer->from = fold_email(arena, address);
    return str_is(mailer->from);
}

static bool is_smtp(str url)
{
    return (str_starts(url, STR("smtp://")) || str_starts(url, STR("smtps://"))) && str_find_char(url, '@') < 0 &&
           str_find_char(url, ' ') < 0;
}

err mailer_open(struct ctx *ctx, const struct mailer_options *options, struct mailer **out)
{
    pthread_once(&once, g_mime_init);
    struct mailer *mailer = mem_new(sizeof *mailer);
    struct arena *arena = &mailer->ctx.arena;
    mailer->out = options->out;
    if (options->url.len > 0) {
        if (!is_smtp(options->url)) {
            mailer_close(mailer);
            return FAIL(ctx, ERR_INVALID, "smtp", "error.config_smtp");
        }
        if (!read_from(mailer, options->from)) {
            mailer_close(mailer);
            return FAIL(ctx, ERR_INVALID, "mail_from", "error.config_mail_from");
        }
        mailer->url = str_c(arena, options->url);
    }
    mailer->user = options->user.len > 0 ? str_c(arena, options->user) : NULL;
    mailer->password = options->password.len > 0 ? str_c(arena, options->password) : NULL;
    *out = mailer;
    return OK;
}

void mailer_close(struct mailer *mailer)
{
    if (mailer != NULL) {
        ctx_end(&mailer->ctx);
        mem_free(mailer);
    }
}

bool mailer_ready(const struct mailer *mailer)
{
    return mailer != NULL && mailer->url != NULL;
}

/* The message. */

static void unref(void *object)
{
    g_object_unref(object);
}

static void free_bytes(void *bytes)
{
    g_free(bytes);
}

/* A header is one line: whatever would end it is a blank. */
static const char *one_line(struct ctx *ctx, str text)
{
    str copy = str_copy(&ctx->arena, fold_nfc(&ctx->arena, text));
    char *bytes = arena_alloc(&ctx->arena, copy.len + 1, 1);
    for (i64 i = 0; i < copy.len; i++) {
        bytes[i] = (u8)copy.data[i] < ' ' || copy.data[i] == 0x7f ? ' ' : copy.data[i];
    }
    bytes[copy.len] = 0;
    return bytes;
}

static GMimeObject *part(struct ctx *ctx, const char *subtype, str text)
{
    GMimeTextPart *part = g_mime_text_part_new_with_subtype(subtype);
    g_mime_text_part_set_charset(part, "utf-8");
    g_mime_text_part_set_text(part, str_c(&ctx->arena, text));
    g_mime_part_set_content_encoding(GMIME_PART(part), GMIME_CONTENT_ENCODING_BASE64);
    return GMIME_OBJECT(part);
}

static void set_body(struct ctx *ctx, GMimeMessage *message, const struct mail *mail)
{
    GMimeObject *text = part(ctx, "plain", mail->text);
    if (!str_is(mail->html)) {
        g_mime_message_set_mime_part(message, text);
        g_object_unref(text);
        return;
    }
    GMimeMultipart *both = g_mime_multipart_new_with_subtype("alternative");
    GMimeObject *html = part(ctx, "html", mail->html);
    g_mime_multipart_add(both, text);
    g_mime_multipart_add(both, html);
    g_mime_message_set_mime_part(message, GMIME_OBJECT(both));
    g_object_unref(text);
    g_object_unref(html);
    g_object_unref(both);
}

static void set_header(struct ctx *ctx, GMimeMessage *message, const char *name, str value)
{
    g_mime_object_set_header(GMIME_OBJECT(message), name, one_line(ctx, value), "utf-8");
}

static void set_headers(struct ctx *ctx, GMimeMessage *message, const struct mail *mail)
{
    set_header(ctx, message, "Auto-Submitted", STR("auto-generated"));
    if (str_is(mail->unsubscribe)) {
        set_header(ctx, message, "List-Unsubscribe", str_format(&ctx->arena, "<%.*s>", STR_ARG(mail->unsubscribe)));
        set_header(ctx, message, "List-Unsubscribe-Post", STR("List-Unsubscribe=One-Click"));
    }
    GDateTime *now = g_date_time_new_from_unix_utc(ctx_now_ms(ctx) / 1000);
    g_mime_message_set_date(message, now);
    g_date_time_unref(now);
    g_mime_message_set_message_id(message, one_line(ctx, mail->message_id));
}

static bool is_address(struct ctx *ctx, str text)
{
    str folded = fold_email(&ctx->arena, text);
    return str_is(folded) && str_find_char(text, '<') < 0 && str_find_char(text, '>') < 0 &&
           str_find_char(text, ',') < 0 && str_find_char(text, '"') < 0;
}

err mail_write(struct ctx *ctx, const struct mailer *mailer, const struct mail *mail, str *out)
{
    if (!is_address(ctx, mail->to) || (str_is(mail->reply_to) && !is_address(ctx, mail->reply_to))) {
        return FAIL(ctx, ERR_INVALID, NULL, "error.mail_address");
    }
    GMimeMessage *message = g_mime_message_new(TRUE);
    ctx_defer(ctx, unref, message);
    const char *name = mailer->from_name.len > 0 ? one_line(ctx, mailer->from_name) : NULL;
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, name, str_c(&ctx->arena, mailer->from));
    name = mail->to_name.len > 0 ? one_line(ctx, mail->to_name) : NULL;
    g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_TO, name, str_c(&ctx->arena, mail->to));
    if (str_is(mail->reply_to)) {
        g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_REPLY_TO, NULL, str_c(&ctx->arena, mail->reply_to));
    }
    g_mime_message_set_subject(message, one_line(ctx, mail->subject), "utf-8");
    set_headers(ctx, message, mail);
    set_body(ctx, message, mail);
    GMimeFormatOptions *format = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
    char *bytes = g_mime_object_to_string(GMIME_OBJECT(message), format);
    g_mime_format_options_free(format);
    ctx_defer(ctx, free_bytes, bytes);
    *out = str_from(bytes);
    return OK;
}

/* Sending. */

struct letter {
    struct ctx *ctx;
    const struct mailer *mailer;
    str rest;
    bool let_in;       /* the server took who sends: what it refuses from here on is the address or the message */
    bool to_recipient; /* the command that was said last is RCPT */
    bool no_recipient; /* there is no such address */
};

/* What the server says to RCPT is about the address, unless its second code calls it policy (RFC 3463, 5.7.…). */
static int hear(CURL *curl, curl_infotype type, char *bytes, size_t size, void *self)
{
    struct letter *letter = self;
    str line = {bytes, (i64)size};
    (void)curl;
    if (type == CURLINFO_HEADER_OUT) {
        letter->to_recipient = str_starts(line, STR("RCPT "));
        letter->let_in = letter->let_in || letter->to_recipient;
    } else if (type == CURLINFO_HEADER_IN && letter->to_recipient) {
        bool none = str_starts(line, STR("550")) || str_starts(line, STR("551")) || str_starts(line, STR("553"));
        bool policy = line.len > 8 && str_eq(str_slice(line, 4, 8), STR("5.7."));
        letter->no_recipient = none && !policy;
    }
    return 0;
}

static size_t give(char *bytes, size_t size, size_t count, void *self)
{
    struct letter *letter = self;
    i64 len = lesser((i64)(size * count), letter->rest.len);
    memcpy(bytes, letter->rest.data, (size_t)len);
    letter->rest = str_slice(letter->rest, len, letter->rest.len);
    return (size_t)len;
}

static int look_around(void *self, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    return ctx_stopped(((const struct letter *)self)->ctx);
}

static void free_curl(void *curl)
{
    curl_easy_cleanup(curl);
}

static void free_list(void *list)
{
    curl_slist_free_all(list);
}

/* Inside the house a server need not speak TLS: it is used where it is offered. */
static bool stands_inside(struct ctx *ctx, const struct mailer *mailer)
{
    CURLU *parts = curl_url();
    char *host = NULL;
    bool inside = curl_url_set(parts, CURLUPART_URL, mailer->url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
                  curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK;
    str name = inside ? str_copy(&ctx->arena, str_from(host)) : STR_NONE;
    curl_free(host);
    curl_url_cleanup(parts);
    return inside && (str_eq(name, STR("localhost")) || str_starts(name, STR("127.")) || str_eq(name, STR("[::1]")) ||
                      out_is_inside(mailer->out, name));
}

static void set_server(CURL *curl, struct letter *letter)
{
    const struct mailer *mailer = letter->mailer;
    long tls = stands_inside(letter->ctx, mailer) ? CURLUSESSL_TRY : CURLUSESSL_ALL;
    curl_easy_setopt(curl, CURLOPT_URL, mailer->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_USE_SSL, tls);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)LIMIT_MS);
    if (mailer->user != NULL) {
        curl_easy_setopt(curl, CURLOPT_USERNAME, mailer->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, mailer->password != NULL ? mailer->password : "");
    }
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(curl, CURLOPT_READDATA, letter);
    curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)letter->rest.len);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look_around);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, letter);
    curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, hear);
    curl_easy_setopt(curl, CURLOPT_DEBUGDATA, letter);
}

/* 5xx is the server's last word about the address or the message. What it says before, to whoever sends, is the operator's to mend:
 * the message is not to blame, and worth another attempt as after anything else. */
static err result_of(const struct letter *letter, CURL *curl, CURLcode code)
{
    struct ctx *ctx = letter->ctx;
    long status = 0;
    if (code == CURLE_OK) {
        return OK;
    }
    if (code == CURLE_ABORTED_BY_CALLBACK && ctx_stopped(ctx)) {
        return ERR_CANCELLED;
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    str shown = str_format(&ctx->arena, "%ld", status);
    if (status >= 500 && status < 600 && letter->let_in) {
        err refused = letter->no_recipient ? ERR_INVALID : ERR_FORBIDDEN;
        return FAIL(ctx, refused, NULL, "error.mail_refused", {"status", shown});
    }
    return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.mail_away", {"status", shown});
}

err mail_send(struct ctx *ctx, struct mailer *mailer, const struct mail *mail)
{
    str message;
    if (!mailer_ready(mailer)) {
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.mail_off");
    }
    TRY(mail_write(ctx, mailer, mail, &message));
    struct letter letter = {.ctx = ctx, .mailer = mailer, .rest = message};
    CURL *curl = curl_easy_init();
    ctx_defer(ctx, free_curl, curl);
    set_server(curl, &letter);
    struct curl_slist *to = curl_slist_append(NULL, str_c(&ctx->arena, mail->to));
    ctx_defer(ctx, free_list, to);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, str_c(&ctx->arena, mailer->from));
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    return result_of(&letter, curl, curl_easy_perform(curl));
}
