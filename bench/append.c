/* How fast events reach the disk: a bare SQLite loop, our log, and reading back, on the same disk with the same rows.
 *
 *     append bare FOLDER ROWS            one prepared statement, WAL, FULL, 1,000 rows a transaction
 *     append log FOLDER ROWS BATCH       events_submit in batches, up to 64 in flight
 *     append scan FOLDER                 opens the log in FOLDER with a follower that has nothing yet, and reads it with
 *                                        each set of columns
 *
 * Prints one JSON line with rows and seconds. FOLDER must be empty but for scan.
 */
#include "base/clock.h"
#include "base/id.h"
#include "base/random.h"
#include "events/log.h"
#include "events/row.h"
#include "store/folder.h"
#include "store/migrate.h"

#include <pthread.h>

enum { ROWS_A_TRANSACTION = 1000, IN_FLIGHT = 64 };

static void say(const char *what, i64 rows, i64 ns)
{
    f64 seconds = (f64)ns / 1e9;
    printf("{\"what\":\"%s\",\"rows\":%lld,\"seconds\":%.4f,\"rows_per_s\":%.0f}\n", what, (long long)rows, seconds,
           (f64)rows / seconds);
}

static void check(struct ctx *ctx, err code)
{
    if (code != OK) {
        fprintf(stderr, "%s %s\n", err_name(code), ctx->fault.key ? ctx->fault.key : "");
        exit(1);
    }
}

/* A tracking event as real ones are: about 300 bytes of properties. */
static void make(struct ctx *ctx, struct dice *dice, struct event *out, i64 count, i64 from)
{
    static const char *const kinds[] = {"Product Viewed", "Order Completed", "page", "identify", "Cart Viewed"};
    for (i64 i = 0; i < count; i++) {
        out[i] = (struct event){
            .at_ms = 1760000000000 + (from + i) * 37,
            .received_ms = 1760000000000 + (from + i) * 37,
            .source = STR("web"),
            .message_id = str_format(&ctx->arena, "ajs-%08x%08x-%lld", dice_u32(dice), dice_u32(dice),
                                     (long long)(from + i)),
            .alias = str_format(&ctx->arena, "anon:%08x-%04x", dice_u32(dice), dice_u32(dice) & 0xffff),
            .kind = str_from(kinds[dice_below(dice, countof(kinds))]),
            .channel = STR("web"),
            .place = STR("Hà Nội"),
            .props = str_format(
                &ctx->arena,
                "{\"product_id\":\"SKU-%u\",\"name\":\"Áo khoác nam mùa đông\",\"price\":%u,\"currency\":"
                "\"VND\",\"category\":\"Thời trang\",\"url\":\"https://shop.example.vn/san-pham/%u\","
                "\"context\":{\"ip\":\"203.0.113.0\",\"userAgent\":\"Mozilla/5.0 (Linux; Android 13)\","
                "\"page\":{\"path\":\"/san-pham\",\"title\":\"Sản phẩm\"}},\"$\":{\"trust\":\"browser\"}}",
                dice_u32(dice) % 100000, dice_u32(dice) % 1000000, dice_u32(dice) % 100000),
        };
    }
}

static void run_bare(str folder, i64 rows)
{
    struct ctx ctx = {0};
    struct connection *connection;
    struct dice dice = dice_new(1, 1);
    str file = str_format(&ctx.arena, "%.*s/bare.db", STR_ARG(folder));
    check(&ctx, connection_open(&ctx, &(struct connection_options){.file = file, .writes = true}, &connection));
    check(&ctx, migrate(&ctx, connection, "events"));
    struct event *items = arena_new(&ctx.arena, struct event, rows);
    make(&ctx, &dice, items, rows, 0);
    for (i64 i = 0; i < rows; i++) {
        items[i].id = id_new();
        items[i].message_hash = (struct u128){dice_u32(&dice), dice_u32(&dice)};
    }
    i64 begun = clock_steady_ns();
    sqlite3_stmt *insert;
    check(&ctx, connection_statement(&ctx, connection, SQL_EVENTS_INSERT, &insert));
    for (i64 i = 0; i < rows; i++) {
        if (i % ROWS_A_TRANSACTION == 0) {
            check(&ctx, connection_begin(&ctx, connection));
        }
        check(&ctx, connection_result(&ctx, connection, row_insert(insert, &items[i])));
        if (i % ROWS_A_TRANSACTION == ROWS_A_TRANSACTION - 1 || i == rows - 1) {
            check(&ctx, connection_commit(&ctx, connection));
        }
    }
    say("bare", rows, clock_steady_ns() - begun);
    connection_done(connection, SQL_EVENTS_INSERT, insert);
    connection_close(connection);
    ctx_end(&ctx);
}

