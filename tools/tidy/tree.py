"""The files under test, and C text without its comments."""

import functools
import re
import subprocess
from pathlib import Path

# Lowest first: a file includes only its own room and rooms above it in this list.
ROOMS = (
    "base json measure text store events guard http people journey act listen prove api"
).split()

SKIPPED = {".git", "node_modules", "build", "data", "dist", "__pycache__", "test-results"}

PIECE = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<raw>R"\((?:.*?)\)")
      | (?P<string>"(?:\\.|[^"\\\n])*")
      | (?P<char>'(?:\\.|[^'\\\n])+')""",
    re.VERBOSE | re.DOTALL,
)


def blank(text):
    """As many lines, nothing on them."""
    return "\n" * text.count("\n")


class Tree:
    def __init__(self, root, changed=None):
        self.root = Path(root)
        self.changed = changed
        self.paths = self.list_paths()

    def list_paths(self):
        """What git would commit; every file where there is no git."""
        command = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
        if (self.root / ".git").exists():
            listed = subprocess.run(command, cwd=self.root, capture_output=True, check=True, text=True)
            found = filter(None, listed.stdout.split("\0"))
        else:
            found = (str(p.relative_to(self.root)) for p in self.root.rglob("*"))
        kept = (p for p in found if not SKIPPED & set(Path(p).parts) and (self.root / p).is_file())
        return sorted(kept)

    def all(self, *endings, below=""):
        return [p for p in self.paths if p.endswith(endings) and p.startswith(below)]

    def some(self, *endings, below=""):
        """The same, but only what changed when a change is looked at."""
        return [p for p in self.all(*endings, below=below) if self.changed is None or p in self.changed]

    @functools.lru_cache(maxsize=None)
    def text(self, path):
        return (self.root / path).read_bytes().decode(errors="replace")

    def lines(self, path):
        return enumerate(self.text(path).split("\n"), 1)

    @functools.lru_cache(maxsize=None)
    def code(self, path):
        """C text without comments and without the content of literals; lines stay where they are."""

        def without(piece):
            if piece.lastgroup == "comment":
                return blank(piece[0]) or " "
            return '""' + blank(piece[0]) if piece.lastgroup in ("string", "raw") else "' '"

        return PIECE.sub(without, self.text(path))

    @functools.lru_cache(maxsize=None)
    def literals(self, path):
        """(line, text) of each string of a C file; neighbours count as one, include lines as none."""
        text = re.sub(r"^[ \t]*#[ \t]*include[^\n]*", "", self.text(path), flags=re.MULTILINE)
        found, end = [], None
        for piece in PIECE.finditer(text):
            if piece.lastgroup not in ("string", "raw"):
                continue
            line = text.count("\n", 0, piece.start()) + 1
            content = piece[0][3:-2] if piece.lastgroup == "raw" else piece[0][1:-1]
            between = text[end : piece.start()] if end is not None else None
            if found and between is not None and not PIECE.sub("", between).strip():
                found[-1] = (found[-1][0], found[-1][1] + content)
            else:
                found.append((line, content))
            end = piece.end()
        return found


def room_of(path):
    """The room of a file below src/, None for cham.c and everything else."""
    parts = Path(path).parts
    return parts[1] if len(parts) > 2 and parts[0] == "src" else None
