"""sql/queries/**/*.sql: named statements, each with its text for both databases; those of ClickHouse with one text."""

import re

import sql
import tables
from common import NOTICE, Mistake, below, c_string, database_of

NAME = re.compile(r"^--\s*name:\s*(\S*)\s*$")

# `-- part: name` begins a piece that statements of the same file take in as {name}.
PART = re.compile(r"^--\s*part:\s*([a-z][a-z0-9_]*)\s*$")
TAKEN = re.compile(r"\{([a-z][a-z0-9_]*)\}")

HEAD = (
    NOTICE
    + """#pragma once

#include "base/types.h"

enum statement {
%s    SQL_COUNT_,
};

struct statement_text {
    const char *name;              /* "user_insert" */
    const char *database;          /* "records", or the folder's name below sql/queries; "clickhouse" has one text alone */
    const char *sqlite;            /* parameters by name: :id */
    const char *postgres;          /* parameters by number: $1 is parameters[0] */
    const char *clickhouse;        /* one text with places: {part} for other SQL, :value for a value */
    const char *const *parameters; /* in the order of their first use; NULL behind the last */
    i32 parameter_count;
};

/* By enum statement; one empty row behind the last. */
extern const struct statement_text statement_texts[SQL_COUNT_ + 1];
"""
)


def read_file(file_lines, shown):
    """Yields (name, line, lines of text) for each statement of a file."""
    name, start, lines = None, 0, []
    for number, line in enumerate(file_lines, 1):
        header = NAME.match(line)
        if header:
            if name:
                yield name, start, lines
            name, start, lines = header[1], number, []
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                raise Mistake(shown, number, f"'{name}' is no statement name (a-z, 0-9, _)")
        elif name:
            lines.append(line)
        elif line.strip() and not line.lstrip().startswith("--"):
            raise Mistake(shown, number, "SQL before the first '-- name:'")
    if name:
        yield name, start, lines


def split_parts(path):
    """The pieces of a file, {name: {dialect: text}}, and its lines with theirs left out."""
    pieces, kept, now = {}, [], None
    for line in path.read_text().split("\n"):
        header = PART.match(line)
        if header:
            now = pieces.setdefault(header[1], [])
        elif NAME.match(line):
            now = None
        elif now is not None:
            now.append(line)
        kept.append("" if now is not None else line)
    return {name: sql.split_dialects(lines) for name, lines in pieces.items()}, kept


def take_parts(shown, line, name, text, parts, dialect):
    def taken(word):
        if word[1] not in parts:
            raise Mistake(shown, line, f"{name} takes {word[0]}, which is no part of this file")
        return take_parts(shown, line, name, parts[word[1]][dialect], parts, dialect)

    return TAKEN.sub(taken, text)


def read_statement(shown, name, line, lines, parts):
    texts = {}
    for dialect, text in sql.split_dialects(lines).items():
        text = take_parts(shown, line, name, text, parts, dialect)
        text = sql.without_comments(text).removesuffix(";").rstrip()
        if not text:
            raise Mistake(shown, line, f"{name} has no text for {dialect}")
        if ";" in re.sub(r"'(?:[^']|'')*'", "", text):
            raise Mistake(shown, line, f"{name} is more than one statement")
        sql.check_parameters(shown, line, text)
        texts[dialect] = text
    names = sql.parameters(texts["sqlite"])
    if set(names) != set(sql.parameters(texts["postgres"])):
        raise Mistake(shown, line, f"{name} has other parameters for sqlite than for postgres")
    return {
        "name": name,
        "sqlite": texts["sqlite"],
        "postgres": sql.numbered(texts["postgres"], names),
        "parameters": names,
    }


def read_template(shown, name, line, lines):
    text = sql.without_comments("\n".join(lines)).removesuffix(";").rstrip()
    if not text:
        raise Mistake(shown, line, f"{name} has no text")
    return {"name": name, "clickhouse": text, "parameters": sql.places(text)}


def texts_of(statement):
    if "clickhouse" in statement:
        return f"        .clickhouse = {c_string(statement['clickhouse'])},\n"
    return (
        f"        .sqlite = {c_string(statement['sqlite'])},\n"
        f"        .postgres = {c_string(statement['postgres'])},\n"
    )


def row(statement):
    parameters = "".join(f'"{name}", ' for name in statement["parameters"])
    return (
        f"    [SQL_{statement['name'].upper()}] = {{\n"
        f"        .name = \"{statement['name']}\",\n"
        f"        .database = \"{statement['database']}\",\n"
        f"{texts_of(statement)}"
        f"        .parameters = (const char *const[]){{{parameters}NULL}},\n"
        f"        .parameter_count = {len(statement['parameters'])},\n"
        f"    }},\n"
    )


def make(root):
    found, watched = below(root, "sql/queries", "*.sql")
    statements, seen = [], {}
    for path in found:
        shown = path.relative_to(root)
        database = database_of(root, "sql/queries", path)
        template = database == "clickhouse"
        parts, file_lines = ({}, path.read_text().split("\n")) if template else split_parts(path)
        for name, line, lines in read_file(file_lines, shown):
            if name in seen:
                raise Mistake(shown, line, f"{name} is already in {seen[name]}")
            seen[name] = f"{shown}:{line}"
            statement = (
                read_template(shown, name, line, lines) if template else read_statement(shown, name, line, lines, parts)
            )
            statement["database"] = database
            statements.append(statement)
    copied = tables.read(root)
    statements += [statement for table in copied for statement in tables.statements_of(*table)]
    tables_head, tables_body = tables.make(copied)
    names = "".join(f"    SQL_{s['name'].upper()},\n" for s in statements)
    body = (
        NOTICE
        + '#include "store/statements.h"\n\n'
        + "const struct statement_text statement_texts[SQL_COUNT_ + 1] = {\n"
        + "".join(map(row, statements))
        + "    [SQL_COUNT_] = {0},\n};\n"
        + tables_body
    )
    return HEAD % names + tables_head, body, watched + below(root, "sql/migrations", "*.sql")[1]
