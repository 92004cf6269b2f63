#include "events/backup.h"

#include "store/migrate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FORMAT = 1, HEX_LEN = 64, COPY_BYTES = 1 << 20 };

/* In the order of copying: records first, so that the log holds all that the records have followed. */
static const char *const names[] = {"records.db", "events.db", "key"};

/* What is in a backup. */
struct backup_file {
    str name, sha256;
    i64 size;
};
struct manifest {
    i64 format, at_ms;
    str version;
    struct shape_list files;
};

static const struct shape_field file_fields[] = {
    {"name", SHAPE_STR, offsetof(struct backup_file, name), .flags = SHAPE_REQUIRED},
    {"size", SHAPE_I64, offsetof(struct backup_file, size), .flags = SHAPE_REQUIRED},
    {"sha256", SHAPE_STR, offsetof(struct backup_file, sha256), .flags = SHAPE_REQUIRED},
};
static const struct shape file_shape = SHAPE("BackupFile", struct backup_file, file_fields, NULL);

static const struct shape_field manifest_fields[] = {
    {"format", SHAPE_I64, offsetof(struct manifest, format), .flags = SHAPE_REQUIRED},
    {"version", SHAPE_STR, offsetof(struct manifest, version), .flags = SHAPE_REQUIRED},
    {"at_ms", SHAPE_TIME, offsetof(struct manifest, at_ms), .flags = SHAPE_REQUIRED},
    {"files", SHAPE_LIST, offsetof(struct manifest, files), .of = &file_shape, .flags = SHAPE_REQUIRED},
};
static const struct shape manifest_shape = SHAPE("Manifest", struct manifest, manifest_fields, NULL);

static err fail_file(struct ctx *ctx, str path)
{
    return FAIL(ctx, ERR_IO, NULL, "error.folder", {"folder", path}, {"reason", str_from(strerror(errno))});
}

static str in_folder(struct ctx *ctx, str folder, const char *name)
{
    return str_format(&ctx->arena, "%.*s/%s", STR_ARG(folder), name);
}

/* Files. */

/* Reads a whole file into the address space; unmapped when the context ends. */
struct mapping {
    void *bytes;
    size_t len;
};

static void unmap(void *object)
{
    struct mapping *mapping = object;
    munmap(mapping->bytes, mapping->len);
}

static err map_file(struct ctx *ctx, str path, str *out)
{
    int fd = open(path.data, O_RDONLY | O_CLOEXEC);
    struct stat file;
    if (fd < 0 || fstat(fd, &file) != 0) {
        err code = fail_file(ctx, path);
        if (fd >= 0) {
            close(fd);
        }
        return code;
    }
    *out = STR("");
    if (file.st_size > 0) {
        void *bytes = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (bytes == MAP_FAILED) {
            close(fd);
            return fail_file(ctx, path);
        }
        struct mapping *mapping = arena_new(&ctx->arena, struct mapping, 1);
        *mapping = (struct mapping){bytes, (size_t)file.st_size};
        ctx_defer(ctx, unmap, mapping);
        *out = (str){bytes, file.st_size};
    }
    close(fd);
    return OK;
}

static bool write_all(int fd, str bytes)
{
    for (i64 at = 0; at < bytes.len;) {
        ssize_t written = write(fd, bytes.data + at, (size_t)lesser(bytes.len - at, COPY_BYTES));
        if (written < 0 && errno != EINTR) {
            return false;
        }
        at += greater(written, 0);
    }
    return true;
}

/* A new file that is on disk afterwards. */
static err write_file(struct ctx *ctx, str path, str bytes)
{
    int fd = open(path.data, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return fail_file(ctx, path);
    }
    err code = write_all(fd, bytes) && fsync(fd) == 0 ? OK : fail_file(ctx, path);
    close(fd);
    return code;
}

static err copy_file(struct ctx *ctx, str from, str to)
{
    str bytes;
    TRY(map_file(ctx, from, &bytes));
    return write_file(ctx, to, bytes);
}

static str digest(struct ctx *ctx, str bytes)
{
    struct sha256 sum = sha256(bytes);
    return hex(&sum, sizeof sum, arena_new(&ctx->arena, char, HEX_LEN + 1));
}

/* Folders that appear complete or not at all: filled under another name, then renamed. */

static bool is_empty(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return errno == ENOENT;
    }
    i64 entries = 0;
    while (readdir(folder) != NULL) {
        entries++;
    }
    closedir(folder);
    return entries <= 2; // . and ..
}

static void remove_partial(struct ctx *ctx, str partial)
{
    static const char *const all[] = {"records.db", "records.db-journal", "events.db", "events.db-journal",
                                      "key",        "MANIFEST.json"};
    for (i64 i = 0; i < countof(all); i++) {
        unlink(in_folder(ctx, partial, all[i]).data);
    }
    rmdir(partial.data);
}

static err begin_folder(struct ctx *ctx, str to, str *partial)
{
    if (!is_empty(str_c(&ctx->arena, to))) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.not_empty", {"folder", to});
    }
    *partial = str_format(&ctx->arena, "%.*s.partial", STR_ARG(to));
    remove_partial(ctx, *partial);
    return mkdir(partial->data, 0700) == 0 ? OK : fail_file(ctx, *partial);
}

