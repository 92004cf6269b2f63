#include "world.h"

const char *const prop_names[PROP_COUNT] = {"v", "ticket", "context.plan"};
const char *const trait_names[TRAIT_COUNT] = {"tier", "age"};

static bool has_user(const struct world *world, const i64 *persons, i64 person)
{
    for (i64 i = 0; i < world->alias_count; i++) {
        if (persons[i] == person && world->aliases[i].user) {
            return true;
        }
    }
    return false;
}

/* Two users are joined only by a link that names the two as one. */
static bool joins(const struct world *world, const i64 *persons, const struct known_link *link)
{
    i64 a = persons[link->a], b = persons[link->b];
    if (link->gone || link->kind == LINK_CLAIM || a == b) {
        return false;
    }
    bool two_users = has_user(world, persons, a) && has_user(world, persons, b);
    return !two_users || link->kind == LINK_SAME_USER;
}

i64 *world_persons(struct arena *arena, const struct world *world)
{
    i64 *persons = arena_new(arena, i64, world->alias_count + 1);
    bool *taken = arena_new(arena, bool, world->link_count + 1);
    for (i64 i = 0; i < world->alias_count; i++) {
        persons[i] = i;
    }
    for (i64 turn = 0; turn < world->link_count; turn++) {
        i64 first = -1; // the earliest link that was not looked at yet
        for (i64 i = 0; i < world->link_count; i++) {
            const struct known_link *link = &world->links[i], *best = first < 0 ? link : &world->links[first];
            bool earlier = link->at_ms < best->at_ms || (link->at_ms == best->at_ms && link->event < best->event);
            if (!taken[i] && (first < 0 || earlier)) {
                first = i;
            }
        }
        taken[first] = true;
        const struct known_link *link = &world->links[first];
        if (joins(world, persons, link)) {
            i64 low = lesser(persons[link->a], persons[link->b]), high = greater(persons[link->a], persons[link->b]);
            for (i64 i = 0; i < world->alias_count; i++) {
                persons[i] = persons[i] == high ? low : persons[i];
            }
        }
    }
    return persons;
}

str world_trait(const struct world *world, const i64 *persons, i64 person, i64 trait)
{
    str value = STR_NONE;
    for (i64 i = 0; i < world->alias_count; i++) {
        if (persons[i] == person && world->aliases[i].traits[trait].len > 0) {
            value = world->aliases[i].traits[trait];
        }
    }
    return value;
}
