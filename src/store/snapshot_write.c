#include "store/snapshot.h"

#include "store/folder.h"
#include "store/snapshot_format.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

struct snapshot_writer {
    str folder;
    char *path, *temporary;
    int fd;
    bool failed;
    char *block; /* SNAPSHOT_BLOCK bytes */
    i64 filled;
    i64 at; /* bytes so far, with the head */
    u64 *sums;
    i64 sum_count, sum_capacity;
    struct snapshot_entry *entries;
    i64 entry_count, entry_capacity;
};

static char *copy_name(str folder, const char *name, const char *suffix)
{
    i64 size = folder.len + (i64)strlen(name) + (i64)strlen(suffix) + 2;
    char *path = mem_new(size);
    (void)snprintf(path, (size_t)size, "%.*s/%s%s", STR_ARG(folder), name, suffix);
    return path;
}

static void free_writer(struct snapshot_writer *writer)
{
    if (writer->fd >= 0) {
        close(writer->fd);
    }
    mem_free((void *)(uintptr_t)writer->folder.data);
    mem_free(writer->path);
    mem_free(writer->temporary);
    mem_free(writer->block);
    mem_free(writer->sums);
    mem_free(writer->entries);
    mem_free(writer);
}

static err fail_file(struct ctx *ctx, const char *path)
{
    return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.folder", {"folder", str_from(path)},
                {"reason", str_from(strerror(errno))});
}

err snapshot_create(struct ctx *ctx, str folder, const char *name, struct snapshot_writer **out)
{
    struct snapshot_writer *writer = mem_new(sizeof *writer);
    char *kept = mem_new(folder.len + 1);
    memcpy(kept, folder.data, (size_t)folder.len);
    writer->folder = (str){kept, folder.len};
    writer->path = copy_name(folder, name, "");
    writer->temporary = copy_name(folder, name, ".new");
    writer->block = mem_new(SNAPSHOT_BLOCK);
    writer->at = SNAPSHOT_HEAD;
    writer->fd = open(writer->temporary, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (writer->fd < 0) {
        err code = fail_file(ctx, writer->temporary);
        free_writer(writer);
        return code;
    }
    *out = writer;
    return OK;
}

static void write_at(struct snapshot_writer *writer, const void *bytes, i64 len, i64 at)
{
    for (i64 done = 0; done < len && !writer->failed;) {
        ssize_t got = pwrite(writer->fd, (const char *)bytes + done, (size_t)(len - done), at + done);
        writer->failed = got < 0 && errno != EINTR;
        done += greater(got, 0);
    }
}

/* A whole block, or what is left of it at the end. */
static void flush(struct snapshot_writer *writer)
{
    if (writer->filled == 0) {
        return;
    }
    if (writer->sum_count == writer->sum_capacity) {
        writer->sum_capacity = writer->sum_capacity * 2 + 64;
        writer->sums = mem_resize(writer->sums, writer->sum_capacity * (i64)sizeof(u64));
    }
    writer->sums[writer->sum_count++] = hash64(writer->block, writer->filled);
    write_at(writer, writer->block, writer->filled, writer->at - writer->filled);
    writer->filled = 0;
}

static void append(struct snapshot_writer *writer, const char *bytes, i64 len)
{
    for (i64 done = 0; done < len;) {
        i64 part = lesser(len - done, SNAPSHOT_BLOCK - writer->filled);
        if (bytes == NULL) {
            memset(writer->block + writer->filled, 0, (size_t)part);
        } else {
            memcpy(writer->block + writer->filled, bytes + done, (size_t)part);
        }
        writer->filled += part;
        writer->at += part;
        done += part;
        if (writer->filled == SNAPSHOT_BLOCK) {
            flush(writer);
        }
    }
}

void snapshot_begin(struct snapshot_writer *writer, u32 id)
{
    append(writer, NULL, -writer->at & (SNAPSHOT_ALIGN - 1));
    if (writer->entry_count == writer->entry_capacity) {
        writer->entry_capacity = writer->entry_capacity * 2 + 64;
        writer->entries = mem_resize(writer->entries, writer->entry_capacity * (i64)sizeof *writer->entries);
    }
    writer->entries[writer->entry_count++] = (struct snapshot_entry){.id = id, .at = writer->at};
}

void snapshot_add(struct snapshot_writer *writer, const void *bytes, i64 len)
{
    if (len > 0) {
        append(writer, bytes, len);
        writer->entries[writer->entry_count - 1].len += len;
    }
}

static void write_end(struct snapshot_writer *writer, const struct snapshot_stamp *stamp)
{
    append(writer, NULL, -writer->at & (SNAPSHOT_ALIGN - 1));
    flush(writer);
    i64 table_len = writer->entry_count * (i64)sizeof *writer->entries;
    i64 sums_len = writer->sum_count * (i64)sizeof(u64);
    struct snapshot_head head = {
        .magic = "CHAMSNAP",
        .order = SNAPSHOT_ORDER,
        .format = SNAPSHOT_FORMAT,
        .version = stamp->version,
        .section_count = (u32)writer->entry_count,
        .folder = snapshot_folder(stamp),
        .last_id = stamp->last_id,
        .deletions = stamp->deletions,
        .table_at = writer->at,
        .sums_at = writer->at + table_len,
        .size = writer->at + table_len + sums_len,
        .table_sum = hash64(writer->entries, table_len),
        .sums_sum = hash64(writer->sums, sums_len),
    };
    (void)snprintf(head.what, sizeof head.what, "%s", stamp->what);
    head.head_sum = snapshot_head_sum(&head);
    char bytes[SNAPSHOT_HEAD] = {0};
    memcpy(bytes, &head, sizeof head);
    write_at(writer, writer->entries, table_len, head.table_at);
    write_at(writer, writer->sums, sums_len, head.sums_at);
    write_at(writer, bytes, sizeof bytes, 0);
}

err snapshot_finish(struct ctx *ctx, struct snapshot_writer *writer, const struct snapshot_stamp *stamp)
{
    write_end(writer, stamp);
    return !writer->failed && fsync(writer->fd) == 0 ? OK : fail_file(ctx, writer->temporary);
}

err snapshot_publish(struct ctx *ctx, struct snapshot_writer *writer)
{
    if (rename(writer->temporary, writer->path) != 0) {
        err code = fail_file(ctx, writer->path);
        snapshot_abandon(writer);
        return code;
    }
    err code = folder_sync(ctx, writer->folder);
    free_writer(writer);
    return code;
}

void snapshot_abandon(struct snapshot_writer *writer)
{
    if (writer != NULL) {
        (void)unlink(writer->temporary);
        free_writer(writer);
    }
}

err snapshot_remove(struct ctx *ctx, str folder, const char *name)
{
    const char *suffixes[] = {"", ".new"};
    bool removed = false;
    for (i64 i = 0; i < countof(suffixes); i++) {
        str path = str_format(&ctx->arena, "%.*s/%s%s", STR_ARG(folder), name, suffixes[i]);
        if (unlink(path.data) == 0) {
            removed = true;
        } else if (errno != ENOENT) {
            return fail_file(ctx, path.data);
        }
    }
    return removed ? folder_sync(ctx, folder) : OK;
}
