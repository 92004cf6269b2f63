#include "api/commands_local.h"

#include "json/read.h"
#include "json/write.h"

#include <stdio.h>
#include <time.h>

/* The members of an Import that the command line shows. */
struct watching {
    str id, state, failure;
    i64 lines, stored, duplicates, refused;
    f64 share;
};

static err read_progress(struct cli *cli, str body, struct watching *out)
{
    struct json root;
    TRY(json_parse(&cli->ctx, json_reader_here(), body, &root));
    *out = (struct watching){.state = STR(""), .failure = STR_NONE};
    (void)json_str(json_get(root, STR("id")), &out->id);
    (void)json_str(json_get(root, STR("failure")), &out->failure);
    (void)json_str(json_get(root, STR("state")), &out->state);
    (void)json_i64(json_get(root, STR("lines")), &out->lines);
    (void)json_i64(json_get(root, STR("stored")), &out->stored);
    (void)json_i64(json_get(root, STR("duplicates")), &out->duplicates);
    (void)json_i64(json_get(root, STR("refused")), &out->refused);
    (void)json_f64(json_get(root, STR("progress")), &out->share);
    out->id = str_copy(&cli->ctx.arena, out->id);
    out->state = str_copy(&cli->ctx.arena, out->state);
    out->failure = str_copy(&cli->ctx.arena, out->failure);
    return OK;
}

static str file_name(str path)
{
    i64 start = path.len;
    while (start > 0 && path.data[start - 1] != '/') {
        start--;
    }
    return str_slice(path, start, path.len);
}

str commands_encoded(struct ctx *ctx, str text)
{
    struct buf out = buf_in(&ctx->arena);
    for (i64 i = 0; i < text.len; i++) {
        u8 c = (u8)text.data[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
                     c == '-' || c == '_';
        if (plain) {
            buf_char(&out, (char)c);
        } else {
            buf_format(&out, "%%%02X", c);
        }
    }
    return buf_str(&out);
}

/* Sends the file; `*file` is its id, none when it was refused. */
static err upload(struct cli *cli, str path, str *file)
{
    str name = commands_encoded(&cli->ctx, file_name(path));
    struct local_answer answer;
    TRY(commands_request(cli,
                         (struct local_request){
                             .method = "POST",
                             .path = str_format(&cli->ctx.arena, "/api/v1/files?name=%.*s", STR_ARG(name)),
                             .file = path,
                         },
                         &answer));
    struct json root;
    *file = STR_NONE;
    if (answer.status != 0) {
        TRY(json_parse(&cli->ctx, json_reader_here(), answer.body, &root));
        (void)json_str(json_get(root, STR("id")), file);
        *file = str_copy(&cli->ctx.arena, *file);
    }
    return OK;
}

static err begin(struct cli *cli, str file, str map, str name, str *id)
{
    struct json_writer body = json_writer_in(&cli->ctx.arena);
    json_object(&body);
    json_pair_str(&body, "file", file);
    json_pair_str(&body, "name", name);
    json_pair_raw(&body, "map", map);
    json_object_end(&body);
    struct local_answer answer;
    TRY(commands_request(
        cli, (struct local_request){.method = "POST", .path = STR("/api/v1/imports"), .body = json_text(&body)},
        &answer));
    struct watching progress = {.id = STR_NONE};
    if (answer.status != 0) {
        TRY(read_progress(cli, answer.body, &progress));
    }
    *id = progress.id;
    return OK;
}

static bool has_ended(str state)
{
    return !str_eq(state, STR("waiting")) && !str_eq(state, STR("running"));
}

/* Follows an import to its end and prints the result. */
static err follow(struct cli *cli, str id)
{
    const struct timespec pause = {.tv_nsec = 100 * 1000 * 1000};
    struct watching progress = {.state = STR("")};
    struct local_answer answer;
    bool terminal = isatty(STDERR_FILENO) == 1;
    for (;;) {
        TRY(commands_request(cli,
                             (struct local_request){
                                 .method = "GET",
                                 .path = str_format(&cli->ctx.arena, "/api/v1/imports/%.*s", STR_ARG(id)),
                             },
                             &answer));
        if (answer.status == 0) {
            return OK;
        }
        TRY(read_progress(cli, answer.body, &progress));
        if (terminal) {
            (void)fprintf(stderr, "\r%5.1f %%  %lld", progress.share * 100, (long long)progress.lines);
        }
        if (has_ended(progress.state)) {
            break;
        }
        (void)nanosleep(&pause, NULL);
    }
    if (terminal) {
        (void)fputc('\n', stderr);
    }
    cli->failed = !str_eq(progress.state, STR("done")) && !str_eq(progress.state, STR("undone"));
    if (str_is(cli->options[IMPORT_JSON])) {
        commands_print(answer.body);
        return OK;
    }
    struct fault_arg args[] = {
        {"id", progress.id},
        {"state", progress.state},
        {"lines", str_format(&cli->ctx.arena, "%lld", (long long)progress.lines)},
        {"stored", str_format(&cli->ctx.arena, "%lld", (long long)progress.stored)},
        {"duplicates", str_format(&cli->ctx.arena, "%lld", (long long)progress.duplicates)},
        {"refused", str_format(&cli->ctx.arena, "%lld", (long long)progress.refused)},
    };
    commands_print(sentence_fill(&cli->ctx.arena, cli->language, "cli.import_done", args, (i32)countof(args)));
    if (str_is(progress.failure)) {
        (void)fprintf(stderr, "cham: %.*s\n", STR_ARG(progress.failure));
    }
    return OK;
}

static err undo(struct cli *cli, str id)
{
    struct local_answer answer;
    TRY(commands_request(cli,
                         (struct local_request){
                             .method = "POST",
                             .path = str_format(&cli->ctx.arena, "/api/v1/imports/%.*s/undo", STR_ARG(id)),
                         },
                         &answer));
    return answer.status == 0 ? OK : follow(cli, id);
}

err import_command(struct cli *cli)
{
    if (str_is(cli->options[IMPORT_UNDO])) {
        return undo(cli, cli->options[IMPORT_UNDO]);
    }
    if (cli->word_count == 0) {
        return FAIL(&cli->ctx, ERR_INVALID, "", "cli.need", {"option", STR("FILE")});
    }
    if (!str_is(cli->options[IMPORT_MAP])) {
        return FAIL(&cli->ctx, ERR_INVALID, "", "cli.need", {"option", STR("--map")});
    }
    str map;
    str file;
    str id;
    str name = str_is(cli->options[IMPORT_NAME]) ? cli->options[IMPORT_NAME] : file_name(cli->words[0]);
    TRY(commands_read(&cli->ctx, cli->options[IMPORT_MAP], &map));
    TRY(upload(cli, cli->words[0], &file));
    if (!str_is(file)) {
        return OK;
    }
    TRY(begin(cli, file, map, name, &id));
    return str_is(id) ? follow(cli, id) : OK;
}
