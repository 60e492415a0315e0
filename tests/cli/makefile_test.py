#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The Makefile that `config init --makefile` writes, as make runs it; and the Makefile and the script of
examples/mcp-server. A stand-in for deployctl notes the words that it gets.

    tests/cli/makefile_test.py PROGRAM
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else Path("build/dev/cli/deployctl").resolve()
SERVICE = Path(__file__).resolve().parents[2] / "examples/mcp-server/good"
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("DEPLOYCTL_", "MAKE", "MFLAGS"))}
ODD = "v1'; touch pwned; \"$(touch pwned)\" `touch pwned` $(shell touch pwned) #x"
NOTE = '#!/bin/sh\nfor word in "$@"; do printf "%s\\n" "$word"; done >>"$NOTES"\nprintf "end\\n" >>"$NOTES"\nexit "${ENDS_WITH:-0}"\n'


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="deployctl make '$x ")
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)
        programs = self.path / "bin"
        programs.mkdir()
        (programs / "deployctl").write_text(NOTE, encoding="utf-8")
        (programs / "deployctl").chmod(0o755)
        self.notes = self.path / "notes"
        self.environment = {**CLEAN, "PATH": f"{programs}:{os.environ['PATH']}", "NOTES": str(self.notes)}

    def run_in(self, folder, *words, **more):
        environment = {**self.environment, **more}
        return subprocess.run(
            words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60
        )

    def noted(self):
        text = self.notes.read_text(encoding="utf-8") if self.notes.exists() else ""
        self.notes.unlink(missing_ok=True)
        return [call.split("\n")[:-1] for call in text.split("end\n")[:-1]]


class Written(Folder):
    def write(self, name="deploy.yaml"):
        (self.path / name).write_text("apiVersion: deployctl/v1\n", encoding="utf-8")
        run = subprocess.run(
            [PROGRAM, "config", "init", "--makefile", "-f", name],
            cwd=self.path, env={**CLEAN, "XDG_STATE_HOME": str(self.path)}, capture_output=True, text=True, check=False, timeout=60,
        )
        self.assertEqual(run.returncode, 0, run.stderr)

    def make(self, *words, **more):
        return self.run_in(self.path, "make", "--no-print-directory", *words, **more)

    def test_help_is_what_make_says_by_itself_and_lists_every_target(self):
        self.write()
        targets = re.findall(r"^([a-z-]+):$", (self.path / "Makefile").read_text(encoding="utf-8"), re.M)
        listed = [line.split()[1] for line in self.make().stdout.splitlines()]
        self.assertEqual(sorted(listed + ["help"]), sorted(targets))
        self.assertGreater(len(listed), 25)

    def test_each_target_runs_a_verb_that_the_program_has(self):
        self.write()
        words = [f"{name}=x" for name in "TAG ENV REASON ID FROM TO STACK DB CONFIRM FOR".split()]
        for line in self.make().stdout.splitlines():
            target = line.split()[1]
            run = self.make(target, *words)
            self.assertEqual(run.returncode, 0, run.stderr)
            (call,) = self.noted()
            self.assertEqual(call[:4], ["-f", "deploy.yaml", "--env", "x"], target)
            asked = subprocess.run([PROGRAM, *call, "--help"], cwd=self.path, capture_output=True, text=True, check=False, timeout=60)
            self.assertEqual(asked.returncode, 0, f"{target}: {asked.stderr}")

    def test_a_word_stays_one_and_nothing_in_it_runs(self):
        self.write()
        from_shell = self.make("canary", TAG=ODD, ENV=ODD)
        self.assertEqual(from_shell.returncode, 0, from_shell.stderr)
        typed = self.make("canary", "TAG=" + ODD.replace("#x", ""), "ENV=production")
        self.assertEqual(typed.returncode, 0, typed.stderr)
        first, second = self.noted()
        self.assertEqual(first, ["-f", "deploy.yaml", "--env", ODD, "rollout", "canary", ODD])
        self.assertEqual(second[-1], ODD.replace("#x", ""))
        self.assertFalse(list(self.path.rglob("pwned")))

    def test_a_dry_run_of_make_runs_nothing(self):
        self.write("my $file's #2.yaml")
        run = self.make("-n", "rollback", "REASON=too slow")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn('rollout rollback --reason "$REASON"', run.stdout)
        self.assertEqual(self.noted(), [])
        self.make("status")
        self.assertEqual(self.noted(), [["-f", "my $file's #2.yaml", "rollout", "status"]])

    def test_what_is_missing_is_said_and_nothing_runs(self):
        self.write()
        run = self.make("canary")
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("make canary TAG=...", run.stderr)
        self.assertEqual(self.noted(), [])

    def test_a_failure_fails(self):
        self.write()
        self.assertNotEqual(self.make("canary", "TAG=v2", ENDS_WITH="6").returncode, 0)


class Service(Folder):
    """The Makefile and the script of the service that is assessed."""

    def setUp(self):
        super().setUp()
        self.service = self.path / "service"
        shutil.copytree(SERVICE, self.service)

    def test_the_script_takes_each_strategy_and_a_tag(self):
        for strategy in ("blue-green", "canary", "rolling"):
            run = self.run_in("/", self.service / "scripts/deploy-production.sh", strategy, "v2")
            self.assertEqual(run.returncode, 0, run.stderr)
            assessed, rollout = self.noted()
            self.assertEqual(assessed[0], "assess")
            self.assertEqual(rollout, ["rollout", strategy, "v2", "--env", "production", "--yes"])

    def test_the_script_refuses_what_is_no_strategy_and_stops_where_the_assessment_does(self):
        script = self.service / "scripts/deploy-production.sh"
        for words in ((), ("canary",), ("recreate", "v2")):
            self.assertNotEqual(self.run_in("/", script, *words).returncode, 0)
        self.assertEqual(self.noted(), [])
        self.assertEqual(self.run_in("/", script, "canary", "v2", ENDS_WITH="4").returncode, 4)
        self.assertEqual([call[0] for call in self.noted()], ["assess"])

    def test_its_makefile_calls_deployctl_for_what_deployctl_does(self):
        expected = {
            ("deploy", "STRATEGY=blue-green"): ["rollout", "blue-green", "v2", "--env", "dev"],
            ("deploy-production",): ["rollout", "canary", "v2", "--env", "production", "--yes"],
            ("rollback",): ["rollout", "rollback", "--env", "dev"],
            ("plan",): ["plan", "v2", "-e", "dev"],
            ("status",): ["rollout", "status", "--env", "dev"],
        }
        for words, last in expected.items():
            run = self.run_in(self.service, "make", *words, "TAG=v2")
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertEqual(self.noted()[-1], last)

    def test_each_of_its_targets_can_be_shown(self):
        for target in self.run_in(self.service, "make", "help").stdout.split():
            run = self.run_in(self.service, "make", "-n", target, "TAG=v2")
            self.assertEqual(run.returncode, 0, run.stderr)


if __name__ == "__main__":
    unittest.main()
