/* Keeping the filter of repeats over a restart: its shards as they stand, in FOLDER/repeats.
 *
 * Shards are copied one after the other, so that the writer waits for one at a
 * time; each says up to which event it is complete, and a start reads from the
 * oldest of these on. Whatever else is wrong with the file, the log has all of
 * it: then the window is read once more.
 */
#include "base/log.h"
#include "events/state.h"

static const char file_name[] = EVENTS_KEPT;

enum { VERSION = 1, SECTION_INFO = 1, SECTION_SHARDS = 2, SECTION_FIRST = 16 };

struct kept_info {
    i64 first_day;  /* days before this one may be missing */
    i64 oldest_day; /* of the entries that are there */
};

struct kept_shard {
    i64 capacity, count;
    i64 last_id; /* complete up to this event */
};

static struct snapshot_stamp stamp_of(const struct events *log)
{
    struct snapshot_stamp stamp = {.what = file_name, .version = VERSION, .deletions = log->deletions};
    memcpy(stamp.key, log->options.key, sizeof stamp.key);
    return stamp;
}

/* Writing. */

struct keeping {
    struct events *log;
    struct snapshot_writer *writer;
    struct snapshot_stamp stamp;
    struct kept_info info;
    struct kept_shard shards[FILTER_SHARDS];
    struct u128 *keys; /* a copy of one shard */
    u16 *days;
    i64 capacity;
};

/* False: something was deleted meanwhile, so that what was copied before is worthless. */
static bool copy_shard(struct keeping *keeping, int number)
{
    struct events *log = keeping->log;
    pthread_mutex_lock(&log->database);
    const struct filter_shard *shard = &log->filter.shards[number];
    bool same = log->deletions == keeping->stamp.deletions && !log->filter_unsure;
    if (same && shard->capacity > keeping->capacity) {
        keeping->capacity = shard->capacity + shard->capacity / 4;
        keeping->keys = mem_resize(keeping->keys, keeping->capacity * (i64)sizeof *keeping->keys);
        keeping->days = mem_resize(keeping->days, keeping->capacity * (i64)sizeof *keeping->days);
    }
    keeping->shards[number] = (struct kept_shard){shard->capacity, shard->count, log->committed_id};
    if (same && shard->capacity > 0) {
        memcpy(keeping->keys, shard->keys, (size_t)shard->capacity * sizeof *shard->keys);
        memcpy(keeping->days, shard->days, (size_t)shard->capacity * sizeof *shard->days);
    }
    pthread_mutex_unlock(&log->database);
    return same;
}

static bool copy_all(struct keeping *keeping)
{
    keeping->stamp.last_id = INT64_MAX;
    for (int i = 0; i < FILTER_SHARDS; i++) {
        if (!copy_shard(keeping, i)) {
            return false;
        }
        const struct kept_shard *shard = &keeping->shards[i];
        for (i64 k = 0; k < shard->capacity; k++) {
            i64 day = keeping->days[k] != 0 ? keeping->days[k] : INT64_MAX;
            keeping->info.oldest_day = lesser(keeping->info.oldest_day, day);
        }
        keeping->stamp.last_id = lesser(keeping->stamp.last_id, shard->last_id);
        u32 section = SECTION_FIRST + 2 * (u32)i;
        snapshot_put(keeping->writer, section, keeping->keys, shard->capacity * (i64)sizeof *keeping->keys);
        snapshot_put(keeping->writer, section + 1, keeping->days, shard->capacity * (i64)sizeof *keeping->days);
    }
    return true;
}

static err write_file(struct ctx *ctx, struct keeping *keeping, bool *published)
{
    struct events *log = keeping->log;
    keeping->info.oldest_day = INT64_MAX;
    TRY(snapshot_create(ctx, log->folder, file_name, &keeping->writer));
    err code = copy_all(keeping) ? OK : ERR_CONFLICT;
    pthread_mutex_lock(&log->database);
    keeping->info.first_day = log->swept_day; // some shards may have been swept since they were copied, none less
    pthread_mutex_unlock(&log->database);
    if (code == OK) {
        snapshot_put(keeping->writer, SECTION_INFO, &keeping->info, sizeof keeping->info);
        snapshot_put(keeping->writer, SECTION_SHARDS, keeping->shards, sizeof keeping->shards);
        code = snapshot_finish(ctx, keeping->writer, &keeping->stamp);
    }
    pthread_mutex_lock(&log->database);
    if (code == OK && log->deletions == keeping->stamp.deletions) {
        code = snapshot_publish(ctx, keeping->writer);
        *published = code == OK;
    } else {
        snapshot_abandon(keeping->writer);
    }
    pthread_mutex_unlock(&log->database);
    return code == ERR_CONFLICT ? OK : code;
}

