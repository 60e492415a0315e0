#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`deployctl infra` and the locks of real backends of the real Terraform, on a copy of examples/08-infrastructure.

    tests/terraform/terraform_test.py tests/support/postgresql.py tests/terraform/locks_test.py pg DEPLOYCTL
    tests/terraform/terraform_test.py tests/terraform/locks_test.py kubernetes DEPLOYCTL    (with `lab/lab env`)

pg has its state in PostgreSQL, and a lock that ends with the connection that holds it. kubernetes has it in a Secret, and
its lock is a Lease that outlives whoever made it. Not run, and said so, where there is no cluster.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

PROGRAM = Path(sys.argv.pop()).resolve()
BACKEND = sys.argv.pop()
EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "08-infrastructure"
NAMESPACE = os.environ.get("LOCKS_NAMESPACE", "deployctl-locks")
LEASE = "lock-tfstate-production-data"
SLOW = """
resource "terraform_data" "slow" {
  count = 2
  provisioner "local-exec" { command = "until [ -e FLAG ]; do sleep 0.2; done" }
}
"""
MOST_SECONDS = 60
SKIPPED = 77


def kubectl(*words):
    return subprocess.run(["kubectl", *words], check=True, capture_output=True, text=True).stdout


def backend(folder):
    """A state of its own for each test."""
    if BACKEND == "pg":
        words = f"host={os.environ['PGHOST']} user={os.environ['PGUSER']} dbname=postgres sslmode=disable"
        name = "s" + folder.name.replace("-", "_").lower()
        return f'terraform {{\n  backend "pg" {{\n    conn_str = "{words}"\n    schema_name = "{name}"\n  }}\n}}\n'
    place = f'namespace = "{NAMESPACE}"\n    secret_suffix = "data"\n    config_path = "{os.environ["KUBECONFIG"]}"'
    return f'terraform {{\n  backend "kubernetes" {{\n    {place}\n  }}\n}}\n'


