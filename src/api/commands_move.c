/* cham move --data DIR --to records=URL events=URL */
#include "api/commands_local.h"
#include "api/move.h"
#include "base/clock.h"
#include "base/log.h"
#include "events/clickhouse.h"
#include "listen/upload.h"
#include "people/identity.h"
#include "store/installation.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

/* What is asked. */

/* The words of --to; @FILE (@-: standard input) holds them, so that passwords are in nobody's list of processes. */
static err target_words(struct cli *cli, str *out)
{
    str to = cli->options[MOVE_TO];
    if (str_starts(to, STR("@"))) {
        TRY(commands_read(&cli->ctx, str_slice(to, 1, to.len), &to));
    }
    struct buf words = buf_in(&cli->ctx.arena);
    for (i64 i = 0; i < to.len; i++) {
        buf_char(&words, to.data[i] == '\n' ? ' ' : to.data[i]);
    }
    buf_format(&words, " %.*s", STR_ARG(cli->word_count > 0 ? cli->words[0] : STR("")));
    *out = buf_str(&words);
    return OK;
}

/* "records=URL events=URL", in one word or two. */
static err read_target(struct cli *cli, struct side *to)
{
    bool records = false, events = false;
    str words;
    TRY(target_words(cli, &words));
    for (str rest = words; str_is(rest);) {
        str value = str_trim(str_cut(&rest, ' '));
        if (value.len == 0) {
            continue;
        }
        str name = str_cut(&value, '=');
        bool of_records = str_eq(name, STR("records"));
        if (!str_is(value) || !(of_records || str_eq(name, STR("events")))) {
            return FAIL(&cli->ctx, ERR_INVALID, "", "cli.move_form");
        }
        *(of_records ? &to->records : &to->events) = value;
        *(of_records ? &records : &events) = true;
    }
    return records && events ? OK : FAIL(&cli->ctx, ERR_INVALID, "", "cli.move_form");
}

static err check_stores(struct ctx *ctx, const struct side *side)
{
    bool records = side->records.len > 0, events = side->events.len > 0;
    return records == events ? OK : FAIL(ctx, ERR_INVALID, records ? "events" : "records", "error.config_stores");
}

static err check_sides(struct cli *cli, const struct side *from, const struct side *to)
{
    TRY(check_stores(&cli->ctx, from));
    TRY(check_stores(&cli->ctx, to));
    bool same = !side_large(from) && !side_large(to);
    same |= side_large(from) && (str_eq(from->records, to->records) || str_eq(from->events, to->events));
    return same ? FAIL(&cli->ctx, ERR_INVALID, "", "cli.move_same") : OK;
}

/* What the target may hold: nothing, or an unfinished copy of this installation. */

static str mark_of(struct arena *arena, const struct side *from)
{
    struct sha256 digest = sha256((str){(const char *)from->key, sizeof from->key});
    char text[2 * sizeof digest.bytes];
    return str_copy(arena, hex(digest.bytes, sizeof digest.bytes, text));
}

static err check_target(struct ctx *ctx, struct move *move)
{
    struct store *store = move->to.store;
    str mark, done, cursor, ours = mark_of(&ctx->arena, &move->from);
    TRY(installation_read(ctx, store, STR("move"), &mark));
    TRY(installation_read(ctx, store, STR("move_done"), &done));
    TRY(installation_read(ctx, store, STR("move_cursor"), &cursor));
    move->done = str_is(done) && str_is(mark) && str_eq(mark, ours);
    if (str_is(done)) {
        return move->done && str_is(move->cli->options[MOVE_SWITCH]) ? OK
                                                                     : FAIL(ctx, ERR_CONFLICT, NULL, "error.move_done");
    }
    if (!str_is(mark)) {
        bool empty;
        i64 newest;
        TRY(tables_empty(ctx, store, &empty));
        TRY(events_newest(ctx, move->to.log, &newest));
        if (!empty || newest != 0) {
            return FAIL(ctx, ERR_CONFLICT, NULL, "error.move_target");
        }
        TRY(installation_note(ctx, store, STR("move"), ours));
    } else if (!str_eq(mark, ours)) {
        return FAIL(ctx, ERR_CONFLICT, NULL, "error.move_target");
    }
    if (str_is(cursor)) {
        (void)str_i64(cursor, &move->cursor);
    }
    return OK;
}

static err take_key(struct ctx *ctx, struct move *move)
{
    if (side_large(&move->to)) {
        return installation_key_set(ctx, move->to.store, move->from.key);
    }
    return folder_key_set(ctx, move->to.folder, move->from.key);
}

/* Copying. */

static err copy_records(struct ctx *ctx, struct store *from, void *arg)
{
    struct move *move = arg;
    i64 changed;
    return tables_copy(ctx, from, move->to.store, &changed);
}

