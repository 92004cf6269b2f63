#include "api/commands.h"

#include "api/commands_local.h"
#include "base/buf.h"
#include "events/backup.h"
#include "json/read.h"
#include "json/write.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* One line on the terminal that is written over again; into a file only its end is of use. */
static void show_share(struct cli *cli, f64 share)
{
    struct fault_arg percent = {"percent", str_format(&cli->ctx.arena, "%d", (i32)(share * 100))};
    str line = sentence_fill(&cli->ctx.arena, cli->language, "error.starting", &percent, 1);
    if (isatty(STDERR_FILENO) != 0) {
        (void)fprintf(stderr, "\r\033[K%.*s", STR_ARG(line));
        cli->told = true;
    }
}

static void end_line(struct cli *cli)
{
    if (cli->told) {
        (void)fputs("\r\033[K", stderr);
        cli->told = false;
    }
}

static bool show_opening(void *self, const struct app *app)
{
    enum { EVERY = 40 };
    struct cli *cli = self;
    if (++cli->looks % EVERY == 0) {
        show_share(cli, progress_share(&app->progress));
    }
    return true;
}

err commands_wait(struct cli *cli)
{
    err code = app_wait(&cli->ctx, cli->app, show_opening, cli);
    end_line(cli);
    return code;
}

/* Makes sure that somebody answers on DIR/cham.sock: a running server, or this process itself. A server that is still
 * reading its log is waited for as long as that takes; one that holds the folder and says nothing, for half a minute. */
static err reach(struct cli *cli)
{
    enum { LOOKS = 300 };
    const struct timespec pause = {.tv_nsec = 100 * 1000 * 1000};
    for (i64 silent = 0; cli->app == NULL;) {
        f64 share = 0;
        enum local_state state = local_state(&cli->ctx, cli->config.data, &share);
        if (state == LOCAL_SERVES) {
            break;
        }
        if (state == LOCAL_STARTING) {
            show_share(cli, share);
        } else {
            err code = app_open(&cli->ctx, &cli->config, APP_LOCAL, &cli->app);
            if (code == OK) {
                return commands_wait(cli);
            }
            if (code != ERR_CONFLICT || ++silent > LOOKS) {
                return code;
            }
            ctx_forgive(&cli->ctx);
        }
        (void)nanosleep(&pause, NULL);
    }
    end_line(cli);
    return OK;
}

/* A refusal in the words of the server: what is wrong, then each field. */
static void show_problem(struct cli *cli, str body)
{
    struct json root;
    str detail = body;
    cli->failed = true;
    if (json_parse(&cli->ctx, json_reader_here(), body, &root) != OK) {
        (void)fprintf(stderr, "cham: %.*s\n", STR_ARG(body));
        return;
    }
    if (!json_str(json_get(root, STR("detail")), &detail)) {
        (void)json_str(json_get(root, STR("title")), &detail);
    }
    (void)fprintf(stderr, "cham: %.*s\n", STR_ARG(detail));
    for (struct json_iter i = json_each(json_get(root, STR("errors"))); json_next(&i);) {
        str pointer = STR("");
        str text = STR("");
        (void)json_str(json_get(i.value, STR("pointer")), &pointer);
        (void)json_str(json_get(i.value, STR("detail")), &text);
        if (str_eq(text, detail)) {
            (void)fprintf(stderr, "  %.*s\n", STR_ARG(pointer)); /* said already: only where */
        } else {
            (void)fprintf(stderr, "  %.*s: %.*s\n", STR_ARG(pointer), STR_ARG(text));
        }
    }
}

err commands_request(struct cli *cli, struct local_request request, struct local_answer *out)
{
    TRY(reach(cli));
    request.folder = cli->config.data;
    request.language = str_from(language_words[cli->language]);
    TRY(local_ask(&cli->ctx, &request, out));
    if (out->status >= 400) {
        show_problem(cli, out->body);
        *out = (struct local_answer){0};
    }
    return OK;
}

