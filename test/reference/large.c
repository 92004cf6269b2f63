#include "large.h"

#include "events/props.h"

#include <stdio.h>
#include <unistd.h>

#define COLUMNS                                                                                                        \
    "id Int64, at_ms Int64, received_ms Int64, import Int64, message_hash FixedString(16), alias_id Int64, "           \
    "alias String, kind String, source String, channel String, place String, touchpoint String, metric String, "       \
    "question String, version Int64, scored UInt8, score Float64, scale String, reversed UInt8, priced UInt8, "        \
    "amount Int64, currency String, text String, props String, prop_names Array(String), prop_values Array(String), "  \
    "prop_numbers Array(Float64)"

#define ENGINE "ENGINE = MergeTree PARTITION BY tuple() ORDER BY (alias_id, message_hash, id)"

static void everywhere(struct clickhouse *ch, str sql)
{
    struct ctx ctx = {0};
    for (i64 host = 0; host < click_hosts(ch); host++) {
        sure(&ctx, click_run_at(&ctx, ch, host, sql), sql.data);
    }
    ctx_end(&ctx);
}

/* The address with another database. */
static str url_of(struct arena *arena, str url, const char *database)
{
    i64 query = str_find_char(url, '?');
    i64 path = query < 0 ? url.len : query;
    while (url.data[path - 1] != '/') {
        path--;
    }
    str rest = query < 0 ? STR_NONE : str_slice(url, query, url.len);
    return str_format(arena, "%.*s%s%.*s", (int)path, url.data, database, STR_ARG(rest));
}

struct clickhouse *told_open(str url)
{
    struct ctx ctx = {0};
    struct clickhouse *first, *ch;
    char name[64];
    snprintf(name, sizeof name, "truth_%d", (int)getpid());
    sure(&ctx, clickhouse_open(&ctx, &(struct click_options){.url = url}, &first), "an address");
    everywhere(first, str_format(&ctx.arena, "CREATE DATABASE IF NOT EXISTS %s", name));
    clickhouse_close(first);
    struct click_options options = {.url = url_of(&ctx.arena, url, name)};
    sure(&ctx, clickhouse_open(&ctx, &options, &ch), "an address");
    const char *cluster = click_cluster(ch);
    if (cluster == NULL) {
        everywhere(ch, STR("CREATE TABLE events (" COLUMNS ") " ENGINE));
    } else {
        everywhere(ch, STR("CREATE TABLE events_here (" COLUMNS ") " ENGINE));
        everywhere(ch, str_format(&ctx.arena,
                                  "CREATE TABLE events (" COLUMNS ") ENGINE = Distributed(%s, %s, events_here, "
                                  "if(alias_id = 0, cityHash64(id), cityHash64(alias)))",
                                  cluster, name));
    }
    everywhere(ch, STR("CREATE TABLE moved (alias_id Int64, person Int64, version Int64) ENGINE = Memory"));
    everywhere(ch, STR("CREATE TABLE removed (id Int64) ENGINE = Memory"));
    ctx_end(&ctx);
    return ch;
}

void told_close(struct clickhouse *ch)
{
    struct ctx ctx = {0};
    str database = click_database(ch);
    everywhere(ch, str_format(&ctx.arena, "DROP DATABASE %.*s", STR_ARG(database)));
    ctx_end(&ctx);
    clickhouse_close(ch);
}

static void put_props(struct buf *rows, const struct event *event)
{
    struct ctx ctx = {0};
    struct json props;
    struct prop_list list = {0};
    if (props_parse(&ctx, event->props, &props)) {
        props_list(&ctx.arena, props, &list);
    }
    click_put_count(rows, list.count);
    for (i64 i = 0; i < list.count; i++) {
        click_put_str(rows, list.names[i]);
    }
    click_put_count(rows, list.count);
    for (i64 i = 0; i < list.count; i++) {
        click_put_str(rows, list.texts[i]);
    }
    click_put_count(rows, list.count);
    for (i64 i = 0; i < list.count; i++) {
        click_put_f64(rows, list.numbers[i]);
    }
    ctx_end(&ctx);
}

