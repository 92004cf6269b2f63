/* Columns for properties that events of the past have too: one reading of the log.
 *
 * The log is read beside everybody else into a list ordered by event, and laid
 * under the rows layer by layer; only what arrived in between is read and laid
 * while nobody appends.
 */
#include "journey/index_layers.h"
#include "journey/props.h"

#include <stdlib.h>
#include <time.h>

/* A column being gathered: cell = place in ids. */
struct gathered_column {
    str name;
    struct dictionary texts;
    struct column codes;
    struct attachment *of;
};

struct gathered {
    struct gathered_column *columns;
    i64 column_count;
    struct facts facts;
    i64 most; /* bytes of the values of one column */
    bool survey;
    i64 upto; /* events after this one are left for later */
    i64 *ids;
    i64 count, capacity;
    u32 *buckets; /* by the upper digits of an id: the first place with such an id */
    i64 bucket_count;
    i32 shift;
};

static err too_large(struct ctx *ctx, i64 most)
{
    return FAIL(ctx, ERR_INVALID, "", "error.ask.memory",
                {"most", str_format(&ctx->arena, "%lld", (long long)(most >> 20))});
}

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
        struct gathered_column *column = &gathered->columns[i];
        column_set(&column->codes, gathered->count, props_code(props, column->name, &column->texts));
        if (dictionary_bytes(&column->texts) > gathered->most) {
            return too_large(ctx, gathered->most);
        }
    }
    if (gathered->survey) {
        facts_add(&gathered->facts, props);
    }
    gathered->count++;
    return OK;
}

static err read_log(struct ctx *ctx, struct index *index, struct gathered *gathered, i64 upto)
{
    i64 after = gathered->upto;
    gathered->upto = upto;
    return index->log == NULL || after >= upto ? OK : events_scan(ctx, index->log, after, EVENT_ALL, take, gathered);
}

/* Finding an event: ids grow with time, so their upper digits say nearly where one is. */

static void make_buckets(struct gathered *gathered)
{
    mem_free(gathered->buckets);
    gathered->buckets = NULL;
    if (gathered->count == 0) {
        return;
    }
    u64 span = (u64)(gathered->ids[gathered->count - 1] - gathered->ids[0]);
    gathered->shift = 0;
    while (span >> gathered->shift > (u64)gathered->count) {
        gathered->shift++;
    }
    gathered->bucket_count = (i64)(span >> gathered->shift) + 1;
    gathered->buckets = mem_new((gathered->bucket_count + 1) * (i64)sizeof(u32));
    i64 bucket = 0;
    for (i64 i = 0; i < gathered->count; i++) {
        i64 here = (gathered->ids[i] - gathered->ids[0]) >> gathered->shift;
        while (bucket < here) {
            gathered->buckets[++bucket] = (u32)i;
        }
    }
    gathered->buckets[gathered->bucket_count] = (u32)gathered->count;
}

