#include "store/pq.h"

#include "base/log.h"

#include <stdlib.h>

/* The numbers of the built-in types; they never change (pg_type.dat of the server's sources). */
enum {
    TYPE_BOOL = 16,
    TYPE_I64 = 20,
    TYPE_I16 = 21,
    TYPE_I32 = 23,
    TYPE_F32 = 700,
    TYPE_F64 = 701,
};

static int columns(const void *source)
{
    return PQnfields(((const struct pq_row *)source)->result);
}

static const char *name(const void *source, int column)
{
    return PQfname(((const struct pq_row *)source)->result, column);
}

static bool null(const void *source, int column)
{
    const struct pq_row *row = source;
    return PQgetisnull(row->result, row->at, column);
}

/* A big-endian number of some bytes, with its sign. */
static i64 big_endian(const char *bytes, int len)
{
    u64 number = (bytes[0] & 0x80) != 0 ? ~(u64)0 : 0;
    for (int i = 0; i < len; i++) {
        number = number << 8 | (u8)bytes[i];
    }
    return (i64)number;
}

static f64 as_f64(const char *bytes)
{
    i64 bits = big_endian(bytes, 8);
    f64 number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static f64 as_f32(const char *bytes)
{
    i32 bits = (i32)big_endian(bytes, 4);
    float number;
    memcpy(&number, &bits, sizeof number);
    return (f64)number;
}

/* The statement gives a type that rows do not have: it needs a CAST. */
static _Noreturn void mistake(const struct pq_row *row, int column)
{
    log_say(LOG_ERROR, "statement", "column", PQfname(row->result, column), "problem", "type", NULL);
    abort();
}

static i64 integer(const void *source, int column)
{
    const struct pq_row *row = source;
    if (PQgetisnull(row->result, row->at, column)) {
        return 0;
    }
    const char *bytes = PQgetvalue(row->result, row->at, column);
    switch (PQftype(row->result, column)) {
    case TYPE_BOOL: return bytes[0] != 0;
    case TYPE_I16: return big_endian(bytes, 2);
    case TYPE_I32: return big_endian(bytes, 4);
    case TYPE_I64: return big_endian(bytes, 8);
    case TYPE_F32: return (i64)as_f32(bytes);
    case TYPE_F64: return (i64)as_f64(bytes);
    default: mistake(row, column);
    }
}

static f64 number(const void *source, int column)
{
    const struct pq_row *row = source;
    if (PQgetisnull(row->result, row->at, column)) {
        return 0;
    }
    const char *bytes = PQgetvalue(row->result, row->at, column);
    switch (PQftype(row->result, column)) {
    case TYPE_F32: return as_f32(bytes);
    case TYPE_F64: return as_f64(bytes);
    default: return (f64)integer(source, column);
    }
}

static str text(const void *source, int column)
{
    const struct pq_row *row = source;
    if (PQgetisnull(row->result, row->at, column)) {
        return STR_NONE;
    }
    return (str){PQgetvalue(row->result, row->at, column), PQgetlength(row->result, row->at, column)};
}

const struct cells pq_cells = {columns, name, null, integer, number, text};
