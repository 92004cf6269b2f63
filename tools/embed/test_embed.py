"""What tools/embed makes of good input, and what it says to bad input."""

import gzip
import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

EMBED = Path(__file__).resolve().parent / "embed.py"
SOURCE = EMBED.parents[2] / "src"


class Embed(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def lay(self, path, text):
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())

    def embed(self, kind, *more):
        out = self.folder / "out"
        out.mkdir(exist_ok=True)
        names = [str(out / f"{kind}{ending}") for ending in (".h", ".c", ".d")]
        command = ["python3", str(EMBED), kind, str(self.folder), *names, *more]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    def made(self, kind, ending):
        return (self.folder / "out" / f"{kind}.{ending}").read_text()

    def refused(self, kind, said, *more):
        code, error = self.embed(kind, *more)
        self.assertEqual(code, 1)
        self.assertIn(said, error)

    def compiled(self, kind, header, main):
        """Compiles the table with a main function and gives what that prints."""
        (self.folder / "out" / Path(header).parent).mkdir(exist_ok=True)
        shutil.copy(self.folder / "out" / f"{kind}.h", self.folder / "out" / header)
        program = self.folder / "program"
        (self.folder / "main.c").write_text(f'#include "{header}"\n#include <stdio.h>\nint main(void)\n{{{main}}}\n')
        files = [str(self.folder / "main.c"), str(self.folder / "out" / f"{kind}.c")]
        includes = [f"-I{SOURCE}", f"-I{self.folder / 'out'}"]
        command = ["gcc", "-std=gnu2x", "-Wall", "-Wextra", "-Werror", *includes, *files, "-o", str(program)]
        subprocess.run(command, check=True)
        return subprocess.run([str(program)], capture_output=True, check=True).stdout


class Statements(Embed):
    def test_a_statement_has_both_texts_and_the_names_of_its_parameters(self):
        self.lay("sql/queries/user.sql", "-- Users.\n\n-- name: user_put\n-- New.\nINSERT INTO u VALUES (:b, ':c', :a);\n")
        self.lay("sql/queries/events/log.sql", "-- name: log_all\nSELECT id::text -- :x\nFROM e WHERE id > :id OR id = :id\n")
        self.assertEqual(self.embed("statements"), (0, ""))
        made = self.made("statements", "c")
        self.assertIn("INSERT INTO u VALUES (:b, ':c', :a)\"", made)
        self.assertIn("INSERT INTO u VALUES ($1, ':c', $2)", made)
        self.assertIn('{"b", "a", NULL}', made)
        self.assertIn("WHERE id > $1 OR id = $1", made)
        self.assertIn('.database = "events"', made)
        self.assertIn("SQL_LOG_ALL,\n    SQL_USER_PUT,\n    SQL_COUNT_", self.made("statements", "h"))

    def test_parts_for_one_dialect_are_joined_with_the_common_ones(self):
        text = "-- name: a\nSELECT 1\n-- sqlite:\nCOLLATE NOCASE\n-- postgres:\nILIKE\n-- both:\nORDER BY 1\n"
        self.lay("sql/queries/a.sql", text)
        self.assertEqual(self.embed("statements"), (0, ""))
        made = self.made("statements", "c")
        self.assertIn('.sqlite = "SELECT 1\\n"\n        "COLLATE NOCASE\\n"\n        "ORDER BY 1"', made)
        self.assertIn('.postgres = "SELECT 1\\n"\n        "ILIKE\\n"\n        "ORDER BY 1"', made)

    def test_mistakes_name_the_file_and_the_line(self):
        for text, said in (
            ("SELECT 1\n", "a.sql:1: SQL before the first"),
            ("-- name: Bad-Name\nSELECT 1\n", "a.sql:1: 'Bad-Name'"),
            ("-- name: a\nSELECT 1; SELECT 2\n", "a is more than one statement"),
            ("-- name: a\n-- nothing\n", "a has no text"),
            ("-- name: a\n-- sqlite:\nSELECT 1\n", "a has no text for postgres"),
            ("-- name: a\n-- sqlite:\nSELECT :x\n-- postgres:\nSELECT :y\n", "other parameters"),
            ("-- name: a\nSELECT 1\n-- name: a\nSELECT 2\n", "a.sql:3: a is already in"),
        ):
            with self.subTest(text=text):
                self.lay("sql/queries/a.sql", text)
                self.refused("statements", said)

    def test_without_a_folder_the_table_is_empty(self):
        self.assertEqual(self.embed("statements"), (0, ""))
        self.assertIn("[SQL_COUNT_] = {0}", self.made("statements", "c"))