static void put_event(struct buf *rows, const struct told *told, i64 alias_id)
{
    const struct event *event = &told->event;
    char hash[16] = {0};
    snprintf(hash, sizeof hash, "%llx", (unsigned long long)event->id * 0x9e3779b97f4a7c15 >> 8);
    click_put_i64(rows, event->id);
    click_put_i64(rows, event->at_ms);
    click_put_i64(rows, event->received_ms);
    click_put_i64(rows, event->import);
    click_put_fixed(rows, hash, sizeof hash);
    click_put_i64(rows, alias_id);
    const str words[] = {event->alias, event->kind,       event->source, event->channel,
                         event->place, event->touchpoint, event->metric, event->question};
    for (i64 i = 0; i < countof(words); i++) {
        click_put_str(rows, words[i]);
    }
    click_put_i64(rows, event->version);
    click_put_u8(rows, event->score.is);
    click_put_f64(rows, event->score.value);
    click_put_str(rows, event->scale);
    click_put_u8(rows, event->reversed);
    click_put_u8(rows, event->amount.is);
    click_put_i64(rows, event->amount.value);
    click_put_str(rows, event->currency);
    click_put_str(rows, event->text);
    click_put_str(rows, event->props);
    put_props(rows, event);
}

static void tell_events(struct ctx *ctx, struct clickhouse *ch, const struct world *world)
{
    struct buf rows = buf_in(&ctx->arena), removed = buf_in(&ctx->arena);
    for (i64 i = 0; i < world->event_count; i++) {
        const struct told *told = &world->events[i];
        put_event(&rows, told, told->alias < 0 ? 0 : world->aliases[told->alias].id);
        if (told->gone) {
            buf_format(&removed, " (%lld)", (long long)told->event.id);
        }
    }
    sure(ctx, click_insert(ctx, ch, STR("INSERT INTO events"), buf_str(&rows), NULL), "telling events");
    if (removed.len > 0) {
        everywhere(ch, str_format(&ctx->arena, "INSERT INTO removed VALUES %.*s", STR_ARG(buf_str(&removed))));
    }
}

static void tell_moved(struct ctx *ctx, struct clickhouse *ch, const struct world *world)
{
    const i64 *persons = world_persons(&ctx->arena, world);
    struct buf moved = buf_in(&ctx->arena);
    for (i64 i = 0; i < world->alias_count; i++) {
        i64 id = world->aliases[i].id, person = world->aliases[persons[i]].id;
        if (persons[i] != i) { // once it was of somebody else
            buf_format(&moved, " (%lld, %lld, 1) (%lld, %lld, 2)", (long long)id, (long long)world->aliases[0].id,
                       (long long)id, (long long)person);
        } else if (i % 5 == 0) { // joined once, and separated again
            buf_format(&moved, " (%lld, %lld, 1) (%lld, %lld, 2)", (long long)id, (long long)world->aliases[0].id,
                       (long long)id, (long long)id);
        }
    }
    if (moved.len > 0) {
        everywhere(ch, str_format(&ctx->arena, "INSERT INTO moved VALUES %.*s", STR_ARG(buf_str(&moved))));
    }
}

void large_tell(struct clickhouse *ch, struct scene *scene)
{
    struct ctx ctx = {0};
    everywhere(ch, click_cluster(ch) == NULL ? STR("TRUNCATE TABLE events") : STR("TRUNCATE TABLE events_here"));
    everywhere(ch, STR("TRUNCATE TABLE moved"));
    everywhere(ch, STR("TRUNCATE TABLE removed"));
    tell_events(&ctx, ch, &scene->world);
    tell_moved(&ctx, ch, &scene->world);
    scene->rooms.index = NULL;
    scene->rooms.limits.piece_rows = scene->world.event_count % 2 == 0 ? 0 : 40; // persons come in pages
    scene->rooms.clickhouse = ch;
    ctx_end(&ctx);
}