static i64 place_of(const struct gathered *gathered, i64 id)
{
    if (gathered->count == 0 || id < gathered->ids[0] || id > gathered->ids[gathered->count - 1]) {
        return -1;
    }
    i64 bucket = (id - gathered->ids[0]) >> gathered->shift;
    i64 low = gathered->buckets[bucket], high = gathered->buckets[bucket + 1];
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

/* Laying. */

/* The layers there are now, and the columns made for them: [layer × columns]. */
struct laying {
    struct layer **layers;
    struct column *columns;
    i32 count;
};

static void lay_layer(const struct gathered *gathered, const struct layer *layer, struct column *out)
{
    for (i64 k = 0; k < gathered->column_count; k++) {
        column_reserve(&out[k], layer->rows.count);
    }
    for (i64 row = 0; row < layer->rows.count && gathered->column_count > 0; row++) {
        i64 at = place_of(gathered, layer->rows.ids[row]);
        for (i64 k = 0; k < gathered->column_count && at >= 0; k++) {
            column_set(&out[k], row, column_get(&gathered->columns[k].codes, at));
        }
    }
}

static i32 count_layers(struct index *index)
{
    pthread_mutex_lock(&index->lock);
    i32 count = index->layer_count;
    pthread_mutex_unlock(&index->lock);
    return count;
}

/* Columns for those of the first `count` layers that have none yet. `merging` is held: there are only more at the end. */
static void lay_layers(struct index *index, const struct gathered *gathered, struct laying *laying, i32 count)
{
    pthread_mutex_lock(&index->lock);
    i32 done = laying->count;
    laying->layers = mem_resize(laying->layers, count * (i64)sizeof(struct layer *));
    for (i32 i = done; i < count; i++) {
        laying->layers[i] = layer_share(index->layers[i]);
    }
    pthread_mutex_unlock(&index->lock);
    i64 columns = greater(gathered->column_count, 1);
    laying->columns = mem_resize(laying->columns, count * columns * (i64)sizeof(struct column));
    memset(laying->columns + done * columns, 0, (size_t)((count - done) * columns) * sizeof(struct column));
    for (i32 i = done; i < count; i++) {
        lay_layer(gathered, laying->layers[i], &laying->columns[i * columns]);
    }
    laying->count = count;
}

static void lay_tail(struct tail *tail, const struct gathered *gathered)
{
    for (i64 k = 0; k < gathered->column_count; k++) {
        struct tail_column *column = tail_column(tail, gathered->columns[k].of);
        for (i64 i = 0; i < tail->count; i++) {
            i64 at = place_of(gathered, tail_record(tail, i)->id);
            tail_set_code(column, i, at < 0 ? 0 : column_get(&gathered->columns[k].codes, at));
        }
    }
}

/* `adding` and `lock` are held. */
static void drop_promoted(struct index *index, i32 place)
{
    struct promoted *gone = index->promoted[place];
    index->promoted[place] = index->promoted[--index->promoted_count];
    __atomic_store_n(&gone->column->dropped, true, __ATOMIC_RELAXED);
    for (i32 i = 0; i < index->layer_count; i++) {
        layer_detach(index->layers[i], gone->column);
    }
    promoted_leave(gone);
}

/* Drops the column that was not used longest; `adding` and `lock` are held. */
static void make_room(struct index *index)
{
    i32 oldest = 0;
    for (i32 i = 1; i < index->promoted_count; i++) {
        oldest = index->promoted[i]->used < index->promoted[oldest]->used ? i : oldest;
    }
    drop_promoted(index, oldest);
}

void index_unpromote(struct index *index, str name)
{
    pthread_mutex_lock(&index->adding);
    pthread_mutex_lock(&index->lock);
    for (i32 i = 0; i < index->promoted_count; i++) {
        if (str_eq(index->promoted[i]->name, name)) {
            drop_promoted(index, i);
            break;
        }
    }
    pthread_mutex_unlock(&index->lock);
    pthread_mutex_unlock(&index->adding);
}

static void add_promoted(struct index *index, struct gathered_column *column)
{
    struct promoted *promoted = mem_new(sizeof *promoted);
    *promoted = (struct promoted){.users = 1,
                                  .name = column->name,
                                  .texts = column->texts,
                                  .column = attachment_share(column->of),
                                  .used = ++index->promoted_uses};
    column->name = STR_NONE;
    column->texts = (struct dictionary){0};
    index->promoted[index->promoted_count++] = promoted;
}

/* Everybody sees the new columns from here on. `adding` is held. */
static void publish(struct index *index, struct gathered *gathered, struct laying *laying)
{
    pthread_mutex_lock(&index->lock);
    while (index->promoted_count + gathered->column_count > PROMOTED_MAX) {
        make_room(index);
    }
    for (i64 k = 0; k < gathered->column_count; k++) {
        for (i32 i = 0; i < laying->count; i++) {
            struct column *codes = &laying->columns[i * gathered->column_count + k];
            layer_attach(laying->layers[i], attached_new(gathered->columns[k].of, *codes));
            *codes = (struct column){0};
        }
    }
    lay_tail(index->tail, gathered);
    for (i64 k = 0; k < gathered->column_count; k++) {
        add_promoted(index, &gathered->columns[k]);
    }
    pthread_mutex_unlock(&index->lock);
    pthread_mutex_lock(&index->facts_lock);
    if (gathered->survey) {
        facts_free(&index->facts);
        index->facts = gathered->facts;
        index->surveyed = true;
        gathered->facts = (struct facts){0};
    }
    pthread_mutex_unlock(&index->facts_lock);
}

static void discard(struct gathered *gathered, struct laying *laying)
{
    for (i64 i = 0; i < gathered->column_count; i++) {
        struct gathered_column *column = &gathered->columns[i];
        mem_free((void *)(uintptr_t)column->name.data);
        dictionary_free(&column->texts);
        column_free(&column->codes);
        attachment_leave(column->of);
    }
    for (i32 i = 0; i < laying->count; i++) {
        for (i64 k = 0; k < gathered->column_count; k++) {
            column_free(&laying->columns[i * gathered->column_count + k]);
        }
        layer_leave(laying->layers[i]);
    }
    mem_free(laying->layers);
    mem_free(laying->columns);
    facts_free(&gathered->facts);
    mem_free(gathered->columns);
    mem_free(gathered->buckets);
    mem_free(gathered->ids);
}

/* The columns that are missing, empty. ERR_INVALID when there would be too many. */
static err name_columns(struct ctx *ctx, struct index *index, const str *names, i64 count, struct gathered *out)
{
    if (count > PROMOTED_MAX) {
        return FAIL(ctx, ERR_INVALID, "", "error.ask.props_many", {"name", names[PROMOTED_MAX]});
    }
    out->columns = mem_new(greater(count, 1) * (i64)sizeof(struct gathered_column));
    for (i64 i = 0; i < count; i++) {
        if (index_is_promoted(index, names[i])) {
            continue;
        }
        char *copy = mem_new(greater(names[i].len, 1));
        memcpy(copy, names[i].data, (size_t)names[i].len);
        out->columns[out->column_count++] = (struct gathered_column){.name = {copy, names[i].len},
                                                                     .of = attachment_new()};
    }
    return OK;
}

/* Reads and lays what there is, then what came meanwhile, then publishes. */
static err read_and_lay(struct ctx *ctx, struct index *index, struct gathered *gathered, struct laying *laying)
{
    TRY(read_log(ctx, index, gathered, index_last_id(index)));
    pthread_mutex_lock(&index->merging);
    pthread_mutex_lock(&index->adding);
    i64 upto = index_last_id(index); // nothing in the layers of now is younger
    i32 layers = count_layers(index);
    pthread_mutex_unlock(&index->adding);
    err code = read_log(ctx, index, gathered, upto);
    if (code == OK) {
        make_buckets(gathered);
        lay_layers(index, gathered, laying, layers);
    }
    pthread_mutex_lock(&index->adding);
    code = code == OK ? read_log(ctx, index, gathered, index->last_id) : code;
    if (code == OK) {
        make_buckets(gathered);
        lay_layers(index, gathered, laying, count_layers(index));
        publish(index, gathered, laying);
    }
    pthread_mutex_unlock(&index->adding);
    pthread_mutex_unlock(&index->merging);
    return code;
}

/* Waits for its turn as long as nobody stops it. */
static err take_turn(struct ctx *ctx, struct index *index)
{
    for (;;) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 50 * 1000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        if (pthread_mutex_timedlock(&index->gathering, &until) == 0) {
            return OK;
        }
        if (ctx_stopped(ctx)) {
            return ERR_CANCELLED;
        }
    }
}

