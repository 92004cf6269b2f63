/* The reader believes nothing: whatever stands in the file, no look at the index may leave it. Every array has the length that the
 * others ask for, every code is of its dictionary, every count is counted. */
#include "journey/kept_format.h"

#include "base/log.h"
#include "journey/props.h"

#include <math.h>

enum { ROWS_MAX = INT32_MAX };

static const i64 KEPT_MS_MOST = (i64)1 << 53; // beyond every calendar

/* The file while layers and columns point into it, and what goes with it. */
struct kept_mapping {
    struct mapping mapping;
    struct snapshot *snapshot;
    alias_no *run_alias; /* numbers of today */
    u32 *run_of;
};

static void unmap(struct mapping *mapping)
{
    struct kept_mapping *kept = (struct kept_mapping *)(void *)mapping;
    snapshot_close(kept->snapshot);
    mem_free(kept->run_alias);
    mem_free(kept->run_of);
    mem_free(kept);
}

struct reading {
    struct ctx *ctx;
    struct index *index;
    struct kept_mapping *mapping;
    const struct snapshot *snapshot;
    const struct kept_info *info;
    struct layer *layer;
};

static void *section(const struct reading *reading, u32 id, i64 count, i64 size)
{
    return snapshot_array(reading->snapshot, id, count, size);
}

/* No cell above `most`: the loop is simple so that the compiler makes vectors of it. */
static bool cells_fit(const struct column *column, i64 count, u32 most)
{
    u32 high = 0;
    for (i64 i = 0; i < count && column->width == 1; i++) {
        high = greater(high, column->one[i]);
    }
    for (i64 i = 0; i < count && column->width == 2; i++) {
        high = greater(high, column->two[i]);
    }
    for (i64 i = 0; i < count && column->width == 4; i++) {
        high = greater(high, column->four[i]);
    }
    return high <= most;
}

static bool read_column(const struct reading *reading, u32 id, i64 count, u8 width, u32 most, struct column *out)
{
    *out = (struct column){.capacity = count};
    if (width == 0 || count == 0) {
        return width <= 4;
    }
    if (width != 1 && width != 2 && width != 4) {
        return false;
    }
    out->one = section(reading, id, count, width);
    out->width = width;
    return out->one != NULL && cells_fit(out, count, most);
}

static bool read_sparse(const struct reading *reading, u32 id, i64 rows, i64 count, struct sparse *out)
{
    i64 words = count == 0 ? 0 : rows / 64 + (rows % 64 != 0);
    *out = (struct sparse){.capacity = words, .count = count};
    if (count == 0) {
        return true;
    }
    out->bits = section(reading, id, words, sizeof(u64));
    out->before = section(reading, id + 1, words, sizeof(u32));
    if (out->bits == NULL || out->before == NULL) {
        return false;
    }
    i64 seen = 0;
    for (i64 word = 0; word < words; word++) {
        if (out->before[word] != seen) {
            return false;
        }
        seen += __builtin_popcountll(out->bits[word]);
    }
    bool beyond = rows % 64 != 0 && out->bits[words - 1] >> (rows % 64) != 0;
    return seen == count && !beyond;
}

/* A list of texts, each given to `each` with its place; false when it does not fit or `each` says so. */
static bool read_texts(const struct reading *reading, u32 id, u32 count, bool (*each)(void *self, u32 i, str text),
                       void *self)
{
    const u32 *lens = section(reading, id, count, sizeof(u32));
    str bytes = snapshot_section(reading->snapshot, id + 1);
    if ((lens == NULL && count > 0) || !str_is(bytes)) {
        return count == 0;
    }
    i64 at = 0;
    for (u32 i = 0; i < count; i++) {
        if (lens[i] > bytes.len - at || !each(self, i, str_slice(bytes, at, at + lens[i]))) {
            return false;
        }
        at += lens[i];
    }
    return at == bytes.len;
}

static bool put_text(void *self, u32 i, str text)
{
    return dictionary_put(self, text) == i + 1; // neither empty nor there already
}

static bool read_dictionary(const struct reading *reading, u32 id, u32 count, struct dictionary *out)
{
    return read_texts(reading, id, count, put_text, out);
}

static bool read_numbers(const struct reading *reading)
{
    const f64 *values = section(reading, KEPT_NUMBERS, reading->info->numbers, sizeof(f64));
    for (u32 i = 0; i < reading->info->numbers; i++) {
        if (values == NULL || numbers_put(&reading->index->scores, values[i]) != i + 1) {
            return false;
        }
    }
    return true;
}

static bool read_words(struct reading *reading)
{
    const struct kept_info *info = reading->info;
    struct rows *rows = &reading->layer->rows;
    for (i32 word = 0; word < WORD_COUNT; word++) {
        i64 cells = word < WORD_DENSE_COUNT ? info->rows : word == WORD_CURRENCY ? info->amounts : info->answers;
        struct dictionary *texts = &reading->index->texts[word];
        if (!read_dictionary(reading, KEPT_TEXTS + 2 * (u32)word, info->texts[word], texts) ||
            !read_column(reading, KEPT_WORDS + (u32)word, cells, info->widths[word], info->texts[word],
                         &rows->words[word])) {
            return false;
        }
    }
    return read_numbers(reading) &&
           read_column(reading, KEPT_SCORES, info->answers, info->score_width, info->numbers, &rows->scores);
}

