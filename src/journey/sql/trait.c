/* Traits of persons as lists of ids. */
#include "journey/sql/sql.h"
#include "people/identity.h"

const struct trait_column *sql_trait(const struct sql_asking *sql, str name)
{
    const struct program_env *env = &sql->asking->env;
    for (i64 i = 0; i < env->trait_count; i++) {
        if (str_eq(env->traits[i].name, name)) {
            return &env->traits[i];
        }
    }
    return NULL;
}

void sql_trait_lists(const struct sql_asking *sql, const struct trait_column *trait, const bool *wanted, str *ids,
                     str *codes)
{
    struct identity *identity = sql->asking->rooms->identity;
    struct buf people = buf_in(&sql->ctx->arena), values = buf_in(&sql->ctx->arena);
    identity_lock(identity);
    for (u32 alias = 1; trait != NULL && alias < trait->count; alias++) {
        u32 code = trait->codes[alias];
        if (code != 0 && (wanted == NULL || wanted[code])) {
            buf_add(&people, people.len == 0 ? STR_NONE : STR(","));
            buf_i64(&people, identity_id(identity, alias));
            buf_add(&values, values.len == 0 ? STR_NONE : STR(","));
            buf_i64(&values, code);
        }
    }
    identity_unlock(identity);
    *ids = buf_str(&people);
    *codes = buf_str(&values);
}