void commands_print(str text)
{
    (void)fwrite(text.data, 1, (size_t)text.len, stdout);
    if (text.len == 0 || text.data[text.len - 1] != '\n') {
        (void)fputc('\n', stdout);
    }
}

/* Sends a request and prints what comes back. */
static err show(struct cli *cli, struct local_request what)
{
    struct local_answer answer;
    TRY(commands_request(cli, what, &answer));
    if (answer.status != 0 && answer.body.len > 0) {
        commands_print(answer.body);
    }
    return OK;
}

err commands_folder_is_there(struct cli *cli)
{
    if (access(str_c(&cli->ctx.arena, cli->config.data), F_OK) != 0) {
        return FAIL(&cli->ctx, ERR_NOT_FOUND, "", "cli.no_folder", {"folder", cli->config.data});
    }
    return OK;
}

err commands_read(struct ctx *ctx, str path, str *out)
{
    enum { PIECE = 65536, WHOLE_MAX = 16 << 20 };
    FILE *file = str_eq(path, STR("-")) ? stdin : fopen(str_c(&ctx->arena, path), "rbe");
    if (file == NULL) {
        return FAIL(ctx, ERR_NOT_FOUND, "", "error.file", {"file", path});
    }
    struct buf text = buf_in(&ctx->arena);
    size_t got;
    while (text.len < WHOLE_MAX && (got = fread(buf_room(&text, PIECE), 1, PIECE, file)) > 0) {
        text.len += (i64)got;
    }
    bool whole = feof(file) != 0;
    if (file != stdin) {
        (void)fclose(file);
    }
    if (!whole) {
        return FAIL(ctx, ERR_TOO_LARGE, "", "error.file_size", {"file", path});
    }
    *out = buf_str(&text);
    return OK;
}

static err run_ask(struct cli *cli)
{
    TRY(commands_folder_is_there(cli));
    return ask_command(cli);
}

/* cham erase PERSON: an id, or an alias such as user:U1 or an e-mail address. */
static err run_erase(struct cli *cli)
{
    TRY(commands_folder_is_there(cli));
    str person = commands_encoded(&cli->ctx, cli->words[0]);
    str path = str_format(&cli->ctx.arena, "/api/v1/people/%.*s", STR_ARG(person));
    return show(cli, (struct local_request){.method = "DELETE", .path = path});
}

static err run_backup(struct cli *cli)
{
    enum { PATH_MAX_ = 4096 };
    char here[PATH_MAX_];
    str to = cli->options[0];
    if (!str_is(to)) {
        return FAIL(&cli->ctx, ERR_INVALID, "", "cli.need", {"option", STR("--to")});
    }
    TRY(commands_folder_is_there(cli));
    if (!str_starts(to, STR("/")) && getcwd(here, sizeof(here)) != NULL) {
        to = str_format(&cli->ctx.arena, "%s/%.*s", here, STR_ARG(to)); /* the server stands in another folder */
    }
    struct json_writer body = json_writer_in(&cli->ctx.arena);
    json_object(&body);
    json_pair_str(&body, "to", to);
    json_object_end(&body);
    return show(cli, (struct local_request){.method = "POST", .path = STR("/api/v1/backup"), .body = json_text(&body)});
}

static err run_restore(struct cli *cli)
{
    if (!str_is(cli->options[0])) {
        return FAIL(&cli->ctx, ERR_INVALID, "", "cli.need", {"option", STR("--from")});
    }
    if (cli->config.records.len > 0) {
        return FAIL(&cli->ctx, ERR_INVALID, "", "cli.restore_shared");
    }
    return backup_restore(&cli->ctx, cli->options[0], cli->config.data);
}