class Locks(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        self.folder = Path(self.scratch.name, "example")
        shutil.copytree(EXAMPLE, self.folder)
        self.data = self.folder / "infra" / "data"
        (self.data / "backend.tf").write_text(backend(Path(self.scratch.name)))
        self.flag = Path(self.scratch.name, "let-go")  # until it is there, an apply holds its lock
        (self.data / "slow.tf").write_text(SLOW.replace("FLAG", str(self.flag)))
        self.patience(1)
        if BACKEND == "kubernetes":
            kubectl("create", "namespace", NAMESPACE)
            self.addCleanup(kubectl, "delete", "namespace", NAMESPACE)

    def patience(self, seconds):
        """How long deployctl waits for a lock."""
        file = self.folder / "deploy.yaml"
        lines = [line for line in file.read_text().splitlines() if "lock_timeout" not in line]
        at = next(i for i, line in enumerate(lines) if "dir: infra/data" in line)
        file.write_text("\n".join([*lines[: at + 1], f"      lock_timeout: {seconds}s", *lines[at + 1 :], ""]))

    def command(self, *words):
        return [PROGRAM, "-C", self.folder, "--state", f"{self.scratch.name}/state/state.db", *words, "-e", "production"]

    def run_it(self, *words, exits=0):
        ended = subprocess.run(self.command(*words), capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(ended.returncode, exits, ended.stdout + ended.stderr)
        return ended.stdout + ended.stderr

    def begin(self):
        """Our own apply, at its first resource that takes its time."""
        process = subprocess.Popen(
            self.command("infra", "apply", "data", "-y"),
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        for line in process.stderr:
            if "slow" in line and "create" in line:
                return process
        self.fail(f"it ended with {process.wait()}")

    def noted_run(self):
        """What a runner has written down of its apply, with whose lock it is where that lasts."""
        until = time.monotonic() + MOST_SECONDS
        while time.monotonic() < until:
            for file in Path(self.scratch.name, "state").rglob("run.json"):
                run = json.loads(file.read_text())
                if run["process"] and (run["lock_id"] or BACKEND == "pg"):
                    return run
            time.sleep(0.1)
        self.fail("nobody has noted the lock")

    def another(self):
        """Terraform as somebody else runs it, from another folder, holding the lock of the same state."""
        folder = Path(self.scratch.name, "elsewhere")
        shutil.copytree(self.data, folder)
        quiet = {"cwd": folder, "check": True, "capture_output": True}
        subprocess.run(["terraform", "init", "-input=false"], **quiet)
        subprocess.run(["terraform", "workspace", "new", "production"], **quiet)
        argv = "terraform apply -auto-approve -input=false -no-color -var-file=production.tfvars".split()
        process = subprocess.Popen(argv, cwd=folder, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.addCleanup(self.end, process)
        for line in process.stdout:
            if "slow" in line and "Creating" in line:
                return process
        self.fail(f"it ended with {process.wait()}")

    @staticmethod
    def end(process):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()

    def resources(self):
        pulled = subprocess.run(
            ["terraform", "state", "pull"],
            cwd=self.data,
            env={**os.environ, "TF_DATA_DIR": str(next(Path(self.scratch.name, "state").rglob("data/terraform.tfstate")).parent)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        return sorted(f"{r['name']}{i.get('index_key', '')}" for r in json.loads(pulled)["resources"] for i in r["instances"])

    def test_who_holds_the_lock_is_named_and_left_alone_and_waited_for(self):
        other = self.another()
        said = self.run_it("infra", "apply", "data", "-y", exits=9)
        self.assertIn("the state is locked by", said)
        if BACKEND == "pg":  # whose words on the holder are about whoever asks
            self.assertIn("somebody else", said)
            self.assertNotIn("OperationTypePlan", said)
            self.assertIn("pg_stat_activity", said)
        if BACKEND == "kubernetes":
            self.assertIn(f"locked by {os.environ.get('USER', 'root')}@", said)
            self.assertIn("OperationTypeApply", said)
            self.assertIn("force-unlock", said)
        self.assertIsNone(other.poll(), "the other one has ended before it was asked for")
        self.patience(MOST_SECONDS)
        threading.Timer(3, self.flag.touch).start()
        self.run_it("infra", "apply", "data", "-y")
        self.assertEqual(other.wait(), 0)
        self.assertEqual(self.resources(), ["database", "parameters", "slow0", "slow1"])

    def test_a_lock_of_ours_goes_once_its_holder_is_proven_dead(self):
        runner = self.begin()
        run = self.noted_run()
        runner.kill()
        os.killpg(run["process"]["pid"], signal.SIGKILL)
        runner.communicate()
        self.flag.touch()
        said = self.run_it("infra", "apply", "data", "-y")
        if BACKEND == "kubernetes":
            self.assertIn("was ours, and its process is dead", said)
            self.assertEqual(kubectl("-n", NAMESPACE, "get", "lease", LEASE, "-o", "jsonpath={.spec.holderIdentity}"), "")
        self.assertEqual(self.resources(), ["database", "parameters", "slow0", "slow1"])

    def test_a_lock_of_somebody_elses_stays_though_he_is_dead(self):
        other = self.another()
        self.end(other)
        if BACKEND == "pg":  # PostgreSQL frees it with the connection
            self.flag.touch()
            self.run_it("infra", "apply", "data", "-y")
            return
        holder = kubectl("-n", NAMESPACE, "get", "lease", LEASE, "-o", "jsonpath={.spec.holderIdentity}")
        self.assertIn(holder, self.run_it("infra", "apply", "data", "-y", exits=9))
        self.assertEqual(kubectl("-n", NAMESPACE, "get", "lease", LEASE, "-o", "jsonpath={.spec.holderIdentity}"), holder)


if __name__ == "__main__":
    if BACKEND == "kubernetes" and not os.environ.get("DEPLOYCTL_LAB"):
        print("NOT RUN: there is no cluster; lab/lab up, and the environment of lab/lab env", flush=True)
        sys.exit(SKIPPED)
    unittest.main()