err events_keep(struct ctx *ctx, struct events *log, i64 most)
{
    if (log->large != NULL) {
        return OK;
    }
    pthread_mutex_lock(&log->keeping);
    pthread_mutex_lock(&log->database);
    struct keeping keeping = {.log = log, .stamp = stamp_of(log)};
    i64 unkept = log->unkept;
    bool due = (unkept > most || !log->kept_any) && log->filter.count > 0 && !log->filter_unsure;
    pthread_mutex_unlock(&log->database);
    bool published = false;
    err code = due ? write_file(ctx, &keeping, &published) : OK;
    if (published) {
        pthread_mutex_lock(&log->database);
        log->unkept -= unkept;
        log->kept_any = true;
        pthread_mutex_unlock(&log->database);
    }
    mem_free(keeping.keys);
    mem_free(keeping.days);
    pthread_mutex_unlock(&log->keeping);
    return code;
}

err keep_drop(struct ctx *ctx, struct events *log)
{
    log->kept_any = false;
    return snapshot_remove(ctx, log->folder, file_name);
}

/* Reading. */

static bool adopt_shard(struct events *log, const struct snapshot *kept, const struct kept_shard *shard, int number)
{
    if (shard->capacity == 0) {
        return shard->count == 0;
    }
    u32 section = SECTION_FIRST + 2 * (u32)number;
    struct filter_shard from = {
        .keys = snapshot_array(kept, section, shard->capacity, sizeof(struct u128)),
        .days = snapshot_array(kept, section + 1, shard->capacity, sizeof(u16)),
        .capacity = shard->capacity,
        .count = shard->count,
        .borrowed = true,
    };
    return from.keys != NULL && from.days != NULL && filter_adopt(&log->filter, number, from);
}

static bool adopt_all(struct events *log, const struct snapshot *kept)
{
    enum { SMALL = 1 << 20 };
    const struct kept_info *info = snapshot_array(kept, SECTION_INFO, 1, sizeof *info);
    const struct kept_shard *shards = snapshot_array(kept, SECTION_SHARDS, FILTER_SHARDS, sizeof *shards);
    bool fits = info != NULL && shards != NULL && info->first_day <= log->swept_day;
    for (int i = 0; fits && i < FILTER_SHARDS; i++) {
        fits = adopt_shard(log, kept, &shards[i], i);
    }
    if (fits && info->oldest_day < log->swept_day) {
        // Some have left the window. A large filter forgets them little by little.
        log->sweep_next = 0;
        while (log->filter.count <= SMALL && log->sweep_next < FILTER_SHARDS) {
            filter_sweep_shard(&log->filter, log->sweep_next++, log->swept_day);
        }
    }
    return fits;
}

err keep_open(struct ctx *ctx, struct events *log, i64 *from)
{
    struct snapshot_stamp stamp = stamp_of(log);
    struct snapshot *kept = NULL;
    bool fits = false;
    err code = snapshot_open(ctx, log->folder, file_name, &stamp, true, &kept);
    if (code == ERR_NOT_FOUND) {
        return OK;
    }
    if (code == OK) {
        code = events_holds(ctx, log, &(struct events_position){stamp.last_id, stamp.deletions}, &fits);
        fits = code == OK && fits && adopt_all(log, kept);
    }
    if (!fits) {
        ctx_forgive(ctx);
        log_say(LOG_WARN, "repeats_read_again", NULL);
        filter_free(&log->filter);
        snapshot_close(kept);
        return OK;
    }
    log->kept = kept;
    log->kept_any = true;
    *from = greater(*from, stamp.last_id);
    return OK;
}