/* One at a time (`gathering`), and an erasure takes its turn too: nothing old can come back. */
static err gather(struct ctx *ctx, struct index *index, const str *names, i64 count, bool survey)
{
    i64 most = index->limits.prop_bytes;
    struct gathered gathered = {.most = most > 0 ? most : PROMOTED_BYTES};
    struct laying laying = {0};
    TRY(take_turn(ctx, index));
    index_facts_lock(index);
    gathered.survey = survey && !index->surveyed;
    index_facts_unlock(index);
    err code = name_columns(ctx, index, names, count, &gathered);
    if (code == OK && (gathered.column_count > 0 || gathered.survey)) {
        code = read_and_lay(ctx, index, &gathered, &laying);
    }
    discard(&gathered, &laying);
    pthread_mutex_unlock(&index->gathering);
    return code;
}

err index_promote(struct ctx *ctx, struct index *index, const str *names, i64 count)
{
    i64 known = 0;
    pthread_mutex_lock(&index->lock);
    for (i64 i = 0; i < count; i++) {
        struct promoted *promoted = index_find_promoted(index, names[i]);
        if (promoted != NULL) {
            known++;
            promoted->used = ++index->promoted_uses; // before others make room
        }
    }
    pthread_mutex_unlock(&index->lock);
    return known == count ? OK : gather(ctx, index, names, count, false);
}

err index_survey(struct ctx *ctx, struct index *index)
{
    index_facts_lock(index);
    bool known = index->surveyed;
    index_facts_unlock(index);
    return known ? OK : gather(ctx, index, NULL, 0, true);
}
