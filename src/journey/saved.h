/* Questions that somebody kept under a name, and dashboards that show several of them.
 *
 * What is kept is the question, never an answer: whoever opens it asks anew and
 * sees what that reader may see. A question about one person is not kept, nor one
 * whose conditions name somebody (journey/naming.h): who does not see people reads
 * these texts too, and an erasure does not look here. Who does not see people is
 * shown no question with a condition on traits, and no tile of one.
 */
#pragma once

#include "guard/guard.h"
#include "journey/question.h"
#include "store/store.h"

struct asked_rooms;

enum { SAVED_MAX = 2000, DASHBOARDS_MAX = 200, TILES_MAX = 40, SAVED_NAME_MAX = 200, SAVED_TEXT_MAX = 4000 };
enum { SAVED_QUESTION_MAX = 64 * 1024 };

struct saved {
    i64 id;
    str name, description;
    str question; /* JSON */
    i32 period;   /* index of saved_periods; 0: the question's own from and to */
    i32 shown;    /* index of saved_views */
    i64 owner;    /* the user who saved it; 0: a key, the command line */
    str by;       /* how that one was called */
    bool may_change;
    i64 created_ms, changed_ms;
};
extern const struct shape saved_shape;
extern const char *const saved_periods[]; /* "", 7d, 30d, 90d, 12m, all */
extern const char *const saved_views[];   /* chart, table */

struct tile {
    i64 question;
    i32 width; /* index of tile_widths: half, full */
};
extern const struct shape tile_shape;
extern const char *const tile_widths[];

struct dashboard {
    i64 id;
    str name, description;
    struct shape_list tiles; /* struct tile */
    i64 owner;
    str by;
    bool may_change;
    i64 created_ms, changed_ms;
};
extern const struct shape dashboard_shape;

/* May `who` change what `owner` saved? Its owner may, and whoever may write the journeys everybody works with. */
bool saved_may_change(const struct principal *who, i64 owner);

/* Fills in id, owner, name of the owner and times. ERR_INVALID below "question" for what is no question, and
 * (error.saved.person, error.saved.names) for one that is about a person or names one; `rooms`, which may be NULL, knows what
 * properties hold. ERR_CONFLICT (error.saved.full) when there are too many. */
err saved_add(struct ctx *ctx, struct store *store, const struct asked_rooms *rooms, const struct principal *who,
              const struct question_defaults *defaults, struct saved *saved);
err saved_list(struct ctx *ctx, struct store *store, const struct principal *who, struct shape_list *out);
err saved_get(struct ctx *ctx, struct store *store, const struct principal *who, i64 id, struct saved *out);

/* Stores name, description, question, period and view. ERR_FORBIDDEN (error.saved.others) for another's. */
err saved_change(struct ctx *ctx, struct store *store, const struct asked_rooms *rooms, const struct principal *who,
                 const struct question_defaults *defaults, struct saved *saved);

/* Its tiles go along. */
err saved_remove(struct ctx *ctx, struct store *store, const struct principal *who, i64 id, struct saved *removed);

/* Dashboards, alike. A tile of a question that is none is ERR_INVALID (error.saved.tile). Adding and changing write
 * several rows: call them inside store_write. */
err dashboard_add(struct ctx *ctx, struct store *store, const struct principal *who, struct dashboard *dashboard);
err dashboard_list(struct ctx *ctx, struct store *store, const struct principal *who, struct shape_list *out);
err dashboard_get(struct ctx *ctx, struct store *store, const struct principal *who, i64 id, struct dashboard *out);
err dashboard_change(struct ctx *ctx, struct store *store, const struct principal *who, struct dashboard *dashboard);
err dashboard_remove(struct ctx *ctx, struct store *store, const struct principal *who, i64 id,
                     struct dashboard *removed);

/* Removes all of both, for starting over. Inside store_write. */
err saved_clear(struct ctx *ctx, struct store *store);
