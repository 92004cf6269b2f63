/* Word search over comments, beside a plain table of SQLite's FTS5.
 *
 *     bench_search FOLDER COMMENTS QUERIES [postgres://…]
 *
 * The folder is new, and so is the database; what an earlier run filled is asked again without being filled.
 *
 * Comments of 120 bytes in the mean are drawn from words whose frequency follows Zipf's law, so that the ten most frequent are in
 * most of them; some words are rare (numbers of orders). They go into the inbox as the log hands them over: read, placed, indexed.
 * The same texts, folded for it, because SQLite's own tokenizers keep đ apart from d, go into a plain FTS5 table that stores
 * them. Then both are asked for
 * the 20 newest comments that hold one to three words, drawn by their frequency; each of the ten most frequent is asked for too,
 * alone and with others. Answers must be equal. Prints one line of JSON.
 */
#include "store/search.h"
#include "base/clock.h"
#include "base/random.h"
#include "listen/voices/filter.h"
#include "text/fold.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

enum { WORDS = 6000, FREQUENT = 10, HITS = 20, GROUP = 20000 };

/* Consonants, vowels with and without marks, endings: all that Vietnamese writing puts together. */
static const char *const begins[] = {"b", "c",  "ch", "d",  "đ",  "g", "gh", "gi", "h",  "k",  "kh", "l", "m",
                                     "n", "nh", "ng", "ph", "qu", "r", "s",  "t",  "th", "tr", "v",  "x", ""};
static const char *const middles[] = {"a", "á", "à", "ả", "ạ", "ă", "ắ", "ằ", "â", "ấ", "ầ",  "ậ",  "e",  "é",  "ẻ",
                                      "ê", "ế", "ề", "ệ", "i", "í", "ị", "o", "ó", "ò", "ô",  "ố",  "ồ",  "ộ",  "ơ",
                                      "ớ", "ờ", "u", "ú", "ủ", "ư", "ứ", "ừ", "ự", "y", "ươ", "iê", "ua", "oa", "uy"};
static const char *const ends[] = {"", "n", "ng", "nh", "m", "t", "c", "ch", "p", "i", "o", "u"};

static char words[WORDS][24];
static double upto[WORDS]; /* shares of all words up to this one */

static void make_words(struct dice *dice)
{
    double sum = 0;
    for (int i = 0; i < WORDS; i++) {
        snprintf(words[i], sizeof words[i], "%s%s%s", begins[dice_below(dice, countof(begins))],
                 middles[dice_below(dice, countof(middles))], ends[dice_below(dice, countof(ends))]);
        sum += 1.0 / (i + 2.7);
        upto[i] = sum;
    }
    for (int i = 0; i < WORDS; i++) {
        upto[i] /= sum;
    }
}

