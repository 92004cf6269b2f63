/* Questions as SQL: how the large set-up answers what the embedded one answers from its index.
 *
 *     question ─► asking ─► sql_begin: what may be said about one row of `events`, as SQL:
 *                             known    does it count at all (removed, as_of)?
 *                             takes    does the question take it (from, to, where, scope)?
 *                             touch    the code of its touchpoint (asking->derived)
 *                           sql_condition, sql_field, sql_groups_begin: any condition, any field, the keys of groups
 *             ─► one statement or a few, put together from sql/queries/clickhouse ─► sql_query ─► tallies
 *             ─► the code that writes the embedded engine's rows
 *
 * ClickHouse counts, C computes: what comes back are tallies, never scores. Texts come back as texts and get codes here, so that
 * groups are ordered and written as ever.
 *
 * The asking user is read-only and can set nothing: its profile has distributed_group_by_no_merge = 1 (docs/operations.md), so that
 * an aggregation directly over `events` gives each shard's own groups. Totals therefore always take two levels:
 *
 *     SELECT k, sum(n) FROM (SELECT kind AS k, count() AS n FROM events GROUP BY k) GROUP BY k
 *
 * which on one server means the same.
 *
 * Whose an event is: `person` is its alias's id, unless the table `moved` says otherwise. An expression that speaks of `person` or
 * `touch` says so in `needs`; sql_with and sql_from give a statement what its expressions need, and nothing else: a statement
 * that asks for nobody does not look at `moved`.
 */
#pragma once

#include "events/clickhouse.h"
#include "journey/asking.h"
#include "journey/groups.h"
#include "journey/sql/text.h"

enum sql_needs { SQL_NEEDS_PERSON = 1, SQL_NEEDS_TOUCH = 2 };

/* An expression over one row of events. */
struct sql_expr {
    str text;
    u32 needs; /* enum sql_needs */
};

struct sql_asking {
    struct ctx *ctx;
    const struct asking *asking;
    struct clickhouse *ch;
    bool moved;                     /* are there persons of several aliases? */
    str moved_table, removed_table; /* with their database: another server's connection may have another one */
    struct sql_expr known, takes;
    struct sql_expr living; /* known, whatever "as of" says */
    str touch;              /* what stands behind the name `touch`; none: no journey, its code is 0 */
    bool bounded;
    i64 first_ms, last_ms, events; /* bounds of all events, once they were asked for */
};

/* A table of ours that every server has, with its database. */
str sql_table(const struct sql_asking *sql, str name);

/* The asking was begun without an index (asking_begin). Memory is the context's. */
err sql_begin(const struct asking *asking, struct sql_asking *out);

/* Runs a statement as the asking user and counts it. */
err sql_query(struct sql_asking *sql, str text, struct click_rows *out);

/* The first and last moment of all living events; INT64_MAX, INT64_MIN without any. */
err sql_bounds(struct sql_asking *sql, i64 *first_ms, i64 *last_ms);

/* Statements. */

/* "WITH … AS person, … AS touch " or nothing; what to read from. */
str sql_with(const struct sql_asking *sql, u32 needs);
str sql_from(const struct sql_asking *sql, u32 needs);

/* Known and taken: what nearly every statement filters by. */
struct sql_expr sql_where(struct sql_asking *sql);

/* People. */

/* The lasting ids of all aliases of a person, by one of them; none when nobody has it. */
struct id_list sql_aliases(const struct sql_asking *sql, i64 person, str alias);

/* Events of these aliases: what finds them quickly, for few. */
struct sql_expr sql_of_aliases(struct ctx *ctx, const struct id_list *aliases);

/* Conditions. */

struct sql_expr sql_and(struct ctx *ctx, struct sql_expr a, struct sql_expr b);
struct sql_expr sql_or(struct ctx *ctx, struct sql_expr a, struct sql_expr b);
struct sql_expr sql_not(struct ctx *ctx, struct sql_expr a);
struct sql_expr sql_always(void);
struct sql_expr sql_never(void);

/* A condition of a question or a map, as 0 or 1. */
err sql_condition(struct sql_asking *sql, const struct condition *condition, struct sql_expr *out);

