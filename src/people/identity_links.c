/* Links and what follows from them: who is one person. */
#include "people/identity_state.h"

#include <stdlib.h>

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

static void tell_moved(const struct identity *identity, alias_no no)
{
    if (identity->watcher != NULL) {
        identity->watcher(identity->watcher_self, no);
    }
}

static void join(struct identity *identity, alias_no a, alias_no b)
{
    struct alias *aliases = identity->aliases;
    alias_no oldest = lesser(a, b), other = greater(a, b);
    alias_no i = other;
    do {
        set_place(identity, i, oldest, identity->next[i]);
        tell_moved(identity, i);
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

static int by_text(const struct identity *identity, const struct link *x, const struct link *y)
{
    str xa = identity->aliases[x->a].text, xb = identity->aliases[x->b].text;
    str ya = identity->aliases[y->a].text, yb = identity->aliases[y->b].text;
    bool x_turned = str_cmp(xa, xb) > 0, y_turned = str_cmp(ya, yb) > 0;
    int first = str_cmp(x_turned ? xb : xa, y_turned ? yb : ya);
    return first != 0 ? first : str_cmp(x_turned ? xa : xb, y_turned ? ya : yb);
}

static int by_time(const void *a, const void *b, void *self)
{
    const struct identity *identity = self;
    const struct link *x = &identity->edges[*(const u32 *)a].link;
    const struct link *y = &identity->edges[*(const u32 *)b].link;
    if (x->at_ms != y->at_ms || x->event != y->event) {
        return earlier(x, y) ? -1 : 1;
    }
    return x->kind != y->kind ? (x->kind > y->kind ? 1 : -1) : by_text(identity, x, y);
}

static void reset_alias(struct identity *identity, alias_no no)
{
    struct alias *alias = &identity->aliases[no];
    set_place(identity, no, no, no);
    alias->newest_ms = INT64_MIN;
    alias->users = str_starts(alias->text, STR("user:")) ? 1 : 0;
}

/* Aliases and links, from some aliases on. */
static void region_gather(struct identity *identity, struct region *region, const alias_no *start, i64 start_count)
{
    identity->mark++;
    for (i64 i = 0; i < start_count; i++) {
        region_add(identity, region, start[i]);
    }
    for (i64 i = 0; i < region->alias_count; i++) {
        alias_no at = region->aliases[i];
        for (u32 e = identity->aliases[at].first_link; e != 0; e = next_edge(&identity->edges[e - 1], at)) {
            region_add_edge(identity, region, e - 1);
        }
    }
}

/* Joins in the order of the links; nobody is told of what only goes back and forth. */
static void region_join(struct identity *identity, const struct region *region)
{
    alias_no *before = mem_new(greater(region->alias_count, 1) * (i64)sizeof(alias_no));
    void (*watcher)(void *self, alias_no alias) = identity->watcher;
    for (i64 i = 0; i < region->alias_count; i++) {
        before[i] = identity->person[region->aliases[i]];
        reset_alias(identity, region->aliases[i]);
    }
    identity->watcher = NULL;
    for (i64 i = 0; i < region->edge_count; i++) {
        apply(identity, &identity->edges[region->edges[i]].link);
    }
    identity->watcher = watcher;
    for (i64 i = 0; i < region->alias_count; i++) {
        if (identity->person[region->aliases[i]] != before[i]) {
            tell_moved(identity, region->aliases[i]);
        }
    }
    mem_free(before);
}

/* Computes the persons of everything that links reach from `start` once more, in the order of the links. */
static void recompute(struct identity *identity, const alias_no *start, i64 start_count)
{
    struct region region = {0};
    region_gather(identity, &region, start, start_count);
    if (region.edge_count > 0) {
        qsort_r(region.edges, (size_t)region.edge_count, sizeof(u32), by_time, identity);
    }
    region_join(identity, &region);
    identity->changes++;
    mem_free(region.aliases);
    mem_free(region.edges);
}

alias_no *identity_region(struct identity *identity, const alias_no *start, i64 start_count, i64 *count)
{
    struct region region = {0};
    region_gather(identity, &region, start, start_count);
    mem_free(region.edges);
    *count = region.alias_count;
    return region.aliases;
}

void identity_each_link(const struct identity *identity, alias_no alias,
                        void (*each)(void *self, const struct link *link), void *self)
{
    for (u32 e = identity->aliases[alias].first_link; e != 0; e = next_edge(&identity->edges[e - 1], alias)) {
        if (!identity->edges[e - 1].gone) {
            each(self, &identity->edges[e - 1].link);
        }
    }
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

static bool is_among(const i64 *sorted, i64 count, i64 wanted)
{
    i64 low = 0, high = count;
    while (low < high) {
        i64 middle = low + (high - low) / 2;
        if (sorted[middle] < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && sorted[low] == wanted;
}

static void drop_edge(struct identity *identity, struct edge *edge)
{
    edge->gone = true;
    recompute(identity, (const alias_no[]){edge->link.a, edge->link.b}, 2);
}

void identity_unlink_all(struct identity *identity, const i64 *events, i64 count)
{
    for (u32 i = 0; i < identity->edge_count; i++) {
        struct edge *edge = &identity->edges[i];
        if (!edge->gone && is_among(events, count, edge->link.event)) {
            drop_edge(identity, edge);
        }
    }
}

void identity_unlink(struct identity *identity, i64 event)
{
    identity_unlink_all(identity, &event, 1);
}

void identity_unlink_one(struct identity *identity, const struct link *link)
{
    u32 known = edge_like(identity, link);
    if (known != 0) {
        drop_edge(identity, &identity->edges[known - 1]);
    }
}

void identity_review(struct identity *identity)
{
    for (u32 i = 0; i < identity->edge_count; i++) {
        identity->edges[i].kept = false;
    }
}

bool identity_keep(struct identity *identity, const struct link *link)
{
    u32 known = edge_like(identity, link);
    struct edge *edge = known == 0 ? NULL : &identity->edges[known - 1];
    if (edge == NULL || edge->link.event != link->event || edge->link.at_ms != link->at_ms) {
        return false;
    }
    edge->kept = true;
    return true;
}

void identity_drop_rest(struct identity *identity)
{
    for (u32 i = 0; i < identity->edge_count; i++) {
        if (!identity->edges[i].gone && !identity->edges[i].kept) {
            drop_edge(identity, &identity->edges[i]);
        }
    }
}

void identity_watch(struct identity *identity, void (*moved)(void *self, alias_no alias), void *self)
{
    identity->watcher = moved;
    identity->watcher_self = self;
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
    identity->slots[identity_slot(identity, alias->text)] = SLOT_GONE;
    explicit_bzero((char *)(uintptr_t)alias->text.data, (size_t)alias->text.len);
    alias->text = STR_NONE;
    alias->first_link = 0;
    recompute(identity, ring, count);
    mem_free(ring);
}
