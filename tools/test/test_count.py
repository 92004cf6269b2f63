"""The runner counts what each kind of test program prints, and a crash is a failure."""

import unittest

from count import count_build, count_exit, count_node, count_plain, count_tap, count_unittest

NODE = """TAP version 13
# Subtest: a
ok 1 - a
# Subtest: b
not ok 2 - b
  ---
  ...
ok 3 - c # SKIP
1..3
# tests 3
# suites 0
# pass 1
# fail 1
# cancelled 0
# skipped 1
# todo 0
"""


class Counting(unittest.TestCase):
    def check(self, count, passed, failed, skipped=0):
        self.assertEqual((count.passed, count.failed, count.skipped), (passed, failed, skipped), count.failures)
        self.assertEqual(len(count.failures), failed)

    def test_tap(self):
        self.check(count_tap("x", "1..2\nok 1 - a\nok 2 - b # SKIP why\n", 0), 1, 0, 1)
        self.check(count_tap("x", "1..2\nok 1 - a\nnot ok 2 - b\n# why\n", 1), 1, 1)

    def test_a_program_that_ends_early_has_failed(self):
        self.check(count_tap("x", "1..3\nok 1 - a\n==1==ERROR: AddressSanitizer\n", 1), 1, 1)
        self.check(count_tap("x", "", 139), 0, 1)
        self.check(count_tap("x", "1..1\nok 1 - a\nERROR: LeakSanitizer\n", 1), 1, 1)

    def test_node(self):
        self.check(count_node("x", NODE, 1), 1, 1, 1)
        self.check(count_node("x", "", 1), 0, 1)

    def test_our_own_tools(self):
        self.check(count_plain("x", "a\n3 passed, 0 failed, 2 skipped\n", 0), 3, 0, 2)
        self.check(count_plain("x", "3 passed, 0 failed\n", 1), 3, 1)
        self.check(count_plain("x", "what\n", 0), 0, 1)

    def test_unittest(self):
        self.check(count_unittest("x", "Ran 4 tests in 1s\n\nOK (skipped=1)\n", 0), 3, 0, 1)
        self.check(count_unittest("x", "FAIL: a\nRan 4 tests in 1s\n\nFAILED (failures=1)\n", 1), 3, 1)
        self.check(count_unittest("x", "SyntaxError\n", 1), 0, 1)

    def test_a_build_without_warnings(self):
        self.check(count_build("x", "[1/2] Compiling\nRunning with -Wall\n", 0), 1, 0)
        said = count_build("x", "../../src/a.c:66:45: warning: too long [-Wstringop-overread]\n", 0)
        self.assertEqual((said.passed, said.failed), (0, 1))
        self.assertIn("too long", said.failures[1])

    def test_one_command(self):
        self.check(count_exit("x", "", 0), 1, 0)
        self.check(count_exit("x", "", 2), 0, 1)


if __name__ == "__main__":
    unittest.main()
