/* Shapes: one description of a struct that crosses a border.
 *
 * A shape lists the members of a struct: name, type, place, limits, and what
 * they mean. JSON in and out, SQL rows and parameters, CSV, and the API
 * description all read the same table, so a member is named once.
 *
 *     struct key { i64 id; str name; bool active; };
 *     static const struct shape_field key_fields[] = {
 *         {"id", SHAPE_ID, offsetof(struct key, id), .flags = SHAPE_READ_ONLY},
 *         {"name", SHAPE_STR, offsetof(struct key, name), .flags = SHAPE_REQUIRED, .min = 1, .max = 200},
 *         {"active", SHAPE_BOOL, offsetof(struct key, active)},
 *     };
 *     const struct shape key_shape = SHAPE("Key", struct key, key_fields, "shape.key");
 */
#pragma once

#include "base/ctx.h"
#include "json/read.h"
#include "json/write.h"

enum shape_type {
    SHAPE_BOOL,         /* bool */
    SHAPE_I64,          /* i64; min and max apply when max > min */
    SHAPE_F64,          /* f64 */
    SHAPE_MAYBE_I64,    /* struct maybe_i64; null or absent = none */
    SHAPE_MAYBE_F64,    /* struct maybe_f64 */
    SHAPE_STR,          /* str; min and max are bytes; absent = none. U+0000 is refused */
    SHAPE_ID,           /* i64 shown as id text; 0 = none = null */
    SHAPE_TIME,         /* i64 milliseconds UTC; 0 = none = null */
    SHAPE_WORD,         /* i32 index into .words; JSON shows the word */
    SHAPE_JSON,         /* str holding JSON text: any value, kept as it is (min, max bytes) */
    SHAPE_OBJECT,       /* an embedded struct of shape .of */
    SHAPE_MAYBE_OBJECT, /* a pointer to a struct of shape .of; NULL = null */
    SHAPE_LIST,         /* struct shape_list of structs of shape .of; min and max are counts */
    SHAPE_STRS,         /* struct str_list of strings; min and max are counts */
    SHAPE_IDS,          /* struct id_list */
};

enum shape_flags {
    SHAPE_REQUIRED = 1,   /* input without it is refused */
    SHAPE_READ_ONLY = 2,  /* never read from input; giving it is refused */
    SHAPE_WRITE_ONLY = 4, /* never written out (passwords) */
    SHAPE_PERSONAL = 8,   /* personal data: left out for readers without the right */
    SHAPE_OMIT_NONE =
        16, /* left out of the output when there is no value, instead of null, false, 0 or an empty list */
};

struct shape;

struct shape_field {
    const char *name; /* JSON member, SQL column and parameter, CSV heading */
    enum shape_type type;
    size_t offset;
    const struct shape *of;
    const char *const *words; /* ends with NULL */
    i64 min, max;
    u32 flags;
    const char *help; /* locale key of one sentence; may be NULL */
};

struct shape {
    const char *name; /* the schema's name in the API description */
    size_t size;
    const struct shape_field *fields;
    i64 field_count;
    const char *help;
};

#define SHAPE(name, type, fields, help)                                                                                \
    {                                                                                                                  \
        (name), sizeof(type), (fields), countof(fields), (help)                                                        \
    }

struct shape_list {
    void *items; /* count structs of the field's shape, one after the other */
    i64 count;
};

struct str_list {
    str *items;
    i64 count;
};

struct id_list {
    i64 *items;
    i64 count;
};

/* Which members the input gave, for partial updates: bit k is field k. */
typedef u64 shape_seen;

/* Reads an object into a zeroed struct. Unknown members, repeated names, missing required members, wrong types and
 * values out of their limits are ERR_INVALID with the member's pointer and what is allowed. Strings are copied into the
 * context's arena. `seen` may be NULL. */
err shape_read(struct ctx *ctx, const struct shape *shape, struct json object, void *out, shape_seen *seen);

/* Parses and reads a request body. */
err shape_parse(struct ctx *ctx, const struct shape *shape, str text, void *out, shape_seen *seen);

enum shape_view { SHAPE_ALL, SHAPE_WITHOUT_PERSONAL };

/* Writes the struct as an object. */
void shape_write(struct json_writer *writer, const struct shape *shape, const void *from, enum shape_view view);
void shape_write_list(struct json_writer *writer, const struct shape *shape, struct shape_list list,
                      enum shape_view view);

/* The bit of a member in `seen`; 0 when there is none of that name. */
shape_seen shape_bit(const struct shape *shape, const char *name);

/* Is the member in `seen`? By name, so that handlers stay readable. */
bool shape_has(const struct shape *shape, shape_seen seen, const char *name);

/* Describes the shape as JSON Schema 2020-12 (an object schema); members of shape type refer to
 * #/components/schemas/NAME. `describe` turns help keys into sentences; NULL leaves them out. */
struct shape_describer {
    str (*describe)(void *self, const char *key);
    void *self;
};
void shape_schema(struct json_writer *writer, const struct shape *shape, const struct shape_describer *describer);
