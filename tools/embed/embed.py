#!/usr/bin/env python3
"""Turns SQL, translations and the built pages into C tables.

    embed.py statements ROOT OUT.h OUT.c DEPFILE    sql/queries/**/*.sql
    embed.py migrations ROOT OUT.h OUT.c DEPFILE    sql/migrations/**/*.sql
    embed.py catalogue  ROOT OUT.h OUT.c DEPFILE    locales/vi.json and en.json
    embed.py files      ROOT OUT.h OUT.c DEPFILE [--pages=required|found|none]    ui/dist/**
    embed.py texts      ROOT OUT.h OUT.c DEPFILE    src/listen/demo/texts/*
    embed.py surveys    ROOT OUT.h OUT.c DEPFILE    src/listen/survey/texts/*

HACKING.md describes the formats. The build runs this; a mistake in an input is
one line "file:line: what is wrong" and exit code 1.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import catalogue  # noqa: E402
import files  # noqa: E402
import migrations  # noqa: E402
import statements  # noqa: E402
import texts  # noqa: E402
from common import Mistake  # noqa: E402

KINDS = {
    "statements": statements.make,
    "migrations": migrations.make,
    "catalogue": catalogue.make,
    "files": files.make,
    "texts": texts.make,
    "surveys": texts.make_surveys,
}


def write_if_changed(path, text):
    """Leaves an equal file alone, so that what includes it is not compiled again."""
    if not path.exists() or path.read_text() != text:
        path.write_text(text)


def main(arguments):
    options = [a.removeprefix("--pages=") for a in arguments if a.startswith("--pages=")]
    kind, root, header, source, depfile = [a for a in arguments if not a.startswith("--")]
    try:
        head, body, read = KINDS[kind](Path(root), *options)
    except Mistake as mistake:
        print(mistake, file=sys.stderr)
        return 1
    write_if_changed(Path(header), head)
    write_if_changed(Path(source), body)
    inputs = " ".join(str(path).replace(" ", "\\ ") for path in read)
    Path(depfile).write_text(f"{header} {source}: {inputs}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
