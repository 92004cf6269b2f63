/* The smallest server: eight threads append events, a follower books each of them in the records. For the tests that
 * take its power away.
 *
 *     appender append DIR ROUND [nosync]   appends until it is ended; each acknowledged batch is a line on fd 3:
 *                                          "THREAD FIRST COUNT"
 *     appender check DIR                   opens the folder as a server does and prints a line for each event,
 *                                          "ROUND THREAD NUMBER", and "half" for what is not whole; then
 *                                          "events N jobs N"
 *     appender list DIR                    prints each event of any server's log as a line of JSON
 */
#include "base/clock.h"
#include "events/log.h"
#include "store/folder.h"
#include "store/jobs.h"

#include <pthread.h>
#include <unistd.h>

enum { THREADS = 8, BATCH = 100, ACKS = 3 };

/* Books every event once in the records, in one transaction with others of its group: a stand-in for the people. */
struct books {
    struct store *store;
};

struct booking {
    const struct event *items;
    i64 count;
};

static err book_all(struct ctx *ctx, struct store *store, void *arg)
{
    const struct booking *booking = arg;
    for (i64 i = 0; i < booking->count; i++) {
        i64 id;
        str cause = str_format(&ctx->arena, "%lld", (long long)booking->items[i].id);
        TRY(job_put(ctx, store, STR("event"), cause, STR("{}"), &id));
    }
    return OK;
}

static err book(void *self, struct ctx *ctx, const struct event *items, i64 count)
{
    struct books *books = self;
    struct booking booking = {items, count};
    return store_write(ctx, books->store, book_all, &booking);
}

static err booked(void *self, struct ctx *ctx, i64 *after_id)
{
    struct books *books = self;
    struct shape_list jobs;
    *after_id = 0;
    TRY(job_list(ctx, books->store, STR("event"), 0, 1, &jobs));
    if (jobs.count > 0 && !str_i64(((struct job *)jobs.items)->cause, after_id)) {
        return ERR_CORRUPT;
    }
    return OK;
}

struct home {
    struct ctx ctx;
    struct folder folder;
    struct books books;
    struct event_follower follower;
    struct events *log;
    i64 round;
};

static void check(struct home *home, err code)
{
    if (code != OK) {
        fprintf(stderr, "%s %s\n", err_name(code), home->ctx.fault.key ? home->ctx.fault.key : "");
        exit(1);
    }
}

static void open_home(struct home *home, const char *path, bool no_fsync)
{
    check(home, folder_open(&home->ctx, str_from(path), &home->folder));
    struct store_options store = {.folder = home->folder.path, .no_fsync = no_fsync};
    check(home, store_open(&home->ctx, &store, &home->books.store));
    home->follower = (struct event_follower){"books", &home->books, booked, book, NULL, true};
    struct events_options options = {
        .folder = home->folder.path, .followers = &home->follower, .follower_count = 1, .no_fsync = no_fsync};
    memcpy(options.key, home->folder.key, HASH_KEY_LEN);
    check(home, events_open(&home->ctx, &options, &home->log));
}

static void close_home(struct home *home)
{
    events_close(home->log);
    store_close(home->books.store);
    folder_close(&home->folder);
    ctx_end(&home->ctx);
}

/* What an event of this name must look like. */
static struct event event_of(struct ctx *ctx, i64 round, i64 thread, i64 number)
{
    str name = str_format(&ctx->arena, "%lld %lld %lld", (long long)round, (long long)thread, (long long)number);
    u64 hash = hash_str(name);
    return (struct event){
        .at_ms = 1700000000000 + number,
        .source = STR("appender"),
        .message_id = name,
        .alias = str_format(&ctx->arena, "user:U%lld", (long long)(hash % 100)),
        .kind = name,
        .text = str_format(&ctx->arena, "%0*llx", (int)(hash % 300), (unsigned long long)hash),
    };
}

struct sender {
    struct home *home;
    i64 thread;
    pthread_t id;
};

static void say_acknowledged(i64 thread, i64 first, i64 count)
{
    char line[64];
    int len = snprintf(line, sizeof line, "%lld %lld %lld\n", (long long)thread, (long long)first, (long long)count);
    if (write(ACKS, line, (size_t)len) != len) {
        exit(1);
    }
}

