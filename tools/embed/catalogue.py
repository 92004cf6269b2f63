"""locales/vi.json and en.json: every sentence in both languages, by key.

Keys that begin with "ui." are only for the pages, which bring their own copy.
"""

import json
import re

from common import NOTICE, Mistake, below, c_string

HEAD = (
    NOTICE
    + """#pragma once

#include "base/types.h"

struct catalogue_row {
    const char *key, *vi, *en;
};

enum { CATALOGUE_COUNT = %d };

/* In the byte order of the keys; one empty row behind the last. */
extern const struct catalogue_row catalogue_rows[CATALOGUE_COUNT + 1];
"""
)

PLACEHOLDER = re.compile(r"\{[a-z_]+\}")


def read_language(root, language):
    path = root / "locales" / f"{language}.json"
    shown = path.relative_to(root)
    if not path.exists():
        return {}

    def unique(pairs):
        seen = {}
        for key, value in pairs:
            if key in seen:
                raise Mistake(shown, 1, f"{key} is there twice")
            if not isinstance(value, str) or not value.strip():
                raise Mistake(shown, 1, f"{key} is not a sentence")
            seen[key] = value
        return seen

    try:
        return json.loads(path.read_text(), object_pairs_hook=unique)
    except json.JSONDecodeError as error:
        raise Mistake(shown, error.lineno, error.msg) from None


def check_both(vi, en):
    for here, there, name in ((vi, en, "en"), (en, vi, "vi")):
        missing = sorted(set(here) - set(there))
        if missing:
            raise Mistake(f"locales/{name}.json", 1, "missing: " + ", ".join(missing))
    for key in vi:
        if sorted(set(PLACEHOLDER.findall(vi[key]))) != sorted(set(PLACEHOLDER.findall(en[key]))):
            raise Mistake("locales/en.json", 1, f"{key} has other {{placeholders}} than in vi.json")


def make(root):
    _, watched = below(root, "locales", "*.json")
    vi, en = read_language(root, "vi"), read_language(root, "en")
    check_both(vi, en)
    keys = sorted((key for key in vi if not key.startswith("ui.")), key=lambda key: key.encode())
    rows = "".join(
        f"    {{{c_string(key)}, {c_string(vi[key])}, {c_string(en[key])}}},\n" for key in keys
    )
    body = (
        NOTICE
        + '#include "text/catalogue.h"\n\n'
        + "const struct catalogue_row catalogue_rows[CATALOGUE_COUNT + 1] = {\n"
        + rows
        + "    {0},\n};\n"
    )
    return HEAD % len(keys), body, watched
