/* The installation's settings: what a person changes in the browser, valid for everybody.
 *
 * Kept as text by name, so that a new setting needs no step of the schema. What
 * is not stored has its default here; what the operator configured (base/config.h) is put over it by
 * whoever opens the server (settings_configure).
 */
#pragma once

#include "store/store.h"

enum { ORGANISATION_MAX = 120, ANSWER_FILES_MB_MIN = 100, ANSWER_FILES_MB_MAX = 10 * 1024 * 1024 };

struct settings {
    str organisation;        /* its name, shown and asked for before something is destroyed */
    str zone;                /* IANA name of the calendar's time zone */
    i32 language;            /* enum language: of readers who name none */
    i64 minimum_n;           /* below this many answers a score is greyed */
    str public_url;          /* how browsers reach us; empty: the address listened on */
    i64 dedupe_days;         /* how long a repeated message is recognised */
    i64 answer_files_mb;     /* room for the files that people send along with answers */
    bool truncate_addresses; /* network addresses lose their last part before they are stored */
    bool demo;               /* this is the demo company: real data is refused */
};
extern const struct shape settings_shape;

/* What is in force where nobody decided otherwise. */
struct settings settings_defaults(void);

/* The settings in force. Strings live in the context's arena. */
err settings_read(struct ctx *ctx, struct store *store, struct settings *out);

/* Stores those named in `seen` (bits of settings_shape) and tells the other processes ("settings"). ERR_INVALID for a zone that
 * does not exist. Inside store_write it is part of that transaction. */
err settings_write(struct ctx *ctx, struct store *store, const struct settings *settings, shape_seen seen);

/* Values that the operator configured; they win over stored ones. Called once at start, before anybody reads; the strings are
 * copied. `seen` says which. */
void settings_configure(const struct settings *settings, shape_seen seen);
