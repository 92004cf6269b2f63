#include "journey/path.h"

static void collapse(struct path_events *events)
{
    i64 kept = lesser(events->count, 1);
    for (i64 i = 1; i < events->count; i++) {
        if (events->nodes[i] == events->nodes[kept - 1]) {
            continue;
        }
        events->rows[kept] = events->rows[i];
        events->at_ms[kept] = events->at_ms[i];
        events->nodes[kept] = events->nodes[i];
        events->marks[kept] = events->marks[i];
        kept++;
    }
    events->count = kept;
}

static bool marked(const struct path_events *events, i64 i, u8 mark)
{
    return (events->marks[i] & mark) != 0;
}

struct path path_keep(const struct path_rule *rule, struct path_events *events)
{
    static const struct path none = {0, 0, 1};
    if (rule->collapse) {
        collapse(events);
    }
    struct path path = {0, events->count, 1};
    if (rule->start) {
        while (path.from < path.to && !marked(events, path.from, MARK_BEGINS)) {
            path.from++;
        }
    }
    if (rule->end) {
        i64 least = path.from + rule->start; // the end lies behind the start
        while (path.to > least && !marked(events, path.to - 1, MARK_ENDS)) {
            path.to--;
        }
        if (path.to <= least) {
            return none;
        }
    }
    i64 count = path.to - path.from;
    if (rule->steps == 0 || count == 0) {
        return path;
    }
    if (rule->end && !rule->start) { // steps are counted so that the last edge of every path has the same number
        path.from = greater(path.from, path.to - rule->steps);
        path.first_step = greater(rule->steps - count, 0) + 1;
    } else {
        path.to = lesser(path.to, path.from + rule->steps);
    }
    return path;
}
