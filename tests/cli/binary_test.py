#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The program as a shell starts it: exit codes, streams, completion, manual, a terminal.

    tests/cli/binary_test.py PROGRAM
"""

import json
import os
import pty
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else Path("build/dev/cli/deployctl").resolve()
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("DEPLOYCTL_")}


class Program(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="deployctl-binary-")
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)
        self.environment = {**CLEAN, "XDG_STATE_HOME": str(self.path / "state"), "KUBECONFIG": "/dev/null"}

    def run_program(self, *words, **more):
        environment = {**self.environment, **more.pop("environment", {})}
        return subprocess.run(
            [PROGRAM, *words], cwd=self.path, env=environment, capture_output=True, text=True, check=False, timeout=60, **more
        )

    def check(self, run, exit_code, err="", out=""):
        self.assertEqual(run.returncode, exit_code, run.stderr)
        self.assertIn(err, run.stderr)
        self.assertIn(out, run.stdout)
        self.assertNotIn("Sanitizer", run.stderr)


class Refusals(Program):
    def test_bad_words(self):
        self.check(self.run_program("rollout", "canary"), 2, "needs TAG")
        self.check(self.run_program("rollout", "bluegreen", "v2"), 2, "use rollout blue-green")
        self.check(self.run_program("rollout", "canary", "v2", "--stepps", "5"), 2, "use --steps")
        self.check(self.run_program("rollout", "canary", "web:v2", "--workload", "deploy/web"), 2, "is no tag")

    def test_no_configuration(self):
        self.check(self.run_program("rollout", "start", "v2"), 2, "there is no deploy.yaml here")
        self.check(self.run_program("config", "validate"), 2, "there is no deploy.yaml here")
        self.check(self.run_program("plan", "v2", "-f", "none.yaml"), 2, "none.yaml cannot be read")

    def test_mistakes_have_places(self):
        (self.path / "deploy.yaml").write_text("apiVersion: deployctl/v1\napp: {name: web, imge: x}\n")
        self.check(self.run_program("config", "validate"), 2, "deploy.yaml:2:18")
        self.check(self.run_program("rollout", "status"), 2, "deploy.yaml:2:18")
        self.check(self.run_program("-C", "/", "rollout", "list"), 0, out="no rollouts")

    def test_no_kubectl(self):
        words = ("plan", "v2", "--strategy", "canary", "--workload", "deploy/web", "-n", "shop")
        self.check(self.run_program(*words, environment={"PATH": "/nowhere"}), 10, "kubectl is not in $PATH")
        self.check(self.run_program("doctor", environment={"PATH": "/nowhere"}), 10, out="kubectl is not in $PATH")

    def test_kubectl_is_called_only_for_the_cluster(self):
        kubectl = self.path / "kubectl"
        calls = self.path / "calls"
        version = '{"clientVersion": {"major": "1", "minor": "27", "gitVersion": "v1.27.4"}}'
        config = '{"contexts": [{"name": "lab", "context": {"cluster": "c"}}]}'
        kubectl.write_text(
            f"#!/bin/sh\necho \"$*\" >> {calls}\ncase $* in version*) echo '{version}' ;; *) echo '{config}' ;; esac\n"
        )
        kubectl.chmod(0o755)
        with_it = {"environment": {"DEPLOYCTL_KUBECTL": str(kubectl)}}
        for words in ("--version", "version", "--help", "rollout status", "rollout list", "history", "state info"):
            self.run_program(*words.split(), **with_it)
        self.assertFalse(calls.exists(), "kubectl was called")
        for verb in ("plan v2 --strategy canary", "rollout canary v2 -y"):
            words = (*verb.split(), "--workload", "deploy/web", "--context", "lab", "-n", "shop")
            self.check(self.run_program(*words, **with_it), 10, "is v1.27.4, deployctl needs 1.28 or newer")
        # Beside these a proxy is on its way, which is ended before it is asked anything.
        asked = [line for line in calls.read_text().splitlines() if "proxy" not in line]
        self.assertEqual(len(asked), 4)

    def test_doctor_asks_kubectl_for_its_version_once(self):
        kubectl = self.path / "kubectl"
        calls = self.path / "calls"
        version = '{"clientVersion": {"major": "1", "minor": "32", "gitVersion": "v1.32.4"}}'
        config = '{"contexts": [{"name": "lab", "context": {"cluster": "c"}}]}'
        kubectl.write_text(
            f"#!/bin/sh\necho \"$*\" >> {calls}\n"
            f"case $* in version*) echo '{version}' ;; *proxy*) exit 1 ;; *) echo '{config}' ;; esac\n"
        )
        kubectl.chmod(0o755)
        run = self.run_program("doctor", "--context", "lab", environment={"DEPLOYCTL_KUBECTL": str(kubectl)})
        self.check(run, 10, out="v1.32.4 at")
        versions = [line for line in calls.read_text().splitlines() if line.startswith("version")]
        self.assertEqual(len(versions), 1, calls.read_text())

    def test_folder_to_work_in(self):
        (self.path / "file").write_text("")
        self.check(self.run_program("-C", "/nonexist", "version"), 2, "cannot work in /nonexist: No such file")
        self.check(self.run_program("-C", "file", "version"), 2, "cannot work in file: Not a directory")
        self.assertFalse((self.path / "state").exists(), "a crash report was written")

    def test_output_that_is_lost(self):
        for words in ("version", "rollout list", "help", "config schema"):
            for end in (">/dev/full", ">&-"):
                run = subprocess.run(
                    ["sh", "-c", f"'{PROGRAM}' {words} {end}"], cwd=self.path, env=self.environment, capture_output=True,
                    text=True, check=False, timeout=60
                )
                self.check(run, 1, "the standard output could not be written")
                self.assertNotIn("bug", run.stderr)
        run = subprocess.run(
            ["bash", "-c", f"'{PROGRAM}' man | head -1; exit ${{PIPESTATUS[1]}}"], cwd=self.path, env=self.environment,
            capture_output=True, text=True, check=False, timeout=60
        )
        self.check(run, 0, out=".TH")
        self.assertEqual(run.stderr, "")

    def test_no_such_context(self):
        words = ("plan", "v2", "--strategy", "canary", "--workload", "deploy/web", "--context", "moon")
        run = self.run_program(*words)
        self.assertIn(run.returncode, (2, 10), run.stderr)
        self.assertFalse((self.path / "state").exists())

    def test_journal_that_is_none(self):
        (self.path / "state.db").write_text("this is no database, and it is long enough to be looked at as one")
        self.check(self.run_program("rollout", "list", "--state", "state.db"), 11, "error[state]")

    def test_journal_that_is_a_folder(self):
        (self.path / "journals").mkdir()
        for verb in ("rollout list", "rollout status", "history", "state info", "state check"):
            run = self.run_program(*verb.split(), "--state", "journals")
            self.check(run, 11, "journals is a folder, and no file")
            self.assertEqual(run.stdout, "")
        self.check(self.run_program("rollout", "list", "--state", "journals"), 11, "--state")
        self.check(self.run_program("doctor", "--state", "journals"), 10, out="is a folder, and no file")


class EmptyJournal(Program):
    def test_reading_makes_nothing(self):
        self.check(self.run_program("rollout", "status"), 2, "the journal has no rollout")
        self.check(self.run_program("rollout", "list"), 0, out="no rollouts")
        run = self.run_program("history", "-o", "json")
        self.assertEqual(json.loads(run.stdout)["items"], [])
        run = self.run_program("rollout", "list", "-o", "json")
        self.assertEqual(json.loads(run.stdout), {"v": 1, "items": []})
        self.check(self.run_program("state", "info"), 0, out="exists")
        self.check(self.run_program("state", "check"), 11, "there is no journal")
        self.check(self.run_program("state", "backup", "copy.db"), 11)
        self.assertFalse((self.path / "state").exists())


class Shells(Program):
    def test_completion_scripts_can_be_sourced(self):
        for shell in ("bash", "zsh", "fish"):
            self.check(self.run_program("completion", shell), 0, out="deployctl")
        script = self.run_program("completion", "bash").stdout
        run = self.bash(script + "\ncomplete -p deployctl", "-eu", check=False)
        self.assertEqual((run.returncode, run.stderr), (0, ""))

    def complete(self, *words):
        script = self.run_program("completion", "bash").stdout
        line = " ".join(f"'{word}'" for word in words)
        ask = f"{script}\nCOMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _deployctl; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        return self.bash(ask).stdout.split()

    def bash(self, script, *flags, check=True):
        """From its input: as an argument the completion is too long."""
        return subprocess.run(
            ["bash", *flags, "-s"], input=script, cwd=self.path, capture_output=True, text=True, check=check
        )

    def test_completion_knows_commands_options_and_values(self):
        self.assertEqual(self.complete("deployctl", "rol"), ["rollout"])
        self.assertEqual(self.complete("deployctl", "rollout", "re"), ["resume", "retry", "recover"])
        self.assertEqual(self.complete("deployctl", "-e", "production", "rollout", "ca"), ["canary"])
        self.assertIn("--steps", self.complete("deployctl", "rollout", "canary", "--s"))
        self.assertEqual(self.complete("deployctl", "rollout", "canary", "v2", "--on-failure", "ho"), ["hold"])
        self.assertEqual(self.complete("deployctl", "completion", "z"), ["zsh"])

    def test_manual_renders_without_a_complaint(self):
        page = self.run_program("man").stdout
        try:
            run = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=page, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            run = subprocess.run(["man", "--warnings", "-l", "-"], input=page, capture_output=True, text=True, check=False)
        self.assertEqual((run.returncode, run.stderr), (0, ""))

    def test_version(self):
        self.check(self.run_program("--version"), 0, out="deployctl ")
        self.assertEqual(json.loads(self.run_program("version", "-o", "json").stdout)["v"], 1)


class Terminal(Program):
    def on_a_terminal(self, *words, **variables):
        """What the program writes where somebody looks at it."""
        main, side = pty.openpty()
        environment = {**self.environment, "TERM": "xterm", **variables}
        child = subprocess.Popen([PROGRAM, *words], cwd=self.path, env=environment, stdin=side, stdout=side, stderr=side)
        os.close(side)
        written = b""
        while True:
            try:
                part = os.read(main, 4096)
            except OSError:
                break
            if not part:
                break
            written += part
        os.close(main)
        return child.wait(), written.decode()

    def test_colours_follow_the_rules(self):
        for variables, words, coloured in (
            ({}, (), True),
            ({"NO_COLOR": "1"}, (), False),
            ({"TERM": "dumb"}, (), False),
            ({}, ("--color", "never"), False),
            ({"NO_COLOR": "1"}, ("--color", "always"), True),
        ):
            code, written = self.on_a_terminal("rollout", "status", *words, **variables)
            self.assertEqual(code, 2)
            self.assertEqual("\033[" in written, coloured, (variables, words))
        self.assertNotIn("\033[", self.run_program("rollout", "status").stderr)
        self.assertIn("\033[", self.run_program("rollout", "status", environment={"CLICOLOR_FORCE": "1"}).stderr)


if __name__ == "__main__":
    unittest.main()