/* Lists of refused lines lie in the folder of one and in the records of the other. */
static err copy_lists(struct ctx *ctx, struct move *move)
{
    struct uploads from = {move->from.store, move->from.folder, side_large(&move->from)};
    struct uploads to = {move->to.store, move->to.folder, side_large(&move->to)};
    return refused_copy(ctx, &from, &to);
}

static err take_alias(void *self, struct ctx *ctx, const struct store_row *row)
{
    (void)ctx;
    (void)identity_put(self, row_str(row, 1), row_i64(row, 0));
    return OK;
}

static err learn_aliases(struct ctx *ctx, struct move *move)
{
    identity_free(move->aliases);
    move->aliases = identity_new();
    return store_each(ctx, move->to.store, SQL_PEOPLE_ALIASES, ARGS_NONE, take_alias, move->aliases);
}

/* A server that was killed follows the rest at its next start: it knows what that is. */
static err check_followed(struct ctx *ctx, const struct move *move, i64 last)
{
    i64 followed, groups;
    TRY(store_number(ctx, move->from.store, SQL_PEOPLE_CURSOR, ARGS_NONE, &followed));
    TRY(store_number(ctx, move->from.store, SQL_GROUPS_COUNT, ARGS_NONE, &groups));
    bool left = side_large(&move->from) ? groups > 0 : followed < last;
    return left && !move->live ? FAIL(ctx, ERR_CONFLICT, NULL, "error.move_unfollowed") : OK;
}

/* The newest event first: what followed from the events up to it is in the records that are copied then. */
static err copy_once(struct ctx *ctx, struct move *move)
{
    i64 last;
    TRY(events_newest(ctx, move->from.log, &last));
    TRY(check_followed(ctx, move, last));
    TRY(store_read(ctx, move->from.store, copy_records, move));
    TRY(copy_lists(ctx, move));
    TRY(learn_aliases(ctx, move));
    return move_events(ctx, move, last);
}

/* Comparing. */

struct sums {
    struct tables_sum records, events;
};

static err sum_records(struct ctx *ctx, struct store *store, void *arg)
{
    return tables_digest(ctx, store, arg);
}

static err sum_side(struct ctx *ctx, struct move *move, struct side *side, struct sums *out)
{
    TRY(store_read(ctx, side->store, sum_records, &out->records));
    return events_sum(ctx, move, side->log, &out->events);
}

static bool same_sum(const struct tables_sum *a, const struct tables_sum *b)
{
    return a->rows == b->rows && memcmp(a->digest.bytes, b->digest.bytes, sizeof a->digest.bytes) == 0;
}

static void say_sums(struct move *move, const char *key, const struct sums *sums)
{
    struct arena *arena = &move->cli->ctx.arena;
    char records[2 * sizeof sums->records.digest.bytes], events[2 * sizeof sums->events.digest.bytes];
    struct fault_arg args[] = {
        {"records", str_format(arena, "%lld", (long long)sums->records.rows)},
        {"events", str_format(arena, "%lld", (long long)sums->events.rows)},
        {"records_digest",
         str_copy(arena, hex(sums->records.digest.bytes, sizeof sums->records.digest.bytes, records))},
        {"events_digest", str_copy(arena, hex(sums->events.digest.bytes, sizeof sums->events.digest.bytes, events))},
    };
    commands_print(sentence_fill(arena, move->cli->language, key, args, (i32)countof(args)));
}

static err compare(struct ctx *ctx, struct move *move)
{
    struct sums from = {0}, to = {0};
    TRY(sum_side(ctx, move, &move->from, &from));
    TRY(sum_side(ctx, move, &move->to, &to));
    if (!same_sum(&from.events, &to.events)) {
        TRY(move_repair(ctx, move)); // something was deleted in the source while it was copied
        TRY(events_sum(ctx, move, move->to.log, &to.events));
    }
    say_sums(move, "cli.move_from", &from);
    say_sums(move, "cli.move_to", &to);
    bool same = same_sum(&from.records, &to.records) && same_sum(&from.events, &to.events);
    return same ? OK : FAIL(ctx, ERR_CORRUPT, NULL, "error.move_differs");
}

/* cham.conf. */

static bool names_store(str line)
{
    str name = str_trim(str_cut(&line, '='));
    return str_is(line) && (str_eq(name, STR("records")) || str_eq(name, STR("events")));
}

static err new_text(struct ctx *ctx, const char *path, const struct side *to, struct buf *out)
{
    str old = STR("");
    if (access(path, F_OK) == 0) {
        TRY(commands_read(ctx, str_from(path), &old));
    }
    for (str rest = old; str_is(rest) && rest.len > 0;) {
        str line = str_cut(&rest, '\n');
        if (!names_store(line)) {
            buf_add(out, line);
            buf_char(out, '\n');
        }
    }
    if (side_large(to)) {
        buf_format(out, "records = %.*s\nevents = %.*s\n", STR_ARG(to->records), STR_ARG(to->events));
    }
    return OK;
}

/* Writes beside the file (behind a link: beside what it points to), with its owner and rights, and takes its name. Passwords are
 * for nobody but the owner and the group, whatever the rights were. */
