/* The configuration: one table names every setting, what it means by default and what is allowed.
 *
 * A value comes, in rising precedence, from the table, the file DIR/cham.conf
 * (lines `key = value`, # begins a comment), the environment (CHAM_KEY) and
 * the command line (--key VALUE). What somebody configured wins over the same
 * setting in the records, which a person may change in the browser.
 */
#pragma once

#include "base/buf.h"
#include "base/ctx.h"

struct config {
    str data;            /* the data folder */
    str records;         /* postgres://…: where the records lie; none: in the data folder */
    str events;          /* clickhouse+http://…: where the events lie; none: in the data folder */
    str listen;          /* addresses with port, separated by commas */
    str public_url;      /* how browsers reach us; none: the first address listened on */
    str trusted_proxies; /* addresses or networks whose X-Forwarded-For counts, separated by commas */
    str zone;            /* IANA name of the calendar's time zone */
    str language;        /* vi or en: for readers who name none */
    str log_level;       /* debug, info, warn or error */
    i64 threads;         /* network threads; 0: half of the processors */
    i64 dedupe_days;     /* how long a repeated message is recognised */
    i64 reserve_mb;      /* read-only when less disk is free */
    str fsync;           /* on, or off: what is acknowledged may be lost with the power; only for tests */
    i64 queue_events;    /* events that may wait to be stored */
    i64 ask_threads;     /* that answer one question; 0: one for each processor */
    i64 ask_memory_mb;   /* what one question may use beside the index */
    i64 upload_mb;       /* the largest file that can be imported through the browser */
    i64 session_idle_h;  /* a session ends after so many hours without a request */
    i64 session_days;    /* and after so many days in any case */
    str smtp;            /* smtp://host:587 or smtps://host:465: the mail server; none: no mail is sent */
    str smtp_user, smtp_password;
    str mail_from;      /* "Name <address>": who mail is from */
    str outbound_allow; /* networks inside the house that webhooks may call, separated by commas */
    u64 given;          /* bit k: config_keys[k] was configured, not taken from the table */
};

enum config_type { CONFIG_TEXT, CONFIG_NUMBER, CONFIG_WORD };

struct config_key {
    const char *name; /* "public_url"; CHAM_PUBLIC_URL; --public-url */
    enum config_type type;
    size_t offset;
    const char *otherwise;    /* the default, as text; "" is none */
    i64 min, max;             /* of numbers */
    const char *const *words; /* of words; ends with NULL */
    const char *help;         /* locale key of one sentence */
};

extern const struct config_key config_keys[];
extern const i64 config_key_count;

/* The table's values. */
void config_defaults(struct config *config);

/* Sets one key. ERR_INVALID with the key's name for an unknown key (error.config_key) or a value that is not
 * allowed (error.config_number, error.word). Names may have - for _. The value is copied into the context's arena. */
err config_set(struct ctx *ctx, struct config *config, str name, str value);

/* Reads the text of a configuration file; a failure names the line (pointer "/LINE/key"). */
err config_text(struct ctx *ctx, struct config *config, str text);

/* Reads CHAM_… from an environment as main() gets it; an unknown CHAM_ name is an error, a slip is better seen than
 * ignored. CHAM_BIN, which names a program and sets nothing, is left alone. */
err config_environment(struct ctx *ctx, struct config *config, char *const *environment);

/* Was this key configured by somebody? */
bool config_given(const struct config *config, const char *name);
