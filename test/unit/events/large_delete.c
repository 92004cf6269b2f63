/* What is deleted from ClickHouse lies in no part any more. Needs a server, as large.c says. */
#include "events/large.h"

#include "test.h"

#include "base/id.h"
#include "base/random.h"

#include <stdlib.h>

struct place {
    struct ctx ctx;
    struct store *store;
    struct events *log;
};

/* The address with a database of its own. */
static str url_of(struct arena *arena, const char *url)
{
    u8 bytes[6];
    char name[12];
    random_bytes(bytes, (i64)sizeof bytes);
    str suffix = hex(bytes, (i64)sizeof bytes, name);
    str options = str_from(url), hosts = str_cut(&options, '?');
    i64 slash = hosts.len;
    while (slash > 0 && hosts.data[slash - 1] != '/') {
        slash--;
    }
    hosts = str_slice(hosts, 0, slash);
    return str_format(arena, "%.*scham_unit_%.*s?%.*s", STR_ARG(hosts), STR_ARG(suffix), STR_ARG(options));
}

static bool begin(struct place *place, const char *variable)
{
    const char *url = getenv(variable);
    *place = (struct place){0};
    if (url == NULL) {
        print_message("skipped: %s names no server\n", variable);
        return false;
    }
    str folder = str_from(test_folder());
    assert_ok(store_open(&place->ctx, &(struct store_options){.folder = folder}, &place->store));
    struct events_options options = {.folder = folder, .url = url_of(&place->ctx.arena, url), .store = place->store};
    assert_ok(events_open(&place->ctx, &options, &place->log));
    return true;
}

static void finish(struct place *place)
{
    struct clickhouse *ch = events_clickhouse(place->log);
    str drop = str_format(&place->ctx.arena, "DROP DATABASE %.*s", STR_ARG(click_database(ch)));
    for (i64 host = 0; host < click_hosts(ch); host++) {
        assert_ok(click_run_at(&place->ctx, ch, host, drop));
    }
    events_close(place->log);
    store_close(place->store);
    ctx_end(&place->ctx);
}

/* Rows as they lie there, with ids from 1000 on, each of its own alias user:U1 … whose id is 1 … */
static void put(struct place *place, i64 count, i64 import)
{
    struct buf rows = buf_in(&place->ctx.arena);
    for (i64 i = 0; i < count; i++) {
        struct event event = {.id = 1000 + i,
                              .at_ms = 1700000000000,
                              .received_ms = 1700000000000,
                              .import = import,
                              .alias_id = i + 1,
                              .alias = str_format(&place->ctx.arena, "user:U%lld", (long long)i + 1),
                              .kind = STR("Page Viewed"),
                              .props = STR("{}")};
        large_put_event(&place->ctx, &rows, &event);
    }
    str sql = LARGE_SQL(&place->ctx, place->log, SQL_LOG_INSERT);
    assert_ok(click_insert(&place->ctx, events_clickhouse(place->log), sql, buf_str(&rows), NULL));
}

static i64 lying(struct place *place)
{
    i64 count;
    str sql = STR("SELECT toInt64(count()) FROM events WHERE id > 0");
    assert_ok(click_number(&place->ctx, events_clickhouse(place->log), CLICK_WRITE, sql, &count));
    return count;
}

static const char *const variables[] = {"CHAM_TEST_CLICKHOUSE", "CHAM_TEST_CLUSTER"};

TEST(rows_of_an_alias_that_do_not_count_leave_the_parts_too)
{
    for (int i = 0; i < countof(variables); i++) {
        struct place place;
        if (!begin(&place, variables[i])) {
            continue;
        }
        put(&place, 6, 0);
        // The first by the id of its alias, the second by its text alone; the fifth is somebody else's, the sixth counts.
        assert_ok(large_remove(&place.ctx, place.log, (const i64[]){1000, 1001, 1004}, 3));
        const i64 alias_ids[] = {1, 777, 6};
        const str aliases[] = {STR("user:O'Neil"), STR("user:U2"), STR("user:U6")};
        assert_ok(events_purge_aliases(&place.ctx, place.log, alias_ids, aliases, 3));
        assert_int_equal(lying(&place), 4);
        assert_ok(events_purge_aliases(&place.ctx, place.log, alias_ids, aliases, 3));
        assert_int_equal(lying(&place), 4);
        finish(&place);
    }
}
