/* Which aliases are one person: the union-find behind people, in memory.
 *
 * An alias ("user:U1", "anon:A1", "email:a@b.vn") has a small number; a person
 * is a ring of aliases and is known by its oldest one (the smallest id), so
 * separating persons gives each its own name back. Links are the evidence;
 * persons follow from the links alone, taken in the order (time, event), never
 * from the order of their arrival:
 *
 *     anon:A1 ── user:U1 ── email:a@b.vn        one person
 *        └────── user:U2                        a second user of the same
 *                                               device stays a person of its own
 *
 * A link that would put two user ids into one person is kept but joins nothing,
 * unless it names the two user ids itself. Links of one moment and event are taken
 * in the order of their aliases' texts. Whoever looks holds the lock, from the first look to the last;
 * questions, which look long, take a snapshot of who is one person instead.
 */
#pragma once

#include "base/str.h"

enum link_kind {
    LINK_SEEN_TOGETHER, /* one event carried both: an anonymous id and a user id */
    LINK_VERIFIED,      /* an e-mail or telephone number that a server, an import or staff vouches for */
    LINK_SAME_USER,     /* two user ids named as one by a server */
    LINK_PREVIOUS,      /* the id somebody had before, as a server says: should it be a user id, too, both are one */
    LINK_CLAIM,         /* what a browser says: evidence that joins nothing */
    LINK_KIND_COUNT_,
};
extern const char *const identity_link_words[LINK_KIND_COUNT_ + 1];

/* Aliases are numbered from 1 in the order they are put; 0 is nobody. */
typedef u32 alias_no;

struct link {
    alias_no a, b;
    i64 at_ms, event; /* the moment and id of the event that proves it */
    enum link_kind kind;
};

struct identity;

/* Many may read at once; who writes is alone. */
void identity_lock(struct identity *identity);
void identity_lock_write(struct identity *identity);
void identity_unlock(struct identity *identity);

struct identity *identity_new(void);
void identity_free(struct identity *identity);

/* Makes room for so many aliases at once. */
void identity_reserve(struct identity *identity, alias_no count);

/* The number of an alias; 0 when it is not known or empty. */
alias_no identity_find(const struct identity *identity, str alias);

/* The numbers of many at once: the memory they lie in is asked for beforehand, so that they wait for it together. */
enum { IDENTITY_MANY = 64 };
void identity_find_many(const struct identity *identity, const str *aliases, i64 count, alias_no *out);

/* Adds an alias as a person of its own, or finds it. `id` is its lasting id, larger than that of any alias before it
 * when it is new. */
alias_no identity_put(struct identity *identity, str alias, i64 id);

alias_no identity_count(const struct identity *identity); /* the highest number */
str identity_text(const struct identity *identity, alias_no alias);
i64 identity_id(const struct identity *identity, alias_no alias);

/* The oldest alias of the person; the person's id is that alias's id. */
alias_no identity_person(const struct identity *identity, alias_no alias);

/* The alias of a lasting id; 0 when there is none or it was forgotten. */
alias_no identity_of_id(const struct identity *identity, i64 id);

/* The next alias in the person's ring; a person of one alias is its own next. */
alias_no identity_next(const struct identity *identity, alias_no alias);

/* Is this link (same ends in either order, same kind) known from this or an earlier event? */
bool identity_knows(const struct identity *identity, const struct link *link);

/* Calls `each` for every link that touches an alias. */
void identity_each_link(const struct identity *identity, alias_no alias,
                        void (*each)(void *self, const struct link *link), void *self);

/* Takes a link in; one that is known from a later event gets the earlier one as its evidence. True when persons changed. */
bool identity_link(struct identity *identity, const struct link *link);

/* Forgets the links of an event or of many (their ids sorted), one link, or an alias with all its links and text; persons are
 * computed anew from what is left. The number of a forgotten alias is not used again and is a person of its own without text. */
void identity_unlink(struct identity *identity, i64 event);
void identity_unlink_all(struct identity *identity, const i64 *events, i64 count);
void identity_unlink_one(struct identity *identity, const struct link *link); /* ends and kind count */
void identity_forget(struct identity *identity, alias_no alias);

/* Comparing with the whole of the truth: begin, then keep every link that is still true, then drop the others. What is not kept
 * because it has other evidence now (false) is linked again after the dropping. */
void identity_review(struct identity *identity);
bool identity_keep(struct identity *identity, const struct link *link);
void identity_drop_rest(struct identity *identity);

/* Calls `moved` for every alias that gets another person, inside whatever changes it; NULL: nobody listens. */
void identity_watch(struct identity *identity, void (*moved)(void *self, alias_no alias), void *self);

/* All aliases that links of any kind reach from some, these included, as an array to be freed with mem_free. */
alias_no *identity_region(struct identity *identity, const alias_no *start, i64 start_count, i64 *count);

/* The memory that it takes, snapshots included. */
i64 identity_bytes(const struct identity *identity);

/* Grows with every change of who is one person. */
u64 identity_changes(const struct identity *identity);

/* Who is one person at one moment, as two arrays that do not change under their reader. A snapshot is shared by all who ask while
 * persons stay as they are; otherwise one that nobody looks at any more learns what moved, or the arrays are copied. 8 bytes an
 * alias for each of at most a few. */
struct persons {
    i32 users;
    alias_no *person; /* [alias]: the oldest alias of its person */
    alias_no *next;   /* [alias]: the next in the ring */
    u32 count;        /* the highest alias that was asked for; readers have their own */
    u32 capacity;
    u64 moved; /* what it knows of */
    bool filled;
};

/* Takes the lock for a moment. `count` is the highest alias the caller may look at. */
struct persons *identity_share(struct identity *identity, u32 *count);
void persons_leave(struct persons *persons); /* NULL is allowed */
