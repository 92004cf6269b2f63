/* What the commands share: requests to the server that holds the data folder. */
#pragma once

#include "api/commands.h"
#include "http/local.h"

#include <unistd.h>

/* The places of import's options in its row of the table. */
enum { IMPORT_MAP, IMPORT_UNDO, IMPORT_NAME, IMPORT_JSON };

/* The places of move's. */
enum { MOVE_TO, MOVE_SWITCH, MOVE_WAIT };

/* Sends a request, opening the rooms of the folder in this process when no server holds it, and shows a refusal; the
 * answer has status 0 then. */
err commands_request(struct cli *cli, struct local_request request, struct local_answer *out);

/* A mistyped folder is an error, not a new installation that knows nothing. */
err commands_folder_is_there(struct cli *cli);

/* A whole file, or standard input for "-". */
err commands_read(struct ctx *ctx, str path, str *out);

/* Waits until the rooms in this process are open; the terminal shows how far they are. */
err commands_wait(struct cli *cli);

void commands_print(str text);

/* A text as a part of a path or query. */
str commands_encoded(struct ctx *ctx, str text);

err ask_command(struct cli *cli);
err import_command(struct cli *cli);
err read_command(struct cli *cli);
err rebuild_command(struct cli *cli);
err serve_command(struct cli *cli);
err demo_command(struct cli *cli);
err doctor_command(struct cli *cli);
err learn_text_command(struct cli *cli);
err move_command(struct cli *cli);
