"""Rules about the two languages."""

import json
import re

VI, EN = "locales/vi.json", "locales/en.json"

KEY = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)+")
PLACEHOLDER = re.compile(r"\{[a-z_]+\}")

# In the pages a key is any text that begins with "ui."; behind ${…} only the beginning is known, and tOr()
# brings its own sentence where there is none.
PAGE_KEY = re.compile(r"""(["'`])(ui\.[a-z0-9_.]+)(\1|\$\{)""")

# Members of C tables that hold a key.
KEY_MEMBER = re.compile(r'\.(?:help|summary|term|title_key|text_key)\s*=\s*"([^"]*)"')


def line_of(tree, path, key):
    return next((number for number, line in tree.lines(path) if f'"{key}"' in line), 1)


def read(tree, path):
    """({key: sentence}, findings)"""
    if path not in tree.paths:
        return {}, []
    findings = []

    def pairs(found):
        keys = [key for key, _ in found]
        for key in {key for key in keys if keys.count(key) > 1}:
            findings.append((path, line_of(tree, path, key), f"{key} is there twice"))
        for before, after in zip(keys, keys[1:]):
            if before > after:
                findings.append((path, line_of(tree, path, after), f"{after} stands behind {before}: sort the keys"))
        return dict(found)

    try:
        words = json.loads(tree.text(path), object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        return {}, [(path, error.lineno, error.msg)]
    for key, sentence in words.items():
        if not KEY.fullmatch(key):
            findings.append((path, line_of(tree, path, key), f"{key}: keys are words with dots between"))
        if not isinstance(sentence, str) or not sentence.strip():
            findings.append((path, line_of(tree, path, key), f"{key} has no sentence"))
    return words, findings


def words_both(tree):
    """Every key in both languages, with the same placeholders, sorted."""
    vi, findings = read(tree, VI)
    en, more = read(tree, EN)
    yield from findings + more
    for here, there, path, other in ((vi, en, VI, EN), (en, vi, EN, VI)):
        for key in here:
            if key not in there:
                yield path, line_of(tree, path, key), f"{key} is missing in {other}"
    for key in set(vi) & set(en):
        if sorted(set(PLACEHOLDER.findall(str(vi[key])))) != sorted(set(PLACEHOLDER.findall(str(en[key])))):
            yield EN, line_of(tree, EN, key), f"{key} has other placeholders than in {VI}"


def words_known(tree):
    """A key that the program or the pages name exists. In C that is any text that looks like a key of a group
    which the catalogue has, except the words of rights ("people.read")."""
    known, _ = read(tree, VI)
    groups = {key.split(".")[0] for key in known} | {"error", "shape", "route"}
    rights = {text for path in tree.all("rights.c", below="src/guard/") for _, text in tree.literals(path)}
    for path in tree.some(".c", ".h", ".cpp", below="src/"):
        for line, text in tree.literals(path):
            looks = KEY.fullmatch(text) and text.split(".")[0] in groups - {"ui"} and text not in rights
            if looks and text not in known and not text.endswith((".db", ".c", ".h", ".csv", ".json")):
                yield path, line, f"{text} is not in {VI}"
        for number, line in tree.lines(path):
            for key in KEY_MEMBER.findall(line):
                if key not in known:
                    yield path, number, f"{key} is not in {VI}"
    for path in tree.some(".ts", ".svelte", ".js", ".mjs", below="ui/"):
        for number, line in tree.lines(path):
            for _, key, end in PAGE_KEY.findall(line):
                if end == "${" and "tOr(" not in line and not any(k.startswith(key) for k in known):
                    yield path, number, f"no key in {VI} begins with {key}"
                elif end != "${" and key not in known and not key.endswith("."):
                    yield path, number, f"{key} is not in {VI}"
