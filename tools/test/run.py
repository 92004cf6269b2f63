#!/usr/bin/env python3
"""Runs every test and ends with the counts.

    run.py [--only unit,tidy] [--skip e2e] [--large] [--jobs 2] [--list]

A suite is a command and a way to count what it reports. Suites run side by side where that is
safe; what a suite prints is kept in build/test/SUITE.log and shown when it fails. The last line is
"N passed, N failed" (", N skipped" when some were), and the exit code says the same.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from count import Count  # noqa: E402
from suites import ROOT, SERVERS, all_suites, end_all  # noqa: E402

LOGS = ROOT / "build" / "test"
SHOWN_LINES = 120


class Runner:
    """Starts a suite when those it needs have passed and a place is free."""

    def __init__(self, suites, jobs):
        self.waiting = list(suites)
        self.names = {suite.name for suite in suites}
        self.jobs = jobs
        self.running = {}
        self.counts = {}
        self.changed = threading.Condition()

    def ready(self, suite):
        needs = [need for need in suite.needs if need in self.names]
        if any(need not in self.counts for need in needs):
            return False
        if suite.alone:
            return not self.running
        return not any(other.alone for other in self.running.values())

    def next_suite(self):
        return next((suite for suite in self.waiting if self.ready(suite)), None)

    def run(self):
        with self.changed:
            while self.waiting or self.running:
                suite = self.next_suite() if len(self.running) < self.jobs else None
                if suite is None:
                    self.changed.wait()
                    continue
                self.waiting.remove(suite)
                self.running[suite.name] = suite
                threading.Thread(target=self.run_one, args=(suite,)).start()
        return self.counts

    def run_one(self, suite):
        began = time.monotonic()
        broken = [n for n in suite.needs if n in self.counts and self.counts[n].failed]
        try:
            lacking = "" if broken else suite.lacking()
            if lacking:
                print(f"        {suite.name} is skipped: {lacking}", flush=True)
                count = Count(skipped=1)
            else:
                count = suite.not_run(broken) if broken else suite.run(LOGS / f"{suite.name}.log")
        except Exception as error:  # pylint: disable=broad-except
            count = suite.crashed(error)
        with self.changed:
            report(suite, count, time.monotonic() - began)
            self.counts[suite.name] = count
            del self.running[suite.name]
            self.changed.notify_all()


def report(suite, count, seconds):
    state = "FAILED" if count.failed else "ok"
    print(f"{state:7} {suite.name:12} {count.text():40} {seconds:6.1f} s", flush=True)
    for failure in count.failures:
        print(f"        {failure}", flush=True)
    log = LOGS / f"{suite.name}.log"
    if count.failed and log.exists():
        lines = log.read_text(errors="replace").splitlines()
        shown = suite.excerpt(lines)[-SHOWN_LINES:]
        print(f"----- {log.relative_to(ROOT)}")
        print("\n".join(shown))
        print("-----", flush=True)


def chosen(arguments):
    suites = all_suites()
    known = {suite.name for suite in suites}
    only = set(filter(None, arguments.only.split(",")))
    only |= {suite.name for suite in suites if arguments.large and suite.large}
    skip = set(filter(None, arguments.skip.split(",")))
    unknown = (only | skip) - known
    if unknown:
        sys.exit(f"no suite {', '.join(sorted(unknown))}; there are: {', '.join(sorted(known))}")
    by_name = {suite.name: suite for suite in suites}
    while True:
        needed = {need for name in only for need in by_name[name].needs if need in known}
        if needed <= only:
            break
        only |= needed
    return [s for s in suites if (not only or s.name in only) and s.name not in skip]


def stop(number, frame):
    """Control-C or a plain kill: nothing that was started goes on."""
    del frame
    end_all()
    os._exit(128 + number)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", default="", help="these suites and what they need")
    parser.add_argument("--skip", default="", help="not these suites")
    parser.add_argument("--large", action="store_true", help="the suites of the large set-up and what they need")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    suites = chosen(arguments)
    if arguments.list:
        for suite in suites:
            print(f"{suite.name:12} {suite.what}")
        return 0
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    began = time.monotonic()
    try:
        counts = Runner(suites, arguments.jobs).run().values()
    finally:
        SERVERS.end()
    passed = sum(count.passed for count in counts)
    failed = sum(count.failed for count in counts)
    skipped = sum(count.skipped for count in counts)
    if passed + failed + skipped == 0:
        print("no test ran")
        failed = 1
    print(f"\n{time.monotonic() - began:.0f} s")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.SubprocessError as error:
        sys.exit(str(error))