/* "value IN (…)" over texts as literals, in pieces of balanced depth whatever their number; and over numbers. */
str sql_one_of_texts(struct ctx *ctx, str value, const str *texts, i64 count);
str sql_one_of_numbers(struct ctx *ctx, str value, const i64 *numbers, i64 count);

/* The code of the touchpoint of a journey; the names in it are columns alone. */
struct derivation;
err sql_touch(struct sql_asking *sql, const struct derivation *derivation, str *out);

/* Fields and groups. */

/* A field as a key: a text (FIELD_WORD, FIELD_PROP), else a number as dimension.h numbers it (UInt32). */
bool sql_field_is_text(const struct field *field);
err sql_field(struct sql_asking *sql, const struct dimension *dimension, struct sql_expr *out);

/* The same as the text that answers write; '' for none. */
err sql_field_text(struct sql_asking *sql, const struct dimension *dimension, struct sql_expr *out);

/* A word of the event as text. */
str sql_word(struct ctx *ctx, enum word word);

/* A trait as it was gathered (NULL: nobody has it), and its persons as lists: "1,2,3" and the codes of their values, of those
 * codes that are wanted (NULL: all). */
const struct trait_column *sql_trait(const struct sql_asking *sql, str name);
void sql_trait_lists(const struct sql_asking *sql, const struct trait_column *trait, const bool *wanted, str *ids,
                     str *codes);

/* The number of the period of a moment `at` (SQL), from 0, as UInt32. */
str sql_period(struct ctx *ctx, const struct periods *periods, str at);

/* The periods of the question: those between the first and the last event that may count. */
err sql_periods(struct sql_asking *sql, struct periods *out);

/* Groups of an answer that is read back:
 *
 *     TRY(sql_groups_begin(sql, more, more_count, &groups));
 *     SELECT {keys}, … GROUP BY {names}          groups.select, groups.names: "kind AS k0, … AS period", "k0, …, period"
 *     while (click_more(rows)) {
 *         TRY(sql_groups_read(&groups, rows, &group)); … the other columns of the row
 *     }
 *     sql_groups_end(&groups);
 *     grouping_order(&groups.grouping, …), grouping_write, grouping_text as ever
 *
 * Where keys are not select expressions (the first event of a walk decides), `keys` and `period` are there by themselves. */
struct sql_groups {
    struct sql_asking *sql;
    struct groups groups;
    struct grouping grouping;
    struct sql_expr keys[KEY_MAX]; /* of each dimension: String or UInt32 */
    str period;                    /* UInt32 over at_ms; 0 where there are no periods */
    u32 needs;                     /* of all keys */
    str select, names;
    struct dictionary *texts[KEY_MAX];
    u32 *listed; /* [group × (dimensions + 1)]: numbers, and the period behind them */
    i64 capacity;
    i64 *slots; /* hash table: group + 1 */
    i64 slot_count;
};
err sql_groups_begin(struct sql_asking *sql, const struct field *more, i64 more_count, struct sql_groups *out);

/* Reads the keys of a row in the order of `names`: the number of its group, which is new or known. ERR_INVALID
 * (error.ask.groups). */
err sql_groups_read(struct sql_groups *groups, struct click_rows *rows, i64 *group);
void sql_groups_end(struct sql_groups *groups);

/* Walks: a row for each person. */

/* A statement whose rows are persons: who, then `results`. `walk` is the person's list of tuples (at_ms, id, items …), ordered. On
 * a cluster, persons of one alias are answered where their events lie, the others by the server that was asked; `results`
 * and `having` are expressions over `walk` and `who` only. */
struct sql_walks {
    struct sql_expr who;   /* whose walk an event belongs to, a String, where that is not its person; '' for nobody's */
    str items;             /* ", kind, touch = 3": expressions over one row, or none */
    u32 needs;             /* of items */
    str results;           /* ", length(walk) AS n": over walk, or none */
    str having;            /* " HAVING n > 0", or none */
    struct sql_expr where; /* rows, known ones among them */
    bool paged;            /* only persons behind `above`, up to and with `upto` */
    i64 above, upto;
};
str sql_walks(struct sql_asking *sql, const struct sql_walks *walks);
