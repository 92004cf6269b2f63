#include "store/pq_migrate.h"

#include "base/clock.h"
#include "base/log.h"
#include "store/migrations.h"

static bool of_records(const struct migration *step)
{
    return strcmp(step->database, "records") == 0;
}

i64 pq_newest_known(void)
{
    i64 newest = 0;
    for (i64 i = 0; i < MIGRATION_COUNT; i++) {
        newest = of_records(&migrations[i]) ? migrations[i].number : newest;
    }
    return newest;
}

static err fail_newer(struct ctx *ctx, struct pq *pq, i64 applied)
{
    return FAIL(ctx, ERR_UNAVAILABLE, NULL, "error.newer_format", {"file", pq->place},
                {"have", str_format(&ctx->arena, "%lld", (long long)applied)},
                {"known", str_format(&ctx->arena, "%lld", (long long)pq_newest_known())});
}

/* The newest applied step; 0 for an empty database, whose table of steps is made. */
static err newest_applied(struct ctx *ctx, struct pq *pq, i64 *out)
{
    i64 exists, tables;
    *out = 0;
    TRY(pq_number(ctx, pq, SQL_POSTGRES_TABLES, &tables));
    TRY(pq_number(ctx, pq, SQL_POSTGRES_MIGRATIONS_EXIST, &exists));
    if (!exists) {
        return tables == 0 ? pq_run_plain(ctx, pq, SQL_POSTGRES_MIGRATIONS_CREATE)
                           : FAIL(ctx, ERR_CONFLICT, NULL, "error.records_foreign", {"server", pq->place});
    }
    TRY(pq_number(ctx, pq, SQL_POSTGRES_MIGRATION_NEWEST, out));
    return *out > pq_newest_known() ? fail_newer(ctx, pq, *out) : OK;
}

static err note(struct ctx *ctx, struct pq *pq, const struct migration *step)
{
    struct store_args args = ARGS(ARG_I64("number", step->number), ARG_STR("name", str_from(step->name)),
                                  ARG_STR("digest", str_from(step->sha256)), ARG_I64("applied_ms", clock_ms()));
    return pq_run(ctx, pq, &(struct run){.sql = SQL_POSTGRES_MIGRATION_PUT, .args = &args});
}

/* In one transaction, under the writers' turn: the next step that is missing. `*left` says whether there was one. */
static err next_step(struct ctx *ctx, struct pq *pq, bool *left)
{
    i64 applied;
    *left = false;
    TRY(pq_run_plain(ctx, pq, SQL_POSTGRES_TURN));
    TRY(newest_applied(ctx, pq, &applied));
    for (i64 i = 0; i < MIGRATION_COUNT && !*left; i++) {
        if (of_records(&migrations[i]) && migrations[i].number > applied) {
            TRY(pq_run_text(ctx, pq, migrations[i].postgres));
            TRY(note(ctx, pq, &migrations[i]));
            *left = true;
        }
    }
    return OK;
}

static err run_step(struct ctx *ctx, struct pq *pq, bool *left)
{
    TRY(pq_run_plain(ctx, pq, SQL_POSTGRES_BEGIN_WRITE));
    err code = pq_run_plain(ctx, pq, SQL_POSTGRES_UNHURRIED);
    code = code == OK ? pq_run_plain(ctx, pq, SQL_POSTGRES_UNHURRIED_LOCK) : code;
    code = code == OK ? next_step(ctx, pq, left) : code;
    code = code == OK ? pq_commit(ctx, pq) : code;
    if (code != OK) {
        pq_undo(pq);
    }
    return code;
}

err pq_migrate(struct ctx *ctx, struct pq *pq)
{
    for (bool left = true; left;) {
        TRY(run_step(ctx, pq, &left));
    }
    return OK;
}
