/* Finding things by any part of a text: names of people, words of their feedback.
 *
 * Texts are kept folded (text/fold.h), so that case, tone and đ do not matter;
 * whoever searches folds what is searched for. What is written inside
 * store_write is found from its commit on. Derived: each kind is written anew
 * by the room whose things it describes.
 *
 * Parts of texts (search_*): an index over threes of characters finds rare words; what is common stands
 * among the newest anyway. SQLite: FTS5's trigrams. PostgreSQL: pg_trgm, an
 * extension that comes with it; where it may not be created, a search reads all
 * texts and `cham doctor` says so. Results are the same.
 */
#pragma once

#include "store/store.h"

enum search_kind { SEARCH_PEOPLE = 1 /* aliases, by their ids */ };

/* The text by which a thing is found from now on. This and what removes is inside store_write. */
err search_add(struct ctx *ctx, struct store *store, enum search_kind kind, i64 id, str folded); /* it has none yet */
err search_put(struct ctx *ctx, struct store *store, enum search_kind kind, i64 id, str folded);

/* These are not found any more; `ids` is a JSON list of numbers. */
err search_remove(struct ctx *ctx, struct store *store, enum search_kind kind, str ids);
err search_clear(struct ctx *ctx, struct store *store, enum search_kind kind);

/* The ids of things whose text holds `folded`, below `before`, the largest and so the newest first, at most `limit` of them, in the
 * context's arena. */
struct search {
    enum search_kind kind;
    str folded; /* not empty */
    i64 before, limit;
};
err search_find(struct ctx *ctx, struct store *store, const struct search *search, struct id_list *ids);

/* Is there any text of a kind? Without one the room writes them anew. */
err search_any(struct ctx *ctx, struct store *store, enum search_kind kind, bool *out);

/* Would this thing be found? */
err search_holds(struct ctx *ctx, struct store *store, enum search_kind kind, i64 id, str folded, bool *out);

/* Makes the index where it is missing and can be made; at start. */
err search_open(struct ctx *ctx, struct store *store);

/* Is there an index? */
err search_indexed(struct ctx *ctx, struct store *store, bool *out);

/* Whole words, for what is long and much: feedback. Things have a `position`, which is also the order in which they are found.
 *
 * A text is kept as its tokens, a query asks for all of its own in any order; "giao h*" asks for a beginning. SQLite walks the
 * lists of FTS5 from their ends, so that a frequent word costs no more than a rare one. PostgreSQL has no such order: a frequent
 * word is found by looking at the newest, a rare one through its index (GIN). */

/* The tokens of a text, with one blank between them: folded, cut where neither letter nor digit is; a picture is one of its own.
 * What is kept is made anew when the version grows. */
enum { SEARCH_WORDS_VERSION = 1 };
str search_words_of(struct arena *arena, str text);

/* What the statements with :query take; none when there is no word in the text. */
str search_words_query(struct arena *arena, const struct store *store, str text);

/* A thing that is not there yet; inside store_write, best in the order of positions. */
err search_words_add(struct ctx *ctx, struct store *store, i64 position, str words);
err search_words_remove(struct ctx *ctx, struct store *store, str positions); /* a JSON list of numbers */
err search_words_clear(struct ctx *ctx, struct store *store);

/* How far a look at so many of the newest reaches, which finds what is frequent: the lowest position of it. INT64_MIN where a
 * search needs no such look, or where there is nothing behind it. */
enum { SEARCH_WORDS_LOOK = 3000 };
err search_words_reach(struct ctx *ctx, struct store *store, i64 before, i64 look, i64 *out);

/* The newest positions below `before`, at most `limit`. */
err search_words_find(struct ctx *ctx, struct store *store, str query, i64 before, i64 limit, struct id_list *out);

/* Leaves nothing of removed texts in the index, before store_scrub. */
err search_purge(struct ctx *ctx, struct store *store);
