#include "people/identity.h"

#include "base/arena.h"
#include "base/hash.h"

#include <pthread.h>
#include <stdlib.h>

const char *const identity_link_words[LINK_KIND_COUNT_ + 1] = {"seen_together", "verified", "same_user", "claim", NULL};

struct alias {
    str text;
    i64 id;
    i64 newest_ms;  /* of a person's oldest alias: time of the newest link that touches the person */
    u32 first_link; /* index + 1 into links; 0: none */
    u32 users;      /* of a person's oldest alias: user ids in the ring */
    u32 mark;       /* the recomputation that saw it last */
};

struct edge {
    struct link link;
    u32 next_a, next_b; /* further links of alias a and of alias b, index + 1 */
    u32 mark;
    bool gone;
};

/* Snapshots are brought up to date by what moved since, where that is remembered; several, because questions overlap. */
enum { MOVED_MAX = 1 << 16, SHARED_MAX = 4 };

struct identity {
    pthread_rwlock_t lock;
    struct arena texts;
    struct alias *aliases; /* [0] is nobody */
    u32 alias_count, alias_capacity;
    alias_no *person, *next; /* [alias]: the oldest of its person, the next in its ring */
    struct edge *edges;
    u32 edge_count, edge_capacity;
    u32 *slots; /* hash table over texts: alias numbers */
    u32 slot_count;
    u32 mark;
    u64 changes;

    alias_no *moved;         /* aliases whose person or next was written last: a ring of MOVED_MAX */
    u64 moved_count;         /* in all */
    pthread_mutex_t sharing; /* over what follows */
    struct persons *shared[SHARED_MAX];
    i32 newest; /* place in shared of what was shared last */
};

/* A slot whose alias was forgotten. */
#define SLOT_GONE UINT32_MAX

struct identity *identity_new(void)
{
    struct identity *identity = mem_new(sizeof *identity);
    // A steady stream of questions must not keep the log's writer waiting.
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&identity->lock, &attributes);
    pthread_rwlockattr_destroy(&attributes);
    identity->alias_capacity = 256;
    identity->aliases = mem_new((i64)sizeof(struct alias) * identity->alias_capacity);
    identity->person = mem_new((i64)sizeof(alias_no) * identity->alias_capacity);
    identity->next = mem_new((i64)sizeof(alias_no) * identity->alias_capacity);
    identity->alias_count = 1;
    identity->moved = mem_new((i64)sizeof(alias_no) * MOVED_MAX);
    pthread_mutex_init(&identity->sharing, NULL);
    identity->slot_count = 1024;
    identity->slots = mem_new((i64)sizeof(u32) * identity->slot_count);
    return identity;
}

void identity_free(struct identity *identity)
{
    if (identity == NULL) {
        return;
    }
    for (i32 i = 0; i < SHARED_MAX; i++) {
        persons_leave(identity->shared[i]);
    }
    arena_free(&identity->texts);
    mem_free(identity->aliases);
    mem_free(identity->person);
    mem_free(identity->next);
    mem_free(identity->moved);
    mem_free(identity->edges);
    mem_free(identity->slots);
    pthread_mutex_destroy(&identity->sharing);
    pthread_rwlock_destroy(&identity->lock);
    mem_free(identity);
}

void identity_lock(struct identity *identity)
{
    pthread_rwlock_rdlock(&identity->lock);
}

void identity_lock_write(struct identity *identity)
{
    pthread_rwlock_wrlock(&identity->lock);
}

void identity_unlock(struct identity *identity)
{
    pthread_rwlock_unlock(&identity->lock);
}

static u32 slot_of(const struct identity *identity, str text)
{
    u32 mask = identity->slot_count - 1;
    u32 slot = (u32)hash_str(text) & mask;
    for (u32 no; (no = identity->slots[slot]) != 0; slot = (slot + 1) & mask) {
        if (no != SLOT_GONE && str_eq(identity->aliases[no].text, text)) {
            break;
        }
    }
    return slot;
}

