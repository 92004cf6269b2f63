/* What the command line can do: a table of commands. */
#pragma once

#include "api/app.h"
#include "base/config.h"
#include "base/ctx.h"
#include "text/sentence.h"

enum { COMMAND_OPTIONS = 8, COMMAND_WORDS = 4 };

struct command_option {
    const char *name; /* without -- */
    bool is_switch;   /* takes no value */
};

struct cli;

struct command {
    const char *name;
    const char *form; /* as it is typed: "ask FILE|- [--data DIR]" */
    const char *help; /* locale key of one sentence */
    err (*run)(struct cli *cli);
    i64 words_least, words_most;                    /* arguments that are no options */
    struct command_option options[COMMAND_OPTIONS]; /* beside the configuration's keys, which every command takes */
};

extern const struct command commands[];
extern const i64 command_count;

/* One call of the program. */
struct cli {
    struct ctx ctx;
    struct config config;
    const struct command *command;
    enum language language;
    str words[COMMAND_WORDS];
    i64 word_count;
    str options[COMMAND_OPTIONS]; /* in the order of the command's; none: not given */
    struct app *app;              /* open rooms, when this process holds the folder; closed by main */
    i64 looks;                    /* at rooms that open */
    bool told;                    /* a line on the terminal waits to be written over */
    i32 status;                   /* what the program returns after a success */
    bool failed;                  /* the command ran and the answer was a refusal, which it has shown */
};
