"""The tables of the records, taken from their migrations, with the statements that copy any of them whole.

Tables that only running processes need have the comment `-- passing: why` right in front of them and are left out."""

import re
import sqlite3

import migrations
import sql
from common import below

PASSING = re.compile(r"^--\s*passing:[^\n]*\nCREATE TABLE (\w+)", re.MULTILINE)

HEAD = """
/* A table of the records that is truth; those that only running processes need are not here. */
struct table_column {
    const char *name; /* of the column, and of its parameter */
    enum { OF_I64, OF_F64, OF_TEXT, OF_BYTES } type;
};

struct table_text {
    const char *name;
    const struct table_column *columns;
    i32 column_count;
    const i32 *keys; /* which columns are its key, in their order */
    i32 key_count;
    /* All columns in the order of the key, :limit rows: from the beginning; behind the row with these key columns. */
    enum statement first, next;
    enum statement put;    /* one row, instead of the one with this key */
    enum statement remove; /* the row with this key */
    enum statement clear;  /* every row */
    enum statement count;  /* how many there are */
};

enum { TABLE_COUNT = %d };

/* Who is referred to comes before who refers; one empty row behind the last. */
extern const struct table_text table_texts[TABLE_COUNT + 1];
"""


def read(root):
    """The tables as a new database has them: [(name, [(column, declared type)], [indices of the key])]."""
    found, _ = below(root, "sql/migrations", "*.sql")
    steps = [(path, migrations.read_migration(root, path)) for path in found]
    steps = sorted((s for s in steps if s[1]["database"] == "records"), key=lambda s: s[1]["number"])
    passing = {name for path, _ in steps for name in PASSING.findall(path.read_text())}
    database = sqlite3.connect(":memory:")
    for _, step in steps:
        database.executescript(step["sqlite"])
    # An index of SQLite's own kind (FTS5) is no table of records, nor are those behind it.
    found = database.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'").fetchall()
    plain = {row[0] for row in found}
    names = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")]
    names = [name for name in names if name in plain]
    tables = []
    for name in names:
        columns = database.execute(f"PRAGMA table_info({name})").fetchall()
        keys = [c[0] for c in sorted((c for c in columns if c[5]), key=lambda c: c[5])]
        if name not in passing:
            tables.append((name, [(c[1], c[2]) for c in columns], keys))
    return tables


def statements_of(name, columns, keys):
    every = [column for column, _ in columns]
    key = [every[k] for k in keys]
    rest = [column for column in every if column not in key]
    quoted = {column: f'"{column}"' for column in every}
    listed = ", ".join(quoted[c] for c in every)
    order = ", ".join(quoted[c] for c in key)
    behind = ", ".join(f":{c}" for c in key)
    same = " AND ".join(f"{quoted[c]} = :{c}" for c in key)
    change = ", ".join(f"{quoted[c]} = excluded.{quoted[c]}" for c in rest)
    texts = {
        "first": f"SELECT {listed} FROM {name} ORDER BY {order} LIMIT :limit",
        "next": f"SELECT {listed} FROM {name} WHERE ({order}) > ({behind}) ORDER BY {order} LIMIT :limit",
        "put": f"INSERT INTO {name} ({listed}) VALUES ({', '.join(':' + c for c in every)})\n"
        f"ON CONFLICT ({order}) DO " + (f"UPDATE SET {change}" if rest else "NOTHING"),
        "remove": f"DELETE FROM {name} WHERE {same}",
        "clear": f"DELETE FROM {name}",
        "count": f"SELECT count(*) FROM {name}",
    }
    for verb, text in texts.items():
        parameters = sql.parameters(text)
        yield {
            "name": f"table_{name}_{verb}",
            "database": "records",
            "sqlite": text,
            "postgres": sql.numbered(text, parameters),
            "parameters": parameters,
        }


def row(name, columns, keys):
    kind = {"INTEGER": "OF_I64", "REAL": "OF_F64", "TEXT": "OF_TEXT", "BLOB": "OF_BYTES"}
    listed = ", ".join(f'{{"{column}", {kind[declared]}}}' for column, declared in columns)
    verbs = "".join(
        f"        .{verb} = SQL_TABLE_{name.upper()}_{verb.upper()},\n"
        for verb in ("first", "next", "put", "remove", "clear", "count")
    )
    return (
        "    {\n"
        f'        .name = "{name}",\n'
        f"        .columns = (const struct table_column[]){{{listed}}},\n"
        f"        .column_count = {len(columns)},\n"
        f"        .keys = (const i32[]){{{', '.join(map(str, keys))}}},\n"
        f"        .key_count = {len(keys)},\n"
        f"{verbs}"
        "    },\n"
    )


def make(tables):
    body = (
        f"\nconst struct table_text table_texts[TABLE_COUNT + 1] = {{\n"
        + "".join(row(*table) for table in tables)
        + "    {0},\n};\n"
    )
    return HEAD % len(tables), body
