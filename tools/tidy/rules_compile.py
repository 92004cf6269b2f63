"""Rules that ask the compiler and clang-format. What passed once is remembered by its content in
build/tidy, so that a second look takes no time."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

INCLUDED = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)

FLAGS = ["-std=gnu2x", "-fsyntax-only", "-D_GNU_SOURCE", '-DCHAM_VERSION="0"', "-Wall", "-Wextra", "-Werror"]
FLAGS += ["-Wno-missing-field-initializers"]

GENERATED = {
    "statements": "store/statements",
    "migrations": "store/migrations",
    "catalogue": "text/catalogue",
    "files": "http/embedded",
}


class Memory:
    """Which contents passed: a file of hashes."""

    def __init__(self, tree, name):
        self.path = tree.root / "build" / "tidy" / f"{name}.json"
        self.old = set()
        if self.path.exists():
            self.old = set(json.loads(self.path.read_text()))
        self.new = set()

    def knows(self, key):
        if key in self.old:
            self.new.add(key)
        return key in self.old

    def keep(self, key):
        self.new.add(key)

    def save(self, whole):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(sorted(self.new if whole else self.new | self.old)))


def digest(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def generated_headers(tree):
    """Folder with the headers that the build makes; the pages are left out, their header is the same."""
    out = tree.root / "build" / "tidy" / "gen"
    embed = tree.root / "tools" / "embed" / "embed.py"
    if not embed.exists():
        return out
    for kind, name in GENERATED.items():
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        source = out if kind == "files" else tree.root
        command = [sys.executable, str(embed), kind, str(source), f"{target}.h", f"{target}.c", f"{target}.d"]
        subprocess.run(command, capture_output=True, check=False)
    return out


def closure(tree, generated, path, seen):
    """Every header of ours that a file reaches."""
    for name in INCLUDED.findall(tree.text(path)):
        own = f"src/{name}"
        if own in tree.paths and own not in seen:
            seen.add(own)
            closure(tree, generated, own, seen)
        elif own not in tree.paths and (generated / name).exists():
            seen.add(str(generated / name))
    return seen


def compile_header(tree, generated, path):
    command = ["gcc", *FLAGS, f"-I{tree.root}/src", f"-I{generated}"]
    banned = tree.root / "src/base/banned.h"
    if banned.exists() and path != "src/base/banned.h":
        command += ["-include", str(banned)]
    text = f'#include "{tree.root / path}"\n'
    done = subprocess.run([*command, "-x", "c", "-"], input=text, capture_output=True, text=True, check=False)
    errors = [line for line in done.stderr.splitlines() if " error: " in line]
    return path, done.returncode, errors[0] if errors else done.stderr.strip()[:200]


def header_alone(tree):
    """A header compiles with nothing in front of it."""
    headers = tree.all(".h", below="src/")
    memory = Memory(tree, "headers")
    generated = generated_headers(tree)
    work = {}
    for path in headers:
        if "#pragma once" not in tree.text(path):
            yield path, 1, "no #pragma once"
        reached = sorted(closure(tree, generated, path, {path}))
        texts = [(tree.root / p).read_text() if not p.startswith("/") else Path(p).read_text() for p in reached]
        key = digest(" ".join(FLAGS), *reached, *texts)
        if not memory.knows(key):
            work[path] = key
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, code, error in pool.map(lambda p: compile_header(tree, generated, p), work):
            if code == 0:
                memory.keep(work[path])
            else:
                yield path, 1, f"does not compile alone: {error}"
    memory.save(True)


def format_one(tree, path):
    done = subprocess.run(
        ["clang-format-14", "--dry-run", "--Werror", str(tree.root / path)], capture_output=True, text=True, check=False
    )
    found = re.search(r":(\d+):\d+: error:", done.stderr)
    return path, done.returncode, int(found[1]) if found else 1


def formatted(tree):
    """`make format` would change nothing."""
    if not (tree.root / ".clang-format").exists() or not shutil.which("clang-format-14"):
        return
    memory = Memory(tree, "format")
    style = (tree.root / ".clang-format").read_text()
    work = {}
    for path in tree.some(".c", ".h", ".cpp", ".hpp"):
        key = digest(style, path, tree.text(path))
        if not memory.knows(key):
            work[path] = key
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, code, line in pool.map(lambda p: format_one(tree, p), work):
            if code == 0:
                memory.keep(work[path])
            else:
                yield path, line, "not formatted: make format"
    memory.save(tree.changed is None)
