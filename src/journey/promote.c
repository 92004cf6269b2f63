/* Columns for properties that events of the past have too: one reading of the log.
 *
 * The log is read beside the index, without its lock, into a list ordered by
 * event; only then the index is locked, for what arrived in between and for
 * laying the values under their rows.
 */
#include "journey/props.h"

#include <stdlib.h>

struct gathered {
    struct promoted *columns; /* cell = place in ids */
    i64 column_count;
    struct facts facts;
    bool survey;
    i64 upto; /* events after this one are left to the follower */
    i64 *ids;
    i64 count, capacity;
};

static err take(void *self, struct ctx *ctx, const struct event *event)
{
    struct gathered *gathered = self;
    struct json props;
    if (ctx_stopped(ctx)) {
        return ERR_CANCELLED;
    }
    if (event->id > gathered->upto || !props_parse(ctx, event->props, &props)) {
        return OK;
    }
    if (gathered->count == gathered->capacity) {
        gathered->capacity += gathered->capacity / 2 + 4096;
        gathered->ids = mem_resize(gathered->ids, gathered->capacity * (i64)sizeof(i64));
        for (i64 i = 0; i < gathered->column_count; i++) {
            column_reserve(&gathered->columns[i].codes, gathered->capacity);
        }
    }
    gathered->ids[gathered->count] = event->id;
    for (i64 i = 0; i < gathered->column_count; i++) {
        promoted_put(&gathered->columns[i], gathered->count, props);
    }
    if (gathered->survey) {
        facts_add(&gathered->facts, props);
    }
    gathered->count++;
    return OK;
}

static err read_log(struct ctx *ctx, struct index *index, struct gathered *gathered, i64 after, i64 upto)
{
    gathered->upto = upto;
    return index->log == NULL || after >= upto ? OK : events_scan(ctx, index->log, after, EVENT_ALL, take, gathered);
}

static i64 place_of(const struct gathered *gathered, i64 id)
{
    i64 low = 0, high = gathered->count;
    while (low < high) {
        i64 middle = (low + high) / 2;
        if (gathered->ids[middle] < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < gathered->count && gathered->ids[low] == id ? low : -1;
}

/* Drops the column that was not used longest. */
static void make_room(struct index *index)
{
    i32 oldest = 0;
    for (i32 i = 1; i < index->promoted_count; i++) {
        oldest = index->promoted[i].used < index->promoted[oldest].used ? i : oldest;
    }
    promoted_free(&index->promoted[oldest]);
    index->promoted[oldest] = index->promoted[--index->promoted_count];
}

/* Lays the gathered values under the rows; the gathered texts become the columns' own. */
static void lay(struct index *index, struct gathered *gathered)
{
    while (index->promoted_count + gathered->column_count > PROMOTED_MAX) {
        make_room(index);
    }
    for (i64 i = 0; i < gathered->column_count; i++) {
        struct promoted *promoted = &index->promoted[index->promoted_count + i];
        *promoted = (struct promoted){.name = gathered->columns[i].name,
                                      .texts = gathered->columns[i].texts,
                                      .used = ++index->promoted_uses};
        column_reserve(&promoted->codes, index->capacity);
    }
    for (i64 row = 0; row < index->count && gathered->column_count > 0; row++) {
        i64 at = place_of(gathered, index->ids[row]);
        for (i64 i = 0; i < gathered->column_count && at >= 0; i++) {
            column_set(&index->promoted[index->promoted_count + i].codes, row,
                       column_get(&gathered->columns[i].codes, at));
        }
    }
    for (i64 i = 0; i < gathered->column_count; i++) {
        column_free(&gathered->columns[i].codes);
    }
    index->promoted_count += (i32)gathered->column_count;
    gathered->column_count = 0;
    if (gathered->survey) {
        facts_free(&index->facts);
        index->facts = gathered->facts;
        index->surveyed = true;
        gathered->facts = (struct facts){0};
    }
}

static void discard(struct gathered *gathered)
{
    for (i64 i = 0; i < gathered->column_count; i++) {
        promoted_free(&gathered->columns[i]);
    }
    facts_free(&gathered->facts);
    mem_free(gathered->columns);
    mem_free(gathered->ids);
}

/* The columns that are missing, empty. ERR_INVALID when there would be too many. */
static err name_columns(struct ctx *ctx, const struct index *index, const str *names, i64 count, struct gathered *out)
{
    if (count > PROMOTED_MAX) {
        return FAIL(ctx, ERR_INVALID, "", "error.ask.props_many", {"name", names[PROMOTED_MAX]});
    }
    out->columns = mem_new(greater(count, 1) * (i64)sizeof(struct promoted));
    for (i64 i = 0; i < count; i++) {
        if (index_promoted(index, names[i]) != NULL) {
            continue;
        }
        char *copy = mem_new(greater(names[i].len, 1));
        memcpy(copy, names[i].data, (size_t)names[i].len);
        out->columns[out->column_count++] = (struct promoted){.name = {copy, names[i].len}};
    }
    return OK;
}

/* Gathers once; *again when everything was dropped meanwhile (an erasure), so that nothing old comes back. */
static err gather(struct ctx *ctx, struct index *index, const str *names, i64 count, bool survey, bool *again)
{
    struct gathered gathered = {0};
    index_lock(index);
    u64 drops = index->drops;
    i64 upto = index->last_id;
    gathered.survey = survey && !index->surveyed;
    err code = name_columns(ctx, index, names, count, &gathered);
    index_unlock(index);
    if (code == OK && (gathered.column_count > 0 || gathered.survey)) {
        code = read_log(ctx, index, &gathered, 0, upto);
        pthread_rwlock_wrlock(&index->lock);
        *again = index->drops != drops;
        if (code == OK && !*again) {
            code = read_log(ctx, index, &gathered, upto, index->last_id);
        }
        if (code == OK && !*again) {
            lay(index, &gathered);
        }
        pthread_rwlock_unlock(&index->lock);
    }
    discard(&gathered);
    return code;
}

static err gather_until_done(struct ctx *ctx, struct index *index, const str *names, i64 count, bool survey)
{
    err code;
    bool again;
    pthread_mutex_lock(&index->gathering);
    do {
        again = false;
        code = gather(ctx, index, names, count, survey, &again);
    } while (code == OK && again);
    pthread_mutex_unlock(&index->gathering);
    return code;
}

err index_promote(struct ctx *ctx, struct index *index, const str *names, i64 count)
{
    i64 known = 0;
    index_lock(index);
    for (i64 i = 0; i < count; i++) {
        known += index_promoted(index, names[i]) != NULL;
        index_use(index, names[i]); // before others make room
    }
    index_unlock(index);
    return known == count ? OK : gather_until_done(ctx, index, names, count, false);
}

err index_survey(struct ctx *ctx, struct index *index)
{
    index_lock(index);
    bool known = index->surveyed;
    index_unlock(index);
    return known ? OK : gather_until_done(ctx, index, NULL, 0, true);
}