void identity_find_many(const struct identity *identity, const str *aliases, i64 count, alias_no *out)
{
    u32 mask = identity->slot_count - 1;
    u32 slots[IDENTITY_MANY];
    for (i64 i = 0; i < count; i++) {
        slots[i] = (u32)hash_str(aliases[i]) & mask;
        __builtin_prefetch(&identity->slots[slots[i]]);
    }
    for (i64 i = 0; i < count; i++) {
        out[i] = identity->slots[slots[i]];
        __builtin_prefetch(&identity->aliases[out[i] == SLOT_GONE ? 0 : out[i]].text);
    }
    for (i64 i = 0; i < count; i++) {
        __builtin_prefetch(identity->aliases[out[i] == SLOT_GONE ? 0 : out[i]].text.data);
    }
    for (i64 i = 0; i < count; i++) {
        out[i] = identity_find(identity, aliases[i]);
    }
}

static void make_slots(struct identity *identity, u32 count)
{
    mem_free(identity->slots);
    identity->slot_count = count;
    identity->slots = mem_new((i64)sizeof(u32) * count);
    for (u32 i = 1; i < identity->alias_count; i++) {
        if (str_is(identity->aliases[i].text)) {
            identity->slots[slot_of(identity, identity->aliases[i].text)] = i;
        }
    }
}

static void grow_aliases(struct identity *identity, u32 capacity)
{
    identity->alias_capacity = capacity;
    identity->aliases = mem_resize(identity->aliases, (i64)sizeof(struct alias) * capacity);
    identity->person = mem_resize(identity->person, (i64)sizeof(alias_no) * capacity);
    identity->next = mem_resize(identity->next, (i64)sizeof(alias_no) * capacity);
}

void identity_reserve(struct identity *identity, alias_no count)
{
    u32 slots = identity->slot_count;
    while (slots < count * 2 && slots < 1u << 31) {
        slots *= 2;
    }
    if (slots > identity->slot_count) {
        make_slots(identity, slots);
    }
    if (count >= identity->alias_capacity) {
        grow_aliases(identity, count + count / 16 + 1);
    }
}

alias_no identity_find(const struct identity *identity, str alias)
{
    return alias.len == 0 ? 0 : identity->slots[slot_of(identity, alias)];
}

alias_no identity_put(struct identity *identity, str alias, i64 id)
{
    if (alias.len == 0) {
        return 0;
    }
    u32 slot = slot_of(identity, alias);
    if (identity->slots[slot] != 0) {
        return identity->slots[slot];
    }
    if (identity->alias_count == identity->alias_capacity) {
        grow_aliases(identity, identity->alias_capacity + identity->alias_capacity / 2);
    }
    alias_no no = identity->alias_count++;
    identity->aliases[no] = (struct alias){
        .text = str_copy(&identity->texts, alias),
        .id = id,
        .newest_ms = INT64_MIN,
        .users = str_starts(alias, STR("user:")) ? 1 : 0,
    };
    identity->person[no] = identity->next[no] = no;
    identity->slots[slot] = no;
    if (identity->alias_count * 2 > identity->slot_count) {
        make_slots(identity, identity->slot_count * 2);
    }
    return no;
}

alias_no identity_count(const struct identity *identity)
{
    return identity->alias_count - 1;
}

str identity_text(const struct identity *identity, alias_no alias)
{
    return identity->aliases[alias].text;
}

i64 identity_id(const struct identity *identity, alias_no alias)
{
    return identity->aliases[alias].id;
}

alias_no identity_person(const struct identity *identity, alias_no alias)
{
    return identity->person[alias];
}

alias_no identity_next(const struct identity *identity, alias_no alias)
{
    return identity->next[alias];
}

u64 identity_changes(const struct identity *identity)
{
    return identity->changes;
}

