#include "store/folder.h"

#include "base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static err fail_folder(struct ctx *ctx, str path)
{
    return FAIL(ctx, ERR_IO, NULL, "error.folder", {"folder", path}, {"reason", str_from(strerror(errno))});
}

static const char *in_folder(struct ctx *ctx, str path, const char *name)
{
    return str_format(&ctx->arena, "%.*s/%s", STR_ARG(path), name).data;
}

err folder_sync(struct ctx *ctx, str path)
{
    int fd = open(str_c(&ctx->arena, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return fail_folder(ctx, path);
    }
    int code = fsync(fd);
    close(fd);
    return code == 0 ? OK : fail_folder(ctx, path);
}

static err take_lock(struct ctx *ctx, str path, int *out)
{
    int fd = open(in_folder(ctx, path, "lock"), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return fail_folder(ctx, path);
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.folder_in_use", {"folder", path});
    }
    *out = fd;
    return OK;
}

/* Writes a new key under another name first, so that no reader ever sees half of one; the first to arrive wins. */
static err create_key(struct ctx *ctx, str path)
{
    u8 key[HASH_KEY_LEN];
    random_bytes(key, sizeof key);
    char *temporary = (char *)in_folder(ctx, path, "key.XXXXXX");
    int fd = mkstemp(temporary); // 0600
    if (fd < 0) {
        return fail_folder(ctx, path);
    }
    bool written = write(fd, key, sizeof key) == (ssize_t)sizeof key && fsync(fd) == 0;
    close(fd);
    bool linked = written && (link(temporary, in_folder(ctx, path, "key")) == 0 || errno == EEXIST);
    err code = linked ? OK : fail_folder(ctx, path);
    unlink(temporary);
    return code == OK ? folder_sync(ctx, path) : code;
}

err folder_key(struct ctx *ctx, str path, u8 key[HASH_KEY_LEN])
{
    int fd = open(in_folder(ctx, path, "key"), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT) {
        TRY(create_key(ctx, path));
        fd = open(in_folder(ctx, path, "key"), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    }
    if (fd < 0) {
        return fail_folder(ctx, path);
    }
    ssize_t got = read(fd, key, HASH_KEY_LEN);
    close(fd);
    if (got != HASH_KEY_LEN) {
        return FAIL(ctx, ERR_CORRUPT, NULL, "error.corrupt", {"file", str_from(in_folder(ctx, path, "key"))});
    }
    return OK;
}

err folder_key_set(struct ctx *ctx, str path, const u8 key[HASH_KEY_LEN])
{
    char *temporary = (char *)in_folder(ctx, path, "key.XXXXXX");
    int fd = mkstemp(temporary); // 0600
    if (fd < 0) {
        return fail_folder(ctx, path);
    }
    bool written = write(fd, key, HASH_KEY_LEN) == HASH_KEY_LEN && fsync(fd) == 0;
    close(fd);
    if (!written || rename(temporary, in_folder(ctx, path, "key")) != 0) {
        err code = fail_folder(ctx, path);
        unlink(temporary);
        return code;
    }
    return folder_sync(ctx, path);
}

err folder_open(struct ctx *ctx, str path, struct folder *out)
{
    *out = (struct folder){.path = path, .lock = -1};
    const char *name = str_c(&ctx->arena, path);
    umask(077); // whatever this process makes is for its owner alone
    if (mkdir(name, 0700) != 0 && errno != EEXIST) {
        return fail_folder(ctx, path);
    }
    TRY(take_lock(ctx, path, &out->lock));
    err code = folder_key(ctx, path, out->key);
    if (code != OK) {
        folder_close(out);
    }
    return code;
}

void folder_close(struct folder *folder)
{
    if (folder->lock >= 0) {
        close(folder->lock);
        folder->lock = -1;
    }
}
