#include "test.h"

#include "http/mail.h"
#include "http/out.h"

struct post {
    struct ctx ctx;
    struct out *out;
    struct mailer *mailer;
};

static void open_post(struct post *post)
{
    *post = (struct post){.ctx.now_ms = 1790000000000};
    assert_int_equal(out_open(&post->ctx, &(struct out_options){0}, &post->out), OK);
    struct mailer_options options = {.url = STR("smtp://mail.example.vn:587"),
                                     .from = STR("Chăm sóc khách hàng <cskh@example.vn>"),
                                     .out = post->out};
    assert_int_equal(mailer_open(&post->ctx, &options, &post->mailer), OK);
}

static void close_post(struct post *post)
{
    mailer_close(post->mailer);
    out_close(post->out);
    ctx_end(&post->ctx);
}

static struct mail some_mail(void)
{
    return (struct mail){.to = STR("lan@example.vn"),
                         .to_name = STR("Nguyễn Thị Lan"),
                         .subject = STR("Chị thấy đơn hàng thế nào?"),
                         .text = STR("Chào chị Lan\n.\nHết"),
                         .html = STR("<p>Chào chị Lan</p>"),
                         .unsubscribe = STR("https://cham.example.vn/o/abc"),
                         .message_id = STR("s1.2@example.vn")};
}

static i64 count_of(str text, str part)
{
    i64 count = 0;
    for (i64 at; (at = str_find(text, part)) >= 0; count++) {
        text = str_slice(text, at + part.len, text.len);
    }
    return count;
}

TEST(a_message_says_who_it_is_from_and_how_to_end_it)
{
    struct post post;
    open_post(&post);
    struct mail mail = some_mail();
    str message;
    assert_int_equal(mail_write(&post.ctx, post.mailer, &mail, &message), OK);
    static const char *const lines[] = {
        "List-Unsubscribe: <https://cham.example.vn/o/abc>\r\n",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        "Message-Id: <s1.2@example.vn>\r\n",
        "<cskh@example.vn>\r\n",
        "<lan@example.vn>\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "multipart/alternative",
        "MIME-Version: 1.0\r\n",
        "Date: ",
    };
    for (i64 i = 0; i < countof(lines); i++) {
        if (str_find(message, str_from(lines[i])) < 0) {
            fail_msg("%s is missing in %.*s", lines[i], STR_ARG(message));
        }
    }
    close_post(&post);
}

/* C19 */
TEST(nothing_a_person_wrote_becomes_a_header)
{
    struct post post;
    open_post(&post);
    struct mail mail = some_mail();
    mail.to_name = STR("Lan\r\nBcc: all@example.vn");
    mail.subject = STR("Xin chào\r\nBcc: all@example.vn\n\nbody");
    mail.message_id = STR("a@b\r\nBcc: all@example.vn");
    mail.unsubscribe = STR("https://cham.example.vn/o/a>\r\nBcc: all@example.vn");
    str message;
    assert_int_equal(mail_write(&post.ctx, post.mailer, &mail, &message), OK);
    assert_int_equal(count_of(message, STR("\nBcc:")), 0);
    static const char *const wrong[] = {"",
                                        "lan",
                                        "lan@",
                                        "lan@example.vn, an@example.vn",
                                        "a@b.vn\r\nRCPT TO:<x@y.vn>",
                                        "lan@example.vn>",
                                        "<lan@example.vn>",
                                        "a b@example.vn"};
    for (i64 i = 0; i < countof(wrong); i++) {
        mail.to = str_from(wrong[i]);
        ctx_forgive(&post.ctx);
        assert_int_equal(mail_write(&post.ctx, post.mailer, &mail, &message), ERR_INVALID);
    }
    close_post(&post);
}

TEST(a_mail_server_is_an_address_without_secrets_in_it)
{
    struct ctx ctx = {0};
    static const struct {
        const char *url, *from;
        err result;
    } cases[] = {
        {"smtp://mail.example.vn", "a@b.vn", OK},
        {"smtps://mail.example.vn:465", "A B <a@b.vn>", OK},
        {"", "", OK},
        {"http://mail.example.vn", "a@b.vn", ERR_INVALID},
        {"smtp://u:p@mail.example.vn", "a@b.vn", ERR_INVALID},
        {"smtp://mail.example.vn", "nobody", ERR_INVALID},
        {"smtp://mail.example.vn", "", ERR_INVALID},
    };
    for (i64 i = 0; i < countof(cases); i++) {
        struct mailer *mailer = NULL;
        struct mailer_options options = {.url = str_from(cases[i].url), .from = str_from(cases[i].from)};
        assert_int_equal(mailer_open(&ctx, &options, &mailer), cases[i].result);
        ctx_forgive(&ctx);
        if (cases[i].result == OK) {
            assert_int_equal(mailer_ready(mailer), cases[i].url[0] != 0);
            mailer_close(mailer);
        }
    }
    ctx_end(&ctx);
}