/* Ids grow with the numbers. */
alias_no identity_of_id(const struct identity *identity, i64 id)
{
    u32 low = 1, high = identity->alias_count;
    while (low < high) {
        u32 middle = low + (high - low) / 2;
        if (identity->aliases[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool known = low < identity->alias_count && identity->aliases[low].id == id && str_is(identity->aliases[low].text);
    return known ? low : 0;
}

/* Links of one alias. */

static u32 next_edge(const struct edge *edge, alias_no of)
{
    return edge->link.a == of ? edge->next_a : edge->next_b;
}

static bool same_ends(const struct link *link, alias_no a, alias_no b)
{
    return (link->a == a && link->b == b) || (link->a == b && link->b == a);
}

/* The link of the same ends and kind, as index + 1; 0: there is none. */
static u32 edge_like(const struct identity *identity, const struct link *link)
{
    u32 e = identity->aliases[link->a].first_link;
    for (; e != 0; e = next_edge(&identity->edges[e - 1], link->a)) {
        const struct edge *edge = &identity->edges[e - 1];
        if (!edge->gone && edge->link.kind == link->kind && same_ends(&edge->link, link->a, link->b)) {
            break;
        }
    }
    return e;
}

static bool earlier(const struct link *x, const struct link *y)
{
    return x->at_ms < y->at_ms || (x->at_ms == y->at_ms && x->event < y->event);
}

bool identity_knows(const struct identity *identity, const struct link *link)
{
    u32 e = link->a == link->b ? 0 : edge_like(identity, link);
    return link->a == link->b || (e != 0 && !earlier(link, &identity->edges[e - 1].link));
}

/* Joining. */

/* Snapshots must learn of it. */
static void set_place(struct identity *identity, alias_no no, alias_no person, alias_no next)
{
    identity->person[no] = person;
    identity->next[no] = next;
    identity->moved[identity->moved_count++ % MOVED_MAX] = no;
}

static void join(struct identity *identity, alias_no a, alias_no b)
{
    struct alias *aliases = identity->aliases;
    alias_no oldest = lesser(a, b), other = greater(a, b);
    alias_no i = other;
    do {
        set_place(identity, i, oldest, identity->next[i]);
        i = identity->next[i];
    } while (i != other);
    alias_no after = identity->next[oldest];
    set_place(identity, oldest, oldest, identity->next[other]);
    set_place(identity, other, oldest, after);
    aliases[oldest].users += aliases[other].users;
    aliases[oldest].newest_ms = greater(aliases[oldest].newest_ms, aliases[other].newest_ms);
    identity->changes++;
}

/* Joins what a link allows, when every earlier link has been applied. */
static void apply(struct identity *identity, const struct link *link)
{
    struct alias *aliases = identity->aliases;
    alias_no a = identity->person[link->a], b = identity->person[link->b];
    aliases[a].newest_ms = greater(aliases[a].newest_ms, link->at_ms);
    aliases[b].newest_ms = greater(aliases[b].newest_ms, link->at_ms);
    if (a == b || link->kind == LINK_CLAIM) {
        return;
    }
    if (link->kind == LINK_SAME_USER || aliases[a].users == 0 || aliases[b].users == 0) {
        join(identity, a, b);
    }
}

/* Everything that links reach from somewhere. */
struct region {
    u32 *aliases, *edges;
    i64 alias_count, edge_count, alias_capacity, edge_capacity;
};

static void list_add(u32 **items, i64 *count, i64 *capacity, u32 item)
{
    if (*count == *capacity) {
        *capacity = *capacity * 2 + 16;
        *items = mem_resize(*items, *capacity * (i64)sizeof(u32));
    }
    (*items)[(*count)++] = item;
}

static void region_add(struct identity *identity, struct region *region, alias_no no)
{
    if (identity->aliases[no].mark != identity->mark) {
        identity->aliases[no].mark = identity->mark;
        list_add(&region->aliases, &region->alias_count, &region->alias_capacity, no);
    }
}

static void region_add_edge(struct identity *identity, struct region *region, u32 no)
{
    struct edge *edge = &identity->edges[no];
    if (!edge->gone && edge->mark != identity->mark) {
        edge->mark = identity->mark;
        list_add(&region->edges, &region->edge_count, &region->edge_capacity, no);
        region_add(identity, region, edge->link.a);
        region_add(identity, region, edge->link.b);
    }
}

static int by_time(const void *a, const void *b, void *self)
{
    const struct identity *identity = self;
    const struct link *x = &identity->edges[*(const u32 *)a].link;
    const struct link *y = &identity->edges[*(const u32 *)b].link;
    if (x->at_ms != y->at_ms || x->event != y->event) {
        return earlier(x, y) ? -1 : 1;
    }
    return (x->kind > y->kind) - (x->kind < y->kind);
}

static void reset_alias(struct identity *identity, alias_no no)
{
    struct alias *alias = &identity->aliases[no];
    set_place(identity, no, no, no);
    alias->newest_ms = INT64_MIN;
    alias->users = str_starts(alias->text, STR("user:")) ? 1 : 0;
}

/* Computes the persons of everything that links reach from `start` once more, in the order of the links. */
static void recompute(struct identity *identity, const alias_no *start, i64 start_count)
{
    struct region region = {0};
    identity->mark++;
    for (i64 i = 0; i < start_count; i++) {
        region_add(identity, &region, start[i]);
    }
    for (i64 i = 0; i < region.alias_count; i++) {
        alias_no at = region.aliases[i];
        for (u32 e = identity->aliases[at].first_link; e != 0; e = next_edge(&identity->edges[e - 1], at)) {
            region_add_edge(identity, &region, e - 1);
        }
    }
    for (i64 i = 0; i < region.alias_count; i++) {
        reset_alias(identity, region.aliases[i]);
    }
    if (region.edge_count > 0) {
        qsort_r(region.edges, (size_t)region.edge_count, sizeof(u32), by_time, identity);
    }
    for (i64 i = 0; i < region.edge_count; i++) {
        apply(identity, &identity->edges[region.edges[i]].link);
    }
    identity->changes++;
    mem_free(region.aliases);
    mem_free(region.edges);
}

static void add_edge(struct identity *identity, const struct link *link)
{
    if (identity->edge_count == identity->edge_capacity) {
        identity->edge_capacity = identity->edge_capacity + identity->edge_capacity / 2 + 64;
        identity->edges = mem_resize(identity->edges, (i64)sizeof(struct edge) * identity->edge_capacity);
    }
    u32 no = ++identity->edge_count;
    identity->edges[no - 1] = (struct edge){
        .link = *link,
        .next_a = identity->aliases[link->a].first_link,
        .next_b = identity->aliases[link->b].first_link,
    };
    identity->aliases[link->a].first_link = no;
    identity->aliases[link->b].first_link = no;
}

bool identity_link(struct identity *identity, const struct link *link)
{
    if (identity_knows(identity, link)) {
        return false;
    }
    u64 before = identity->changes;
    u32 known = edge_like(identity, link);
    const struct alias *a = &identity->aliases[identity->person[link->a]];
    const struct alias *b = &identity->aliases[identity->person[link->b]];
    bool newest = link->at_ms > a->newest_ms && link->at_ms > b->newest_ms;
    if (known != 0) {
        identity->edges[known - 1].link.at_ms = link->at_ms;
        identity->edges[known - 1].link.event = link->event;
    } else {
        add_edge(identity, link);
    }
    if (newest || link->kind == LINK_CLAIM) {
        apply(identity, link);
    } else {
        // A late link may have been decisive for later ones.
        recompute(identity, &link->a, 1);
    }
    return identity->changes != before;
}

void identity_unlink(struct identity *identity, i64 event)
{
    for (u32 i = 0; i < identity->edge_count; i++) {
        struct edge *edge = &identity->edges[i];
        if (!edge->gone && edge->link.event == event) {
            edge->gone = true;
            recompute(identity, (const alias_no[]){edge->link.a, edge->link.b}, 2);
        }
    }
}

void identity_forget(struct identity *identity, alias_no no)
{
    struct alias *alias = &identity->aliases[no];
    if (no == 0 || !str_is(alias->text)) {
        return;
    }
    alias_no *ring = NULL;
    i64 count = 0, capacity = 0;
    alias_no i = no;
    do {
        list_add(&ring, &count, &capacity, i);
        i = identity->next[i];
    } while (i != no);
    for (u32 e = alias->first_link; e != 0; e = next_edge(&identity->edges[e - 1], no)) {
        identity->edges[e - 1].gone = true;
    }
    identity->slots[slot_of(identity, alias->text)] = SLOT_GONE;
    explicit_bzero((char *)(uintptr_t)alias->text.data, (size_t)alias->text.len);
    alias->text = STR_NONE;
    alias->first_link = 0;
    recompute(identity, ring, count);
    mem_free(ring);
}

/* Snapshots. */

void persons_leave(struct persons *persons)
{
    if (persons != NULL && __atomic_sub_fetch(&persons->users, 1, __ATOMIC_ACQ_REL) == 0) {
        mem_free(persons->person);
        mem_free(persons->next);
        mem_free(persons);
    }
}

static struct persons *persons_new(u32 count)
{
    struct persons *persons = mem_new(sizeof *persons);
    persons->users = 1;
    persons->capacity = count + count / 4 + 1024;
    persons->person = mem_new((i64)sizeof(alias_no) * persons->capacity);
    persons->next = mem_new((i64)sizeof(alias_no) * persons->capacity);
    return persons;
}

static void bring_up_to_date(const struct identity *identity, struct persons *persons)
{
    u32 known = persons->filled ? persons->count + 1 : 0, count = identity->alias_count;
    if (identity->moved_count - persons->moved > MOVED_MAX) {
        known = 0;
    }
    memcpy(persons->person + known, identity->person + known, sizeof(alias_no) * (count - known));
    memcpy(persons->next + known, identity->next + known, sizeof(alias_no) * (count - known));
    for (u64 i = persons->moved; i < identity->moved_count && known > 0; i++) {
        alias_no no = identity->moved[i % MOVED_MAX];
        persons->person[no] = identity->person[no];
        persons->next[no] = identity->next[no];
    }
    persons->filled = true;
    persons->count = count - 1;
    persons->moved = identity->moved_count;
}

/* The newest snapshot while nobody moved: new aliases stand behind what its readers see. Else one that is not looked at, the
 * newest of them; else a new one. */
static struct persons *choose(struct identity *identity)
{
    struct persons *newest = identity->shared[identity->newest];
    if (newest != NULL && newest->moved == identity->moved_count && newest->capacity >= identity->alias_count) {
        return newest;
    }
    i32 place = -1;
    for (i32 i = 0; i < SHARED_MAX; i++) {
        const struct persons *one = identity->shared[i];
        bool idle = one != NULL && one->capacity >= identity->alias_count &&
                    __atomic_load_n(&one->users, __ATOMIC_ACQUIRE) == 1;
        if (idle && (place < 0 || one->moved > identity->shared[place]->moved)) {
            place = i;
        }
    }
    if (place < 0) {
        place = (identity->newest + 1) % SHARED_MAX;
        persons_leave(identity->shared[place]);
        identity->shared[place] = persons_new(identity->alias_count);
    }
    identity->newest = place;
    return identity->shared[place];
}

struct persons *identity_share(struct identity *identity, u32 *count)
{
    identity_lock(identity);
    pthread_mutex_lock(&identity->sharing);
    struct persons *persons = choose(identity);
    bring_up_to_date(identity, persons);
    *count = persons->count;
    __atomic_add_fetch(&persons->users, 1, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&identity->sharing);
    identity_unlock(identity);
    return persons;
}
