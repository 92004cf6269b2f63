/* Snapshots of who is one person. */
#include "people/identity_state.h"

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
