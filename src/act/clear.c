#include "act/clear.h"

err act_clear(struct ctx *ctx, struct store *store)
{
    static const enum statement steps[] = {
        SQL_CLEAR_RULES,   SQL_CLEAR_SENDS, SQL_CLEAR_SEND_JOBS, SQL_CLEAR_NOTICES,     SQL_CLEAR_SUPPRESSED,
        SQL_CLEAR_TARGETS, SQL_CLEAR_WORDS, SQL_CLEAR_WORDINGS,  SQL_RULE_VERSION_GROW,
    };
    for (i64 i = 0; i < countof(steps); i++) {
        TRY(store_run(ctx, store, steps[i], ARGS_NONE, NULL));
    }
    return OK;
}
