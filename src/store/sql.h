/* What the build makes of sql/: the statements and the steps of the schema. */
#pragma once

#include "store/queries.h"

#include <stdbool.h>

struct sql_text {
    const char *name; /* "job_find" */
    bool writes;
    bool events;      /* belongs to the log's database, not to the records */
    const char *sqlite, *postgres; /* postgres is NULL where only SQLite is told */
};
extern const struct sql_text sql_texts[SQL_COUNT_];

struct sql_migration {
    const char *name;   /* "0001_jobs"; the number is the place in the table plus one */
    const char *digest; /* SHA-256 of the file, kept with the applied step */
    const char *sqlite, *postgres;
};
extern const struct sql_migration sql_migrations_records[];
extern const int sql_migrations_records_count;
extern const struct sql_migration sql_migrations_events[];
extern const int sql_migrations_events_count;
