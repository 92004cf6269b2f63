/* Touchpoints as SQL, with the meaning that derive.c gives them. */
#include "journey/journeys.h"
#include "journey/sql/sql.h"

/* The first touchpoint of a version whose condition holds. */
static err of_version(struct sql_asking *sql, const struct derive_version *version, str *out)
{
    struct ctx *ctx = sql->ctx;
    struct buf pairs = buf_in(&ctx->arena);
    for (i64 i = 0; i < version->map->touchpoints.count; i++) {
        struct sql_expr where;
        if (condition_empty(&version->where[i])) { // a touchpoint that states nothing has no events
            continue;
        }
        TRY(sql_condition(sql, &version->where[i], &where));
        buf_add(&pairs, pairs.len == 0 ? STR_NONE : STR(", "));
        buf_add(&pairs, where.text);
        buf_format(&pairs, ", %d", version->codes[i]);
    }
    *out = pairs.len == 0
               ? STR("0")
               : SQL_TEXT(ctx, SQL_CLICK_FIRST_OF, PART("pairs", buf_str(&pairs)), PART("otherwise", STR("0")));
    return OK;
}

err sql_touch(struct sql_asking *sql, const struct derivation *derivation, str *out)
{
    struct ctx *ctx = sql->ctx;
    struct buf pairs = buf_in(&ctx->arena);
    str code = STR("0");
    for (i64 i = 0; i < derivation->version_count; i++) {
        TRY(of_version(sql, &derivation->versions[i], &code));
        if (i + 1 < derivation->version_count) { // each decides until the next one; the first from ever
            buf_add(&pairs, pairs.len == 0 ? STR_NONE : STR(", "));
            buf_add(&pairs, SQL_TEXT(ctx, SQL_CLICK_BEFORE, VALUE_I64("at", derivation->versions[i + 1].from_ms)));
            buf_add(&pairs, STR(", "));
            buf_add(&pairs, code);
        }
    }
    *out = pairs.len == 0 ? code
                          : SQL_TEXT(ctx, SQL_CLICK_FIRST_OF, PART("pairs", buf_str(&pairs)), PART("otherwise", code));
    return OK;
}
