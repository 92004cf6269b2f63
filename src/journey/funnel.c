#include "journey/funnel.h"

#include <assert.h>

/* Times ascend, so a difference is not negative; unsigned, it cannot overflow either. */
static bool in_time(const struct funnel_rule *rule, i64 start_ms, i64 at_ms)
{
    return (u64)at_ms - (u64)start_ms <= (u64)rule->within_ms;
}

/* One pass: for every depth the start of the latest attempt that got there, which has the most time left. Steps are tried from the
 * deepest to the first, so that one event serves one step of an attempt. Finds the event at which the greatest depth was
 * reached first. */
static i32 loose_depth(const struct funnel_rule *rule, const struct funnel_hits *hits, i64 *reached_at)
{
    i64 start_ms[FUNNEL_DEPTH_MAX];
    u32 reached = 0; // bit k: some attempt got as deep as k + 1
    u32 all = ((u32)1 << rule->step_count) - 1;
    i32 depth = 0;
    for (i64 i = 0; i < hits->count && depth < rule->step_count; i++) {
        i64 at_ms = hits->at_ms[i];
        for (u32 steps = hits->masks[i] & (reached << 1 | 1) & all; steps != 0;) {
            i32 step = 31 - __builtin_clz(steps);
            steps ^= (u32)1 << step;
            if (step > 0 && !in_time(rule, start_ms[step - 1], at_ms)) {
                continue;
            }
            start_ms[step] = step == 0 ? at_ms : start_ms[step - 1];
            reached |= (u32)1 << step;
            if (step >= depth) {
                depth = step + 1;
                *reached_at = i;
            }
        }
    }
    return depth;
}

/* All attempts that reach the greatest depth within the window reach it at that event at the earliest; so does the first one that
 * starts inside the window before it, because an attempt that starts earlier is never behind. */
void funnel_follow(const struct funnel_rule *rule, const struct funnel_hits *hits, i32 depth, i64 last,
                   struct funnel_reach *out)
{
    i64 at = 0;
    out->depth = depth;
    while ((hits->masks[at] & 1) == 0 || !in_time(rule, hits->at_ms[at], hits->at_ms[last])) {
        at++;
    }
    out->hits[0] = at++;
    for (i32 step = 1; step < out->depth; at++) {
        assert(at <= last);
        if ((hits->masks[at] >> step & 1) != 0) {
            out->hits[step++] = at;
        }
    }
}

static void loose(const struct funnel_rule *rule, const struct funnel_hits *hits, struct funnel_reach *out)
{
    i64 last = 0;
    i32 depth = loose_depth(rule, hits, &last);
    if (depth > 0) {
        funnel_follow(rule, hits, depth, last, out);
    }
}

static i32 strict_depth(const struct funnel_rule *rule, const struct funnel_hits *hits, i64 first)
{
    i32 depth = 0;
    while (depth < rule->step_count && first + depth < hits->count && (hits->masks[first + depth] >> depth & 1) != 0 &&
           in_time(rule, hits->at_ms[first], hits->at_ms[first + depth])) {
        depth++;
    }
    return depth;
}

static void strict(const struct funnel_rule *rule, const struct funnel_hits *hits, struct funnel_reach *out)
{
    for (i64 i = 0; i < hits->count && out->depth < rule->step_count; i++) {
        i32 depth = strict_depth(rule, hits, i);
        if (depth > out->depth) {
            out->depth = depth;
            out->hits[0] = i;
        }
    }
    for (i32 step = 1; step < out->depth; step++) {
        out->hits[step] = out->hits[0] + step;
    }
}

void funnel_person(const struct funnel_rule *rule, const struct funnel_hits *hits, struct funnel_reach *out)
{
    out->depth = 0;
    if (rule->strict) {
        strict(rule, hits, out);
    } else {
        loose(rule, hits, out);
    }
}
