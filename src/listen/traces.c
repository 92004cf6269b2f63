#include "listen/traces.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Short values such as "7" stand in every line by chance: only whole words of a line count. */
static bool is_word_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}

static bool holds_word(str text, str word)
{
    for (str rest = text; word.len > 0;) {
        i64 at = str_find(rest, word);
        if (at < 0) {
            return false;
        }
        const char *before = rest.data + at - 1;
        const char *after = rest.data + at + word.len;
        bool begins = before < text.data || !is_word_char(*before);
        bool ends = after >= text.data + text.len || !is_word_char(*after);
        if (begins && ends) {
            return true;
        }
        rest = str_slice(rest, at + 1, rest.len);
    }
    return false;
}

static bool names_somebody(str text, const struct str_list *words)
{
    for (i64 i = 0; i < words->count; i++) {
        if (holds_word(text, words->items[i])) {
            return true;
        }
    }
    return false;
}

/* A file in memory, shared with the disk. */
struct mapped {
    char *bytes;
    i64 len;
    int file;
};

static bool map_file(int folder, const char *name, struct mapped *out)
{
    struct stat about;
    *out = (struct mapped){.file = openat(folder, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW)};
    if (out->file < 0) {
        return false;
    }
    bool fits = fstat(out->file, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0;
    void *bytes = fits ? mmap(NULL, (size_t)about.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, out->file, 0)
                       : MAP_FAILED;
    if (bytes == MAP_FAILED) {
        (void)close(out->file);
        return false;
    }
    out->bytes = bytes;
    out->len = about.st_size;
    return true;
}

static err unmap_file(struct ctx *ctx, struct mapped *file)
{
    bool safe = msync(file->bytes, (size_t)file->len, MS_SYNC) == 0;
    (void)munmap(file->bytes, (size_t)file->len);
    (void)close(file->file);
    return safe ? OK : FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
}

/* The end of the CSV record that begins at `at`, and where its third cell begins. */
static i64 record_end(const struct mapped *file, i64 at, i64 *third)
{
    bool quoted = false;
    i64 commas = 0;
    *third = at;
    for (; at < file->len; at++) {
        char c = file->bytes[at];
        quoted = c == '"' ? !quoted : quoted;
        if (c == ',' && !quoted && ++commas == 2) {
            *third = at + 1;
        }
        if (c == '\n' && !quoted) {
            return at;
        }
    }
    return at;
}

static void hide_lines(struct mapped *file, const struct str_list *words)
{
    i64 third;
    for (i64 at = 0; at < file->len;) {
        i64 end = record_end(file, at, &third);
        if (names_somebody((str){file->bytes + third, end - third}, words)) {
            for (i64 i = third; i < end; i++) {
                char c = file->bytes[i];
                file->bytes[i] = c == '"' || c == '\r' ? c : '*';
            }
        }
        at = end + 1;
    }
}

/* Bytes that no search for a text can see into: compressed, or two bytes a letter. */
static bool is_opaque(const struct mapped *file)
{
    i64 seen = lesser(file->len, 4096);
    return memchr(file->bytes, 0, (size_t)seen) != NULL || (file->len > 1 && (u8)file->bytes[0] == 0x1F);
}

static err each_file(struct ctx *ctx, str path,
                     err (*visit)(struct ctx *ctx, int folder, const char *name, const struct str_list *words),
                     const struct str_list *words)
{
    DIR *names = opendir(str_c(&ctx->arena, path));
    err code = OK;
    if (names == NULL) {
        return OK;
    }
    for (const struct dirent *entry; code == OK && (entry = readdir(names)) != NULL;) {
        if (entry->d_name[0] != '.') {
            code = visit(ctx, dirfd(names), entry->d_name, words);
        }
    }
    (void)closedir(names);
    return code;
}

static err clean_list(struct ctx *ctx, int folder, const char *name, const struct str_list *words)
{
    struct mapped file;
    if (!map_file(folder, name, &file)) {
        return OK;
    }
    hide_lines(&file, words);
    return unmap_file(ctx, &file);
}

static err clean_upload(struct ctx *ctx, int folder, const char *name, const struct str_list *words)
{
    struct mapped file;
    if (!map_file(folder, name, &file)) {
        return OK;
    }
    bool remove = is_opaque(&file) || names_somebody((str){file.bytes, file.len}, words);
    TRY(unmap_file(ctx, &file));
    if (remove && unlinkat(folder, name, 0) != 0) {
        return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.readonly");
    }
    return OK;
}

err traces_erase(struct ctx *ctx, str folder, const struct str_list *texts)
{
    TRY(each_file(ctx, str_format(&ctx->arena, "%.*s/imports", STR_ARG(folder)), clean_list, texts));
    return each_file(ctx, str_format(&ctx->arena, "%.*s/uploads", STR_ARG(folder)), clean_upload, texts);
}