/* cham user add EMAIL [--name NAME] [--role ROLE]: prints the one-time link. */
static err run_user(struct cli *cli)
{
    if (!str_eq(cli->words[0], STR("add"))) {
        return FAIL(&cli->ctx, ERR_INVALID, "", "cli.verb", {"word", cli->words[0]}, {"allowed", STR("add")});
    }
    str role = str_is(cli->options[1]) ? cli->options[1] : STR("owner");
    str name = str_is(cli->options[0]) ? cli->options[0] : cli->words[1];
    struct json_writer body = json_writer_in(&cli->ctx.arena);
    json_object(&body);
    json_pair_str(&body, "email", cli->words[1]);
    json_pair_str(&body, "name", name);
    json_pair_str(&body, "role", role);
    json_object_end(&body);
    struct local_answer answer;
    TRY(commands_request(
        cli, (struct local_request){.method = "POST", .path = STR("/api/v1/users"), .body = json_text(&body)},
        &answer));
    struct json root;
    str link;
    if (answer.status != 0 && json_parse(&cli->ctx, json_reader_here(), answer.body, &root) == OK &&
        json_str(json_get(root, STR("link")), &link)) {
        commands_print(link);
    }
    return OK;
}

static err run_openapi(struct cli *cli)
{
    return show(cli, (struct local_request){.method = "GET", .path = STR("/openapi.json")});
}

static err run_version(struct cli *cli)
{
    (void)cli;
    commands_print(STR("cham " CHAM_VERSION));
    return OK;
}

const struct command commands[] = {
    {"serve", "serve [--data DIR] [--listen HOST:PORT] …", "cli.serve", serve_command},
    {"learn-text",
     "learn-text FILE --text NAME --label NAME --out MODEL",
     "cli.learn_text",
     learn_text_command,
     1,
     1,
     {{"text", false}, {"label", false}, {"out", false}}},
    {"import", "import FILE --map MAP.json [--name NAME] [--data DIR] | import --undo ID", "cli.import", import_command,
     .words_most = 1,
     .options = {[IMPORT_MAP] = {"map"},
                 [IMPORT_UNDO] = {"undo"},
                 [IMPORT_NAME] = {"name"},
                 [IMPORT_JSON] = {"json", .is_switch = true}}},
    {"ask", "ask FILE|- [--data DIR]", "cli.ask", run_ask, .words_least = 1, .words_most = 1},
    {"read", "read FILE|- [--text COLUMN] [--model MODEL] [--with-text]", "cli.read", read_command, .words_least = 1,
     .words_most = 1, .options = {{"text"}, {"model"}, {"with-text", .is_switch = true}}},
    {"demo", "demo [--people N] [--months N] [--seed N] [--until DATE] [--if-empty] [--data DIR]", "cli.demo",
     demo_command, .options = {{"people"}, {"months"}, {"seed"}, {"until"}, {"if-empty", .is_switch = true}}},
    {"user", "user add EMAIL [--name NAME] [--role ROLE] [--data DIR]", "cli.user", run_user, .words_least = 2,
     .words_most = 2, .options = {{"name"}, {"role"}}},
    {"erase", "erase PERSON [--data DIR]", "cli.erase", run_erase, .words_least = 1, .words_most = 1},
    {"backup", "backup --to FOLDER [--data DIR]", "cli.backup", run_backup, .options = {{"to"}}},
    {"restore", "restore --from FOLDER --data DIR", "cli.restore", run_restore, .options = {{"from"}}},
    {"rebuild", "rebuild [--data DIR]", "cli.rebuild", rebuild_command},
    {"doctor", "doctor [--json] [--data DIR]", "cli.doctor", doctor_command, .options = {{"json", .is_switch = true}}},
    {"move", "move --to \"records=URL events=URL\" [--wait] [--switch] [--data DIR]", "cli.move", move_command,
     .words_most = 1,
     .options = {[MOVE_TO] = {"to"},
                 [MOVE_SWITCH] = {"switch", .is_switch = true},
                 [MOVE_WAIT] = {"wait", .is_switch = true}}},
    {"openapi", "openapi [--data DIR]", "cli.openapi", run_openapi},
    {"version", "version", "cli.version", run_version},
};
const i64 command_count = countof(commands);