class Migrations(Embed):
    def test_type_words_become_those_of_each_database(self):
        self.lay("sql/migrations/0001_users.sql", "CREATE TABLE u (id {id}, name {text}, at {i64}, x {f64}, b {bytes});\n")
        self.lay("sql/migrations/events/0001_log.sql", "CREATE TABLE e (id {id});\n")
        self.assertEqual(self.embed("migrations"), (0, ""))
        made = self.made("migrations", "c")
        self.assertIn("id INTEGER, name TEXT", made)
        self.assertIn("x REAL, b BLOB", made)
        self.assertIn("at BIGINT, x DOUBLE PRECISION, b BYTEA", made)
        self.assertLess(made.index('"records"'), made.index('"events"'))

    def test_mistakes_are_named(self):
        self.lay("sql/migrations/0002_b.sql", "x\n")
        self.refused("migrations", "the next number here is 0001")
        self.lay("sql/migrations/0001_a.sql", "a\nCREATE TABLE u (id {uuid});\n")
        self.refused("migrations", "0001_a.sql:2: unknown type {uuid}")
        self.lay("sql/migrations/0001_a.sql", "x\n")
        self.lay("sql/migrations/first.sql", "x\n")
        self.refused("migrations", "NNNN_words.sql")


class Catalogue(Embed):
    def words(self, vi, en):
        self.lay("locales/vi.json", json.dumps(vi))
        self.lay("locales/en.json", json.dumps(en))

    def test_sentences_are_sorted_by_key_and_keep_every_character(self):
        vi = {"b.x": 'Chạm "{n}"\n?? \\ \u0001', "a.y": "Đ", "ui.z": "z"}
        self.words(vi, {"b.x": "{n}", "a.y": "D", "ui.z": "z"})
        self.assertEqual(self.embed("catalogue"), (0, ""))
        main = 'for (int i = 0; i < CATALOGUE_COUNT; i++) printf("%s=%s;", catalogue_rows[i].key, catalogue_rows[i].vi);'
        printed = self.compiled("catalogue", "text/catalogue.h", main)
        self.assertEqual(printed.decode(), f"a.y=Đ;b.x={vi['b.x']};")

    def test_a_key_that_one_language_lacks_is_refused(self):
        self.words({"a.x": "x", "a.y": "y"}, {"a.x": "x"})
        self.refused("catalogue", "en.json:1: missing: a.y")
        self.words({"a.x": "x"}, {"a.x": "x", "a.y": "y"})
        self.refused("catalogue", "vi.json:1: missing: a.y")

    def test_placeholders_must_agree(self):
        self.words({"a.x": "{n}"}, {"a.x": "{m}"})
        self.refused("catalogue", "a.x has other {placeholders}")

    def test_a_key_twice_or_an_empty_sentence_is_refused(self):
        self.lay("locales/en.json", "{}")
        self.lay("locales/vi.json", '{"a.x": "1", "a.x": "2"}')
        self.refused("catalogue", "a.x is there twice")
        self.lay("locales/vi.json", '{"a.x": ""}')
        self.refused("catalogue", "a.x is not a sentence")


class Files(Embed):
    def test_every_byte_arrives_in_each_form(self):
        every = bytes(range(256)) * 4 + b"\x010\x0712345???/" + bytes(range(255, -1, -1))
        page = b"<p>Ch\xe1\xba\xa1m</p>\n" * 200
        self.lay("ui/dist/index.html", page)
        self.lay("ui/dist/assets/app-BxY12z_4.js", every)
        self.assertEqual(self.embed("files", "--pages=required"), (0, ""))
        main = """
            const struct embedded_file *js = &embedded_files[0], *html = &embedded_files[1];
            fprintf(stderr, "%d", EMBEDDED_COUNT);
            if (!js->immutable || html->immutable) return 1;
            fwrite(js->plain.data, 1, (size_t)js->plain.len, stdout);
            fwrite(html->plain.data, 1, (size_t)html->plain.len, stdout);
            fwrite(html->gzip.data, 1, (size_t)html->gzip.len, stdout);
            return 0;"""
        printed = self.compiled("files", "http/embedded.h", main)
        self.assertTrue(printed.startswith(every + page))
        self.assertEqual(gzip.decompress(printed[len(every + page) :]), page)

    def test_a_second_run_makes_the_same(self):
        self.lay("ui/dist/index.html", "<p></p>" * 100)
        self.embed("files")
        first = self.made("files", "c")
        self.embed("files")
        self.assertEqual(self.made("files", "c"), first)

    def test_without_pages_the_table_is_empty_unless_they_are_required(self):
        self.assertEqual(self.embed("files"), (0, ""))
        self.assertIn("EMBEDDED_COUNT = 0", self.made("files", "h"))
        self.refused("files", "ui/dist/index.html", "--pages=required")

    def test_pages_can_be_left_out(self):
        self.lay("ui/dist/index.html", "<p></p>" * 100)
        self.assertEqual(self.embed("files", "--pages=none"), (0, ""))
        self.assertIn("EMBEDDED_COUNT = 0", self.made("files", "h"))

    def test_a_file_without_a_media_type_is_refused(self):
        self.lay("ui/dist/index.xyz", "x")
        self.refused("files", "no media type for .xyz")


class Depfile(Embed):
    def test_it_names_the_inputs_and_their_folders(self):
        self.lay("sql/queries/a.sql", "-- name: a\nSELECT 1\n")
        self.embed("statements")
        made = self.made("statements", "d")
        self.assertIn(str(self.folder / "sql/queries/a.sql"), made)
        self.assertIn(f"{self.folder / 'sql/queries'} ", made)


if __name__ == "__main__":
    unittest.main()
