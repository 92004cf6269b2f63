#!/usr/bin/env python3
"""Looks at the release program: its size, and whether the hardening flags did what they are for."""

import re
import subprocess
import sys
from pathlib import Path

SIZE = 10_000_000


def readelf(option, path):
    done = subprocess.run(["readelf", "--wide", option, path], capture_output=True, check=True, text=True)
    return done.stdout


def checks(path):
    """(what must be true, whether it is)"""
    header = readelf("--file-header", path)
    segments = readelf("--program-headers", path)
    dynamic = readelf("--dynamic", path)
    symbols = readelf("--dyn-syms", path)
    loads = re.findall(r"^\s*LOAD\s.*?\s([R ][W ][E ])\s", segments, re.MULTILINE)
    stack = re.search(r"GNU_STACK\s.*?\s([R ][W ][E ])\s", segments)
    return [
        (f"smaller than {SIZE} bytes", Path(path).stat().st_size < SIZE),
        ("position independent", "Type:" in header and "DYN" in header),
        ("tables of functions are read-only before main", "GNU_RELRO" in segments and "NOW" in dynamic),
        ("the stack is not executable", bool(stack) and "E" not in stack[1]),
        ("nothing is writable and executable", bool(loads) and not any("W" in f and "E" in f for f in loads)),
        ("stack canaries", "__stack_chk_fail" in symbols),
        ("checked libc calls", re.search(r"__\w+_chk\b", symbols) is not None),
        ("no path of its own for libraries", not re.search(r"R(UN)?PATH", dynamic)),
        ("stripped", ".symtab" not in readelf("--section-headers", path)),
        ("its debugging information lies beside it", Path(f"{path}.debug").exists()),
        ("no path of the build machine", str(Path(path).resolve().parents[1]).encode() not in Path(path).read_bytes()),
    ]


def main(path):
    failed = 0
    found = checks(path)
    for what, true in found:
        failed += not true
        print(f"{'ok' if true else 'NOT'} {what}")
    print(f"{len(found) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
