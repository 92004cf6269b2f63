"""Rules about any text: promises without an issue, white space, long lines, released migrations."""

import hashlib
import re

SOURCES = (".c", ".h", ".cpp", ".py", ".ts", ".mjs", ".js", ".svelte", ".css", ".sql", ".sh", "meson.build", "Makefile")

# Not in quotes: XXX is also a currency.
PROMISE = re.compile(r"""(?<!["'])\b(TODO|FIXME|XXX|HACK)\b(?!["'])(?!\s*\(#\d+\))""")

LINE = 132 # code is broken at 120 by make format; this is for what it leaves alone

RELEASED = "sql/migrations/RELEASED"


def todo(tree):
    """What is left to do stands in an issue, and the comment names it: TODO(#12)."""
    for path in tree.some(*SOURCES):
        if path.startswith(("tools/tidy/", "tools/test/count.py")):
            continue # they name the words
        for number, line in tree.lines(path):
            found = PROMISE.search(line)
            if found:
                yield path, number, f"{found[1]} without an issue: write {found[1]}(#12)"


def white_space(tree):
    for path in tree.some(*SOURCES, ".json", ".yml", ".conf", ".html"):
        text = tree.text(path)
        if "\r" in text:
            yield path, 1, "carriage returns: lines end with a line feed"
        if text and not text.endswith("\n"):
            yield path, text.count("\n") + 1, "no line feed at the end"
        for number, line in tree.lines(path):
            if line.endswith((" ", "\t")):
                yield path, number, "white space at the end of the line"
            if "\t" in line and not path.endswith(("Makefile", ".json", ".conf")):
                yield path, number, "a tab"


def line_length(tree):
    for path in tree.some(".c", ".h", ".cpp", ".py", ".sql"):
        for number, line in tree.lines(path):
            if len(line) > LINE:
                yield path, number, f"{len(line)} characters, allowed are {LINE}"


def digest(tree, path):
    return hashlib.sha256((tree.root / path).read_bytes()).hexdigest()


def migration_released(tree):
    """A migration that was released is as it was on that day: other installations have run it."""
    if RELEASED not in tree.paths:
        return
    for number, line in tree.lines(RELEASED):
        if not line.strip() or line.startswith("#"):
            continue
        known, path = line.split()
        if path not in tree.paths:
            yield RELEASED, number, f"{path} was released and is gone"
        elif digest(tree, path) != known:
            yield path, 1, "was released and has changed: write a new migration"


def release(tree):
    """Adds the migrations that are not yet in the list."""
    target = tree.root / RELEASED
    if not target.exists():
        target.write_text("# SHA-256 of each released migration; tools/tidy/tidy.py --release adds the new ones.\n")
        tree = type(tree)(tree.root)
    known = tree.text(RELEASED)
    new = [p for p in tree.all(".sql", below="sql/migrations/") if f"  {p}\n" not in known]
    with target.open("a", encoding="utf-8") as file:
        for path in new:
            file.write(f"{digest(tree, path)}  {path}\n")
    print(f"{len(new)} migrations released")
    return 0
