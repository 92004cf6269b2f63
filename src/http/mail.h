/* E-mail: one message to one person, through the mail server of the configuration.
 *
 * The message is built by GMime, so that whatever a name, a subject or an
 * address holds stays what it is and no header of its own. It is
 * sent over an encrypted connection, unless the server stands inside the
 * house (a loopback address, or a network of `outbound_allow`).
 */
#pragma once

#include "base/ctx.h"

struct mailer;
struct out;

struct mailer_options {
    str url;            /* smtp://host:587 (STARTTLS) or smtps://host:465; none: no mail can be sent */
    str user, password; /* none: the server asks for none */
    str from;           /* "Chăm sóc khách hàng <cskh@example.vn>" or an address alone */
    struct out *out;    /* knows which networks are inside */
};

/* ERR_INVALID names the setting that cannot be read: smtp (error.config_smtp), mail_from (error.config_mail_from). */
err mailer_open(struct ctx *ctx, const struct mailer_options *options, struct mailer **out);
void mailer_close(struct mailer *mailer); /* NULL is allowed */

/* Is there a mail server to send with? */
bool mailer_ready(const struct mailer *mailer);

struct mail {
    str to;          /* an address as fold_email gives it */
    str to_name;     /* may be none */
    str subject;     /* one line; line breaks become blanks */
    str text, html;  /* UTF-8; html may be none */
    str reply_to;    /* an address; may be none */
    str unsubscribe; /* URL for List-Unsubscribe and its one-click POST (RFC 8058); may be none */
    str message_id;  /* "…@host" without brackets, the same at every attempt */
};

/* The message as it is sent (RFC 5322), in the arena. ERR_INVALID (error.mail_address) for an address that is none. */
err mail_write(struct ctx *ctx, const struct mailer *mailer, const struct mail *mail, str *out);

/* Sends it and waits for the server's word. ERR_UNAVAILABLE: later perhaps (no server configured, none there, it does not let us
 * in, a 4xx: error.mail_away); ERR_INVALID: never to this address, which is none (error.mail_address, error.mail_refused);
 * ERR_FORBIDDEN: not this message (policy, its content, a full mailbox: error.mail_refused). */
err mail_send(struct ctx *ctx, struct mailer *mailer, const struct mail *mail);