static err send_batch(struct ctx *ctx, struct sender *sender, i64 first, i64 count, bool again)
{
    struct event items[BATCH];
    u8 outcomes[BATCH];
    for (i64 i = 0; i < count; i++) {
        items[i] = event_of(ctx, sender->home->round, sender->thread, first + i);
    }
    TRY(events_append(ctx, sender->home->log, items, count, outcomes));
    for (i64 i = 0; i < count; i++) {
        if (outcomes[i] != (again ? EVENT_DUPLICATE : EVENT_STORED)) {
            fprintf(stderr, "a repeat was stored or an event taken for one\n");
            exit(1);
        }
    }
    return OK;
}

/* Half of the threads send single events, half send batches; every third batch is sent again. */
static void *send_all(void *arg)
{
    struct sender *sender = arg;
    struct ctx ctx = {0};
    i64 count = sender->thread % 2 == 0 ? 1 : BATCH;
    for (i64 first = 0;; first += count) {
        err code = send_batch(&ctx, sender, first, count, false);
        if (code == OK) {
            say_acknowledged(sender->thread, first, count);
            code = first / count % 3 == 0 ? send_batch(&ctx, sender, first, count, true) : OK;
        }
        if (code != OK && code != ERR_UNAVAILABLE) {
            fprintf(stderr, "%s %s\n", err_name(code), ctx.fault.key ? ctx.fault.key : "");
            exit(1);
        }
        ctx_reset(&ctx);
    }
    return NULL;
}

static void append_forever(struct home *home)
{
    struct sender senders[THREADS];
    for (i64 i = 0; i < THREADS; i++) {
        senders[i] = (struct sender){.home = home, .thread = i};
        if (pthread_create(&senders[i].id, NULL, send_all, &senders[i]) != 0) {
            exit(1);
        }
    }
    pthread_join(senders[0].id, NULL);
}

static err print_event(void *self, struct ctx *ctx, const struct event *event)
{
    i64 parts[3] = {0};
    str rest = event->kind;
    bool whole = true;
    for (i64 i = 0; i < 3; i++) {
        whole = whole && str_i64(str_cut(&rest, ' '), &parts[i]);
    }
    struct event expected = event_of(ctx, parts[0], parts[1], parts[2]);
    whole = whole && expected.at_ms == event->at_ms && str_eq(expected.text, event->text) &&
            str_eq(expected.alias, event->alias) && str_eq(expected.source, event->source);
    printf("%.*s%s\n", STR_ARG(event->kind), whole ? "" : " half");
    ++*(i64 *)self;
    return OK;
}

static void check_all(struct home *home)
{
    i64 events = 0, jobs = 0;
    check(home, events_scan(&home->ctx, home->log, 0, EVENT_ALL, print_event, &events));
    check(home, store_number(&home->ctx, home->books.store, SQL_JOB_COUNT, ARGS(ARG_STR("kind", STR("event"))), &jobs));
    printf("events %lld jobs %lld\n", (long long)events, (long long)jobs);
}

static err print_json(void *self, struct ctx *ctx, const struct event *event)
{
    (void)self;
    struct json_writer writer = json_writer_in(&ctx->arena);
    shape_write(&writer, &event_shape, event, SHAPE_ALL);
    printf("%.*s\n", STR_ARG(json_text(&writer)));
    return OK;
}

static void list_all(struct home *home, const char *path)
{
    check(home, folder_open(&home->ctx, str_from(path), &home->folder));
    struct events_options options = {.folder = home->folder.path};
    memcpy(options.key, home->folder.key, HASH_KEY_LEN);
    check(home, events_open(&home->ctx, &options, &home->log));
    check(home, events_scan(&home->ctx, home->log, 0, EVENT_ALL, print_json, NULL));
}

int main(int count, char **arguments)
{
    struct home home = {0};
    str what = count > 1 ? str_from(arguments[1]) : STR("");
    if (str_eq(what, STR("append")) && count > 3 && str_i64(str_from(arguments[3]), &home.round)) {
        open_home(&home, arguments[2], count > 4);
        append_forever(&home);
    } else if (str_eq(what, STR("check")) && count > 2) {
        open_home(&home, arguments[2], false);
        check_all(&home);
    } else if (str_eq(what, STR("list")) && count > 2) {
        list_all(&home, arguments[2]);
    } else {
        fprintf(stderr, "appender append DIR ROUND [nosync] | check DIR | list DIR\n");
        return 2;
    }
    close_home(&home);
    return 0;
}
