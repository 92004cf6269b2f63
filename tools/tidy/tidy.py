#!/usr/bin/env python3
"""Checks the rules of the house: tidy.py [--changed] [--root FOLDER] [--release]

Without options every rule looks at the whole tree. --changed is the quick look of the pre-commit
hook: rules that look at single files see only the staged ones. --release writes down the
migrations as they are, so that they never change again.

A finding is one line "file:line: rule: what is wrong"; the last line counts the rules.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import rules_c  # noqa: E402
import rules_compile  # noqa: E402
import rules_text  # noqa: E402
import rules_words  # noqa: E402
from tree import Tree  # noqa: E402

# Name, what it says, function. The names stand in HACKING.md.
RULES = [
    ("include-order", rules_c.include_order),
    ("own-header-first", rules_c.own_header_first),
    ("sql-in-c", rules_c.sql_in_c),
    ("file-length", rules_c.file_length),
    ("function-length", rules_c.function_length),
    ("route-right", rules_c.route_right),
    ("listed", rules_c.listed),
    ("todo", rules_text.todo),
    ("white-space", rules_text.white_space),
    ("line-length", rules_text.line_length),
    ("migration-released", rules_text.migration_released),
    ("words-both", rules_words.words_both),
    ("words-known", rules_words.words_known),
    ("header-alone", rules_compile.header_alone),
    ("format", rules_compile.formatted),
]


def check(tree, rules=None):
    """Runs the rules; gives {rule: findings}."""
    return {name: sorted(set(rule(tree))) for name, rule in rules or RULES}


def show(findings):
    for rule, found in findings.items():
        for path, line, text in found:
            print(f"{path}:{line}: {rule}: {text}")
    failed = sum(1 for found in findings.values() if found)
    print(f"{len(findings) - failed} passed, {failed} failed")
    return 1 if failed else 0


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--root", default=Path(__file__).resolve().parents[2], type=Path)
    parser.add_argument("--changed", action="store_true", help="only staged files where that makes sense")
    parser.add_argument("--release", action="store_true", help="write down the migrations of a release")
    parser.add_argument("--times", action="store_true", help="how long each rule takes")
    options = parser.parse_args(arguments)
    if options.release:
        return rules_text.release(Tree(options.root))
    changed = None
    if options.changed:
        command = ["git", "diff", "--cached", "--name-only", "--diff-filter=d", "-z"]
        listed = subprocess.run(command, cwd=options.root, capture_output=True, check=True, text=True)
        changed = set(filter(None, listed.stdout.split("\0")))
    tree = Tree(options.root, changed)
    findings = {}
    for name, rule in RULES:
        began = time.monotonic()
        findings.update(check(tree, [(name, rule)]))
        if options.times:
            print(f"{time.monotonic() - began:6.2f} s  {name}")
    return show(findings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
