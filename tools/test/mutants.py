#!/usr/bin/env python3
"""Breaks the engine on purpose, one line at a time: the random questions must notice every time.

    mutants.py [--jobs 2] [--questions 20000] [PART OF A NAME …]

test/reference/mutants.toml says what is broken: a file, a text that stands in it exactly once, what it becomes, and what
that breaks. Each is applied to a copy of the sources in build/mutants, built, and asked as many questions as needed until
an answer differs from the reference's. A text that is no longer found is an error: whoever changed the line says
how to break the new one. Ends with "N passed, M failed": a mutant that was noticed has passed.
"""

import argparse
import os
import subprocess
import sys
import threading
import tomllib
from pathlib import Path
from queue import Empty, Queue

ROOT = Path(__file__).resolve().parents[2]
LIST = ROOT / "test" / "reference" / "mutants.toml"
PLACE = ROOT / "build" / "mutants"
PROGRAM = "test/reference/truth"
SECONDS = 240
MEMORY = 4 << 30  # a broken engine may want all there is


class Workshop:
    """A copy of the sources with a build folder of its own."""

    def __init__(self, number):
        self.tree = PLACE / str(number)
        self.build = PLACE / f"{number}.build"
        self.environment = {**os.environ, "CCACHE_BASEDIR": str(self.tree), "CCACHE_NOHASHDIR": "1"}

    def run(self, command, seconds=900):
        """(exit code, output); 124 where it did not end."""
        try:
            done = subprocess.run(
                command, capture_output=True, check=False, env=self.environment, timeout=seconds, stdin=subprocess.DEVNULL
            )
            return done.returncode, (done.stdout + done.stderr).decode(errors="replace")
        except subprocess.TimeoutExpired:
            return 124, f"ended after {seconds} s"

    def copy(self):
        """Brings the copy up to date; what did not change is not touched, so that it is not built again."""
        listed = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard"], capture_output=True, check=True, cwd=ROOT, text=True
        )
        wanted = set()
        for name in listed.stdout.splitlines():
            source, copy = ROOT / name, self.tree / name
            if name.startswith(("ui/", "test/e2e/", "docs/")) or not source.is_file():
                continue
            wanted.add(copy)
            if not copy.exists() or copy.read_bytes() != source.read_bytes():
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(source.read_bytes())
                copy.chmod(source.stat().st_mode)
        for copy in list(self.tree.rglob("*")):
            if copy.is_file() and copy not in wanted:
                copy.unlink()

    def prepare(self):
        self.copy()
        ccache = ["ccache"] if self.run(["sh", "-c", "command -v ccache"])[0] == 0 else []
        self.environment["CC"] = " ".join([*ccache, "clang-14"])
        self.environment["CXX"] = " ".join([*ccache, "clang++-14"])
        command = ["meson", "setup", str(self.build), str(self.tree), "-Doptimization=1", "-Dpages=none"]
        if (self.build / "build.ninja").exists():
            command.insert(2, "--reconfigure")
        code, output = self.run(command)
        if code != 0:
            sys.exit(f"meson setup failed:\n{output[-4000:]}")

    def truth(self, questions):
        """Builds and asks; (did it build, exit code, output)."""
        code, output = self.run(["ninja", "-C", str(self.build), PROGRAM])
        if code != 0:
            return False, code, output
        ask = [str(self.build / PROGRAM), "--questions", str(questions)]
        return True, *self.run(["prlimit", f"--as={MEMORY}", *ask], SECONDS)

    def notices(self, mutant, questions):
        """(was it noticed, why not)"""
        path = self.tree / mutant["file"]
        if not path.exists():
            return False, f"{mutant['file']} is not there"
        sound = path.read_text()
        places = sound.count(mutant["text"])
        if places != 1:
            return False, f"the text stands {places} times in {mutant['file']}:\n{mutant['text']}"
        path.write_text(sound.replace(mutant["text"], mutant["becomes"]))
        try:
            built, code, output = self.truth(questions)
        finally:
            path.write_text(sound)
        if not built:
            return False, f"does not build:\n{output[-3000:]}"
        return code != 0, f"{questions} questions noticed nothing"


def worker(number, queue, results, questions):
    workshop = Workshop(number)
    workshop.prepare()
    built, code, output = workshop.truth(questions)
    if not built or code != 0:
        results.append(("unbroken", False, f"the engine differs before it is broken:\n{output[-3000:]}"))
        return
    while True:
        try:
            mutant = queue.get_nowait()
        except Empty:
            return
        noticed, why = workshop.notices(mutant, questions)
        results.append((mutant["breaks"], noticed, why))
        shown = "" if noticed else f": {why}"
        sys.stdout.write(f"{'noticed' if noticed else 'LIVES':8} {mutant['breaks']}{shown}\n")
        sys.stdout.flush()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--questions", type=int, default=20000)
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    mutants = tomllib.loads(LIST.read_text())["mutant"]
    mutants = [m for m in mutants if not arguments.names or any(name in m["breaks"] for name in arguments.names)]
    queue, results = Queue(), []
    for mutant in mutants:
        queue.put(mutant)
    PLACE.mkdir(parents=True, exist_ok=True)
    threads = [
        threading.Thread(target=worker, args=(number, queue, results, arguments.questions))
        for number in range(min(arguments.jobs, max(len(mutants), 1)))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name, noticed, why in results:
        if name == "unbroken":
            print(why)
    passed = sum(noticed for _, noticed, _ in results)
    failed = len(results) - passed + (len(mutants) - len([r for r in results if r[0] != "unbroken"]))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
