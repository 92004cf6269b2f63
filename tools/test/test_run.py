"""The runner starts suites in an order that works, and nothing that went wrong is lost."""

import contextlib
import io
import os
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path
from unittest import mock

import run
from count import Count, count_exit
from suites import MesonSuite, Suite, run as run_command

ROOT = Path(__file__).resolve().parents[2]


def commands_with(words):
    """The numbers of the processes whose command line contains the words."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if words.encode() in path.read_bytes():
                found.append(path.parent.name)
    return found


class Fake(Suite):
    """A suite that notes when it ran and gives a count."""

    def __init__(self, name, count=None, needs=(), alone=False, notes=None):
        super().__init__(name, name, None, needs=list(needs), alone=alone)
        self.count = count or Count(passed=1)
        self.notes = notes if notes is not None else []

    def run(self, log):
        self.notes.append(("begin", self.name))
        time.sleep(0.02)
        self.notes.append(("end", self.name))
        if isinstance(self.count, Exception):
            raise self.count
        return self.count


class Running(unittest.TestCase):
    def run_all(self, suites, jobs=2):
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(run, "LOGS", Path(folder)):
            with contextlib.redirect_stdout(io.StringIO()) as said:
                counts = run.Runner(suites, jobs).run()
        return counts, said.getvalue()

    def test_a_suite_waits_for_those_it_needs(self):
        notes = []
        self.run_all([Fake("b", needs=["a"], notes=notes), Fake("a", notes=notes)])
        self.assertLess(notes.index(("end", "a")), notes.index(("begin", "b")))

    def test_a_suite_that_must_be_alone_is(self):
        notes = []
        self.run_all([Fake("a", notes=notes), Fake("b", alone=True, notes=notes), Fake("c", notes=notes)])
        at = notes.index(("begin", "b"))
        self.assertEqual(notes[at + 1], ("end", "b"))

    def test_a_suite_is_failed_and_not_run_when_what_it_needs_failed(self):
        notes = []
        counts, said = self.run_all([Fake("a", Count(failed=1)), Fake("b", needs=["a"], notes=notes)])
        self.assertEqual((counts["b"].passed, counts["b"].failed, notes), (0, 1, []))
        self.assertIn("not run, because a failed", said)

    def test_a_suite_whose_servers_cannot_be_had_is_skipped_and_says_why(self):
        notes = []
        suite = Fake("a", notes=notes)
        suite.lacking = lambda: "no postgresql-15"
        counts, said = self.run_all([suite])
        self.assertEqual((counts["a"].failed, counts["a"].skipped, notes), (0, 1, []))
        self.assertIn("a is skipped: no postgresql-15", said)

    def test_a_suite_that_is_not_chosen_is_not_waited_for(self):
        counts, _ = self.run_all([Fake("b", needs=["a"])])
        self.assertEqual(counts["b"].passed, 1)

    def test_a_crash_of_the_runner_itself_is_a_failure(self):
        counts, said = self.run_all([Fake("a", ValueError("what"))])
        self.assertEqual(counts["a"].failed, 1)
        self.assertIn("ValueError: what", said)

    def test_many_suites_end(self):
        suites = [Fake(str(i), needs=[str(i - 1)] if i % 3 else []) for i in range(30)]
        counts, _ = self.run_all(suites)
        self.assertEqual(len(counts), 30)
        self.assertEqual(threading.active_count(), 1)


class Commands(unittest.TestCase):
    def test_a_command_that_does_not_end_is_ended_with_its_children(self):
        with tempfile.TemporaryDirectory() as folder:
            began = time.monotonic()
            code, output = run_command(["bash", "-c", "echo begun; sleep 60 & wait"], 0.5, Path(folder) / "log")
        self.assertEqual(code, 124)
        self.assertIn("begun\n\nended after 0.5 s", output)
        self.assertLess(time.monotonic() - began, 10)

    def test_who_is_stopped_leaves_nothing_behind(self):
        with tempfile.TemporaryDirectory() as folder:
            program = f"""
import pathlib, signal, sys
sys.path.insert(0, {str(ROOT / "tools/test")!r})
import run, suites
signal.signal(signal.SIGTERM, run.stop)
print("ready", flush=True)
suites.run(["bash", "-c", "sleep {100000 + os.getpid()} & wait"], 60, pathlib.Path({folder!r}) / "log")
"""
            with subprocess.Popen(["python3", "-c", program], stdout=subprocess.PIPE) as child:
                child.stdout.readline()
                time.sleep(0.5)
                child.terminate()
                self.assertEqual(child.wait(10), 128 + 15)
            until = time.monotonic() + 10 # a killed process goes a moment later
            while commands_with(f"sleep\0{100000 + os.getpid()}\0") and time.monotonic() < until:
                time.sleep(0.05)
            self.assertEqual(commands_with(f"sleep\0{100000 + os.getpid()}\0"), [])

    def test_a_command_has_no_input(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(run_command(["cat"], 10, Path(folder) / "log"), (0, ""))

    def test_the_closing_line_and_the_exit_code_agree(self):
        with tempfile.TemporaryDirectory() as folder:
            for counts, last, code in (
                ([Count(passed=2), Count(passed=1, skipped=1)], "3 passed, 0 failed, 1 skipped", 0),
                ([Count(passed=2, failed=1)], "2 passed, 1 failed", 1),
                ([Count()], "0 passed, 1 failed", 1),
            ):
                suites = [Fake(str(i), count) for i, count in enumerate(counts)]
                out = io.StringIO()
                with mock.patch.object(run, "all_suites", lambda s=suites: s), contextlib.redirect_stdout(out):
                    with mock.patch.object(run, "LOGS", Path(folder)), mock.patch("sys.argv", ["run.py"]):
                        self.assertEqual(run.main(), code)
                self.assertEqual(out.getvalue().splitlines()[-1], last)

    def test_an_unknown_suite_is_refused(self):
        done = subprocess.run(
            ["python3", ROOT / "tools/test/run.py", "--only", "nothing"], capture_output=True, text=True, check=False
        )
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no suite nothing", done.stderr)

    def test_programs_without_tap_count_as_one(self):
        suite = MesonSuite("x", "x", "none")
        program = {"name": "p", "cmd": ["false"], "timeout": 5, "env": {}, "protocol": "exitcode"}
        with tempfile.TemporaryDirectory() as folder:
            count, _ = suite.run_program(program, Path(folder) / "log")
        self.assertEqual((count.passed, count.failed), (0, 1))
        self.assertEqual(count_exit("x", "", 0).passed, 1)


if __name__ == "__main__":
    unittest.main()
