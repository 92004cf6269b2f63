"""Reading SQL text: comments, strings, parameters, and the parts meant for one dialect only."""

import re

from common import Mistake

TOKEN = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/)
      | (?P<string>'(?:[^']|'')*')
      | (?P<name>"(?:[^"]|"")*")
      | (?P<cast>::)
      | (?P<parameter>:[a-z_][a-z0-9_]*)
      | (?P<number>\?[0-9]*|\$[0-9]+|@[a-z]\w*)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)

SECTION = re.compile(r"^\s*--\s*(sqlite|postgres|both):\s*$")

DIALECTS = ("sqlite", "postgres")

# The words a migration uses for its column types; {strict} behind a table makes SQLite check them as
# PostgreSQL does. Text is ordered by its bytes in both.
TYPES = {
    "sqlite": {
        "id": "INTEGER",
        "i64": "INTEGER",
        "f64": "REAL",
        "bytes": "BLOB",
        "text": "TEXT",
        "strict": "STRICT",
    },
    "postgres": {
        "id": "BIGINT",
        "i64": "BIGINT",
        "f64": "DOUBLE PRECISION",
        "bytes": "BYTEA",
        "text": 'TEXT COLLATE "C"',
        "strict": "",
    },
}


def split_dialects(lines):
    """The text for each dialect: a line `-- sqlite:` or `-- postgres:` begins a part for that one alone,
    `-- both:` a common one again."""
    text = {dialect: [] for dialect in DIALECTS}
    now = DIALECTS
    for line in lines:
        section = SECTION.match(line)
        if section:
            now = DIALECTS if section[1] == "both" else (section[1],)
            continue
        for dialect in now:
            text[dialect].append(line)
    return {dialect: "\n".join(text[dialect]) for dialect in DIALECTS}


def without_comments(text):
    kept = "".join(" " if token.lastgroup == "comment" else token[0] for token in TOKEN.finditer(text))
    lines = (line.rstrip() for line in kept.split("\n"))
    return "\n".join(line for line in lines if line).strip()


def parameters(text):
    """The names of the parameters in the order of their first use."""
    found = []
    for token in TOKEN.finditer(text):
        if token.lastgroup == "parameter" and token[0][1:] not in found:
            found.append(token[0][1:])
    return found


PLACE = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


def places(text):
    """The names of the places of a statement that is put together: {part} and :value, in the order of their first use."""
    found = []
    for token in TOKEN.finditer(PLACE.sub(r":\1", text)):
        if token.lastgroup == "parameter" and token[0][1:] not in found:
            found.append(token[0][1:])
    return found


def numbered(text, names):
    """`:name` as `$1`, for PostgreSQL."""
    return "".join(
        f"${names.index(token[0][1:]) + 1}" if token.lastgroup == "parameter" else token[0]
        for token in TOKEN.finditer(text)
    )


def check_parameters(path, line, text):
    for token in TOKEN.finditer(text):
        if token.lastgroup == "number":
            raise Mistake(path, line, f"parameter {token[0]}: parameters have names (:name)")


def expand_types(path, text, dialect):
    def expand(word):
        if word[1] not in TYPES[dialect]:
            line = text[: word.start()].count("\n") + 1
            raise Mistake(path, line, f"unknown type {word[0]}; known: {' '.join(sorted(TYPES[dialect]))}")
        return TYPES[dialect][word[1]]

    return re.sub(r"\{([a-z0-9]+)\}", expand, text)
