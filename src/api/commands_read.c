#include "api/commands_local.h"
#include "base/buf.h"
#include "json/write.h"
#include "listen/rows.h"
#include "text/model.h"
#include "text/reading.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* cham read FILE|-: one text a line, or one a row of a table (--text NAME), is read and printed as one line of JSON, in
 * the same order. It needs no data folder. */

enum { READ_TEXT, READ_MODEL, READ_WITH_TEXT };

struct printer {
    struct arena arena; /* of one line */
    bool with_text;
    struct model *model; /* of the company's own labels; NULL without */
};

/* What the model says, and the words that drove it; a text without a word has no label. */
static void write_label(struct json_writer *writer, struct printer *printer, str text)
{
    struct model_guess guess = {0};
    bool guessed = model_guess(printer->model, &printer->arena, text, &guess);
    json_pair_str(writer, "label", guessed ? model_label_name(printer->model, guess.label) : STR_NONE);
    json_key(writer, STR("confidence"));
    if (guessed) {
        json_put_f64(writer, round((f64)guess.confidence * 10000) / 10000);
    } else {
        json_put_null(writer);
    }
    json_key(writer, STR("label_because"));
    json_list(writer);
    for (i32 i = 0; i < guess.because_count; i++) {
        const struct model_because *because = &guess.because[i];
        json_object(writer);
        json_pair_str(writer, "text", str_slice(text, because->at, because->at + because->len));
        json_pair_i64(writer, "at", because->at);
        json_pair_f64(writer, "weight", round((f64)because->weight * 1000) / 1000);
        json_object_end(writer);
    }
    json_list_end(writer);
}

static void print_reading(struct printer *printer, str text)
{
    struct reading reading;
    reading_of(text, &reading);
    struct json_writer writer = json_writer_in(&printer->arena);
    json_object(&writer);
    if (printer->with_text) {
        json_pair_str(&writer, "text", text);
    }
    reading_write(&writer, text, &reading);
    if (printer->model != NULL) {
        write_label(&writer, printer, text);
    }
    json_object_end(&writer);
    commands_print(json_text(&writer));
    arena_reset(&printer->arena);
}

static err refuse_folder(struct cli *cli, str path, FILE *file)
{
    struct stat about;
    bool folder = fstat(fileno(file), &about) == 0 && S_ISDIR(about.st_mode);
    return folder ? FAIL(&cli->ctx, ERR_INVALID, "", "cli.read_folder", {"file", path}) : OK;
}

/* Without the line's end, and without the byte order mark that some editors put before the first line. */
static str bare_line(char *line, i64 len, bool first)
{
    str text = {line, len};
    while (text.len > 0 && (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == '\r')) {
        text.len--;
    }
    bool marked = first && str_starts(text, STR("\xEF\xBB\xBF"));
    return marked ? str_slice(text, 3, text.len) : text;
}

static err read_lines(struct cli *cli, struct printer *printer, FILE *file)
{
    char *line = NULL;
    size_t room = 0;
    bool first = true;
    for (ssize_t len; (len = getline(&line, &room, file)) >= 0; first = false) {
        print_reading(printer, bare_line(line, len, first));
    }
    bool failed = ferror(file) != 0;
    free(line);
    return failed ? FAIL(&cli->ctx, ERR_IO, "", "import.file_unreadable") : OK;
}

static err read_text_file(struct cli *cli, struct printer *printer, str path)
{
    if (str_eq(path, STR("-"))) {
        return read_lines(cli, printer, stdin);
    }
    FILE *file = fopen(str_c(&cli->ctx.arena, path), "rbe");
    if (file == NULL) {
        return FAIL(&cli->ctx, ERR_NOT_FOUND, "", "import.file_missing", {"file", path});
    }
    err code = refuse_folder(cli, path, file);
    if (code == OK) {
        code = read_lines(cli, printer, file);
    }
    (void)fclose(file);
    return code;
}

