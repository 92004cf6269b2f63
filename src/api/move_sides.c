/* Opening what is moved from and to. */
#include "api/move.h"
#include "events/backup.h"
#include "store/installation.h"
#include "store/processes.h"

/* A server that has not said for so long that it lives has died. */
enum { SILENT_MS = 60 * 1000 };

static err open_folder_source(struct ctx *ctx, struct side *side, bool *live)
{
    struct store_options options = {.folder = side->folder, .reads = true};
    err code = folder_open(ctx, side->folder, &side->lock);
    *live = code == ERR_CONFLICT;
    if (code == ERR_CONFLICT) {
        ctx_forgive(ctx);
        side->lock.lock = -1;
        code = OK;
    }
    TRY(code);
    TRY(store_open(ctx, &options, &side->store));
    TRY(events_look(ctx, side->folder, &side->log));
    return folder_key(ctx, side->folder, side->key);
}

static err look_for_processes(struct ctx *ctx, struct store *store, bool *live)
{
    struct shape_list list;
    TRY(processes_list(ctx, store, &list));
    *live = false;
    for (i64 i = 0; i < list.count; i++) {
        const struct process *process = &((const struct process *)list.items)[i];
        *live |= process->seen_ms > ctx_now_ms(ctx) - SILENT_MS;
    }
    return OK;
}

static err open_large(struct ctx *ctx, struct side *side, const struct events_options *prepare)
{
    TRY(store_open(ctx, &(struct store_options){.url = side->records}, &side->store));
    struct events_options options = {.folder = side->folder, .url = side->events, .store = side->store};
    options.reads = prepare == NULL;
    if (prepare != NULL) {
        options.prepare = prepare->prepare;
        options.prepare_self = prepare->prepare_self;
    }
    return events_open(ctx, &options, &side->log);
}

err side_open_source(struct ctx *ctx, struct side *side, bool *live)
{
    side->lock.lock = -1;
    if (!side_large(side)) {
        return open_folder_source(ctx, side, live);
    }
    u8 none[HASH_KEY_LEN] = {0};
    TRY(open_large(ctx, side, NULL));
    TRY(installation_key(ctx, side->store, none, side->key));
    if (memcmp(side->key, none, sizeof none) == 0) {
        return FAIL(ctx, ERR_NOT_FOUND, NULL, "error.move_nothing");
    }
    return look_for_processes(ctx, side->store, live);
}

err side_open_target(struct ctx *ctx, struct side *side, const struct events_options *prepare)
{
    side->lock.lock = -1;
    if (side_large(side)) {
        return open_large(ctx, side, prepare);
    }
    TRY(folder_open(ctx, side->folder, &side->lock));
    TRY(folder_check(ctx, side->folder));
    TRY(store_open(ctx, &(struct store_options){.folder = side->folder}, &side->store));
    struct events_options options = {.folder = side->folder};
    return events_open(ctx, &options, &side->log);
}

void side_close(struct side *side)
{
    events_close(side->log);
    store_close(side->store);
    folder_close(&side->lock);
}
