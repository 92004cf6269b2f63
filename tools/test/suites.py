"""The suites of `make test`: what runs, what it needs, and how its result is counted."""

import json
import os
import re
import signal
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from count import Count, count_build, count_exit, count_node, count_plain, count_tap, count_unittest

ROOT = Path(__file__).resolve().parents[2]

MINUTES = 60

RUNNING = set()


def end_all():
    """Ends every command that runs, with what it started."""
    for process in list(RUNNING):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def run(command, seconds, log, cwd=ROOT, env=None):
    """Runs a command with its output appended to the log; gives (exit code, output). A command that
    does not end in time is ended with everything it started."""
    with subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        RUNNING.add(process)
        try:
            raw, _ = process.communicate(timeout=seconds)
            code = process.returncode
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raw, _ = process.communicate()
            raw += f"\nended after {seconds} s\n".encode()
            code = 124
        finally:
            RUNNING.discard(process)
    output = raw.decode(errors="replace")
    with log.open("a") as file:
        file.write(output)
    return code, output


class Servers:
    """PostgreSQL and ClickHouse, started for the first suite that wants them, for all of them, and ended with the run."""

    program = ["node", str(ROOT / "test/large/servers.mjs")]

    def __init__(self):
        self.lock = threading.Lock()
        self.process = None
        self.known = None
        self.why = ""

    def missing(self):
        shown = subprocess.run([*self.program, "missing"], capture_output=True, check=False, text=True)
        return (shown.stdout if shown.returncode == 0 else shown.stderr).strip()

    def environment(self):
        """CHAM_TEST_…, or nothing where the servers cannot be had: `why` says it."""
        with self.lock:
            if self.known is None:
                self.known = {}
                missing = self.missing()
                if missing:
                    self.why = f"the servers of the large set-up are not installed: {missing}"
                else:
                    self.known = self.start()
            return self.known

    def start(self):
        environment = {**os.environ, "UNTIL_CLOSED": "1"}
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen(
            [*self.program, "up"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        known = {}
        for line in self.process.stdout:
            if line.strip() == "ready":
                return known
            name, value = line.strip().split("=", maxsplit=1)
            known[name] = value
        raise OSError("the servers of the large set-up did not start")

    def end(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process = None


SERVERS = Servers()


class Suite:
    """One command."""

    def __init__(self, name, what, command, counter=count_exit, seconds=10 * MINUTES, **more):
        self.name = name
        self.what = what
        self.command = command
        self.counter = counter
        self.seconds = seconds
        self.needs = more.get("needs", [])
        self.alone = more.get("alone", False)
        self.env = more.get("env", {})
        self.cwd = more.get("cwd", ROOT)
        self.servers = more.get("servers", "none")  # of the large set-up: none, wanted or needed
        self.large = self.servers == "needed"

    def environment(self):
        """What the suite's own environment and the servers say."""
        return {**self.env, **(SERVERS.environment() if self.servers != "none" else {})}

    def lacking(self):
        """Why the suite cannot run on this machine."""
        return SERVERS.why if self.servers == "needed" and not SERVERS.environment() else ""


    def run(self, log):
        log.write_text("")
        code, output = run(self.command, self.seconds, log, self.cwd, self.environment())
        return self.counter(self.name, output, code)

    def not_run(self, broken):
        return Count(failed=1, failures=[f"{self.name}: not run, because {', '.join(broken)} failed"])

    def crashed(self, error):
        return Count(failed=1, failures=[f"{self.name}: {type(error).__name__}: {error}"])

    def excerpt(self, lines):
        """What to show of the log of a failed run."""
        first = next((i for i, line in enumerate(lines) if line.startswith("FAILED:")), 0)
        return lines[first:]


class MesonSuite(Suite):
    """The unit test programs of a build folder, two at a time."""

    def __init__(self, name, what, build, **more):
        super().__init__(name, what, None, **more)
        self.build = ROOT / "build" / build

    def programs(self):
        shown = subprocess.run(
            ["meson", "introspect", "--tests", str(self.build)], capture_output=True, check=True, text=True
        )
        return json.loads(shown.stdout)

    def run_program(self, program, log):
        part = log.with_name(f"{log.stem}-{program['name']}.log")
        part.write_text("")
        environment = {**program["env"], **self.environment()}
        code, output = run(program["cmd"], program["timeout"] * 5, part, ROOT, environment)
        if program["protocol"] == "tap":
            count = count_tap(program["name"], output, code)
        else:
            count = count_exit(program["name"], output, code)
        return count, output

    def run(self, log):
        total, kept = Count(), []
        with ThreadPoolExecutor(2) as pool:
            for count, output in pool.map(lambda p: self.run_program(p, log), self.programs()):
                total.add(count)
                if count.failed:
                    kept.append(output)
        log.write_text("\n".join(kept))
        return total

    def excerpt(self, lines):
        return [line for line in lines if not line.startswith("ok ")]


class NodeSuite(Suite):
    """Every *.test.mjs (or .js, .ts) below a folder, with node:test."""

    def __init__(self, name, what, folder, **more):
        super().__init__(name, what, None, **more)
        self.seconds = 20 * MINUTES
        self.folder = ROOT / folder
        self.jobs = more.get("jobs", 2)

    def files(self):
        found = [p for p in self.folder.rglob("*.test.*") if p.suffix in (".mjs", ".js", ".ts")]
        return sorted(str(p) for p in found if "node_modules" not in p.parts)

    def run(self, log):
        log.write_text("")
        tap = log.with_suffix(".tap")
        tap.unlink(missing_ok=True)
        command = ["node", "--test", f"--test-concurrency={self.jobs}"]
        command += ["--test-reporter=spec", "--test-reporter-destination=stdout"]
        command += ["--test-reporter=tap", f"--test-reporter-destination={tap}"]
        code, _ = run(command + self.files(), self.seconds, log, self.folder, self.environment())
        return count_node(self.name, tap.read_text(errors="replace") if tap.exists() else "", code)

    def excerpt(self, lines):
        failing = next((i for i, line in enumerate(lines) if "failing tests:" in line), 0)
        return lines[failing : failing + 100]


class TruthSuite(Suite):
    """Random questions to the engine and its reference: one seed that is always the same, and one that nobody chose."""

    questions = 60000

    def run(self, log):
        log.write_text("")
        total = Count()
        program = ["prlimit", f"--as={8 << 30}", str(ROOT / "build/clang/test/reference/truth")]
        commands = [[*program, "--questions", str(self.questions), *seed] for seed in ([], ["--fresh"])]
        with ThreadPoolExecutor(2) as pool:
            for code, output in pool.map(lambda command: run(command, self.seconds, log), commands):
                total.add(count_plain(self.name, output, code))
                print(re.sub("^", "        ", output[-5000:], flags=re.MULTILINE), flush=True)
        return total


class LargeTruthSuite(Suite):
    """The same of the questions in SQL, over one server, over two shards, and over the current release where it is installed."""

    questions = {"CHAM_TEST_CLICKHOUSE": 1000, "CHAM_TEST_CLUSTER": 1000, "CHAM_TEST_CHDB": 300}

    def run(self, log):
        log.write_text("")
        total = Count()
        known = self.environment()
        program = [str(ROOT / "build/clang/test/reference/truth"), "--fresh", "--questions"]
        asked = {name: [*program, str(n), "--clickhouse", known[name]] for name, n in self.questions.items() if name in known}
        with ThreadPoolExecutor(2) as pool:
            for code, output in pool.map(lambda command: run(command, self.seconds, log), asked.values()):
                total.add(count_plain(self.name, output, code))
        for name in self.questions.keys() - asked.keys():
            print(f"        {self.name}: nothing is asked of {name}, which is not installed", flush=True)
            total.skipped += 1
        return total


def make(name, what, target, **more):
    return Suite(name, what, ["make", target], count_build, 30 * MINUTES, **more)


def fuzz_suite():
    """What reads files and questions of unknown origin, fed for a minute each; the other targets replay what once broke them."""
    targets = [name for name in ("question", "snapshot") if (ROOT / f"test/fuzz/{name}.c").exists()]
    command = ["make", "fuzz", f"TARGET={' '.join(targets)}"]
    return Suite("fuzz", f"a minute of bytes for {', '.join(targets)}", command, count_plain, 30 * MINUTES)


class PythonSuite(Suite):
    """The tests of the build tools: test_*.py beside what they test."""

    def run(self, log):
        log.write_text("")
        total = Count()
        for folder in sorted({path.parent for path in (ROOT / "tools").glob("*/test_*.py")}):
            command = ["python3", "-m", "unittest", "discover", "-p", "test_*.py"]
            code, output = run(command, self.seconds, log, folder)
            total.add(count_unittest(folder.name, output, code))
        return total


def ui_suites():
    package = ROOT / "ui" / "package.json"
    scripts = json.loads(package.read_text()).get("scripts", {}) if package.exists() else {}
    suites = []
    if "check" in scripts:
        command = ["npm", "run", "--silent", "check"]
        suites.append(Suite("ui-check", "types of the pages", command, cwd=ROOT / "ui", needs=["pages"]))
    if "test" in scripts:
        suites.append(NodeSuite("ui", "unit tests of the pages", "ui", needs=["pages"]))
    return suites


def server_suites():
    """Tests that start the server. The API is tested on the build with the sanitizers."""
    programs = {"TEST_DEV": str(ROOT / "build/dev/cham"), "TEST_RELEASE": str(ROOT / "build/cham")}
    dev = {**programs, "CHAM": programs["TEST_DEV"]}
    release = {**programs, "CHAM": programs["TEST_RELEASE"]}
    both = ["release", "dev"]
    suites = [
        NodeSuite("api", "the API of a running server", "test/api", env=dev, needs=["dev"]),
        NodeSuite("clients", "the real npm clients", "test/clients", env=release, needs=["release"]),
        NodeSuite("package", "the Debian package", "test/package", env=release, needs=["release"], jobs=1),
        NodeSuite("e2e", "the pages in a browser", "test/e2e", env=release, needs=["release"], jobs=1),
        NodeSuite("fault", "kill -9, power cuts, full disks", "test/fault", env=release, needs=both, jobs=1),
        NodeSuite(
            "api-large",
            "the same on PostgreSQL and ClickHouse",
            "test/api",
            env={**dev, "TEST_STORES": "large"},
            needs=["dev"],
            servers="needed",
        ),
        NodeSuite("large", "the servers of the large set-up", "test/large", env=release, servers="needed", jobs=1),
    ]
    return [suite for suite in suites if suite.files()]


def all_suites():
    has_pages = (ROOT / "ui" / "package.json").exists()
    has_program = (ROOT / "src" / "cham.c").exists()
    pages = [make("pages", "the pages build", "ui")] if has_pages else []
    release, checks = [], []
    if has_program and has_pages:
        look = ["python3", "tools/test/program.py", "build/cham"]
        release = [make("release", "the release builds", "build/cham", needs=["pages"])]
        checks = [Suite("program", "size and hardening of the release", look, count_plain, needs=["release"])]
    return [
        Suite("tidy", "the rules of the house", ["python3", "tools/tidy/tidy.py"], count_plain),
        PythonSuite("tools", "the build tools", None),
        *pages,
        make("dev", "gcc with sanitizers, without warnings", "dev", needs=["pages"]),
        make("clang", "clang 14, without warnings", "clang"),
        make("tsan", "gcc with the thread sanitizer", "tsan"),
        MesonSuite("unit", "unit tests with sanitizers", "dev", needs=["dev"], servers="wanted"),
        MesonSuite("races", "unit tests with the thread sanitizer", "tsan", needs=["tsan"], servers="wanted"),
        fuzz_suite(),
        TruthSuite("truth", "random questions to the engine and its reference", None, needs=["clang"]),
        LargeTruthSuite(
            "truth-large",
            "random questions to ClickHouse",
            None,
            seconds=20 * MINUTES,
            needs=["clang"],
            servers="needed",
        ),
        Suite(
            "mutants",
            "random questions notice a broken engine",
            ["python3", "tools/test/mutants.py"],
            count_plain,
            30 * MINUTES,
            needs=["clang"],
        ),
        *release,
        *checks,
        *ui_suites(),
        *server_suites(),
    ]
