#include "journey/behind_adherence.h"

#include "journey/adherence_write.h"
#include "journey/pointer.h"

/* Whose visits are counted in a row of planned against actual. */

struct seeking {
    const struct behind *behind;
    struct adherence adherence;
    i64 touchpoint; /* its place; that of "on none" for null */
};

struct seen {
    struct grouping grouping;
    struct steps steps;
    struct found found;
};

err behind_touchpoint(struct ctx *ctx, const struct behind *behind, const struct journey_version *version,
                      const struct sight *scope, i64 *out)
{
    bool people = behind->what == BEHIND_PEOPLE;
    *out = version == NULL ? -1 : journey_map_find_touchpoint(&version->map, behind->row.touchpoint);
    if (version != NULL && behind->row.touchpoint.len == 0) {
        *out = people ? version->map.touchpoints.count : -1; // nobody visits no touchpoint
    } else if (*out >= 0 && !adherence_shows(scope, journey_map_touchpoint(&version->map, *out))) {
        *out = -1;
    }
    if (*out >= 0) {
        return OK;
    }
    pointer_enter(ctx, STR("row"));
    return FAIL(ctx, ERR_INVALID, "touchpoint", "error.ask.touchpoint");
}

static err begin(struct part *part)
{
    const struct seeking *seeking = part->self;
    struct seen *seen = part->state;
    seen->found.behind = seeking->behind;
    steps_begin(&seeking->adherence.plan, part, &seen->steps);
    return grouping_begin(part, &seeking->adherence.groups, &seen->grouping);
}

/* Is the row of the block in the group that is looked for? */
static err matches(const struct part *part, i64 row, alias_no person, bool *out)
{
    struct seen *seen = part->state;
    u32 group;
    TRY(grouping_of(&seen->grouping, seen->steps.block, row, person, &group));
    *out = found_group(&seen->found, &seen->grouping, group);
    return OK;
}

/* Everybody with an event on the touchpoint. */
static err seek_events(struct part *part, const struct block *block)
{
    const struct seeking *seeking = part->self;
    struct seen *seen = part->state;
    const struct steps *steps = &seen->steps;
    i64 k = 0;
    for (i64 i = 0; i < block->person_count; i++) {
        const struct stretch *stretch = &block->people[i];
        bool found = stretch->person == 0;
        for (; k < steps->row_count; k++) {
            i64 row = steps->rows == NULL ? k : steps->rows[k];
            bool here = false;
            if (row >= stretch->to) {
                break;
            }
            if (!found && row >= stretch->from && steps->places[row] == seeking->touchpoint) {
                TRY(matches(part, row, stretch->person, &here));
            }
            if (here) {
                TRY(found_add(part, &seen->found, stretch->person, block->at_ms[row]));
                found = true;
            }
        }
    }
    return OK;
}

/* Is the visit one of those that the figure counts, and when was that decided? */
static bool is_sought(const struct adherence *adherence, enum behind_what what, const struct visit *visit, i64 *at_ms)
{
    i64 within = adherence->plan.version->within_ms[visit->touchpoint];
    bool has_act = adherence->plan.acts.has[visit->touchpoint], came = visit->act_ms != INT64_MIN;
    bool open = has_act && visit->start_ms + within >= adherence->asking->asked_ms, closed = has_act && !open;
    bool in_time = closed && came && visit->act_ms - visit->start_ms <= within;
    *at_ms = visit->start_ms;
    switch (what) {
    case BEHIND_REPEATED: return visit->repeated;
    case BEHIND_OPEN: return open;
    case BEHIND_NEVER: return closed && !came;
    case BEHIND_MISSED: return closed && !in_time;
    case BEHIND_DONE: *at_ms = visit->act_ms; return in_time;
    case BEHIND_LATE: *at_ms = visit->act_ms; return closed && came && !in_time;
    default: return true;
    }
}

struct sought_visits behind_visits(const struct adherence *adherence, const struct visits *visits,
                                   enum behind_what what, i64 touchpoint)
{
    return (struct sought_visits){adherence,       visits, what,
                                  (i32)touchpoint, 0,      touch_has(&visits->earlier, (i32)touchpoint)};
}

const struct visit *sought_next(struct sought_visits *sought, i64 *at_ms)
{
    bool skipping = sought->what == BEHIND_SKIPPED;
    while (sought->at < sought->visits->count) {
        const struct visit *visit = &sought->visits->items[sought->at++];
        bool is;
        *at_ms = visit->start_ms;
        if (skipping) { // further on in the map, before any visit to this one
            is = !sought->visited && visit->touchpoint > sought->touchpoint &&
                 sought->adherence->has_where[sought->touchpoint];
        } else {
            is = visit->touchpoint == sought->touchpoint && is_sought(sought->adherence, sought->what, visit, at_ms);
        }
        sought->visited |= visit->touchpoint == sought->touchpoint;
        if (is && visit->counts) {
            return visit;
        }
    }
    return NULL;
}

static err seek_visits(struct part *part, alias_no person)
{
    const struct seeking *seeking = part->self;
    struct seen *seen = part->state;
    struct sought_visits sought = behind_visits(&seeking->adherence, &seen->steps.visits, seeking->behind->what,
                                                seeking->touchpoint);
    const struct visit *visit;
    i64 at_ms;
    while ((visit = sought_next(&sought, &at_ms)) != NULL) {
        bool here;
        TRY(matches(part, steps_row(&seen->steps, visit), person, &here));
        if (here) {
            return found_add(part, &seen->found, person, at_ms);
        }
    }
    return OK;
}

static err seek(struct part *part, const struct block *block)
{
    const struct seeking *seeking = part->self;
    struct seen *seen = part->state;
    steps_block(&seen->steps, block);
    if (seen->steps.row_count == 0) {
        return OK;
    }
    if (seeking->behind->what == BEHIND_PEOPLE) {
        return seek_events(part, block);
    }
    steps_leave_answers(&seen->steps);
    for (i64 i = 0; i < block->person_count; i++) {
        if (steps_read(&seen->steps, &block->people[i])) {
            TRY(seek_visits(part, block->people[i].person));
        }
    }
    return OK;
}

static err merge(struct part *into, struct part *from)
{
    struct seen *a = into->state;
    const struct seen *b = from->state;
    return found_merge(into, &a->found, &b->found);
}

err behind_adherence(const struct asking *asking, const struct behind *behind, const struct found **out)
{
    static const struct scanner scanner = {sizeof(struct seen), begin, seek, merge};
    struct seeking *seeking = arena_new(&asking->ctx->arena, struct seeking, 1);
    struct part *part;
    seeking->behind = behind;
    TRY(behind_touchpoint(asking->ctx, behind, asking->journey.newest, &asking->scope, &seeking->touchpoint));
    TRY(adherence_prepare(asking, &seeking->adherence));
    TRY(scan_run(asking, asking->lens, &scanner, seeking, &part));
    *out = &((const struct seen *)part->state)->found;
    return OK;
}