static bool read_rows(struct reading *reading)
{
    const struct kept_info *info = reading->info;
    struct rows *rows = &reading->layer->rows;
    i64 rows_count = info->rows;
    if (rows_count < 0 || rows_count > ROWS_MAX || info->answers < 0 || info->answers > rows_count ||
        info->voiced < 0 || info->voiced > rows_count || info->amounts < 0 || info->amounts > rows_count) {
        return false;
    }
    rows->count = rows->capacity = rows_count;
    rows->answer_capacity = info->answers;
    rows->amount_capacity = info->amounts;
    rows->at_ms = section(reading, KEPT_AT, rows_count, sizeof(i64));
    rows->ids = section(reading, KEPT_IDS, rows_count, sizeof(i64));
    rows->amounts = section(reading, KEPT_AMOUNTS, info->amounts, sizeof(i64));
    return rows->at_ms != NULL && rows->ids != NULL && rows->amounts != NULL &&
           read_sparse(reading, KEPT_ANSWERED, rows_count, info->answers, &rows->answered) &&
           read_sparse(reading, KEPT_VOICED, rows_count, info->voiced, &rows->voiced) &&
           read_sparse(reading, KEPT_PRICED, rows_count, info->amounts, &rows->priced) && read_words(reading);
}

/* The number an alias has today; 0: nobody knows it any more. */
static alias_no alias_today(const struct identity *identity, alias_no then, i64 id)
{
    bool same = then <= identity_count(identity) && identity_id(identity, then) == id &&
                str_is(identity_text(identity, then));
    return same ? then : identity_of_id(identity, id);
}

/* Rows of a run are in the order of (at_ms, id), and their moments are such that differences of any two are numbers. */
static bool rows_ascend(const struct rows *rows, u32 from, u32 to)
{
    const i64 *at = rows->at_ms;
    const i64 *ids = rows->ids;
    bool good = at[from] >= -KEPT_MS_MOST && at[to - 1] <= KEPT_MS_MOST;
    for (u32 row = from + 1; row < to; row++) {
        good &= (at[row - 1] < at[row]) | ((at[row - 1] == at[row]) & (ids[row - 1] < ids[row]));
    }
    return good;
}

static bool check_order(struct layer *layer)
{
    layer->first_ms = INT64_MAX;
    layer->last_ms = INT64_MIN;
    for (u32 run = 0; run < layer->run_count; run++) {
        u32 from = layer->run_start[run], to = layer->run_start[run + 1];
        if (!rows_ascend(&layer->rows, from, to)) {
            return false;
        }
        layer->first_ms = lesser(layer->first_ms, layer->rows.at_ms[from]);
        layer->last_ms = greater(layer->last_ms, layer->rows.at_ms[to - 1]);
    }
    return true;
}

static bool read_runs(struct reading *reading)
{
    const struct kept_info *info = reading->info;
    struct layer *layer = reading->layer;
    const alias_no *aliases = section(reading, KEPT_RUN_ALIAS, info->runs, sizeof(alias_no));
    const i64 *ids = section(reading, KEPT_RUN_ID, info->runs, sizeof(i64));
    u32 *starts = section(reading, KEPT_RUN_START, (i64)info->runs + 1, sizeof(u32));
    if (aliases == NULL || ids == NULL || starts == NULL || starts[0] != 0 || starts[info->runs] != info->rows) {
        return false;
    }
    const struct identity *identity = reading->index->identity;
    u32 known = identity_count(identity) + 1;
    layer->run_count = info->runs;
    layer->run_start = starts;
    layer->run_of_count = known;
    layer->run_alias = reading->mapping->run_alias = mem_new(((i64)info->runs + 1) * (i64)sizeof(alias_no));
    layer->run_of = reading->mapping->run_of = mem_new((i64)known * (i64)sizeof(u32));
    for (u32 run = 0; run < info->runs; run++) {
        bool nobody = aliases[run] == 0 && ids[run] == 0;
        alias_no alias = nobody ? 0 : alias_today(identity, aliases[run], ids[run]);
        if ((alias == 0 && !nobody) || layer->run_of[alias] != 0 || starts[run] >= starts[run + 1]) {
            return false;
        }
        layer->run_alias[run] = alias;
        layer->run_of[alias] = run + 1;
    }
    return check_order(layer);
}

/* Properties: a column and its texts each. */

struct named {
    struct reading *reading;
    const struct kept_prop *props;
    const struct kept_fact *facts;
};

