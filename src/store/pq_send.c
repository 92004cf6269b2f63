#include "store/pq.h"
#include "store/pq_inside.h"

/* The server's numbers for the types that parameters have; they never change (pg_type.dat of the server's sources). */
enum { TYPE_UNKNOWN = 0, TYPE_BYTES = 17, TYPE_I64 = 20, TYPE_TEXT = 25, TYPE_F64 = 701 };

/* The longest value, as SQLite's limit is set. */
enum { VALUE_BYTES_MAX = 64 << 20 };

/* Parameters. */

struct values {
    struct store_arg args[PARAMETERS_MAX];
    char numbers[PARAMETERS_MAX][8];
    const char *bytes[PARAMETERS_MAX];
    int lengths[PARAMETERS_MAX], formats[PARAMETERS_MAX];
    Oid types[PARAMETERS_MAX];
};

static void put_big_endian(char out[8], u64 number)
{
    for (int i = 7; i >= 0; i--, number >>= 8) {
        out[i] = (char)(number & 0xff);
    }
}

static Oid type_of(const struct store_arg *arg)
{
    switch (arg->type) {
    case STORE_NULL: return TYPE_UNKNOWN;
    case STORE_I64: return TYPE_I64;
    case STORE_F64: return TYPE_F64;
    case STORE_TEXT: return TYPE_TEXT;
    case STORE_BYTES: return TYPE_BYTES;
    }
    return TYPE_UNKNOWN;
}

static err put_text(struct ctx *ctx, struct values *values, i32 i)
{
    str text = values->args[i].text;
    if (text.len > VALUE_BYTES_MAX) {
        return FAIL(ctx, ERR_TOO_LARGE, values->args[i].name, "error.value_too_large");
    }
    values->bytes[i] = text.data;
    values->lengths[i] = (int)text.len;
    return OK;
}

static err put_value(struct ctx *ctx, struct values *values, i32 i)
{
    const struct store_arg *arg = &values->args[i];
    values->types[i] = type_of(arg);
    values->formats[i] = 1;
    values->bytes[i] = NULL;
    values->lengths[i] = 0;
    if (arg->none || arg->type == STORE_NULL) {
        return OK;
    }
    if (arg->type == STORE_TEXT || arg->type == STORE_BYTES) {
        return put_text(ctx, values, i);
    }
    u64 bits;
    memcpy(&bits, arg->type == STORE_I64 ? (const void *)&arg->integer : (const void *)&arg->number, sizeof bits);
    put_big_endian(values->numbers[i], bits);
    values->bytes[i] = values->numbers[i];
    values->lengths[i] = 8;
    return OK;
}

static err put_values(struct ctx *ctx, const struct run *run, struct values *values)
{
    TRY(bind_args(ctx, run->sql, run->args, values->args));
    for (i32 i = 0; i < statement_texts[run->sql].parameter_count; i++) {
        TRY(put_value(ctx, values, i));
    }
    return OK;
}

/* Sending. */

static err sent(struct ctx *ctx, struct pq *pq, int worked)
{
    if (!worked) {
        return pq_away(ctx, pq, PQerrorMessage(pq->link));
    }
    pq->unread++;
    return OK;
}

/* "user_by_id" or, prepared once more, "user_by_id 2". */
static void name_of(enum statement sql, i32 turn, char out[96])
{
    if (turn == 1) {
        snprintf(out, 96, "%s", statement_texts[sql].name);
    } else {
        snprintf(out, 96, "%s %d", statement_texts[sql].name, turn);
    }
}

static err prepare(struct ctx *ctx, struct pq *pq, enum statement sql, const struct values *values)
{
    const struct statement_text *text = &statement_texts[sql];
    struct pq_prepared *prepared = pq->prepared[sql];
    bool fits = prepared != NULL;
    if (prepared == NULL) {
        prepared = pq->prepared[sql] = mem_new(sizeof *prepared);
    }
    for (i32 i = 0; i < text->parameter_count; i++) {
        if (values->types[i] != TYPE_UNKNOWN && values->types[i] != prepared->types[i]) {
            prepared->types[i] = values->types[i];
            fits = false;
        }
    }
    if (fits) {
        return OK;
    }
    char name[96];
    name_of(sql, ++prepared->turn, name);
    pq->preparing = true;
    return sent(ctx, pq, PQsendPrepare(pq->link, name, text->postgres, text->parameter_count, prepared->types));
}

err pq_send(struct ctx *ctx, struct pq *pq, const struct run *run)
{
    struct values values;
    TRY(put_values(ctx, run, &values));
    TRY(pq_set_aside(ctx, pq));
    TRY(prepare(ctx, pq, run->sql, &values));
    char name[96];
    name_of(run->sql, pq->prepared[run->sql]->turn, name);
    return sent(ctx, pq,
                PQsendQueryPrepared(pq->link, name, statement_texts[run->sql].parameter_count, values.bytes,
                                    values.lengths, values.formats, 1));
}

err pq_send_plain(struct ctx *ctx, struct pq *pq, enum statement sql)
{
    return pq_send(ctx, pq, &(struct run){.sql = sql, .args = &ARGS_NONE});
}
