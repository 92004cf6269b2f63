"""Every rule fires on a bad tree and is silent on a good one."""

import contextlib
import io
import subprocess
import tempfile
import unittest
from pathlib import Path

import tidy
from tree import Tree

ROOT = Path(__file__).resolve().parents[2]
RULES = dict(tidy.RULES)

LONG = "{\n" + "    step();\n" * 70 + "}\n"
SHORT = "{\n" + "    step();\n" * 60 + "}\n"

WORDS = {"locales/vi.json": '{\n  "error.range": "Từ {low}",\n  "ui.save": "Lưu"\n}\n'}
WORDS_EN = {**WORDS, "locales/en.json": '{\n  "error.range": "From {low}",\n  "ui.save": "Save"\n}\n'}

# Rule: (bad trees with the number of findings, good trees).
CASES = {
    "include-order": (
        [
            ({"src/base/a.c": '#include "json/read.h"\n'}, 1),
            ({"src/http/a.h": '#include "api/app.h"\n#include "people/people.h"\n'}, 2),
            ({"src/base/a.c": '#include "a.h"\n'}, 1),
            ({"src/cellar/a.c": "int x;\n"}, 1),
        ],
        [
            {"src/json/a.c": '#include "json/a.h"\n#include "base/str.h"\n#include <sqlite3.h>\n'},
            {"src/cham.c": '#include "api/app.h"\n'},
            {"test/unit/base/a.c": '#include "test.h"\n'},
        ],
    ),
    "own-header-first": (
        [({"src/base/a.h": "", "src/base/a.c": '#include <stdio.h>\n#include "base/a.h"\n'}, 1)],
        [
            {"src/base/a.h": "", "src/base/a.c": '/* Why. */\n#include "base/a.h"\n\n#include <stdio.h>\n'},
            {"src/base/a.c": "#include <stdio.h>\n"},
        ],
    ),
    "sql-in-c": (
        [
            ({"src/store/a.c": 'const char *s = "SELECT id FROM users";\n'}, 1),
            ({"src/store/a.c": 'const char *s = "SELECT id "\n    "FROM users";\n'}, 1),
            ({"src/store/a.c": 'run("insert into users (id) values (1)");\n'}, 1),
            ({"src/store/a.c": 'run("PRAGMA journal_mode = WAL");\nrun("BEGIN IMMEDIATE");\n'}, 2),
            ({"src/store/a.c": 'run("COMMIT");\n'}, 1),
            ({"src/store/a.c": 'run("delete from users where id = 1");\n'}, 1),
            ({"src/store/a.c": 'run("CREATE UNIQUE INDEX i ON t(x)");\n'}, 1),
        ],
        [
            {"src/store/a.c": 'log_say(LOG_INFO, "rows deleted", "from", path, NULL);\n'},
            {"src/store/a.c": '// SELECT id FROM users\n/* "DELETE FROM users" */\nint x;\n'},
            {"src/store/a.c": 'say("select a file from the list");\nsay("begin");\n'},
            {"sql/queries/users.sql": "-- name: a\nSELECT id FROM users\n"},
        ],
    ),
    "file-length": ([({"src/base/a.c": "\n" * 601}, 1)], [{"src/base/a.c": "\n" * 600}]),
    "function-length": (
        [
            ({"src/base/a.c": "int f(void)\n" + LONG}, 1),
            ({"src/json/a.cpp": 'extern "C" {\nint f()\n' + LONG + "}\n"}, 1),
            ({"src/json/a.cpp": "namespace {\nint f() noexcept\n" + LONG + "}\n"}, 1),
            ({"test/unit/base/a.c": "TEST(a_long_story)\n" + LONG}, 1),
            ({"src/base/a.c": 'static int f(const char *s)\n{\n    say("}");\n' + "    x();\n" * 70 + "}\n"}, 1),
        ],
        [
            {"src/base/a.c": "int f(void)\n" + SHORT + "\nint g(void)\n" + SHORT},
            {"src/base/a.c": "static const int table[] = {\n" + "    1,\n" * 100 + "};\n"},
            {"src/base/a.h": "struct a {\n" + "    int x;\n" * 100 + "};\n"},
            {"src/base/a.c": "#define F(x) \\\n    do { \\\n" + "        g(x); \\\n" * 80 + "    } while (0)\n"},
            {"src/base/a.c": "int f(void)\n{\n    return '{';\n}\n" + "\n" * 80 + "int g(void)\n{\n}\n"},
        ],
    ),
    "route-right": (
        [
            ({"src/api/a.c": 'static const struct route routes[] = {\n    {HTTP_GET, "/a", list},\n};\n'}, 1),
            ({"src/api/a.c": 'const struct route r[2] = {\n    {.path = "/a", .right = RIGHT_NONE_},\n};\n'}, 1),
            (
                {
                    "src/api/a.c": "static const struct route routes[] = {\n"
                    '    {.path = "/a", .right = RIGHT_ASK},\n    {.path = "/b" /* RIGHT_ASK */},\n};\n'
                },
                1,
            ),
            (
                {
                    "src/api/a.c": "#define ROW(at) \\\n    {HTTP_GET, at}\n#define OTHER RIGHT_ASK\n"
                    'static const struct route routes[] = {\n    ROW("/a"),\n    ROW("/b"),\n};\n'
                },
                2,
            ),
        ],
        [
            {
                "src/api/a.c": "static const struct route routes[] = {\n"
                '    {HTTP_GET, "/a", list, RIGHT_ASK, .in = &(const struct shape){0}},\n'
                '    {.method = HTTP_GET, .path = "/b", .right = RIGHT_PUBLIC},\n};\n'
            },
            {
                "src/api/a.c": "#define ROW(at) \\\n    {HTTP_GET, at, call, \\\n     RIGHT_ASK}\n"
                'static const struct route routes[] = {\n    ROW("/a"),\n    ROW("/b")\n};\n'
            },
        ],
    ),
    "listed": (
        [
            ({"src/base/a.c": "", "src/base/meson.build": "room_sources += files('b.c')\n"}, 1),
            ({"test/unit/base/a.c": ""}, 1),
        ],
        [
            {"src/base/a.c": "", "src/base/meson.build": "room_sources += files('a.c')\n"},
            {"src/cham.c": "", "tools/fuzz/replay.c": ""},
        ],
    ),
    "todo": (
        [
            ({"src/base/a.c": "// TODO: later\n"}, 1),
            ({"ui/src/a.ts": "// FIXME\n"}, 1),
            ({"tools/a/b.py": "# XXX why\n"}, 1),
        ],
        [{"src/base/a.c": "// TODO(#12): later\nint mastodon;\n", "test/a.mjs": 'currency: "XXX"\n', "README.md": "TODO\n"}],
    ),
    "white-space": (
        [
            ({"src/base/a.c": "int x; \n"}, 1),
            ({"src/base/a.c": "\tint x;\n"}, 1),
            ({"src/base/a.c": "int x;"}, 1),
            ({"src/base/a.c": "int x;\r\n"}, 1),
        ],
        [{"src/base/a.c": "int x;\n\nint y;\n", "Makefile": "a:\n\tb\n"}],
    ),
    "line-length": (
        [({"src/base/a.c": "//" + "x" * 131 + "\n"}, 1)],
        [{"src/base/a.c": "//" + "ạ" * 118 + "\n", "README.md": "x" * 300 + "\n"}],
    ),
    "migration-released": (
        [
            ({"sql/migrations/RELEASED": "00  sql/migrations/0001_a.sql\n", "sql/migrations/0001_a.sql": "x\n"}, 1),
            ({"sql/migrations/RELEASED": "00  sql/migrations/0001_a.sql\n"}, 1),
        ],
        [
            {
                "sql/migrations/RELEASED": "# Why.\n"
                "73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac  sql/migrations/0001_a.sql\n",
                "sql/migrations/0001_a.sql": "x\n",
                "sql/migrations/0002_b.sql": "y\n",
            }
        ],
    ),
    "words-both": (
        [
            ({**WORDS, "locales/en.json": '{\n  "error.range": "From {low}"\n}\n'}, 1),
            ({**WORDS_EN, "locales/vi.json": '{\n  "ui.save": "Lưu"\n}\n'}, 1),
            ({**WORDS, "locales/en.json": '{\n  "error.range": "From {high}",\n  "ui.save": "Save"\n}\n'}, 1),
            ({**WORDS, "locales/en.json": '{\n  "ui.save": "Save",\n  "error.range": "{low}"\n}\n'}, 1),
            ({**WORDS, "locales/en.json": '{\n  "error.range": "{low}",\n  "ui.save": " "\n}\n'}, 1),
            ({**WORDS, "locales/en.json": '{"error.range": "{low}", "ui.save": "a", "ui.save": "b"}\n'}, 1),
        ],
        [WORDS_EN, {"README.md": "x\n"}],
    ),
    "words-known": (
        [
            ({**WORDS_EN, "src/base/a.c": 'FAIL(ctx, ERR_INVALID, "score", "error.rnge");\n'}, 1),
            ({**WORDS_EN, "src/api/a.c": 'x = {.path = "/a", .summary = "routes.list"};\n'}, 1),
            ({**WORDS_EN, "ui/src/a.svelte": "<p>{t('ui.sve')}</p>\n"}, 1),
            ({**WORDS_EN, "ui/src/a.ts": "t(`ui.none.${x}`);\n"}, 1),
        ],
        [
            {**WORDS_EN, "src/base/a.c": 'FAIL(ctx, ERR_INVALID, "score", "error.range");\nopen("records.db");\n'},
            {**WORDS_EN, "ui/src/a.ts": "t('ui.save'); t(`ui.s${x}`); tOr(`ui.none.${x}`, x);\n"},
        ],
    ),
    "header-alone": (
        [
            ({"src/base/a.h": "#pragma once\nsize_t a(void);\n"}, 1),
            ({"src/base/a.h": "int a(void);\n"}, 1),
        ],
        [{"src/base/b.h": "#pragma once\nint b(void);\n", "src/base/a.h": '#pragma once\n#include "base/b.h"\n'}],
    ),
    "format": (
        [({"src/base/a.c": "int f(int x) { return x; }\n"}, 1)],
        [{"src/base/a.c": "int f(int x)\n{\n    return x;\n}\n"}],
    ),
}