static int draw_word(struct dice *dice)
{
    double wanted = (double)dice_below(dice, 1 << 30) / (1 << 30);
    int low = 0, high = WORDS - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (upto[middle] < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static str make_text(struct arena *arena, struct dice *dice)
{
    struct buf out = buf_in(arena);
    i64 wanted = 30 + (i64)dice_below(dice, 181);
    while (out.len < wanted) {
        if (out.len > 0) {
            buf_char(&out, ' ');
        }
        if (dice_below(dice, 100) == 0) {
            buf_format(&out, "DH%06u", (unsigned)dice_below(dice, 1000000));
        } else {
            const char *word = words[draw_word(dice)];
            buf_format(&out, "%s", word);
        }
    }
    return buf_str(&out);
}

static _Noreturn void stop(const char *what, err code)
{
    fprintf(stderr, "bench_search: %s: error %d\n", what, (int)code);
    exit(1);
}

static void check(sqlite3 *db, int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
        fprintf(stderr, "bench_search: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

/* The plain table. */
struct plain {
    sqlite3 *db;
    sqlite3_stmt *add, *find;
    i64 ns;
};

static void plain_open(struct plain *plain, const char *file)
{
    check(NULL, sqlite3_open(file, &plain->db));
    check(plain->db,
          sqlite3_exec(plain->db,
                       "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE VIRTUAL TABLE IF NOT EXISTS "
                       "comments USING fts5(text)",
                       NULL, NULL, NULL));
    check(plain->db,
          sqlite3_prepare_v2(plain->db, "INSERT INTO comments (rowid, text) VALUES (?1, ?2)", -1, &plain->add, NULL));
    check(plain->db,
          sqlite3_prepare_v2(plain->db,
                             "SELECT rowid, text FROM comments WHERE comments MATCH ?1 ORDER BY rowid DESC LIMIT 20",
                             -1, &plain->find, NULL));
}

static void plain_add(struct ctx *ctx, struct plain *plain, struct event *events, i64 count)
{
    for (i64 i = 0; i < count; i++) {
        events[i].text = search_words_of(&ctx->arena, events[i].text);
    }
    i64 begun = clock_steady_ns();
    check(plain->db, sqlite3_exec(plain->db, "BEGIN", NULL, NULL, NULL));
    for (i64 i = 0; i < count; i++) {
        sqlite3_bind_int64(plain->add, 1, events[i].id);
        sqlite3_bind_text(plain->add, 2, events[i].text.data, (int)events[i].text.len, SQLITE_STATIC);
        check(plain->db, sqlite3_step(plain->add));
        sqlite3_reset(plain->add);
    }
    check(plain->db, sqlite3_exec(plain->db, "COMMIT", NULL, NULL, NULL));
    plain->ns += clock_steady_ns() - begun;
}

static i64 plain_find(struct plain *plain, str query, i64 *ids)
{
    i64 count = 0;
    sqlite3_bind_text(plain->find, 1, query.data, (int)query.len, SQLITE_STATIC);
    while (sqlite3_step(plain->find) == SQLITE_ROW) {
        ids[count++] = sqlite3_column_int64(plain->find, 0);
    }
    sqlite3_reset(plain->find);
    return count;
}

/* The inbox. */

static str draw_query(struct arena *arena, struct dice *dice, i64 number)
{
    struct buf out = buf_in(arena);
    i64 count = 1 + number % 3;
    for (i64 i = 0; i < count; i++) {
        // Every third query has one of the most frequent, the first ten have them alone.
        bool frequent = i == 0 && (number % 3 == 0 || number < FREQUENT);
        int word = frequent ? (int)(number % FREQUENT) : draw_word(dice);
        buf_format(&out, "%s%s", i > 0 ? " " : "", words[word]);
    }
    return buf_str(&out);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void say(const char *name, double *ms, i64 count)
{
    qsort(ms, (size_t)count, sizeof *ms, by_value);
    printf("\"%s\":{\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f}", name, ms[count / 2],
           ms[count * 9 / 10], ms[count * 99 / 100], ms[count - 1]);
}

struct bench {
    struct ctx ctx;
    struct dice dice, asking;
    struct store *store;
    struct voices *voices;
    struct plain plain;
    i64 comments, queries;
    i64 ns, bytes;
    i64 unequal, empty;
};

static void bench_open(struct bench *bench, const char *folder, const char *url)
{
    struct store_options options = {.folder = str_from(folder), .url = str_from(url)};
    bench->dice = dice_new(20261122, 1);
    bench->asking = dice_new(20261122, 2);
    make_words(&bench->dice);
    err code = store_open(&bench->ctx, &options, &bench->store);
    code = code == OK ? voices_open(&bench->ctx, bench->store, false, &bench->voices) : code;
    if (code != OK) {
        stop("open", code);
    }
    plain_open(&bench->plain, str_c(&bench->ctx.arena, str_format(&bench->ctx.arena, "%s/plain.db", folder)));
}

static bool is_filled(const struct plain *plain)
{
    sqlite3_stmt *count;
    check(plain->db, sqlite3_prepare_v2(plain->db, "SELECT max(rowid) FROM comments", -1, &count, NULL));
    bool filled = sqlite3_step(count) == SQLITE_ROW && sqlite3_column_int64(count, 0) > 0;
    sqlite3_finalize(count);
    return filled;
}

static void fill(struct bench *bench)
{
    if (is_filled(&bench->plain)) {
        return;
    }
    struct event_follower follower = voices_follower(bench->voices);
    struct event *events = calloc(GROUP, sizeof *events);
    for (i64 done = 0; done < bench->comments; done += GROUP) {
        struct ctx group = {0};
        i64 count = lesser(GROUP, bench->comments - done);
        for (i64 i = 0; i < count; i++) {
            i64 number = done + i + 1;
            events[i] = (struct event){.id = number,
                                       .at_ms = 1700000000000 + number * 1000,
                                       .received_ms = 1700000000000,
                                       .kind = STR("Product Reviewed"),
                                       .source = STR("bench"),
                                       .channel = STR("web"),
                                       .text = make_text(&group.arena, &bench->dice)};
            bench->bytes += events[i].text.len;
        }
        i64 begun = clock_steady_ns();
        err code = follower.follow(follower.self, &group, events, count);
        bench->ns += clock_steady_ns() - begun;
        if (code != OK) {
            stop("follow", code);
        }
        plain_add(&group, &bench->plain, events, count);
        ctx_end(&group);
    }
    free(events);
}

/* Milliseconds of one page. */
static double ask(struct ctx *ctx, const struct bench *bench, const struct feedback_filter *filter,
                  struct shape_list *rows)
{
    struct feedback_source_of from = {.store = bench->store, .sight = {.personal = true}};
    struct feedback_chosen *chosen;
    i64 begun = clock_steady_ns();
    err code = feedback_choose(ctx, &from, filter, &chosen);
    code = code == OK ? feedback_page(ctx, chosen, INT64_MAX, HITS, rows) : code;
    if (code != OK) {
        stop("search", code);
    }
    return (double)(clock_steady_ns() - begun) / 1e6;
}

static void compare(struct bench *bench, i64 number, double *ours, double *filtered, double *theirs)
{
    struct ctx ctx = {0};
    struct shape_list rows;
    i64 ids[HITS];
    str class[] = {STR("negative")};
    str query = draw_query(&ctx.arena, &bench->asking, number);
    struct feedback_filter filter = {.q = query};
    *ours = ask(&ctx, bench, &filter, &rows);
    str folded = search_words_of(&ctx.arena, query);
    i64 begun = clock_steady_ns();
    i64 found = plain_find(&bench->plain, folded, ids);
    *theirs = (double)(clock_steady_ns() - begun) / 1e6;
    bool same = found == rows.count;
    for (i64 k = 0; k < found && same; k++) {
        same = ids[k] == ((const struct feedback *)rows.items)[k].id;
    }
    bench->unequal += !same;
    bench->empty += found == 0;
    filter.class = (struct str_list){class, 1};
    *filtered = ask(&ctx, bench, &filter, &rows);
    ctx_end(&ctx);
}

static double a_second(const struct bench *bench, i64 ns)
{
    return ns == 0 ? 0.0 : (double)bench->comments / ((double)ns / 1e9);
}

int main(int argc, char **argv)
{
    struct bench bench = {0};
    bool read = argc >= 4 && str_i64(str_from(argv[2]), &bench.comments) && str_i64(str_from(argv[3]), &bench.queries);
    if (!read || bench.comments < 1 || bench.queries < 1) {
        fprintf(stderr, "bench_search FOLDER COMMENTS QUERIES [postgres://...]\n");
        return 2;
    }
    bench_open(&bench, argv[1], argc > 4 ? argv[4] : NULL);
    fill(&bench);
    double *times = calloc((size_t)(3 * bench.queries), sizeof *times);
    double *filtered = times + bench.queries, *theirs = filtered + bench.queries;
    for (i64 i = 0; i < bench.queries; i++) {
        compare(&bench, i, &times[i], &filtered[i], &theirs[i]);
    }
    printf("{\"comments\":%lld,\"mean_bytes\":%.0f,\"queries\":%lld,\"unequal\":%lld,\"without_hits\":%lld,"
           "\"taken_a_second\":%.0f,\"plain_taken_a_second\":%.0f,",
           (long long)bench.comments, (double)bench.bytes / (double)bench.comments, (long long)bench.queries,
           (long long)bench.unequal, (long long)bench.empty, a_second(&bench, bench.ns),
           a_second(&bench, bench.plain.ns));
    say("search", times, bench.queries);
    printf(",");
    say("filtered", filtered, bench.queries);
    printf(",");
    say("plain_fts5", theirs, bench.queries);
    printf("}\n");
    free(times);
    voices_close(bench.voices);
    store_close(bench.store);
    ctx_end(&bench.ctx);
    return bench.unequal > 0;
}