static err switch_over(struct ctx *ctx, struct move *move)
{
    const char *link = str_format(&ctx->arena, "%.*s/cham.conf", STR_ARG(move->cli->config.data)).data;
    char *real = realpath(link, NULL);
    const char *path = str_c(&ctx->arena, str_from(real == NULL ? link : real));
    free(real);
    struct buf text = buf_in(&ctx->arena);
    struct stat old = {.st_mode = 0600, .st_uid = geteuid(), .st_gid = getegid()};
    TRY(new_text(ctx, path, &move->to, &text));
    (void)stat(path, &old);
    mode_t mode = old.st_mode & (side_large(&move->to) ? 0770 : 0777);
    char *beside = (char *)str_format(&ctx->arena, "%s.XXXXXX", path).data;
    int fd = mkstemp(beside);
    bool done = fd >= 0 && write(fd, buf_str(&text).data, (size_t)text.len) == text.len &&
                fchown(fd, old.st_uid, old.st_gid) == 0 && fchmod(fd, mode) == 0 && fsync(fd) == 0 &&
                rename(beside, path) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return done ? OK : FAIL(ctx, ERR_IO, NULL, "error.move_switch", {"file", str_from(path)});
}

static err tell_how_to_switch(struct ctx *ctx, struct move *move)
{
    struct cli *cli = move->cli;
    str file = str_format(&ctx->arena, "%.*s/cham.conf", STR_ARG(cli->config.data));
    struct fault_arg args[] = {{"file", file}};
    if (str_is(cli->options[MOVE_SWITCH])) {
        TRY(switch_over(ctx, move));
        commands_print(sentence_fill(&ctx->arena, cli->language, "cli.move_switched", args, 1));
        return OK;
    }
    // Without the addresses: they hold passwords, and whoever reads this gave them.
    const char *key = side_large(&move->to) ? "cli.move_lines" : "cli.move_no_lines";
    commands_print(sentence_fill(&ctx->arena, cli->language, key, args, 1));
    return OK;
}

/* All of it. */

static void say(struct move *move, const char *key)
{
    if (move->cli->told) {
        (void)fputs("\r\033[K", stderr);
        move->cli->told = false;
    }
    struct arena *arena = &move->cli->ctx.arena;
    struct fault_arg args[] = {
        {"events", str_format(arena, "%lld", (long long)move->copied)},
        {"seconds", str_format(arena, "%.1f", (f64)(clock_steady_ns() - move->begun_ns) / 1e9)},
    };
    commands_print(sentence_fill(arena, move->cli->language, key, args, (i32)countof(args)));
    (void)fflush(stdout);
}

static err finish(struct ctx *ctx, struct move *move)
{
    say(move, "cli.move_copied");
    TRY(compare(ctx, move));
    TRY(installation_note(ctx, move->to.store, STR("move_done"), STR("1")));
    return tell_how_to_switch(ctx, move);
}

/* Opens the source anew until nobody serves it any more, copying what came in between. */
static err wait_for_quiet(struct ctx *ctx, struct move *move)
{
    const struct timespec pause = {.tv_sec = 1};
    say(move, "cli.move_waits");
    while (move->live) {
        (void)nanosleep(&pause, NULL);
        struct side again = {.records = move->from.records, .events = move->from.events, .folder = move->from.folder};
        err code = side_open_source(ctx, &again, &move->live);
        side_close(&move->from);
        move->from = again;
        TRY(code);
        TRY(copy_once(ctx, move));
    }
    return OK;
}

static err carry_out(struct ctx *ctx, struct move *move)
{
    struct events_options prepare = {.prepare = move_prepare, .prepare_self = move};
    TRY(side_open_source(ctx, &move->from, &move->live));
    TRY(side_open_target(ctx, &move->to, &prepare));
    TRY(check_target(ctx, move));
    if (move->done) {
        return tell_how_to_switch(ctx, move);
    }
    TRY(take_key(ctx, move));
    TRY(copy_once(ctx, move));
    if (move->live && str_is(move->cli->options[MOVE_WAIT])) {
        TRY(wait_for_quiet(ctx, move));
    }
    if (move->live) {
        say(move, "cli.move_live");
        move->cli->failed = true;
        return OK;
    }
    return finish(ctx, move);
}

err move_command(struct cli *cli)
{
    struct move move = {.cli = cli, .begun_ns = clock_steady_ns()};
    move.from = (struct side){.records = cli->config.records, .events = cli->config.events, .folder = cli->config.data};
    move.to.folder = cli->config.data;
    move.from.lock.lock = move.to.lock.lock = -1;
    TRY(read_target(cli, &move.to));
    TRY(check_sides(cli, &move.from, &move.to));
    if (!side_large(&move.from)) {
        TRY(commands_folder_is_there(cli));
    }
    err code = carry_out(&cli->ctx, &move);
    side_close(&move.to);
    side_close(&move.from);
    identity_free(move.aliases);
    return code;
}