/* Batches on their way. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t landed = PTHREAD_COND_INITIALIZER;
static i64 in_flight;

static void land(struct event_batch *batch, err result)
{
    (void)batch;
    if (result != OK) {
        fprintf(stderr, "a batch failed: %s\n", err_name(result));
        exit(1);
    }
    pthread_mutex_lock(&lock);
    in_flight--;
    pthread_cond_signal(&landed);
    pthread_mutex_unlock(&lock);
}

static void wait_below(i64 most)
{
    pthread_mutex_lock(&lock);
    while (in_flight > most) {
        pthread_cond_wait(&landed, &lock);
    }
    pthread_mutex_unlock(&lock);
}

static struct events *open_log(struct ctx *ctx, str folder, const struct event_follower *follower)
{
    struct events_options options = {.folder = folder, .followers = follower, .follower_count = follower != NULL};
    struct events *log;
    check(ctx, folder_key(ctx, folder, options.key));
    check(ctx, events_open(ctx, &options, &log));
    return log;
}

static void run_log(str folder, i64 rows, i64 batch_rows)
{
    struct ctx ctx = {0};
    struct dice dice = dice_new(1, 1);
    struct events *log = open_log(&ctx, folder, NULL);
    struct event *items = arena_new(&ctx.arena, struct event, rows);
    u8 *outcomes = arena_new(&ctx.arena, u8, rows);
    struct event_batch *batches = arena_new(&ctx.arena, struct event_batch, rows / batch_rows + 1);
    make(&ctx, &dice, items, rows, 0);
    i64 begun = clock_steady_ns();
    for (i64 from = 0, at = 0; from < rows; from += batch_rows, at++) {
        wait_below(IN_FLIGHT - 1);
        batches[at] = (struct event_batch){
            .items = items + from, .count = lesser(batch_rows, rows - from), .outcomes = outcomes + from, .done = land};
        pthread_mutex_lock(&lock);
        in_flight++;
        pthread_mutex_unlock(&lock);
        check(&ctx, events_submit(&ctx, log, &batches[at]));
    }
    wait_below(0);
    i64 took = clock_steady_ns() - begun;
    say("log", rows, took);
    struct events_stats stats = events_stats(log);
    fprintf(stderr, "groups %lld, commit mean %.2f ms, longest %.2f ms, filter %.1f bytes an event\n",
            (long long)stats.groups, (f64)stats.commit_ns / 1e6 / (f64)stats.groups, (f64)stats.commit_ns_max / 1e6,
            (f64)stats.filter_bytes / (f64)stats.filter_entries);
    events_close(log);
    ctx_end(&ctx);
}

struct reading {
    i64 rows, sum;
};

static err read_one(void *self, struct ctx *ctx, const struct event *event)
{
    (void)ctx;
    struct reading *reading = self;
    reading->rows++;
    reading->sum += event->at_ms + event->kind.len + event->props.len;
    return OK;
}

static err follow(void *self, struct ctx *ctx, const struct event *items, i64 count)
{
    (void)ctx;
    struct reading *reading = self;
    reading->rows += count;
    reading->sum += items[0].at_ms;
    return OK;
}

static void run_scan(str folder)
{
    static const char *const words[] = {"all", "plain", "keys"};
    struct ctx ctx = {0};
    i64 opened = clock_steady_ns();
    struct reading replayed = {0};
    struct event_follower follower = {.name = "bench", .self = &replayed, .follow = follow, .plain = true};
    struct events *log = open_log(&ctx, folder, &follower);
    say("open", replayed.rows, clock_steady_ns() - opened);
    for (int columns = EVENT_ALL; columns <= EVENT_KEYS; columns++) {
        struct reading reading = {0};
        i64 begun = clock_steady_ns();
        check(&ctx, events_scan(&ctx, log, 0, (enum event_columns)columns, read_one, &reading));
        say(words[columns], reading.rows, clock_steady_ns() - begun);
    }
    events_close(log);
    ctx_end(&ctx);
}

int main(int count, char **arguments)
{
    i64 rows = 0, batch = ROWS_A_TRANSACTION;
    str what = count > 1 ? str_from(arguments[1]) : STR("");
    if (count > 3 && !str_i64(str_from(arguments[3]), &rows)) {
        return 2;
    }
    if (count > 4 && !str_i64(str_from(arguments[4]), &batch)) {
        return 2;
    }
    if (str_eq(what, STR("bare")) && rows > 0) {
        run_bare(str_from(arguments[2]), rows);
    } else if (str_eq(what, STR("log")) && rows > 0 && batch > 0) {
        run_log(str_from(arguments[2]), rows, batch);
    } else if (str_eq(what, STR("scan")) && count > 2) {
        run_scan(str_from(arguments[2]));
    } else {
        fprintf(stderr, "append bare FOLDER ROWS | log FOLDER ROWS BATCH | scan FOLDER\n");
        return 2;
    }
    return 0;
}
