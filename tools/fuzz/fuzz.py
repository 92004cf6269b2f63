#!/usr/bin/env python3
"""Feeds the fuzz targets of build/fuzz: fuzz.py [NAME …]

Each runs for FUZZ_SECONDS (60), two at a time, from the inputs in test/fuzz/corpus/NAME and from what
earlier runs found (build/fuzz/found/NAME). An input that breaks something is left in
build/fuzz/broken; move it into the corpus when it is repaired, so that `make test` replays it.
"""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "fuzz"
SECONDS = int(os.environ.get("FUZZ_SECONDS", "60"))
INPUT_BYTES = 65536


def feed(program):
    name = program.name.removeprefix("fuzz_")
    found, corpus = BUILD / "found" / name, ROOT / "test" / "fuzz" / "corpus" / name
    broken = BUILD / "broken"
    for folder in (found, broken):
        folder.mkdir(parents=True, exist_ok=True)
    command = [str(program), f"-max_total_time={SECONDS}", "-timeout=10", "-rss_limit_mb=2048"]
    command += [f"-max_len={INPUT_BYTES}", f"-artifact_prefix={broken}/{name}-", "-print_final_stats=1", str(found)]
    command += [str(corpus)] if corpus.is_dir() else []
    words = ROOT / "test" / "fuzz" / f"{name}.dict"
    command += [f"-dict={words}"] if words.exists() else []
    environment = {**os.environ, "UBSAN_OPTIONS": "print_stacktrace=1", "TZ": "Pacific/Chatham"}
    done = subprocess.run(command, capture_output=True, env=environment, stdin=subprocess.DEVNULL, check=False)
    return name, done.returncode, done.stderr.decode(errors="replace")


def main(names):
    programs = [p for p in sorted((BUILD / "test" / "fuzz").glob("fuzz_*")) if os.access(p, os.X_OK) and p.is_file()]
    if names:
        programs = [p for p in programs if p.name.removeprefix("fuzz_") in names]
    failed = 0
    with ThreadPoolExecutor(2) as pool:
        for name, code, output in pool.map(feed, programs):
            runs = re.search(r"stat::number_of_executed_units:\s*(\d+)", output)
            print(f"{'ok' if code == 0 else 'BROKEN':7} {name:12} {int(runs[1]) if runs else 0:12,} inputs", flush=True)
            if code != 0:
                failed += 1
                print(output[-6000:])
    print(f"{len(programs) - failed} passed, {failed} failed")
    return 1 if failed or not programs else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
