#include "store/snapshot.h"

#include "store/snapshot_format.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THREADS_MAX = 4 };

struct snapshot {
    char *bytes;
    i64 size;
    const struct snapshot_head *head;
    const struct snapshot_entry *entries;
};

/* Is it what we expect, and does every place in it lie in it? */
static bool head_fits(const struct snapshot *snapshot, const struct snapshot_stamp *stamp)
{
    const struct snapshot_head *head = snapshot->head;
    struct u128 folder = snapshot_folder(stamp);
    char what[sizeof head->what] = "";
    (void)snprintf(what, sizeof what, "%s", stamp->what);
    bool ours = memcmp(head->magic, "CHAMSNAP", sizeof head->magic) == 0 && head->order == SNAPSHOT_ORDER &&
                head->format == SNAPSHOT_FORMAT && head->head_sum == snapshot_head_sum(head) &&
                memcmp(head->what, what, sizeof what) == 0 && head->version == stamp->version &&
                head->folder.high == folder.high && head->folder.low == folder.low;
    if (!ours || head->size != snapshot->size || head->section_count > SNAPSHOT_SECTIONS_MAX) {
        return false;
    }
    i64 table_len = (i64)head->section_count * (i64)sizeof(struct snapshot_entry);
    return head->table_at >= SNAPSHOT_HEAD && head->table_at <= head->size && head->table_at % SNAPSHOT_ALIGN == 0 &&
           table_len <= head->size - head->table_at && head->sums_at == head->table_at + table_len &&
           head->size - head->sums_at == snapshot_blocks(head->table_at) * (i64)sizeof(u64);
}

static bool table_fits(const struct snapshot *snapshot)
{
    const struct snapshot_head *head = snapshot->head;
    i64 table_len = (i64)head->section_count * (i64)sizeof(struct snapshot_entry);
    if (hash64(snapshot->bytes + head->table_at, table_len) != head->table_sum ||
        hash64(snapshot->bytes + head->sums_at, head->size - head->sums_at) != head->sums_sum) {
        return false;
    }
    for (u32 i = 0; i < head->section_count; i++) {
        const struct snapshot_entry *entry = &snapshot->entries[i];
        if (entry->at < SNAPSHOT_HEAD || entry->at > head->table_at || entry->at % SNAPSHOT_ALIGN != 0 ||
            entry->len < 0 || entry->len > head->table_at - entry->at) {
            return false;
        }
    }
    return true;
}

/* Checking blocks, by several threads where there are many. */
struct checking {
    const struct snapshot *snapshot;
    i64 next; /* taken by adding */
    bool bad;
};

static void *check_blocks(void *self)
{
    struct checking *checking = self;
    const struct snapshot *snapshot = checking->snapshot;
    const struct snapshot_head *head = snapshot->head;
    const char *sums = snapshot->bytes + head->sums_at;
    i64 count = snapshot_blocks(head->table_at);
    for (;;) {
        i64 i = __atomic_fetch_add(&checking->next, 1, __ATOMIC_RELAXED);
        if (i >= count || __atomic_load_n(&checking->bad, __ATOMIC_RELAXED)) {
            return NULL;
        }
        i64 at = SNAPSHOT_HEAD + i * SNAPSHOT_BLOCK;
        u64 sum;
        memcpy(&sum, sums + i * (i64)sizeof sum, sizeof sum);
        if (hash64(snapshot->bytes + at, lesser(SNAPSHOT_BLOCK, head->table_at - at)) != sum) {
            __atomic_store_n(&checking->bad, true, __ATOMIC_RELAXED);
        }
    }
}

static bool blocks_fit(const struct snapshot *snapshot)
{
    struct checking checking = {.snapshot = snapshot};
    pthread_t threads[THREADS_MAX];
    i64 started = 0;
    i64 wanted = snapshot->size > 16 * SNAPSHOT_BLOCK ? lesser(THREADS_MAX, sysconf(_SC_NPROCESSORS_ONLN)) - 1 : 0;
    while (started < wanted && pthread_create(&threads[started], NULL, check_blocks, &checking) == 0) {
        started++;
    }
    (void)check_blocks(&checking);
    for (i64 i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    return !checking.bad;
}

static err map(str path, bool own, struct snapshot *out)
{
    int fd = open(path.data, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat file;
    if (fd < 0) {
        return ERR_NOT_FOUND;
    }
    if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode) || file.st_size < SNAPSHOT_HEAD) {
        close(fd);
        return ERR_CORRUPT;
    }
    int access = own ? PROT_READ | PROT_WRITE : PROT_READ;
    void *bytes = mmap(NULL, (size_t)file.st_size, access, MAP_PRIVATE, fd, 0);
    close(fd);
    if (bytes == MAP_FAILED) {
        return ERR_CORRUPT;
    }
    *out = (struct snapshot){.bytes = bytes, .size = file.st_size, .head = bytes};
    (void)madvise(bytes, (size_t)file.st_size, MADV_WILLNEED);
    return OK;
}

err snapshot_open(struct ctx *ctx, str folder, const char *name, struct snapshot_stamp *stamp, bool own,
                  struct snapshot **out)
{
    struct snapshot found;
    (void)unlink(str_format(&ctx->arena, "%.*s/%s.new", STR_ARG(folder), name).data);
    TRY(map(str_format(&ctx->arena, "%.*s/%s", STR_ARG(folder), name), own, &found));
    bool fits = head_fits(&found, stamp);
    if (fits) {
        found.entries = (const struct snapshot_entry *)(const void *)(found.bytes + found.head->table_at);
        fits = table_fits(&found) && blocks_fit(&found);
    }
    if (!fits) {
        munmap(found.bytes, (size_t)found.size);
        return ERR_CORRUPT;
    }
    stamp->last_id = found.head->last_id;
    stamp->deletions = found.head->deletions;
    struct snapshot *kept = mem_new(sizeof *kept);
    *kept = found;
    *out = kept;
    return OK;
}

void snapshot_close(struct snapshot *snapshot)
{
    if (snapshot != NULL) {
        munmap(snapshot->bytes, (size_t)snapshot->size);
        mem_free(snapshot);
    }
}

str snapshot_section(const struct snapshot *snapshot, u32 id)
{
    for (u32 i = 0; i < snapshot->head->section_count; i++) {
        if (snapshot->entries[i].id == id) {
            return (str){snapshot->bytes + snapshot->entries[i].at, snapshot->entries[i].len};
        }
    }
    return STR_NONE;
}

void *snapshot_array(const struct snapshot *snapshot, u32 id, i64 count, i64 size)
{
    str bytes = snapshot_section(snapshot, id);
    i64 len;
    bool fits = count >= 0 && !__builtin_mul_overflow(count, size, &len) && str_is(bytes) && bytes.len == len;
    return fits ? (void *)(uintptr_t)bytes.data : NULL;
}

i64 snapshot_size(const struct snapshot *snapshot)
{
    return snapshot->size;
}
