#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The runners against small scripts: what they count, what they end, what they refuse."""

import contextlib
import importlib.machinery
import importlib.util
import io
import os
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
sys.dont_write_bytecode = True

import children


def load(path):
    loader = importlib.machinery.SourceFileLoader(path.replace("/", "_"), str(ROOT / path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    sys.modules[loader.name] = module
    loader.exec_module(module)
    return module


tests_run = load("tests/run")
acceptance = load("tests/acceptance/run")
benchmarks = load("benchmarks/run")


def runs(process):
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class WithScripts(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        patched = mock.patch("lab.LAB", self.folder / "no-lab")
        patched.start()
        self.addCleanup(patched.stop)

    def script(self, name, *lines):
        path = self.folder / name
        path.write_text("\n".join(("#!/bin/sh", *lines)) + "\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    def run_main(self, module, *arguments):
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            code = module.main(list(arguments), self.folder)
        return code, out.getvalue()


class Counting(unittest.TestCase):
    def test_closing_lines_of_every_runner_are_added_up(self):
        self.assertEqual(tests_run.counts("90% tests passed, 1 tests failed out of 10\n"), (9, 1))
        self.assertEqual(tests_run.counts("Ran 5 tests in 0.1s\n\nOK\ntidy: 32 passed, 0 failed\n"), (37, 0))
        self.assertEqual(tests_run.counts("Ran 5 tests in 0.1s\n\nFAILED (failures=1, errors=1)\n"), (3, 2))
        self.assertIsNone(tests_run.counts("built\n"))

    def test_a_closing_line_stands_above_what_its_scripts_print(self):
        self.assertEqual(tests_run.counts("100% tests passed, 0 tests failed out of 9\n2 passed, 0 failed\n"), (2, 0))

    def test_a_failing_phase_never_counts_as_clean(self):
        self.assertEqual(tests_run.verdict(0, "built\n"), (1, 0))
        self.assertEqual(tests_run.verdict(2, "broken\n"), (0, 1))
        self.assertEqual(tests_run.verdict(1, "5 passed, 0 failed\n"), (5, 1))
        self.assertEqual(tests_run.verdict(None, "5 passed, 0 failed\n"), (5, 1))

    def test_what_a_phase_needs_comes_before_it(self):
        names = [p.name for p in tests_run.PHASES]
        for phase in tests_run.PHASES:
            for need in phase.needs:
                self.assertLess(names.index(need), names.index(phase.name))


class Acceptance(WithScripts):
    def test_each_script_counts_and_the_failed_ones_are_named(self):
        self.script("3-good", "# quick", "echo seen")
        self.script("3-bad", "exit 3")
        code, out = self.run_main(acceptance)
        self.assertEqual((code, out.splitlines()[-1]), (1, "1 passed, 1 failed"))
        self.assertIn("seen", out)
        self.assertIn("failed: 3-bad", out)

    def test_quick_keeps_the_marked_ones(self):
        self.script("3-good", "# quick")
        self.script("3-bad", "exit 3")
        self.assertEqual(self.run_main(acceptance, "--quick")[0], 0)

    def test_a_name_that_fits_nothing_is_an_error(self):
        self.assertEqual(self.run_main(acceptance, "nothing")[0], 2)

    def test_a_script_past_its_time_is_ended_with_its_children(self):
        self.script("3-slow", "# timeout 1", "sleep 300 & echo child $!", "wait")
        begin = time.monotonic()
        code, out = self.run_main(acceptance)
        self.assertEqual(code, 1)
        self.assertLess(time.monotonic() - begin, 15)
        self.assertFalse(runs(int(out.split("child ")[1].split()[0])))

    def test_a_grandchild_that_will_not_end_is_ended_as_well(self):
        self.script("3-deaf", "# timeout 1", "(trap '' TERM; echo child $(exec sh -c 'echo $PPID'); while :; do sleep 1; done) &", "wait")
        with mock.patch("children.GRACE_SECONDS", 1):
            code, out = self.run_main(acceptance)
        self.assertEqual(code, 1)
        self.assertFalse(runs(int(out.split("child ")[1].split()[0])))


class Benchmarks(WithScripts):
    def test_good_figures_pass_through(self):
        self.script("start", r"printf 'start\t9.6\tms\t<= 15\tok\nrss\t41\tMB\t<= 40\tshort\n'")
        code, out = self.run_main(benchmarks)
        self.assertEqual(code, 0)
        self.assertIn("start\t9.6\tms\t<= 15\tok\n", out)
        with mock.patch.dict(os.environ, {"STRICT": "1"}):
            self.assertEqual(self.run_main(benchmarks)[0], 1)

    def test_malformed_lines_silence_and_failures_are_errors(self):
        for name, line in {"fields": "echo start 9.6", "word": r"printf 'a\tfast\tms\t-\tok\n'", "none": "true", "code": "exit 1"}.items():
            path = self.script(name, line)
            self.assertEqual(self.run_main(benchmarks)[0], 1, name)
            path.unlink()


class Children(WithScripts):
    def test_the_exit_code_and_the_output_come_back(self):
        script = self.script("x", "echo out; echo err >&2; exit 7")
        code, output = children.run([str(script)], cwd=self.folder, timeout=20, show=False)
        self.assertEqual((code, output), (7, "out\nerr\n"))


if __name__ == "__main__":
    unittest.main()
