#include "listen/traces.h"

#include "base/hash.h"
#include "base/id.h"

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

static err erase_in_folder(struct ctx *ctx, str folder, const struct str_list *texts)
{
    TRY(each_file(ctx, str_format(&ctx->arena, "%.*s/imports", STR_ARG(folder)), clean_list, texts));
    return each_file(ctx, str_format(&ctx->arena, "%.*s/uploads", STR_ARG(folder)), clean_upload, texts);
}

/* In the records. */

/* Where the last piece was, and what it holds. */
struct piece {
    i64 owner, at;
    str bytes; /* in the context's arena; none: there is no further one */
};

static err keep_piece(void *self, struct ctx *ctx, const struct store_row *row)
{
    struct piece *piece = self;
    *piece = (struct piece){row_i64(row, 0), row_i64(row, 1), str_copy(&ctx->arena, row_str(row, 2))};
    return OK;
}

/* A piece of a list holds whole lines. */
static err clean_piece(struct ctx *ctx, struct store *store, struct piece *piece, const struct str_list *words)
{
    struct mapped text = {(char *)piece->bytes.data, piece->bytes.len, -1};
    struct sha256 before = sha256(piece->bytes);
    hide_lines(&text, words);
    struct sha256 after = sha256(piece->bytes);
    if (memcmp(&before, &after, sizeof before) == 0) {
        return OK;
    }
    return store_run(
        ctx, store, SQL_REFUSED_PIECE_HIDE,
        ARGS(ARG_I64("import", piece->owner), ARG_I64("start", piece->at), ARG_BYTES("piece", piece->bytes)), NULL);
}

static err clean_lists(struct ctx *ctx, struct store *store, const struct str_list *words)
{
    for (struct piece piece = {.owner = -1};;) {
        struct ctx here = {0};
        piece.bytes = STR_NONE;
        err code = store_each(&here, store, SQL_REFUSED_PIECE_AFTER,
                              ARGS(ARG_I64("import", piece.owner), ARG_I64("start", piece.at)), keep_piece, &piece);
        bool any = code == OK && str_is(piece.bytes);
        if (any) {
            code = clean_piece(&here, store, &piece, words);
        }
        ctx_end(&here);
        if (code != OK || !any) {
            return code == OK ? OK : FAIL(ctx, code, NULL, "error.readonly");
        }
    }
}

/* The bytes at the end of a piece in which a word may begin that goes on in the next. */
static i64 longest(const struct str_list *words)
{
    i64 most = 0;
    for (i64 i = 0; i < words->count; i++) {
        most = greater(most, words->items[i].len);
    }
    return most;
}

/* Looks through an upload piece by piece. A word that a border of pieces makes look whole counts: better one upload too many is
 * removed. */
struct searching {
    const struct str_list *words;
    i64 upload;
    i64 keep; /* so many bytes of the piece before are looked at again */
    str tail;
    bool found;
};

static err search_piece(struct ctx *ctx, struct searching *searching, const struct piece *piece)
{
    struct mapped bytes = {(char *)piece->bytes.data, piece->bytes.len, -1};
    str text = str_format(&ctx->arena, "%.*s%.*s", STR_ARG(searching->tail), STR_ARG(piece->bytes));
    bool first = piece->owner != searching->upload;
    if (first) {
        *searching = (struct searching){searching->words, piece->owner, searching->keep, STR(""), false};
        text = piece->bytes;
        searching->found = is_opaque(&bytes);
    }
    searching->found = searching->found || names_somebody(text, searching->words);
    searching->tail = str_slice(text, greater(text.len - searching->keep, 0), text.len);
    return OK;
}

/* One piece after another over all uploads, those included that are not whole. */
static err clean_uploads(struct ctx *ctx, const struct uploads *uploads, const struct str_list *words)
{
    struct searching searching = {.words = words, .upload = -1, .keep = longest(words) + 1, .tail = STR("")};
    struct arena tails = {0};
    err code = OK;
    for (struct piece piece = {.owner = -1}; code == OK;) {
        struct ctx here = {0};
        piece.bytes = STR_NONE;
        code = store_each(&here, uploads->store, SQL_UPLOAD_PIECE_AFTER,
                          ARGS(ARG_I64("upload", piece.owner), ARG_I64("number", piece.at)), keep_piece, &piece);
        if (code == OK && !str_is(piece.bytes)) {
            ctx_end(&here);
            break;
        }
        if (code == OK) {
            code = search_piece(&here, &searching, &piece);
        }
        if (code == OK && searching.found) {
            char text[ID_TEXT_LEN];
            code = upload_remove(&here, uploads, id_text(piece.owner, text));
            piece.at = INT64_MAX; // none of its pieces is left
        }
        arena_reset(&tails);
        searching.tail = str_copy(&tails, searching.tail);
        ctx_end(&here);
    }
    arena_free(&tails);
    return code == OK ? OK : FAIL(ctx, code, NULL, "error.readonly");
}

err traces_erase(struct ctx *ctx, const struct uploads *uploads, const struct str_list *texts)
{
    if (!uploads->in_records) {
        return erase_in_folder(ctx, uploads->folder, texts);
    }
    TRY(clean_lists(ctx, uploads->store, texts));
    return clean_uploads(ctx, uploads, texts);
}
