#include "journey/kept_format.h"

struct writing {
    struct ctx *ctx;
    struct index *index;
    struct view view;
    const struct layer *base;
    struct snapshot_writer *writer;
    struct snapshot_stamp stamp;
    struct kept_info info;
};

static void put_column(struct writing *writing, u32 section, const struct column *column, i64 count, u8 *width)
{
    *width = column->width;
    snapshot_put(writing->writer, section, column->one, count * column->width);
}

static void put_sparse(struct writing *writing, u32 section, const struct sparse *sparse)
{
    i64 words = sparse->count == 0 ? 0 : writing->info.rows / 64 + (writing->info.rows % 64 != 0);
    snapshot_put(writing->writer, section, sparse->bits, words * (i64)sizeof(u64));
    snapshot_put(writing->writer, section + 1, sparse->before, words * (i64)sizeof(u32));
}

static void put_texts(struct writing *writing, u32 section, const str *texts, u32 count)
{
    snapshot_begin(writing->writer, section);
    for (u32 i = 0; i < count; i++) {
        u32 len = (u32)texts[i].len;
        snapshot_add(writing->writer, &len, sizeof len);
    }
    snapshot_begin(writing->writer, section + 1);
    for (u32 i = 0; i < count; i++) {
        snapshot_add(writing->writer, texts[i].data, texts[i].len);
    }
}

static void put_dictionary(struct writing *writing, u32 section, const struct texts *texts)
{
    put_texts(writing, section, texts->count == 0 ? NULL : texts->values + 1, texts->count);
}

static void put_runs(struct writing *writing)
{
    const struct layer *base = writing->base;
    struct identity *identity = writing->index->identity;
    i64 *ids = mem_new(((i64)base->run_count + 1) * (i64)sizeof(i64));
    identity_lock(identity);
    for (u32 run = 0; run < base->run_count; run++) {
        ids[run] = base->run_alias[run] == 0 ? 0 : identity_id(identity, base->run_alias[run]);
    }
    identity_unlock(identity);
    snapshot_put(writing->writer, KEPT_RUN_ALIAS, base->run_alias, base->run_count * (i64)sizeof(alias_no));
    snapshot_put(writing->writer, KEPT_RUN_START, base->run_start, ((i64)base->run_count + 1) * (i64)sizeof(u32));
    snapshot_put(writing->writer, KEPT_RUN_ID, ids, base->run_count * (i64)sizeof(i64));
    mem_free(ids);
}

static void put_rows(struct writing *writing)
{
    const struct rows *rows = &writing->base->rows;
    struct kept_info *info = &writing->info;
    snapshot_put(writing->writer, KEPT_AT, rows->at_ms, rows->count * (i64)sizeof(i64));
    snapshot_put(writing->writer, KEPT_IDS, rows->ids, rows->count * (i64)sizeof(i64));
    for (i32 word = 0; word < WORD_COUNT; word++) {
        i64 cells = word < WORD_DENSE_COUNT ? rows->count : word == WORD_CURRENCY ? info->amounts : info->answers;
        put_column(writing, KEPT_WORDS + (u32)word, &rows->words[word], cells, &info->widths[word]);
        info->texts[word] = writing->view.texts[word].count;
        put_dictionary(writing, KEPT_TEXTS + 2 * (u32)word, &writing->view.texts[word]);
    }
    put_column(writing, KEPT_SCORES, &rows->scores, info->answers, &info->score_width);
    put_sparse(writing, KEPT_ANSWERED, &rows->answered);
    put_sparse(writing, KEPT_VOICED, &rows->voiced);
    put_sparse(writing, KEPT_PRICED, &rows->priced);
    snapshot_put(writing->writer, KEPT_AMOUNTS, rows->amounts, info->amounts * (i64)sizeof(i64));
    info->numbers = writing->view.scores.count;
    snapshot_put(writing->writer, KEPT_NUMBERS, writing->view.scores.values + 1, info->numbers * (i64)sizeof(f64));
}

