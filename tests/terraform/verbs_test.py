#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`deployctl infra` and the real Terraform, on a copy of examples/08-infrastructure.

    tests/terraform/terraform_test.py tests/terraform/verbs_test.py DEPLOYCTL
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM = Path(sys.argv.pop()).resolve()
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "08-infrastructure"
SLOW = """
resource "terraform_data" "slow" {
  count = 3
  provisioner "local-exec" { command = "sleep 2" }
}
"""


class Verbs(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.folder = Path(self.scratch.name, "example")
        shutil.copytree(EXAMPLE, self.folder)
        self.data = self.folder / "infra" / "data"

    def command(self, *words):
        return [PROGRAM, "-C", self.folder, "--state", f"{self.scratch.name}/state/state.db", *words, "-e", "production"]

    def run_it(self, *words, exits=0):
        ended = subprocess.run(self.command(*words), capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(ended.returncode, exits, ended.stdout + ended.stderr)
        self.assertNotIn("change me", ended.stdout + ended.stderr)
        return ended

    def make_keys(self):
        subprocess.run(
            "openssl req -x509 -newkey rsa:3072 -nodes -keyout backup.key -out backup.crt -days 30 -subj /CN=backup".split(),
            cwd=self.folder, check=True, capture_output=True,
        )

    def begin(self, *words):
        """Started, and at the first resource that takes its time."""
        process = subprocess.Popen(
            self.command(*words), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True
        )
        for line in process.stderr:
            if "slow" in line and "create" in line:
                return process
        self.fail(f"it ended with {process.wait()}")

    def resources(self):
        state = json.loads((self.data / "terraform.tfstate.d/production/terraform.tfstate").read_text())
        return sorted(f"{item['name']}{each.get('index_key', '')}" for item in state["resources"] for each in item["instances"])

    def test_a_stack_is_planned_applied_shown_and_saved(self):
        planned = self.run_it("infra", "plan", "--exit-code", "-o", "json", exits=3)
        plan = json.loads(planned.stdout)["items"][0]
        self.assertEqual(plan["counts"], "2 to add, 0 to change, 0 to destroy")
        self.assertEqual(plan["per_month"], 25)
        applied = json.loads(self.run_it("infra", "apply", "data", "-y", "-o", "json").stdout)
        self.assertEqual(sorted(applied["completed"]), ["terraform_data.database", "terraform_data.parameters"])
        self.run_it("infra", "plan", "--exit-code")
        self.run_it("infra", "drift")
        outputs = json.loads(self.run_it("infra", "output", "-o", "json").stdout)["items"]
        self.assertEqual([(one["name"], one["value"]) for one in outputs], [("max_connections", 200), ("password", None)])
        self.run_it("infra", "backup", exits=2)
        self.make_keys()
        saved = json.loads(self.run_it("infra", "backup", "-o", "json").stdout)["items"][0]
        copy = self.folder / saved["file"]
        self.assertEqual(copy.stat().st_mode & 0o777, 0o600)
        self.assertNotIn(b"change me", copy.read_bytes())
        opened = subprocess.run(
            ["openssl", "cms", "-decrypt", "-inform", "DER", "-in", copy, "-inkey", "backup.key"],
            cwd=self.folder, check=True, capture_output=True,
        ).stdout
        self.assertEqual(hashlib.sha256(opened).hexdigest(), saved["sha256"])
        for file in Path(self.scratch.name, "state").rglob("*"):
            if file.is_file() and "copies" not in file.parts:  # which are the module's own files
                self.assertNotIn(b"change me", file.read_bytes(), file)

    def use_policy(self, more=""):
        """A conftest that denies where the plan sets max_connections above 250, and quotes a secret."""
        tools = Path(self.scratch.name, "tools")
        tools.mkdir()
        program = tools / "conftest"
        program.write_text(
            "#!/usr/bin/env python3\nimport json, sys\nplan = json.load(sys.stdin)\n"
            "wanted = plan['variables']['max_connections']['value']\n"
            "secret = plan['planned_values']['outputs']['password'].get('value', '')\n"
            "denied = [{'msg': f'{wanted} connections are too many, password {secret}'}] if wanted > 250 else []\n"
            "print(json.dumps([{'filename': '', 'namespace': 'main', 'successes': 1, 'failures': denied}]))\n"
            "sys.exit(1 if denied else 0)\n"
        )
        program.chmod(0o755)
        path = os.environ["PATH"]
        self.addCleanup(os.environ.__setitem__, "PATH", path)
        os.environ["PATH"] = f"{tools}:{path}"
        settings = self.folder / "deploy.yaml"
        text = settings.read_text().replace("      dir: infra/data\n", "      dir: infra/data\n      policies: [rules]\n")
        self.assertIn("policies", text)
        settings.write_text(text + f"gates:\n  rules: {{type: policy, policy: policy{more}}}\n")

    def test_a_policy_keeps_a_plan_from_being_applied(self):
        self.use_policy()
        self.run_it("infra", "plan")
        self.run_it("infra", "apply", "data", "-y")
        (self.data / "production.tfvars").write_text("max_connections = 300\n")
        for words in (("plan",), ("apply", "data", "-y")):
            denied = self.run_it("infra", *words, exits=4)
            self.assertIn("policy rules denies it: 300 connections are too many", denied.stderr)
        self.assertEqual(json.loads(self.run_it("infra", "output", "-o", "json").stdout)["items"][0]["value"], 200)

    def test_a_policy_that_is_only_tried_is_told_of(self):
        self.use_policy(", dry_run: true")
        (self.data / "production.tfvars").write_text("max_connections = 300\n")
        self.assertIn("policy rules denies it", self.run_it("infra", "apply", "data", "-y").stderr)
        self.assertEqual(json.loads(self.run_it("infra", "output", "-o", "json").stdout)["items"][0]["value"], 300)

    def test_nothing_is_applied_where_nobody_can_say_yes(self):
        refused = self.run_it("infra", "apply", "data", exits=4).stderr
        self.assertIn("-y says yes", refused)
        self.assertFalse((self.data / "terraform.tfstate.d").joinpath("production/terraform.tfstate").exists())

    def test_a_plan_stays_nowhere_where_it_is_not_applied(self):
        self.run_it("infra", "apply", "data", exits=4)
        self.run_it("infra", "apply", "data", "-y")
        self.run_it("infra", "apply", "data", "-y")  # nothing to do
        self.assertEqual(list(Path(self.scratch.name, "state").rglob("plan")), [])

    def configure(self, old, new):
        settings = self.folder / "deploy.yaml"
        self.assertIn(old, settings.read_text())
        settings.write_text(settings.read_text().replace(old, new))

    def test_an_approval_is_not_passed_by_a_yes_by_name(self):
        self.run_it("infra", "apply", "data", "-y")
        main = self.data / "main.tf"
        main.write_text(main.read_text().replace('resource "terraform_data" "database" {\n  input = var.password\n}\n', ""))
        self.configure("      dir: infra/data\n", "      dir: infra/data\n      approval: dba\n")
        approvals = self.folder / "deploy.yaml"
        text = approvals.read_text()
        for rule, why in (
            ("people: [ada]", "who began it does not approve it"),
            ("people: [ada], not_initiator: false", "is not one of those who may: ada"),
            ("count: 2, not_initiator: false", "it takes 2 people"),
        ):
            approvals.write_text(text + f"approvals:\n  dba: {{{rule}}}\n")
            refused = self.run_it("infra", "apply", "data", "--confirm=data", exits=4).stderr
            self.assertIn("needs approval dba", refused)
            self.assertIn(why, refused)
            self.assertIn("database", self.resources())
        approvals.write_text(text + "approvals:\n  dba: {not_initiator: false}\n")
        self.run_it("infra", "apply", "data", "--confirm=data")
        self.assertNotIn("database", self.resources())

    def test_what_was_taken_up_is_in_the_history_though_nothing_is_left_to_do(self):
        self.run_it("infra", "apply", "data", "-y")
        state = self.data / "terraform.tfstate.d/production/terraform.tfstate"
        left = json.loads(state.read_text())
        left["serial"] += 1
        (self.data / "errored.tfstate").write_text(json.dumps(left))
        notes = next(Path(self.scratch.name, "state").rglob("applied")).parent
        (notes / "run.json").write_text(json.dumps({"v": 1, "dir": str(self.data), "changes": [], "process": None}))
        self.run_it("infra", "apply", "data", "-y")
        self.assertFalse((self.data / "errored.tfstate").exists())
        history = json.loads(self.run_it("infra", "history", "-o", "json").stdout)["items"]
        self.assertEqual(history[0]["result"]["why"], "what an earlier apply had left was taken up")
        self.assertEqual(len(history), 2)

    def test_a_saved_plan_is_applied_as_it_is_or_not_at_all(self):
        saved = self.folder / "data.tfplan"
        self.run_it("infra", "plan", "data", "--out", str(saved))
        self.assertEqual(saved.stat().st_mode & 0o777, 0o600)
        self.run_it("infra", "apply", "data", "-y", "--plan", str(saved))
        self.assertIn("stale", self.run_it("infra", "apply", "data", "-y", "--plan", str(saved), exits=4).stderr)
        (self.data / "production.tfvars").write_text("max_connections = 300\n")
        self.run_it("infra", "plan", "data", "--out", str(saved))
        (self.data / "production.tfvars").write_text("max_connections = 400\n")
        self.assertIn("other files", self.run_it("infra", "apply", "data", "-y", "--plan", str(saved), exits=4).stderr)
        (self.data / "production.tfvars").write_text("max_connections = 300\n")
        saved.write_bytes(saved.read_bytes()[:-1])
        self.run_it("infra", "apply", "data", "-y", "--plan", str(saved), exits=4)

    def test_what_is_destroyed_is_agreed_to_by_name(self):
        self.run_it("infra", "apply", "data", "-y")
        main = self.data / "main.tf"
        main.write_text(main.read_text().replace('resource "terraform_data" "database" {\n  input = var.password\n}\n', ""))
        self.assertIn("terraform_data.database", self.run_it("infra", "apply", "data", "-y", exits=4).stderr)
        self.assertIn("database", self.resources())
        self.run_it("infra", "apply", "data", "--confirm=data")
        self.assertNotIn("database", self.resources())

    def test_one_signal_lets_it_end_in_its_own_way(self):
        (self.data / "slow.tf").write_text(SLOW)
        process = self.begin("infra", "apply", "data", "-y")
        process.send_signal(signal.SIGINT)
        process.communicate()
        self.assertEqual(process.returncode, 8)
        self.run_it("infra", "plan", exits=5)
        self.run_it("infra", "apply", "data", "-y")
        self.assertEqual(self.resources(), ["database", "parameters", "slow0", "slow1", "slow2"])

    def test_two_signals_end_it_at_once_and_nothing_is_lost(self):
        (self.data / "slow.tf").write_text(SLOW)
        process = self.begin("infra", "apply", "data", "-y")
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        process.communicate()
        self.assertIn(process.returncode, (5, 8))
        self.run_it("infra", "apply", "data", "-y")
        self.assertEqual(self.resources(), ["database", "parameters", "slow0", "slow1", "slow2"])

    def test_a_runner_that_is_killed_is_followed_by_the_next(self):
        (self.data / "slow.tf").write_text(SLOW)
        process = self.begin("infra", "apply", "data", "-y")
        process.kill()
        process.communicate()
        self.assertIn("-y says yes", self.run_it("infra", "apply", "data", exits=4).stderr)
        self.run_it("infra", "apply", "data", "-y")
        self.assertEqual(list(Path(self.scratch.name).rglob("states/*")), [])  # a state has secrets
        self.assertEqual(self.resources(), ["database", "parameters", "slow0", "slow1", "slow2"])

    def test_a_state_that_is_lost_or_another_one_is_doubted(self):
        self.make_keys()
        self.run_it("infra", "apply", "data", "-y")
        state = self.data / "terraform.tfstate.d/production/terraform.tfstate"
        whole = state.read_text()
        older = json.loads(whole)
        older["serial"] = 1
        another = json.loads(whole)
        another["lineage"] = "11111111-2222-3333-4444-555555555555"
        for text, why in (
            ("", "empty or gone"),
            (json.dumps(older), "an older one"),
            (json.dumps(another), "another one"),
        ):
            with self.subTest(why):
                state.write_text(text)
                self.assertIn(why, self.run_it("infra", "plan").stderr)
                self.assertIn(why, self.run_it("infra", "drift", exits=3).stdout)
                self.assertIn(why, self.run_it("infra", "backup", exits=4).stderr)
                self.assertIn(why, self.run_it("infra", "apply", "data", "-y", exits=4).stderr)
                self.assertEqual(state.read_text(), text)
        self.run_it("infra", "apply", "data", "--confirm=data")
        self.run_it("infra", "drift")

    def test_two_runners_do_not_apply_one_stack(self):
        (self.data / "slow.tf").write_text(SLOW)
        process = self.begin("infra", "apply", "data", "-y")
        self.assertIn("another runner", self.run_it("infra", "apply", "data", "-y", exits=9).stderr)
        process.communicate()
        self.assertEqual(process.returncode, 0)

    def test_a_mistake_is_told_with_its_place(self):
        (self.data / "bad.tf").write_text("resource \"terraform_data\" \"bad\" {\n  inputt = 1\n}\n")
        self.assertIn("bad.tf:2:3", self.run_it("infra", "plan", exits=4).stderr)


if __name__ == "__main__":
    unittest.main()
