#include "journey/lives.h"

err lives_compile(const struct asking *asking, const struct condition *condition, struct program *out)
{
    return program_compile(asking->ctx, condition, &asking->env, out);
}

struct lives lives_begin(const struct asking *asking, const struct program *programs, i64 program_count, bool bounded)
{
    return (struct lives){.asking = asking,
                          .walk = asking_walk(asking, true),
                          .programs = programs,
                          .program_count = program_count,
                          .bounded = bounded};
}

void lives_end(struct lives *lives)
{
    walk_end(&lives->walk);
    mem_free(lives->at_ms);
    mem_free(lives->rows);
    mem_free(lives->masks);
    *lives = (struct lives){0};
}

static void reserve(struct lives *lives, i64 count)
{
    if (count > lives->capacity) {
        lives->capacity = count + count / 2 + 64;
        lives->at_ms = mem_resize(lives->at_ms, lives->capacity * (i64)sizeof(i64));
        lives->rows = mem_resize(lives->rows, lives->capacity * (i64)sizeof(u32));
        lives->masks = mem_resize(lives->masks, lives->capacity * (i64)sizeof(u16));
    }
}

static bool takes(const struct lives *lives, i64 row)
{
    const struct asking *asking = lives->asking;
    return lives->bounded ? asking_takes(asking, row, lives->walk.person)
                          : program_holds(&asking->where, row, lives->walk.person);
}

static void read(struct lives *lives)
{
    const struct walk *walk = &lives->walk;
    lives->person = walk->person;
    lives->count = 0;
    reserve(lives, walk->count);
    for (i64 i = 0; i < walk->count; i++) {
        i64 row = walk->rows[i];
        if (!takes(lives, row)) {
            continue;
        }
        u32 mask = 0;
        for (i64 k = 0; k < lives->program_count; k++) {
            mask |= (u32)program_holds(&lives->programs[k], row, walk->person) << k;
        }
        lives->at_ms[lives->count] = view_at_ms(walk->view, row);
        lives->rows[lives->count] = (u32)row;
        lives->masks[lives->count] = (u16)mask;
        lives->count++;
    }
}

bool lives_next(struct lives *lives)
{
    while (walk_next(&lives->walk) && (lives->walk.person != 0 || lives->nobody)) {
        read(lives);
        if (lives->count > 0) {
            return true;
        }
    }
    lives_end(lives);
    return false;
}