static bool read_prop(void *self, u32 i, str name)
{
    const struct named *named = self;
    struct reading *reading = named->reading;
    struct index *index = reading->index;
    struct column codes;
    u32 id = KEPT_PROP + 4 * i;
    struct promoted *promoted = mem_new(sizeof *promoted);
    char *copy = mem_new(greater(name.len, 1));
    memcpy(copy, name.data, (size_t)name.len);
    *promoted = (struct promoted){.users = 1, .name = {copy, name.len}, .column = attachment_new()};
    index->promoted[index->promoted_count++] = promoted; // whatever comes: who adopts nothing drops it
    promoted->used = ++index->promoted_uses;
    if (name.len == 0 || !read_dictionary(reading, id + 1, named->props[i].texts, &promoted->texts) ||
        !read_column(reading, id, reading->info->rows, named->props[i].width, named->props[i].texts, &codes)) {
        return false;
    }
    struct attached *attached = attached_new(promoted->column, codes);
    attached->mapping = mapping_share(&reading->mapping->mapping);
    layer_attach(reading->layer, attached);
    return true;
}

static bool read_fact(void *self, u32 i, str name)
{
    const struct named *named = self;
    struct reading *reading = named->reading;
    struct prop_facts *fact = &reading->index->facts.items[reading->index->facts.count++];
    char *copy = mem_new(greater(name.len, 1));
    memcpy(copy, name.data, (size_t)name.len);
    *fact = (struct prop_facts){.name = {copy, name.len}, .events = named->facts[i].events};
    fact->many = named->facts[i].many != 0;
    return name.len > 0 && named->facts[i].values <= PROP_VALUES_MAX &&
           read_dictionary(reading, KEPT_FACT + 2 * i, named->facts[i].values, &fact->values);
}

static bool read_props(struct reading *reading)
{
    const struct kept_info *info = reading->info;
    struct index *index = reading->index;
    struct named named = {
        .reading = reading,
        .props = section(reading, KEPT_PROPS, info->props, sizeof(struct kept_prop)),
        .facts = section(reading, KEPT_FACTS, info->facts, sizeof(struct kept_fact)),
    };
    if (named.props == NULL || named.facts == NULL || info->props > PROMOTED_MAX || info->facts > PROP_NAMES_MAX ||
        !read_texts(reading, KEPT_PROP_NAMES, info->props, read_prop, &named)) {
        return false;
    }
    index->surveyed = info->facts_upto > 0;
    index->facts_upto = info->facts_upto;
    if (info->facts > 0) {
        index->facts.items = mem_new((i64)sizeof(struct prop_facts) * PROP_NAMES_MAX);
    }
    return read_texts(reading, KEPT_FACT_NAMES, info->facts, read_fact, &named);
}

/* Nothing of a file that did not fit may stay. */
static void forget_all(struct reading *reading)
{
    struct index *index = reading->index;
    layer_leave(reading->layer);
    pthread_mutex_lock(&index->adding);
    props_drop(index);
    pthread_mutex_unlock(&index->adding);
    for (i32 word = 0; word < WORD_COUNT; word++) {
        dictionary_free(&index->texts[word]);
    }
    numbers_free(&index->scores);
}

bool kept_adopt(struct ctx *ctx, struct index *index, struct snapshot *snapshot, i64 last_id)
{
    struct kept_mapping *mapping = mem_new(sizeof *mapping);
    *mapping = (struct kept_mapping){.mapping = {.users = 1, .size = snapshot_size(snapshot), .unmap = unmap},
                                     .snapshot = snapshot};
    struct layer *layer = mem_new(sizeof *layer);
    *layer = (struct layer){.users = 1, .mapping = &mapping->mapping};
    struct reading reading = {.ctx = ctx,
                              .index = index,
                              .mapping = mapping,
                              .snapshot = snapshot,
                              .info = snapshot_array(snapshot, KEPT_INFO, 1, sizeof(struct kept_info)),
                              .layer = layer};
    bool fits = reading.info != NULL && reading.info->facts_upto <= last_id && read_rows(&reading) &&
                read_runs(&reading) && read_props(&reading);
    if (!fits) {
        forget_all(&reading);
        return false;
    }
    index_adopt(index, layer, last_id);
    return true;
}

err kept_restore(struct ctx *ctx, struct index *index, struct events *log)
{
    struct kept *kept = index->kept;
    if (kept == NULL) {
        return OK;
    }
    struct snapshot_stamp stamp = kept_stamp(kept);
    struct snapshot *snapshot = NULL;
    bool holds = false;
    err code = snapshot_open(ctx, str_from(kept->folder), KEPT_NAME, &stamp, false, &snapshot);
    if (code == ERR_NOT_FOUND) {
        return OK;
    }
    if (code == OK) {
        code = events_holds(ctx, log, &(struct events_position){stamp.last_id, stamp.deletions}, &holds);
        if (!holds) {
            snapshot_close(snapshot);
        }
        TRY(code);
    }
    kept->any = holds && kept_adopt(ctx, index, snapshot, stamp.last_id);
    kept->rows = index->layers[0]->rows.count;
    kept->base = index->generation;
    if (!kept->any) {
        log_say(LOG_WARN, "index_read_again", NULL);
    }
    return OK;
}