/* The reader of tables wants a file: what comes through a pipe is kept in memory as one. */
static err keep_input(struct cli *cli, str *out)
{
    int file = memfd_create("read", MFD_CLOEXEC);
    char piece[1 << 16];
    for (size_t got; file >= 0 && (got = fread(piece, 1, sizeof piece, stdin)) > 0;) {
        for (size_t done = 0; done < got;) {
            ssize_t written = write(file, piece + done, got - done);
            if (written < 0 && errno != EINTR) {
                return FAIL(&cli->ctx, ERR_IO, "", "import.file_unreadable");
            }
            done += written > 0 ? (size_t)written : 0;
        }
    }
    if (file < 0 || ferror(stdin) != 0) {
        return FAIL(&cli->ctx, ERR_IO, "", "import.file_unreadable");
    }
    *out = str_format(&cli->ctx.arena, "/proc/self/fd/%d", file); // open until the program ends
    return OK;
}

static err no_column(struct cli *cli, const struct rows *rows, str name)
{
    struct buf columns = buf_in(&cli->ctx.arena);
    for (i64 i = 0; i < rows->columns.count; i++) {
        buf_add(&columns, i > 0 ? STR(", ") : STR(""));
        buf_add(&columns, rows->columns.items[i]);
    }
    return FAIL(&cli->ctx, ERR_INVALID, "", "cli.read_column", {"column", name}, {"columns", buf_str(&columns)});
}

/* A row that cannot be read is said on the side; its line is printed all the same, so that lines and rows stay together. */
static void print_problem(struct cli *cli, const struct row *row)
{
    str why = sentence(cli->language, row->problem);
    (void)fprintf(stderr, "cham: %lld: %.*s\n", (long long)row->line, STR_ARG(why));
    struct arena arena = {0};
    struct json_writer writer = json_writer_in(&arena);
    json_object(&writer);
    json_pair_i64(&writer, "line", row->line);
    json_pair_str(&writer, "problem", why);
    json_object_end(&writer);
    commands_print(json_text(&writer));
    arena_free(&arena);
    cli->failed = true;
}

static err read_rows(struct cli *cli, struct printer *printer, struct rows *rows, str name)
{
    i64 column = rows_column(rows, name);
    if (column < 0) {
        return no_column(cli, rows, name);
    }
    struct ctx ctx = {0}; // of one row
    struct row row;
    err code;
    while ((code = rows_next(&ctx, rows, &row)) == OK) {
        if (row.problem != NULL) {
            print_problem(cli, &row);
        } else {
            str cell = column < row.count ? row.cells[column] : STR("");
            print_reading(printer, str_is(cell) ? cell : STR(""));
        }
        ctx_reset(&ctx);
    }
    ctx_end(&ctx);
    return code == ERR_EMPTY ? OK : FAIL(&cli->ctx, code, "", "import.file_unreadable");
}

static err read_table(struct cli *cli, struct printer *printer, str path, str column)
{
    static const struct rows_options options = {0};
    struct rows *rows;
    if (str_eq(path, STR("-"))) {
        TRY(keep_input(cli, &path));
    }
    TRY(rows_open(&cli->ctx, str_c(&cli->ctx.arena, path), &options, &rows));
    err code = read_rows(cli, printer, rows, column);
    rows_close(rows);
    return code;
}

err read_command(struct cli *cli)
{
    struct printer printer = {.with_text = str_is(cli->options[READ_WITH_TEXT])};
    str column = cli->options[READ_TEXT], model = cli->options[READ_MODEL];
    if (str_is(model)) {
        TRY(model_load(&cli->ctx, str_c(&cli->ctx.arena, model), &printer.model));
    }
    err code = str_is(column) ? read_table(cli, &printer, cli->words[0], column)
                              : read_text_file(cli, &printer, cli->words[0]);
    model_free(printer.model);
    arena_free(&printer.arena);
    if (code == OK && (fflush(stdout) != 0 || ferror(stdout) != 0)) {
        return FAIL(&cli->ctx, ERR_IO, "", "cli.read_output");
    }
    return code;
}
