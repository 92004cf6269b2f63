"""sql/migrations/**/NNNN_words.sql: forward only, with type words that each database expands."""

import hashlib
import re

import sql
from common import NOTICE, Mistake, below, c_string, database_of

FILE = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")

HEAD = (
    NOTICE
    + """#pragma once

#include "base/types.h"

struct migration {
    const char *database; /* "records", or the folder's name below sql/migrations */
    i32 number;           /* 1, 2, 3 … without gaps in one database */
    const char *name;     /* "0001_users" */
    const char *sqlite, *postgres; /* one or more statements; run in one transaction */
    const char *one, *cluster;     /* of ClickHouse: for one server, for each server of a cluster; with {places} */
    const char *sha256;   /* of the file: a released migration never changes */
};

enum { MIGRATION_COUNT = %d };

/* By database, then number; one empty row behind the last. */
extern const struct migration migrations[MIGRATION_COUNT + 1];
"""
)


CLUSTER = re.compile(r"^\s*--\s*(cluster|both):\s*$")


def of_clickhouse(text):
    """Its text for one server and for a cluster: a line `-- cluster:` begins a part for a cluster alone, `-- both:` a common one
    again. Places stay: which engines they name is known when it runs."""
    parts = {"one": [], "cluster": []}
    common = True
    for line in text.split("\n"):
        section = CLUSTER.match(line)
        if section:
            common = section[1] == "both"
            continue
        parts["cluster"].append(line)
        if common:
            parts["one"].append(line)
    return {key: sql.without_comments("\n".join(lines)) for key, lines in parts.items()}


def of_records(shown, text):
    return {
        dialect: sql.expand_types(shown, sql.without_comments(part), dialect)
        for dialect, part in sql.split_dialects(text.split("\n")).items()
    }


def read_migration(root, path):
    shown = path.relative_to(root)
    name = FILE.fullmatch(path.name)
    if not name:
        raise Mistake(shown, 1, "a migration is named NNNN_words.sql")
    text = path.read_text()
    database = database_of(root, "sql/migrations", path)
    texts = of_clickhouse(text) if database == "clickhouse" else of_records(shown, text)
    return {
        "database": database,
        "number": int(name[1]),
        "name": path.stem,
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "shown": shown,
        **texts,
    }


def check_numbers(migrations):
    last = {}
    for migration in migrations:
        expected = last.get(migration["database"], 0) + 1
        if migration["number"] != expected:
            raise Mistake(migration["shown"], 1, f"the next number here is {expected:04d}")
        last[migration["database"]] = expected


def texts_of(migration):
    keys = ("one", "cluster") if "one" in migration else ("sqlite", "postgres")
    return "".join(f"        .{key} = {c_string(migration[key])},\n" for key in keys)


def row(migration):
    return (
        "    {\n"
        f"        .database = \"{migration['database']}\",\n"
        f"        .number = {migration['number']},\n"
        f"        .name = \"{migration['name']}\",\n"
        f"{texts_of(migration)}"
        f"        .sha256 = \"{migration['sha256']}\",\n"
        "    },\n"
    )


def make(root):
    found, watched = below(root, "sql/migrations", "*.sql")
    migrations = [read_migration(root, path) for path in found]
    migrations.sort(key=lambda m: (m["database"] != "records", m["database"], m["number"]))
    check_numbers(migrations)
    body = (
        NOTICE
        + '#include "store/migrations.h"\n\n'
        + "const struct migration migrations[MIGRATION_COUNT + 1] = {\n"
        + "".join(map(row, migrations))
        + "    {0},\n};\n"
    )
    return HEAD % len(migrations), body, watched