static err finish_folder(struct ctx *ctx, str partial, str to)
{
    TRY(folder_sync(ctx, partial));
    if (rename(partial.data, str_c(&ctx->arena, to)) != 0) {
        return fail_file(ctx, to);
    }
    i64 slash = to.len - 1;
    while (slash > 0 && to.data[slash] != '/') {
        slash--;
    }
    return folder_sync(ctx, slash > 0 ? str_slice(to, 0, slash) : to.data[0] == '/' ? STR("/") : STR("."));
}

/* A name without slashes at its end. */
static str tidy_name(str path)
{
    while (path.len > 1 && path.data[path.len - 1] == '/') {
        path.len--;
    }
    return path;
}

/* Writing. */

static err write_manifest(struct ctx *ctx, str partial)
{
    struct backup_file files[countof(names)];
    for (i64 i = 0; i < countof(names); i++) {
        str bytes;
        TRY(map_file(ctx, in_folder(ctx, partial, names[i]), &bytes));
        files[i] = (struct backup_file){str_from(names[i]), digest(ctx, bytes), bytes.len};
    }
    struct manifest manifest = {FORMAT, ctx_now_ms(ctx), STR(CHAM_VERSION), {files, countof(files)}};
    struct json_writer writer = json_writer_in(&ctx->arena);
    shape_write(&writer, &manifest_shape, &manifest, SHAPE_ALL);
    return write_file(ctx, in_folder(ctx, partial, "MANIFEST.json"), json_text(&writer));
}

static err fill_backup(struct ctx *ctx, struct store *store, struct events *log, str folder, str partial)
{
    TRY(store_backup(ctx, store, in_folder(ctx, partial, names[0])));
    TRY(events_backup(ctx, log, in_folder(ctx, partial, names[1])));
    TRY(copy_file(ctx, in_folder(ctx, folder, names[2]), in_folder(ctx, partial, names[2])));
    return write_manifest(ctx, partial);
}

err backup_write(struct ctx *ctx, struct store *store, struct events *log, str folder, str to)
{
    str partial;
    to = tidy_name(to);
    TRY(begin_folder(ctx, to, &partial));
    err code = fill_backup(ctx, store, log, folder, partial);
    if (code == OK) {
        code = finish_folder(ctx, partial, to);
    }
    if (code != OK) {
        remove_partial(ctx, partial);
    }
    return code;
}

/* Restoring. */

static err read_manifest(struct ctx *ctx, str from, struct manifest *out)
{
    str path = in_folder(ctx, from, "MANIFEST.json");
    if (access(path.data, R_OK) != 0) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.backup_missing", {"folder", from});
    }
    str text;
    TRY(map_file(ctx, path, &text));
    if (shape_parse(ctx, &manifest_shape, text, out, NULL) != OK) {
        ctx_forgive(ctx);
        return FAIL(ctx, ERR_CORRUPT, NULL, "error.backup_damaged", {"file", STR("MANIFEST.json")});
    }
    if (out->format > FORMAT) {
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.newer_format", {"file", path},
                    {"have", str_format(&ctx->arena, "%lld", (long long)out->format)},
                    {"known", str_format(&ctx->arena, "%d", FORMAT)});
    }
    return OK;
}

static const struct backup_file *find_file(const struct manifest *manifest, str name)
{
    const struct backup_file *files = manifest->files.items;
    for (i64 i = 0; i < manifest->files.count; i++) {
        if (str_eq(files[i].name, name)) {
            return &files[i];
        }
    }
    return NULL;
}

/* Every file is there and is what the manifest says. */
static err check_files(struct ctx *ctx, str from, const struct manifest *manifest)
{
    for (i64 i = 0; i < countof(names); i++) {
        str name = str_from(names[i]), bytes = STR_NONE;
        str path = in_folder(ctx, from, names[i]);
        const struct backup_file *file = find_file(manifest, name);
        bool there = file != NULL && access(path.data, R_OK) == 0;
        if (there) {
            TRY(map_file(ctx, path, &bytes));
        }
        if (!there || bytes.len != file->size || !str_eq(digest(ctx, bytes), file->sha256)) {
            return FAIL(ctx, ERR_CORRUPT, NULL, "error.backup_damaged", {"file", name});
        }
    }
    return OK;
}

err folder_check(struct ctx *ctx, str folder)
{
    TRY(migrate_check(ctx, in_folder(ctx, folder, names[0]), "records"));
    return migrate_check(ctx, in_folder(ctx, folder, names[1]), "events");
}

static err fill_folder(struct ctx *ctx, str from, str partial)
{
    for (i64 i = 0; i < countof(names); i++) {
        TRY(copy_file(ctx, in_folder(ctx, from, names[i]), in_folder(ctx, partial, names[i])));
    }
    return OK;
}

err backup_restore(struct ctx *ctx, str from, str folder)
{
    struct manifest manifest = {0};
    str partial;
    from = tidy_name(from);
    folder = tidy_name(folder);
    TRY(read_manifest(ctx, from, &manifest));
    TRY(check_files(ctx, from, &manifest));
    TRY(folder_check(ctx, from));
    TRY(begin_folder(ctx, folder, &partial));
    err code = fill_folder(ctx, from, partial);
    if (code == OK) {
        code = finish_folder(ctx, partial, folder);
    }
    if (code != OK) {
        remove_partial(ctx, partial);
    }
    return code;
}
