"""What the tables have in common: C text, and knowing which files were read."""

from pathlib import Path


class Mistake(Exception):
    """A mistake in an input file, told as file:line: text."""

    def __init__(self, path, line, text):
        super().__init__(f"{path}:{line}: {text}")


def c_string(text):
    """A C string literal, one line of source per line of text."""
    if text is None:
        return "NULL"
    lines = text.split("\n")
    parts = [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    return "\n        ".join('"' + "".join(map(c_char, part)) + '"' for part in parts) or '""'


def c_char(char):
    plain = {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\", "?": "\\?"}
    if char in plain:
        return plain[char]
    if ord(char) < 32:
        return f"\\{ord(char):03o}"
    return char


def below(root, folder, pattern):
    """The files below a folder in a fixed order, and everything whose change must run the tool again:
    the files and the folders themselves (a folder changes when a file comes or goes)."""
    top = root / folder
    watched = top
    while not watched.is_dir():
        watched = watched.parent
    folders = [watched] + (sorted(p for p in top.rglob("*") if p.is_dir()) if top.is_dir() else [])
    found = sorted(p for p in top.rglob(pattern) if p.is_file()) if top.is_dir() else []
    tools = sorted(Path(__file__).resolve().parent.glob("*.py"))
    return found, folders + found + tools


NOTICE = "/* Made by tools/embed at build time. */\n"


def database_of(root, folder, path):
    """Files directly in the folder belong to the records, files in a folder of it to that database."""
    parts = path.relative_to(root / folder).parts
    return parts[0] if len(parts) > 1 else "records"
