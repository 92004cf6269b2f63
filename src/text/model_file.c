#include "text/model_inside.h"

#include "base/buf.h"
#include "base/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Little-endian, as every machine we run on:
 *
 *     "ChamText"  version u32  reader u32  labels u32  features u32  length of the names u32  0 u32
 *     names, each with its length as u32 before it
 *     keys u64 …  rarity f32 …  bias f32 …  weights f32 …  groups u8 …
 *     SHA-256 of all before it
 */
enum {
    FORMAT_VERSION = 2,
    HEAD_LEN = 32,
    FILE_MAX = 512 * 1024 * 1024,
    FEATURES_MAX = 50 * 1000 * 1000,
};

static const char magic[8] = {'C', 'h', 'a', 'm', 'T', 'e', 'x', 't'};

static void put(struct buf *out, const void *bytes, i64 len)
{
    buf_add(out, (str){bytes, len});
}

static void put_u32(struct buf *out, i64 number)
{
    u32 value = (u32)number;
    put(out, &value, sizeof value);
}

str model_bytes(const struct model *model, struct arena *arena)
{
    struct buf out = buf_in(arena), names = buf_in(arena);
    i64 n = model->feature_count, labels = model->label_count;
    for (i64 label = 0; label < labels; label++) {
        put_u32(&names, model->labels[label].len);
        buf_add(&names, model->labels[label]);
    }
    put(&out, magic, sizeof magic);
    put_u32(&out, FORMAT_VERSION);
    put_u32(&out, FEATURES_VERSION);
    put_u32(&out, labels);
    put_u32(&out, n);
    put_u32(&out, names.len);
    put_u32(&out, 0);
    buf_add(&out, buf_str(&names));
    put(&out, model->keys, n * (i64)sizeof(u64));
    put(&out, model->rarity, n * (i64)sizeof(f32));
    put(&out, model->bias, labels * (i64)sizeof(f32));
    put(&out, model->weights, n * labels * (i64)sizeof(f32));
    put(&out, model->groups, n);
    struct sha256 digest = sha256(buf_str(&out));
    put(&out, digest.bytes, sizeof digest.bytes);
    return buf_str(&out);
}

static u32 u32_at(str bytes, i64 at)
{
    u32 value;
    memcpy(&value, bytes.data + at, sizeof value);
    return value;
}

static err damaged(struct ctx *ctx)
{
    return FAIL(ctx, ERR_CORRUPT, "", "error.model_damaged");
}

static const char *take(void *to, i64 len, const char *from)
{
    if (len > 0) {
        memcpy(to, from, (size_t)len);
    }
    return from + len;
}

static bool take_names(struct model *model, str names)
{
    for (i64 label = 0, at = 0; label < model->label_count; label++) {
        if (names.len - at < 4 || (i64)u32_at(names, at) > names.len - at - 4) {
            return false;
        }
        i64 len = u32_at(names, at);
        model->labels[label] = str_copy(&model->arena, (str){names.data + at + 4, len});
        at += 4 + len;
    }
    return true;
}

static i64 length_of(i64 labels, i64 features, i64 names)
{
    return HEAD_LEN + names + features * (8 + 4 + 1 + 4 * labels) + 4 * labels + (i64)sizeof(struct sha256);
}

err model_of_bytes(struct ctx *ctx, str bytes, struct model **out)
{
    i64 digest_len = (i64)sizeof(struct sha256);
    if (bytes.len < HEAD_LEN + digest_len || memcmp(bytes.data, magic, sizeof magic) != 0) {
        return damaged(ctx);
    }
    if (u32_at(bytes, 8) != FORMAT_VERSION || u32_at(bytes, 12) != FEATURES_VERSION) {
        return FAIL(ctx, ERR_INVALID, "", "error.model_version");
    }
    i64 labels = u32_at(bytes, 16), features = u32_at(bytes, 20), names = u32_at(bytes, 24);
    bool fits = labels >= 1 && labels <= MODEL_LABELS_MAX && features <= FEATURES_MAX && names <= bytes.len;
    if (!fits || length_of(labels, features, names) != bytes.len) {
        return damaged(ctx);
    }
    struct sha256 digest = sha256(str_slice(bytes, 0, bytes.len - digest_len));
    if (memcmp(digest.bytes, bytes.data + bytes.len - digest_len, sizeof digest.bytes) != 0) {
        return damaged(ctx);
    }
    struct model *model = model_new(labels, features);
    const char *at = bytes.data + HEAD_LEN + names;
    at = take(model->keys, features * (i64)sizeof(u64), at);
    at = take(model->rarity, features * (i64)sizeof(f32), at);
    at = take(model->bias, labels * (i64)sizeof(f32), at);
    at = take(model->weights, features * labels * (i64)sizeof(f32), at);
    (void)take(model->groups, features, at);
    bool sound = take_names(model, (str){bytes.data + HEAD_LEN, names});
    for (i64 i = 0; i < features; i++) {
        sound = sound && model->groups[i] < MODEL_GROUPS;
    }
    if (!sound) {
        model_free(model);
        return damaged(ctx);
    }
    model_index(model);
    *out = model;
    return OK;
}

static err failed(struct ctx *ctx, const char *path)
{
    return FAIL(ctx, ERR_IO, "", "error.model_file", {"file", str_from(path)}, {"reason", str_from(strerror(errno))});
}

static bool write_whole(int file, str bytes)
{
    for (i64 at = 0; at < bytes.len;) {
        ssize_t wrote = write(file, bytes.data + at, (size_t)(bytes.len - at));
        if (wrote < 0 && errno != EINTR) {
            return false;
        }
        at += wrote > 0 ? wrote : 0;
    }
    return fsync(file) == 0;
}

err model_save(struct ctx *ctx, const struct model *model, const char *path)
{
    str bytes = model_bytes(model, &ctx->arena);
    const char *fresh = str_format(&ctx->arena, "%s.%ld", path, (i64)getpid()).data;
    int file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) {
        return failed(ctx, path);
    }
    bool written = write_whole(file, bytes);
    if (close(file) != 0 || !written || rename(fresh, path) != 0) {
        err code = failed(ctx, path);
        (void)unlink(fresh);
        return code;
    }
    return OK;
}

err model_load(struct ctx *ctx, const char *path, struct model **out)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat state;
    if (file < 0) {
        return failed(ctx, path);
    }
    if (fstat(file, &state) != 0 || !S_ISREG(state.st_mode) || state.st_size > FILE_MAX) {
        (void)close(file);
        return damaged(ctx);
    }
    char *bytes = mem_new(state.st_size + 1);
    i64 len = 0;
    for (ssize_t got = 1; got > 0 && len < state.st_size;) {
        got = read(file, bytes + len, (size_t)(state.st_size - len));
        len += got > 0 ? got : 0;
    }
    (void)close(file);
    err code = model_of_bytes(ctx, (str){bytes, len}, out);
    mem_free(bytes);
    return code;
}
