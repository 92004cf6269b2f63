"""ui/dist/**: the built pages, as they are and compressed once with the best settings."""

import gzip
import hashlib
import re
import shutil
import subprocess

from common import NOTICE, Mistake, below

HEAD = (
    NOTICE
    + """#pragma once

#include "base/types.h"

struct embedded_body {
    const char *data; /* NULL: this form is not kept, because it is not smaller */
    i64 len;
};

struct embedded_file {
    const char *path; /* "/index.html" */
    const char *type; /* "text/html; charset=utf-8" */
    const char *etag; /* of the content, with its quotes */
    bool immutable;   /* the name changes with the content: cache for ever */
    struct embedded_body plain, gzip, brotli; /* plain is always there */
};

enum { EMBEDDED_COUNT = %d };

/* In the byte order of the paths; one empty row behind the last. */
extern const struct embedded_file embedded_files[EMBEDDED_COUNT + 1];
"""
)

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".woff": "font/woff",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
}

# Vite's names: app-BxY12z_4.js
HASHED = re.compile(r"[-.][A-Za-z0-9_-]{8}\.\w+$")


def brotli(data):
    if not shutil.which("brotli"):
        raise Mistake("ui/dist", 1, "the program brotli is missing (make setup installs it)")
    return subprocess.run(["brotli", "--best", "--stdout", "-"], input=data, capture_output=True, check=True).stdout


def c_bytes(data):
    """A string literal: compilers read it many times faster than a list of numbers."""
    out, width = ['"'], 0
    after_escape = False
    for byte in data:
        char = chr(byte)
        if byte in (34, 92, 63):
            piece, after_escape = "\\" + char, False
        elif 32 <= byte < 127 and not (after_escape and char.isdigit()):
            piece, after_escape = char, False
        else:
            # Three octal digits always end the escape, so a digit may follow.
            piece, after_escape = f"\\{byte:03o}", False
        out.append(piece)
        width += len(piece)
        if width > 4000:
            out.append('"\n"')
            width = 0
    out.append('"')
    return "".join(out)


def body(forms, index, name, data):
    if data is None:
        return "{NULL, 0}"
    forms.append(f"static const char {name}_{index}[] =\n{c_bytes(data)};\n")
    return f"{{{name}_{index}, {len(data)}}}"


def smaller(packed, data):
    return packed if len(packed) < len(data) * 0.9 else None


def row(forms, index, path, web_path):
    data = path.read_bytes()
    kind = TYPES.get(path.suffix)
    if kind is None:
        raise Mistake(path, 1, f"no media type for {path.suffix or 'a file without ending'}")
    etag = hashlib.sha256(data).hexdigest()[:16]
    immutable = "true" if "/assets/" in web_path and HASHED.search(path.name) else "false"
    return (
        f'    {{"{web_path}", "{kind}", "\\"{etag}\\"", {immutable},\n'
        f"     {body(forms, index, 'plain', data)},\n"
        f"     {body(forms, index, 'gzip', smaller(gzip.compress(data, 9, mtime=0), data))},\n"
        f"     {body(forms, index, 'brotli', smaller(brotli(data), data))}}},\n"
    )


def make(root, pages="found"):
    found, watched = below(root, "ui/dist", "*")
    if pages == "none":
        found, watched = [], []
    if pages == "required" and not (root / "ui/dist/index.html").exists():
        raise Mistake("ui/dist/index.html", 1, "missing; 'make build' builds the pages first")
    by_name = {"/" + path.relative_to(root / "ui/dist").as_posix(): path for path in found}
    forms = []
    rows = [row(forms, i, by_name[p], p) for i, p in enumerate(sorted(by_name, key=lambda p: p.encode()))]
    source = (
        NOTICE
        + '#include "http/embedded.h"\n\n'
        + "".join(forms)
        + "\nconst struct embedded_file embedded_files[EMBEDDED_COUNT + 1] = {\n"
        + "".join(rows)
        + "    {0},\n};\n"
    )
    return HEAD % len(rows), source, watched