static i32 names_of_props(struct writing *writing, str *names)
{
    struct index *index = writing->index;
    pthread_mutex_lock(&index->lock);
    i32 count = index->promoted_count;
    for (i32 i = 0; i < count; i++) {
        names[i] = str_copy(&writing->ctx->arena, index->promoted[i]->name);
    }
    pthread_mutex_unlock(&index->lock);
    return count;
}

static void put_props(struct writing *writing)
{
    str names[PROMOTED_MAX], kept[PROMOTED_MAX];
    struct kept_prop props[PROMOTED_MAX];
    i32 count = names_of_props(writing, names);
    u32 done = 0;
    for (i32 i = 0; i < count; i++) {
        const struct view_prop *prop = view_prop(&writing->view, names[i]);
        if (prop == NULL) {
            continue; // it has made room for another
        }
        const struct attached *part = writing->view.columns[prop->column].parts[0];
        const struct column none = {0};
        u32 section = KEPT_PROP + 4 * done;
        props[done] = (struct kept_prop){.texts = prop->texts.count};
        put_column(writing, section, part == NULL ? &none : &part->codes, writing->info.rows, &props[done].width);
        put_dictionary(writing, section + 1, &prop->texts);
        kept[done++] = names[i];
    }
    writing->info.props = done;
    snapshot_put(writing->writer, KEPT_PROPS, props, done * (i64)sizeof props[0]);
    put_texts(writing, KEPT_PROP_NAMES, kept, done);
}

/* Facts, taken out while nobody adds to them. */
struct taken_facts {
    str names[PROP_NAMES_MAX];
    struct kept_fact facts[PROP_NAMES_MAX];
    str *values[PROP_NAMES_MAX];
};

static void take_facts(struct writing *writing, struct taken_facts *out)
{
    struct index *index = writing->index;
    struct arena *arena = &writing->ctx->arena;
    for (u32 i = 0; i < writing->info.facts; i++) {
        const struct prop_facts *fact = &index->facts.items[i];
        struct texts values = dictionary_texts(&fact->values);
        out->facts[i] = (struct kept_fact){fact->events, values.count, fact->many};
        out->names[i] = str_copy(arena, fact->name);
        out->values[i] = arena_new(arena, str, greater(values.count, 1));
        for (u32 code = 1; code <= values.count; code++) {
            out->values[i][code - 1] = str_copy(arena, texts_text(&values, code));
        }
    }
}

/* They go on with every event: they are written as they are now, with the newest event they know. */
static void put_facts(struct writing *writing)
{
    struct index *index = writing->index;
    struct taken_facts *taken = arena_new(&writing->ctx->arena, struct taken_facts, 1);
    pthread_mutex_lock(&index->adding);
    pthread_mutex_lock(&index->facts_lock);
    writing->info.facts = index->surveyed ? (u32)index->facts.count : 0;
    writing->info.facts_upto = index->surveyed ? greater(index->last_id, 1) : 0;
    take_facts(writing, taken);
    pthread_mutex_unlock(&index->facts_lock);
    pthread_mutex_unlock(&index->adding);
    for (u32 i = 0; i < writing->info.facts; i++) {
        put_texts(writing, KEPT_FACT + 2 * i, taken->values[i], taken->facts[i].values);
    }
    snapshot_put(writing->writer, KEPT_FACTS, taken->facts, writing->info.facts * (i64)sizeof taken->facts[0]);
    put_texts(writing, KEPT_FACT_NAMES, taken->names, writing->info.facts);
}

static i64 newest_of(const struct rows *rows)
{
    i64 newest = 0;
    for (i64 row = 0; row < rows->count; row++) {
        newest = greater(newest, rows->ids[row]);
    }
    return newest;
}

