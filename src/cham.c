/* The command line.
 *
 * Commands are rows of a table. Those that ask or change something are requests
 * to the server that holds the data folder; when none does, the command holds
 * the folder itself meanwhile and answers on its socket alone, so there is one
 * way in and one set of checks.
 */
#include "api/app.h"
#include "api/commands.h"
#include "base/config.h"
#include "base/log.h"
#include "http/local.h"
#include "measure/quiet.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

extern char **environ;

enum { EXIT_OK, EXIT_FAILED, EXIT_USAGE };

static const struct command *command_of(str name)
{
    for (i64 i = 0; i < command_count; i++) {
        if (str_eq(name, str_from(commands[i].name))) {
            return &commands[i];
        }
    }
    return NULL;
}

static enum language language_of_terminal(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    enum language language = LANGUAGE_VI;
    for (i64 i = 0; i < countof(variables); i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL && value[0] != 0) {
            (void)language_parse(str_from(value), &language);
            break;
        }
    }
    return language;
}

static void complain(struct cli *cli, err code)
{
    const struct fault *fault = &cli->ctx.fault;
    str text = fault->key == NULL
                   ? str_from(err_name(code))
                   : sentence_fill(&cli->ctx.arena, cli->language, fault->key, fault->args, fault->arg_count);
    (void)fprintf(stderr, "cham: %.*s", STR_ARG(text));
    if (fault->pointer.len > 0) {
        (void)fprintf(stderr, " (%.*s)", STR_ARG(fault->pointer));
    }
    (void)fputc('\n', stderr);
}

static i64 option_of(const struct command *command, str name)
{
    for (i64 i = 0; i < COMMAND_OPTIONS && command->options[i].name != NULL; i++) {
        if (str_eq(name, str_from(command->options[i].name))) {
            return i;
        }
    }
    return -1;
}

/* One argument, or an option with its value: returns how many were taken. */
static err take(struct cli *cli, char **arguments, i64 left, i64 *taken)
{
    str word = str_from(arguments[0]);
    *taken = 1;
    if (!str_starts(word, STR("--")) || word.len == 2) {
        if (cli->word_count == cli->command->words_most) {
            return FAIL(&cli->ctx, ERR_INVALID, "", "cli.too_many", {"word", word});
        }
        cli->words[cli->word_count++] = word;
        return OK;
    }
    str value = str_slice(word, 2, word.len);
    str name = str_cut(&value, '=');
    i64 option = option_of(cli->command, name);
    bool is_switch = option >= 0 && cli->command->options[option].is_switch;
    if (is_switch) {
        cli->options[option] = STR("yes");
        return OK;
    }
    if (!str_is(value)) {
        if (left < 2) {
            return FAIL(&cli->ctx, ERR_INVALID, "", "cli.no_value", {"option", word});
        }
        value = str_from(arguments[1]);
        *taken = 2;
    }
    if (option < 0) {
        return config_set(&cli->ctx, &cli->config, name, value);
    }
    cli->options[option] = value;
    return OK;
}

static err read_file_settings(struct cli *cli)
{
    enum { FILE_MAX = 64 * 1024 };
    str path = str_format(&cli->ctx.arena, "%.*s/cham.conf", STR_ARG(cli->config.data));
    FILE *file = fopen(path.data, "rbe");
    if (file == NULL) {
        return OK;
    }
    char *text = arena_alloc(&cli->ctx.arena, FILE_MAX, 1);
    i64 len = (i64)fread(text, 1, FILE_MAX, file);
    (void)fclose(file);
    return config_text(&cli->ctx, &cli->config, (str){text, len});
}

/* The folder must be known before its file can be read, and the file has less weight than environment and flags:
 * so these are read twice. */
static err read_settings(struct cli *cli, char **arguments, i64 count)
{
    config_defaults(&cli->config);
    for (i64 round = 0; round < 2; round++) {
        TRY(config_environment(&cli->ctx, &cli->config, environ));
        cli->word_count = 0;
        i64 taken;
        for (i64 at = 0; at < count; at += taken) {
            TRY(take(cli, arguments + at, count - at, &taken));
        }
        if (round == 0) {
            struct config first = cli->config;
            config_defaults(&cli->config);
            cli->config.data = first.data;
            TRY(read_file_settings(cli));
            cli->config.data = first.data;
        }
    }
    if (cli->word_count < cli->command->words_least) {
        return FAIL(&cli->ctx, ERR_INVALID, "", "cli.too_few", {"command", str_from(cli->command->name)});
    }
    return OK;
}

static void usage(enum language language, FILE *out)
{
    (void)fprintf(out, "%.*s\n\n", STR_ARG(sentence(language, "cli.usage")));
    for (i64 i = 0; i < command_count; i++) {
        (void)fprintf(out, "  cham %s\n      %.*s\n", commands[i].form, STR_ARG(sentence(language, commands[i].help)));
    }
    (void)fprintf(out, "\n%.*s\n\n", STR_ARG(sentence(language, "cli.settings")));
    for (i64 i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        (void)fprintf(out, "  %-16s %-18s %.*s\n", key->name, key->otherwise, STR_ARG(sentence(language, key->help)));
    }
}

static void level_of_log(const struct config *config)
{
    static const char *const levels[] = {"debug", "info", "warn", "error"};
    for (i32 i = 0; i < countof(levels); i++) {
        if (str_eq(config->log_level, str_from(levels[i]))) {
            log_level_set((enum log_level)i);
        }
    }
}

static int run(struct cli *cli, char **arguments, i64 count)
{
    err code = read_settings(cli, arguments, count);
    if (code != OK) {
        complain(cli, code);
        return EXIT_USAGE;
    }
    level_of_log(&cli->config);
    code = cli->command->run(cli);
    if (code != OK) {
        complain(cli, code);
    }
    app_close(cli->app);
    return code == OK && !cli->failed ? cli->status : EXIT_FAILED;
}

/* `--help` or `-h`, also behind a command. */
static bool asks_for_help(char **arguments, int count)
{
    for (i64 i = 1; i < count; i++) {
        str word = str_from(arguments[i]);
        if (str_eq(word, STR("--help")) || str_eq(word, STR("-h"))) {
            return true;
        }
    }
    return false;
}

int main(int count, char **arguments)
{
    if (sodium_init() < 0) {
        (void)fputs("cham: no source of randomness\n", stderr);
        return EXIT_FAILED;
    }
    measure_quiet();
    enum language language = language_of_terminal();
    str name = count < 2 ? STR("help") : str_from(arguments[1]);
    if (str_eq(name, STR("help")) || asks_for_help(arguments, count)) {
        usage(language, stdout);
        return EXIT_OK;
    }
    if (str_eq(name, STR("--version")) || str_eq(name, STR("-V"))) {
        name = STR("version");
    }
    struct cli cli = {.language = language, .command = command_of(name)};
    if (cli.command == NULL) {
        usage(language, stderr);
        return EXIT_USAGE;
    }
    int status = run(&cli, arguments + 2, count - 2);
    ctx_end(&cli.ctx);
    return status;
}
