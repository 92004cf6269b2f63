#include "events/backup.h"

#include "folder_of_events.h"

#include "base/hash.h"
#include "store/jobs.h"

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

/* A follower that keeps its cursor in the records, as the people do: a job for every event, in the same transaction. */
struct bookkeeper {
    struct store *store;
    i64 cursor;
};

struct booking {
    const struct event *items;
    i64 count;
};

static err book(struct ctx *ctx, struct store *store, void *arg)
{
    const struct booking *booking = arg;
    for (i64 i = 0; i < booking->count; i++) {
        char text[24];
        str cause = {text, snprintf(text, sizeof text, "%lld", (long long)booking->items[i].id)};
        i64 id;
        TRY(job_put(ctx, store, STR("event"), cause, STR("{}"), &id));
    }
    return OK;
}

static err follow(void *self, struct ctx *ctx, const struct event *items, i64 count)
{
    struct bookkeeper *keeper = self;
    struct booking booking = {items, count};
    TRY(store_write(ctx, keeper->store, book, &booking));
    keeper->cursor = items[count - 1].id;
    return OK;
}

static err newest_booked(void *self, struct ctx *ctx, i64 *after_id)
{
    struct bookkeeper *keeper = self;
    struct shape_list jobs;
    *after_id = 0;
    TRY(job_list(ctx, keeper->store, STR("event"), 0, 1, &jobs));
    if (jobs.count > 0 && !str_i64(((struct job *)jobs.items)->cause, after_id)) {
        return ERR_CORRUPT;
    }
    return OK;
}

struct house {
    struct world world;
    struct bookkeeper keeper;
    struct event_follower follower;
};

static void house_open(struct house *house, str folder)
{
    house->follower = (struct event_follower){"books", &house->keeper, newest_booked, follow, NULL, true};
    house->world.options.folder = folder;
    house->world.options.followers = &house->follower;
    house->world.options.follower_count = 1;
    assert_ok(store_open(&house->world.ctx, &(struct store_options){.folder = folder}, &house->keeper.store));
    world_open(&house->world);
}

static void house_close(struct house *house)
{
    world_close(&house->world);
    store_close(house->keeper.store);
}

/* A digest over all columns of the log in the order of ids. */
static err add_event(void *self, struct ctx *ctx, const struct event *event)
{
    struct json_writer writer = json_writer_in(&ctx->arena);
    shape_write(&writer, &event_shape, event, SHAPE_ALL);
    str text = json_text(&writer);
    *(u64 *)self = *(u64 *)self * 1000003 + hash_str(text);
    return OK;
}

static u64 log_digest(struct world *world)
{
    u64 digest = 1;
    assert_ok(events_scan(&world->ctx, world->log, 0, EVENT_ALL, add_event, &digest));
    return digest;
}

TEST(a_backup_restores_to_the_same_content)
{
    struct house house = {0};
    house_open(&house, str_from(test_folder()));
    append(&house.world, 0, 500);
    u64 before = log_digest(&house.world);
    struct ctx ctx = {0};
    str base = str_from(test_folder());
    str to = str_format(&ctx.arena, "%.*s/copy/", STR_ARG(base));
    str back = str_format(&ctx.arena, "%.*s/back", STR_ARG(base));
    assert_ok(backup_write(&ctx, house.keeper.store, house.world.log, house.world.options.folder, to));
    assert_ok(backup_restore(&ctx, to, back));
    house_close(&house);

    struct house other = {0};
    house_open(&other, back);
    assert_int_equal(log_digest(&other.world), before);
    assert_int_equal(append(&other.world, 0, 500), 0); // the same key: the repeats are known
    house_close(&other);
    ctx_end(&ctx);
}

TEST(a_damaged_backup_and_a_used_folder_are_refused)
{
    struct house house = {0};
    house_open(&house, str_from(test_folder()));
    append(&house.world, 0, 50);
    struct ctx ctx = {0};
    str base = str_from(test_folder());
    str to = str_format(&ctx.arena, "%.*s/copy", STR_ARG(base));
    str back = str_format(&ctx.arena, "%.*s/back", STR_ARG(base));
    assert_ok(backup_write(&ctx, house.keeper.store, house.world.log, house.world.options.folder, to));
    assert_int_equal(backup_write(&ctx, house.keeper.store, house.world.log, house.world.options.folder, to),
                     ERR_CONFLICT);
    ctx_forgive(&ctx);
    assert_int_equal(backup_restore(&ctx, to, house.world.options.folder), ERR_CONFLICT);
    assert_string_equal(ctx.fault.key, "error.not_empty");
    ctx_forgive(&ctx);
    assert_int_equal(backup_restore(&ctx, base, back), ERR_NOT_FOUND);
    ctx_forgive(&ctx);
    FILE *file = fopen(str_format(&ctx.arena, "%.*s/events.db", STR_ARG(to)).data, "r+b");
    assert_non_null(file);
    fseek(file, 5000, SEEK_SET);
    fputc(fgetc(file) ^ 1, file);
    fclose(file);
    assert_int_equal(backup_restore(&ctx, to, back), ERR_CORRUPT);
    assert_string_equal(ctx.fault.key, "error.backup_damaged");
    assert_int_equal(access(back.data, F_OK), -1);
    house_close(&house);
    ctx_end(&ctx);
}

struct load {
    struct world *world;
    _Atomic bool stop;
    _Atomic i64 acknowledged;
};

static void *append_all(void *arg)
{
    struct load *load = arg;
    struct ctx ctx = {0};
    u8 outcomes[20];
    for (i64 from = 0; !load->stop; from += 20) {
        struct event *items = events_of(&ctx, from, 20);
        if (events_append(&ctx, load->world->log, items, 20, outcomes) != OK) {
            break;
        }
        load->acknowledged = from + 20;
        ctx_reset(&ctx);
    }
    ctx_end(&ctx);
    return NULL;
}

TEST(backups_under_load_hold_everything_acknowledged_before_them_and_the_records_are_never_ahead)
{
    enum { ROUNDS = 30 };
    struct house house = {0};
    house_open(&house, str_from(test_folder()));
    struct load load = {.world = &house.world};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, append_all, &load), 0);
    str base = str_from(test_folder());
    for (i64 round = 0; round < ROUNDS; round++) {
        struct ctx ctx = {0};
        i64 before = load.acknowledged;
        str to = str_format(&ctx.arena, "%.*s/copy%lld", STR_ARG(base), (long long)round);
        str back = str_format(&ctx.arena, "%.*s/back%lld", STR_ARG(base), (long long)round);
        assert_ok(backup_write(&ctx, house.keeper.store, house.world.log, house.world.options.folder, to));
        assert_ok(backup_restore(&ctx, to, back));
        struct house other = {0};
        house_open(&other, back); // refuses when the records are ahead of the log
        i64 events = count_all(&other.world), jobs = 0;
        assert_true(events >= before);
        assert_ok(store_number(&ctx, other.keeper.store, SQL_JOB_COUNT, ARGS(ARG_STR("kind", STR("event"))), &jobs));
        assert_int_equal(jobs, events);
        house_close(&other);
        ctx_end(&ctx);
    }
    load.stop = true;
    pthread_join(thread, NULL);
    house_close(&house);
}