static err write_file(struct writing *writing)
{
    const struct layer *base = writing->base;
    writing->info = (struct kept_info){
        .rows = base->rows.count,
        .answers = base->rows.answered.count,
        .voiced = base->rows.voiced.count,
        .amounts = base->rows.priced.count,
        .runs = base->run_count,
    };
    writing->stamp.last_id = newest_of(&base->rows);
    put_runs(writing);
    put_rows(writing);
    put_props(writing);
    put_facts(writing);
    snapshot_put(writing->writer, KEPT_INFO, &writing->info, sizeof writing->info);
    return snapshot_finish(writing->ctx, writing->writer, &writing->stamp);
}

/* What was written is published unless something was erased meanwhile. */
static err publish(struct writing *writing, u64 drops)
{
    struct kept *kept = writing->index->kept;
    TRY(snapshot_create(writing->ctx, str_from(kept->folder), KEPT_NAME, &writing->writer));
    err code = write_file(writing);
    pthread_mutex_lock(&kept->lock);
    if (code == OK && kept->drops == drops) {
        code = snapshot_publish(writing->ctx, writing->writer);
        kept->any = code == OK;
        kept->rows = writing->base->rows.count;
        kept->base = writing->view.base_generation;
    } else {
        snapshot_abandon(writing->writer);
    }
    pthread_mutex_unlock(&kept->lock);
    return code;
}

static err write_base(struct ctx *ctx, struct index *index, u64 drops)
{
    struct writing *writing = arena_new(&ctx->arena, struct writing, 1);
    *writing = (struct writing){.ctx = ctx, .index = index, .stamp = kept_stamp(index->kept)};
    // A deletion is counted after the index has heard of it: what is counted here is in the view.
    writing->stamp.deletions = events_position(index->log).deletions;
    view_open(ctx, index, &writing->view);
    writing->base = writing->view.layers[0];
    bool worth = writing->view.dead[0] == NULL &&
                 writing->base->rows.count > 0; // the next base is without what is dead
    err code = worth ? publish(writing, drops) : OK;
    view_close(&writing->view);
    return code;
}

err index_keep(struct ctx *ctx, struct index *index, i64 most)
{
    struct kept *kept = index->kept;
    if (kept == NULL || index->log == NULL) {
        return OK;
    }
    pthread_mutex_lock(&index->lock);
    i64 rows = index->layers[0]->rows.count;
    bool dead = index->layers[0]->dead != NULL;
    u64 base = index->generation;
    pthread_mutex_unlock(&index->lock);
    pthread_mutex_lock(&kept->lock);
    bool due = !kept->any || (kept->base != base && (rows - kept->rows > most || rows < kept->rows));
    u64 drops = kept->drops;
    pthread_mutex_unlock(&kept->lock);
    if (!due) {
        return OK;
    }
    if (dead) {
        index_force(index, FORCE_BASE);
    }
    pthread_mutex_lock(&kept->writing);
    err code = write_base(ctx, index, drops);
    pthread_mutex_unlock(&kept->writing);
    return code;
}

void index_keep_in(struct index *index, str folder, const u8 key[HASH_KEY_LEN])
{
    struct kept *kept = mem_new(sizeof *kept);
    kept->folder = mem_new(folder.len + 1);
    memcpy(kept->folder, folder.data, (size_t)folder.len);
    memcpy(kept->key, key, HASH_KEY_LEN);
    pthread_mutex_init(&kept->writing, NULL);
    pthread_mutex_init(&kept->lock, NULL);
    index->kept = kept;
}

err kept_drop(struct ctx *ctx, struct index *index)
{
    struct kept *kept = index->kept;
    if (kept == NULL) {
        return OK;
    }
    pthread_mutex_lock(&kept->lock);
    kept->drops++;
    kept->any = false;
    err code = snapshot_remove(ctx, str_from(kept->folder), KEPT_NAME);
    pthread_mutex_unlock(&kept->lock);
    return code;
}

void kept_close(struct index *index)
{
    struct kept *kept = index->kept;
    if (kept != NULL) {
        pthread_mutex_destroy(&kept->writing);
        pthread_mutex_destroy(&kept->lock);
        mem_free(kept->folder);
        mem_free(kept);
    }
}
