"""Rules about C text: who includes whom, how long things are, where SQL stands, rights of routes."""

import re
from pathlib import Path

from tree import ROOMS, room_of

FILE_LINES = 600
FUNCTION_LINES = 70

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')


def includes(tree, path):
    """(line, "<" or quote, name) of each include."""
    return [
        (number, found[1], found[2])
        for number, line in tree.lines(path)
        if (found := INCLUDE.match(line))
    ]


def include_order(tree):
    """An include goes only to the own room or one below it."""
    for path in tree.some(".c", ".h", ".cpp", below="src/"):
        room = room_of(path)
        if room is None:
            continue
        if room not in ROOMS:
            yield path, 1, f"src/{room} is no room; rooms: {' '.join(ROOMS)}"
            continue
        for line, kind, name in includes(tree, path):
            if kind == "<":
                continue
            other = name.split("/")[0] if "/" in name else None
            if other not in ROOMS:
                yield path, line, f'"{name}": our headers are named "room/file.h"'
            elif ROOMS.index(other) > ROOMS.index(room):
                yield path, line, f'{room} must not include "{name}": {other} is above it'


def own_header_first(tree):
    """A .c file whose header exists includes it first, so that the header is seen to stand alone."""
    for path in tree.some(".c", ".cpp", below="src/"):
        header = re.sub(r"\.(c|cpp)$", ".h", path)
        found = includes(tree, path)
        if room_of(path) is None or header not in tree.paths or not found:
            continue
        line, _, first = found[0]
        if "src/" + first != header:
            yield path, line, f'the first include must be "{header.removeprefix("src/")}"'


SQL = [
    re.compile(pattern, flags)
    for flags, patterns in {
        0: (
            r"\bSELECT\s+\S.*\bFROM\b",
            r"\bINSERT\s+(OR\s+\w+\s+)?INTO\b",
            r"\bREPLACE\s+INTO\b",
            r"\bUPDATE\s+\w+\s+SET\b",
            r"\bDELETE\s+FROM\b",
            r"\b(CREATE|DROP|ALTER)\s+(TEMP\w*\s+|UNIQUE\s+|VIRTUAL\s+)*(TABLE|INDEX|VIEW|TRIGGER)\b",
            r"\bPRAGMA\s+\w+",
            r"\bBEGIN\s+(IMMEDIATE|EXCLUSIVE|DEFERRED|TRANSACTION)\b",
            r"\bVACUUM\b|\bATTACH\s+DATABASE\b|\bWITH\s+RECURSIVE\b",
            r"^\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT\s+\w+|SELECT\s+\S.*)\s*;?\s*$",
        ),
        re.IGNORECASE: (
            r"\binsert\s+(or\s+\w+\s+)?into\s+\w+\s*(\(|values|select)",
            r"\bselect\s+[\w*,\s().]+\s+from\s+\w+\s+(where|order|group|limit|join)\b",
            r"\bselect\s+\*\s+from\b",
            r"\bupdate\s+\w+\s+set\s+\w+\s*=",
            r"\bdelete\s+from\s+\w+\s*(where|;|$)",
            r"^\s*pragma\s+\w+\s*(=|\(|;|$)",
            r"\bcreate\s+(table|index|view|trigger)\s+\w+\s*(\(|on|as|if)",
        ),
    }.items()
    for pattern in patterns
]


def sql_in_c(tree):
    """SQL stands in sql/, where it has a name."""
    for path in tree.some(".c", ".h", ".cpp", below="src/"):
        for line, text in tree.literals(path):
            if any(pattern.search(text.replace("\\n", "\n")) for pattern in SQL):
                yield path, line, f'SQL text "{text[:40]}": give it a name in sql/queries'


def file_length(tree):
    for path in tree.some(".c", ".h", ".cpp", ".hpp"):
        count = tree.text(path).count("\n")
        if count > FILE_LINES:
            yield path, FILE_LINES + 1, f"{count} lines, allowed are {FILE_LINES}: one file, one thing"


def functions(code):
    """(line of the opening brace, line of the closing one) of each function: an outermost block whose
    brace follows a closing parenthesis. Blocks of extern "C" and namespaces count as no block."""
    depth, start, line, before, transparent = 0, None, 1, "", []
    code = re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", lambda d: "\n" * d[0].count("\n"), code, flags=re.MULTILINE)
    for char in code:
        if char == "\n":
            line += 1
        elif char == "{":
            if depth == 0 and re.search(r'(extern\s*""|namespace\s*\w*)\s*$', before):
                transparent.append(depth)
                before = ""
                continue
            if depth == 0:
                start = line if re.search(r"\)\s*(const|noexcept)?\s*$", before) else None
            depth += 1
        elif char == "}":
            if depth == 0:
                before = ""
                continue
            depth -= 1
            if depth == 0 and start is not None:
                yield start, line
            if depth == 0:
                before = ""
                continue
        if depth == 0:
            before = before[-200:] + char if char != ";" else ""


def function_length(tree):
    for path in tree.some(".c", ".h", ".cpp", ".hpp"):
        for first, last in functions(tree.code(path)):
            if last - first + 1 > FUNCTION_LINES:
                text = f"a function of {last - first + 1} lines, allowed are {FUNCTION_LINES}"
                yield path, first, text


ROUTE_TABLE = re.compile(r"\bstruct\s+route\s+\w+\s*\[[^\]]*\]\s*=\s*\{")


def rows_of(code, start):
    """(line, text) of each element of an initialiser whose outer brace opened just before `start`."""
    depth, begin = 0, start
    for at in range(start, len(code)):
        char = code[at]
        if char in "{(":
            depth += 1
        elif char in ")}" and depth > 0:
            depth -= 1
        elif char == "}" or (char == "," and depth == 0):
            text = code[begin:at]
            if text.strip():
                lead = len(text) - len(text.lstrip())
                yield code.count("\n", 0, begin + lead) + 1, text.strip()
            begin = at + 1
            if char == "}":
                return


def macro(code, row):
    """What a row that is a macro call stands for, as far as it is defined in the same file."""
    name = re.match(r"(\w+)\s*\(", row)
    if not name:
        return ""
    found = re.search(rf"^[ \t]*#[ \t]*define[ \t]+{name[1]}\((?:[^\n\\]|\\.|\\\n)*", code, re.MULTILINE)
    return found[0] if found else ""


def route_right(tree):
    """Each row of a table of routes names a right."""
    for path in tree.some(".c", ".h", below="src/"):
        code = tree.code(path)
        for table in ROUTE_TABLE.finditer(code):
            for line, row in rows_of(code, table.end()):
                rights = set(re.findall(r"\bRIGHT_\w+", row + macro(code, row)))
                if not rights - {"RIGHT_NONE", "RIGHT_NONE_", "RIGHT_COUNT_"}:
                    yield path, line, "a route without a right"


def listed(tree):
    """A source file that no meson.build lists is not compiled, and a test not run."""
    for path in tree.all(".c", ".cpp"):
        folder = Path(path).parent
        if not path.startswith(("src/", "test/unit/", "test/fuzz/")) or path in ("src/cham.c", "test/unit/main.c"):
            continue
        lists = f"{folder}/meson.build"
        name = Path(path).name
        words = tree.text(lists) if lists in tree.paths else ""
        if not re.search(rf"'({re.escape(name)}|{re.escape(Path(name).stem)})'", words):
            yield path, 1, f"not in {lists}"