def lay(folder, files):
    for path, text in files.items():
        target = Path(folder) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())
    (Path(folder) / ".clang-format").write_text((ROOT / ".clang-format").read_text())
    return Tree(folder)


class Rules(unittest.TestCase):
    def found(self, rule, files):
        with tempfile.TemporaryDirectory() as folder:
            return list(RULES[rule](lay(folder, files)))

    def test_every_rule_has_cases(self):
        self.assertEqual(sorted(CASES), sorted(RULES))

    def test_a_changed_file_is_noticed_after_one_that_passed(self):
        with tempfile.TemporaryDirectory() as folder:
            for rule, good, bad in (
                ("header-alone", "#pragma once\n", "#pragma once\nsize_t a(void);\n"),
                ("format", "int x;\n", "int  x;\n"),
            ):
                self.assertEqual(list(RULES[rule](lay(folder, {"src/base/a.h": good}))), [])
                self.assertEqual(len(list(RULES[rule](lay(folder, {"src/base/a.h": bad})))), 1)

    def test_a_header_is_compiled_again_when_one_it_includes_changes(self):
        with tempfile.TemporaryDirectory() as folder:
            both = {"src/base/a.h": '#pragma once\n#include "base/b.h"\n', "src/base/b.h": "#pragma once\n"}
            self.assertEqual(list(RULES["header-alone"](lay(folder, both))), [])
            broken = {**both, "src/base/b.h": "#pragma once\nwhat\n"}
            self.assertEqual(len(list(RULES["header-alone"](lay(folder, broken)))), 2)

    def test_a_change_is_looked_at_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            lay(folder, {"src/base/a.c": "int x; \n", "src/base/b.c": "int x; \n"})
            tree = Tree(folder, changed={"src/base/b.c"})
            self.assertEqual([path for path, _, _ in RULES["white-space"](tree)], ["src/base/b.c"])

    def test_a_release_writes_down_the_migrations_once(self):
        with tempfile.TemporaryDirectory() as folder:
            lay(folder, {"sql/migrations/0001_a.sql": "x\n"})
            command = ["--root", folder, "--release"]
            for said in ("1 migrations released\n", "0 migrations released\n"):
                out = io.StringIO()
                with contextlib.redirect_stdout(out):
                    self.assertEqual(tidy.main(command), 0)
                self.assertEqual(out.getvalue(), said)
            lay(folder, {"sql/migrations/0001_a.sql": "y\n"})
            self.assertEqual(len(list(RULES["migration-released"](Tree(folder)))), 1)

    def test_the_program_counts_the_rules_and_fails(self):
        with tempfile.TemporaryDirectory() as folder:
            lay(folder, {"src/base/a.c": "int x; \n"})
            program = ["python3", ROOT / "tools/tidy/tidy.py", "--root", folder]
            done = subprocess.run(program, capture_output=True, text=True, check=False)
            self.assertIn("src/base/a.c:1: white-space: white space at the end of the line", done.stdout)
            self.assertRegex(done.stdout.splitlines()[-1], r"^\d+ passed, [1-9]\d* failed$")
            self.assertEqual(done.returncode, 1)


def cases(rule, bad, good):
    def fires(self):
        for files, count in bad:
            with self.subTest(files=files):
                found = self.found(rule, files)
                self.assertEqual(len(found), count, found)
                for path, line, text in found:
                    self.assertIn(path, files)
                    self.assertGreater(line, 0)
                    self.assertTrue(text)

    def silent(self):
        for files in good:
            with self.subTest(files=files):
                self.assertEqual(self.found(rule, files), [])

    name = rule.replace("-", "_")
    setattr(Rules, f"test_{name}_fires", fires)
    setattr(Rules, f"test_{name}_is_silent_on_good_trees", silent)


for rule_name, (bad_trees, good_trees) in CASES.items():
    cases(rule_name, bad_trees, good_trees)


if __name__ == "__main__":
    unittest.main()
