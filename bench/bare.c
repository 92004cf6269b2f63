/* The same rows by SQLite alone: what the disk and the database allow without a server.
 *
 *     bench_bare EVENTS_DB NEW_DB ROWS
 *
 * Reads rows that the server has stored into memory, then times a loop over one prepared
 * statement into a new file: the same table, WAL, synchronous FULL, 1,000 rows a transaction. Prints one line of JSON.
 */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { COLUMNS_MAX = 64, TRANSACTION = 1000 };

static _Noreturn void stop(sqlite3 *db, const char *what)
{
    fprintf(stderr, "bench_bare: %s: %s\n", what, db != NULL ? sqlite3_errmsg(db) : "");
    exit(1);
}

static void run(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        stop(db, sql);
    }
}

struct rows {
    sqlite3_value **values;
    int columns;
    long count, stored; /* read; in the table */
    char table[8192];
};

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK) {
        stop(db, sql);
    }
    return statement;
}

static void read_rows(const char *file, long wanted, struct rows *out)
{
    sqlite3 *db;
    if (sqlite3_open_v2(file, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        stop(db, file);
    }
    sqlite3_stmt *table = prepare(db, "SELECT sql FROM sqlite_master WHERE name = 'events'");
    if (sqlite3_step(table) != SQLITE_ROW) {
        stop(db, "no table");
    }
    snprintf(out->table, sizeof out->table, "%s", (const char *)sqlite3_column_text(table, 0));
    sqlite3_finalize(table);
    sqlite3_stmt *stored = prepare(db, "SELECT count(*) FROM events");
    if (sqlite3_step(stored) == SQLITE_ROW) {
        out->stored = sqlite3_column_int64(stored, 0);
    }
    sqlite3_finalize(stored);
    sqlite3_stmt *all = prepare(db, "SELECT * FROM events ORDER BY id DESC LIMIT ?1");
    sqlite3_bind_int64(all, 1, wanted);
    out->columns = sqlite3_column_count(all);
    out->values = calloc((size_t)(wanted * out->columns), sizeof *out->values);
    while (sqlite3_step(all) == SQLITE_ROW) {
        for (int i = 0; i < out->columns; i++) {
            out->values[out->count * out->columns + i] = sqlite3_value_dup(sqlite3_column_value(all, i));
        }
        out->count++;
    }
    sqlite3_finalize(all);
    sqlite3_close(db);
    if (out->count == 0) {
        stop(NULL, "no rows");
    }
}

static sqlite3_stmt *insertion(sqlite3 *db, int columns)
{
    char sql[256] = "INSERT INTO events VALUES (?";
    for (int i = 1; i < columns; i++) {
        snprintf(sql + strlen(sql), sizeof sql - strlen(sql), ",?");
    }
    snprintf(sql + strlen(sql), sizeof sql - strlen(sql), ")");
    return prepare(db, sql);
}

static double seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* From the newest to the oldest in memory, so from the oldest to the newest on disk. */
static double write_rows(sqlite3 *db, const struct rows *rows)
{
    sqlite3_stmt *insert = insertion(db, rows->columns);
    double begun = seconds();
    for (long row = rows->count - 1, done = 0; row >= 0; row--, done++) {
        if (done % TRANSACTION == 0) {
            run(db, done == 0 ? "BEGIN" : "COMMIT; BEGIN");
        }
        for (int i = 0; i < rows->columns; i++) {
            sqlite3_bind_value(insert, i + 1, rows->values[row * rows->columns + i]);
        }
        if (sqlite3_step(insert) != SQLITE_DONE) {
            stop(db, "insert");
        }
        sqlite3_reset(insert);
    }
    run(db, "COMMIT");
    double took = seconds() - begun;
    sqlite3_finalize(insert);
    return took;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "bench_bare EVENTS_DB NEW_DB ROWS\n");
        return 2;
    }
    struct rows rows = {0};
    read_rows(argv[1], strtol(argv[3], NULL, 10), &rows);
    sqlite3 *db;
    if (sqlite3_open(argv[2], &db) != SQLITE_OK) {
        stop(db, argv[2]);
    }
    run(db, "PRAGMA journal_mode = WAL");
    run(db, "PRAGMA synchronous = FULL");
    run(db, rows.table);
    double took = write_rows(db, &rows);
    printf("{\"stored\":%ld,\"rows\":%ld,\"seconds\":%.3f,\"per_second\":%.0f}\n", rows.stored, rows.count, took,
           (double)rows.count / took);
    sqlite3_close(db);
    return 0;
}
