"""How many tests passed, failed or were skipped, read from what a test program printed."""

import re


class Count:
    def __init__(self, passed=0, failed=0, skipped=0, failures=()):
        self.passed = passed
        self.failed = failed
        self.skipped = skipped
        self.failures = list(failures)

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.failures += other.failures

    def text(self):
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


TAP = re.compile(r"^(not )?ok \d+(?: -)? *([^#\n]*?) *(?:# *(SKIP|TODO)\b.*)?$", re.IGNORECASE)
PLAN = re.compile(r"^1\.\.(\d+)")


def count_tap(name, output, code):
    """cmocka's TAP: a missing line or a bad exit code is a failure too."""
    count, planned, seen = Count(), None, 0
    for line in output.splitlines():
        plan = PLAN.match(line)
        if plan:
            planned = int(plan[1])
        test = TAP.match(line)
        if not test:
            continue
        seen += 1
        if test[3]:
            count.skipped += 1
        elif test[1]:
            count.failed += 1
            count.failures.append(f"{name}: {test[2]}")
        else:
            count.passed += 1
    if planned is None or seen != planned:
        count.failed += 1
        known = planned or "unknown"
        count.failures.append(f"{name}: ended after {seen} of {known} tests (exit code {code})")
    elif code != 0 and not count.failed:
        count.failed += 1
        count.failures.append(f"{name}: exit code {code} though every test passed")
    return count


NODE = re.compile(r"^# (tests|pass|fail|cancelled|skipped|todo) (\d+)\s*$", re.MULTILINE)
NODE_FAILED = re.compile(r"^( *)not ok \d+ - (.*?)(?: #.*)?$", re.MULTILINE)


def count_node(name, tap, code):
    """node --test, from its TAP report."""
    totals = dict((word, int(number)) for word, number in NODE.findall(tap))
    failed = totals.get("fail", 0) + totals.get("cancelled", 0)
    skipped = totals.get("skipped", 0) + totals.get("todo", 0)
    count = Count(totals.get("pass", 0), failed, skipped)
    for test in NODE_FAILED.finditer(tap):
        details = tap[test.end() : test.end() + 300]
        if "type: 'suite'" not in details and not test[2].endswith((".mjs", ".js", ".ts")):
            count.failures.append(f"{name}: {test[2]}")
    if "tests" not in totals or (code != 0 and failed == 0):
        count.failed += 1
        count.failures.append(f"{name}: exit code {code} without a failed test")
    return count


PLAIN = re.compile(r"^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$", re.MULTILINE)


def count_plain(name, output, code):
    """Our own tools: a closing line "N passed, N failed"."""
    lines = PLAIN.findall(output)
    if not lines:
        return Count(failed=1, failures=[f"{name}: no closing line (exit code {code})"])
    passed, failed, skipped = lines[-1]
    count = Count(int(passed), int(failed), int(skipped or 0))
    if code != 0 and not count.failed:
        count.failed = 1
        count.failures.append(f"{name}: exit code {code} though nothing failed")
    return count


UNITTEST = re.compile(r"^Ran (\d+) tests? in", re.MULTILINE)
UNITTEST_BAD = re.compile(r"\b(failures|errors|skipped)=(\d+)")


def count_unittest(name, output, code):
    """Python's unittest."""
    ran = UNITTEST.findall(output)
    if not ran or (code != 0 and "FAILED (" not in output):
        return Count(failed=1, failures=[f"{name}: exit code {code}"])
    bad = {word: int(number) for word, number in UNITTEST_BAD.findall(output)}
    failed = bad.get("failures", 0) + bad.get("errors", 0)
    skipped = bad.get("skipped", 0)
    failures = [f"{name}: {test}" for test in re.findall(r"^(?:FAIL|ERROR): (.*)$", output, re.MULTILINE)]
    return Count(int(ran[-1]) - failed - skipped, failed, skipped, failures)


def count_exit(name, output, code):
    """One command, one test."""
    del output
    if code == 0:
        return Count(passed=1)
    return Count(failed=1, failures=[f"{name}: exit code {code}"])


WARNING = re.compile(r"^\S+: warning: .*\[-W.*\]$", re.MULTILINE)


def count_build(name, output, code):
    """A build whose warnings are not errors: it ends well, and without them."""
    warnings = WARNING.findall(output)
    if code == 0 and not warnings:
        return Count(passed=1)
    return Count(failed=1, failures=[f"{name}: exit code {code}"] + [f"{name}: {line}" for line in warnings][:10])
