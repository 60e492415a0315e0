#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The lab keeps its promises: two labs of its own are started, tried and ended; other labs are left alone.

    tests/lab/lab_test.py [-v] [LabTest.test_...]
"""

import json
import os
import shlex
import subprocess
import sys
import time
import unittest
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIRST, SECOND, PLAYED = "lab-test-1", "lab-test-2", "lab-test-3"
BAD_TAGS = ("v5-crash", "v7-unready", "v8-oom", "v9-badconfig", "no-such-tag")


def lab(*arguments, check=True):
    run = subprocess.run(
        [ROOT / "lab/lab", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if check and run.returncode != 0:
        raise AssertionError(f"lab/lab {' '.join(arguments)}: {run.stderr}")
    return run.stdout


def environment(name):
    words = (word.partition("=") for word in shlex.split(lab("env", "--name", name)))
    return {**os.environ, **{variable: value for variable, equals, value in words if equals}}


def memory(name):
    return json.loads((ROOT / ".lab" / name / "lab.json").read_text())


def kubectl(name, *arguments, text=None):
    run = subprocess.run(
        ["kubectl", *arguments], env=environment(name), input=text, capture_output=True, text=True, check=False
    )
    if run.returncode != 0:
        raise AssertionError(f"kubectl {' '.join(arguments)}: {run.stderr}")
    return run.stdout


def fetch(url):
    with urllib.request.urlopen(url, timeout=2) as answer:
        return answer.read().decode()


def eventually(seconds, question):
    """The first true answer within the time, or the last answer."""
    deadline = time.monotonic() + seconds
    while not (answer := question()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return answer


def pod_of(tag):
    """The first pod of a bad tag, with what kubelet says about its container."""
    pods = json.loads(kubectl(FIRST, "-n", "bad", "get", "pods", "-l", f"app={tag}", "-o", "json"))["items"]
    states = pods[0]["status"].get("containerStatuses") if pods else None
    return states[0] if states else {"state": {}, "lastState": {}, "restartCount": 0, "ready": False}


def reasons(state):
    return {details.get("reason") for part in ("state", "lastState") for details in state[part].values()}


class Leftovers:
    """What a lab could leave on this machine."""

    def __init__(self, name):
        known, self.state = memory(name), str(ROOT / ".lab" / name)
        self.network = os.readlink(f"/proc/{known['keeper']['pid']}/ns/net")
        self.link = Path(f"/sys/class/net/deployctl{known['number']}/ifindex")
        self.index, self.cgroup = known["link"], known["cgroup"]

    def found(self):
        found = [f"mount {line}" for line in Path("/proc/self/mountinfo").read_text().splitlines() if self.state in line]
        found += [f"cgroup {folder}" for folder in Path("/sys/fs/cgroup").glob(f"**/{self.cgroup}")]
        if self.link.exists() and int(self.link.read_text()) == self.index:
            found.append(f"link {self.link}")
        if Path(self.state).exists():
            found.append(f"folder {self.state}")
        for process in Path("/proc").glob("[0-9]*"):
            try:
                command = (process / "cmdline").read_text().replace("\0", " ")
                if self.state + "/" in command or os.readlink(process / "ns/net") == self.network:
                    found.append(f"process {process.name} {command}")
            except OSError:
                continue  # it has just ended
        return found


class LabTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tearDownClass()
        for name in (FIRST, SECOND):
            lab("up", "--name", name)
        kubectl(FIRST, "create", "namespace", "bad")
        registry = environment(FIRST)["DEPLOYCTL_LAB_REGISTRY"]
        for tag in BAD_TAGS:
            kubectl(FIRST, "-n", "bad", "apply", "-f", "-", text=json.dumps(deployment(tag, registry)))
        for name in (FIRST, SECOND):
            lab("demo", "--name", name)

    @classmethod
    def tearDownClass(cls):
        for name in (FIRST, SECOND, PLAYED):
            lab("down", "--name", name)

    def test_a_second_up_changes_nothing(self):
        before = memory(FIRST), kubectl(FIRST, "get", "pods", "-A", "-o", "name")
        lab("up", "--name", FIRST)
        self.assertEqual(before, (memory(FIRST), kubectl(FIRST, "get", "pods", "-A", "-o", "name")))

    def test_a_service_answers_on_this_machine_and_inside(self):
        shop = environment(FIRST)["DEPLOYCTL_LAB_SHOP"]
        ask = f"import urllib.request; print(urllib.request.urlopen({shop!r}, timeout=2).read().decode())"
        self.assertIn("shop web v1", fetch(shop))
        self.assertIn("shop web v1", lab("exec", "--name", FIRST, "--", sys.executable, "-c", ask))

    def test_two_labs_do_not_meet(self):
        shops = [environment(name)["DEPLOYCTL_LAB_SHOP"] for name in (FIRST, SECOND)]
        self.assertNotEqual(*shops)
        before = kubectl(FIRST, "-n", "shop", "get", "pods", "-o", "name")
        kubectl(SECOND, "-n", "shop", "scale", "deploy/web", "--replicas=0")
        self.assertTrue(eventually(20, lambda: not kubectl(SECOND, "-n", "shop", "get", "pods", "-o", "name")))
        self.assertEqual(before, kubectl(FIRST, "-n", "shop", "get", "pods", "-o", "name"))
        self.assertIn("shop web v1", fetch(shops[0]))
        lab("demo", "--name", SECOND)
        self.assertIn("shop web v1", fetch(shops[1]))

    def test_a_missing_tag_is_not_found(self):
        messages = eventually(
            20, lambda: [m for m in warnings_of("no-such-tag") if m.endswith("no-such-tag: not found")]
        )
        self.assertTrue(messages, warnings_of("no-such-tag"))
        self.assertTrue(reasons(pod_of("no-such-tag")) & {"ErrImagePull", "ImagePullBackOff"})

    def test_a_crashing_tag_is_in_a_crash_loop_and_says_why(self):
        self.assertTrue(eventually(40, lambda: "CrashLoopBackOff" in reasons(pod_of("v5-crash"))))
        self.assertIn("FATAL price table", kubectl(FIRST, "-n", "bad", "logs", "deploy/v5-crash", "--previous"))

    def test_a_tag_without_its_configuration_ends_with_its_code(self):
        ended = eventually(20, lambda: [d for d in pod_of("v9-badconfig")["lastState"].values()])
        self.assertEqual(78, ended[0]["exitCode"])

    def test_a_greedy_tag_is_killed_for_its_memory(self):
        self.assertTrue(eventually(30, lambda: "OOMKilled" in reasons(pod_of("v8-oom"))), pod_of("v8-oom"))

    def test_an_unready_tag_runs_and_is_not_ready(self):
        state = pod_of("v7-unready")
        self.assertIn("running", state["state"])
        self.assertFalse(state["ready"])
        self.assertEqual(0, state["restartCount"])

    def test_prometheus_reads_the_demo_app(self):
        fetch(environment(FIRST)["DEPLOYCTL_LAB_SHOP"])
        query = 'sum(http_requests_total{namespace="shop",app="web",code="200"})'
        url = environment(FIRST)["DEPLOYCTL_LAB_PROMETHEUS"] + "/api/v1/query?query=" + urllib.request.quote(query)
        result = eventually(15, lambda: json.loads(fetch(url))["data"]["result"])
        self.assertGreaterEqual(float(result[0]["value"][1]), 1)

    def test_the_demo_app_stops_without_failing_a_request(self):
        shop, failed, asked = environment(SECOND)["DEPLOYCTL_LAB_SHOP"], [], 0
        kubectl(SECOND, "-n", "shop", "rollout", "restart", "deploy/web")
        watch = subprocess.Popen(
            ["kubectl", "-n", "shop", "rollout", "status", "deploy/web"],
            env=environment(SECOND),
            stdout=subprocess.DEVNULL,
        )
        tail = time.monotonic() + 60
        while time.monotonic() < tail:
            if watch.poll() is not None:
                tail = min(tail, time.monotonic() + 4)
            asked += 1
            try:
                fetch(shop)
            except OSError as problem:
                failed.append(str(problem))
            # So slowly that no source port comes again: the kernel tracks a connection for two minutes after its pod
            # has gone, and one from the same port would be sent there.
            time.sleep(0.01)
        self.assertEqual(0, watch.wait())
        self.assertGreater(asked, 100)
        self.assertEqual([], failed)

    def test_reset_removes_what_a_rollout_left(self):
        registry = environment(SECOND)["DEPLOYCTL_LAB_REGISTRY"]
        kubectl(SECOND, "-n", "shop", "create", "deploy", "web-canary", f"--image={registry}/shop/web:v2")
        kubectl(SECOND, "-n", "shop", "create", "service", "clusterip", "web-preview", "--tcp=80:8080")
        kubectl(SECOND, "-n", "shop", "annotate", "deploy/web", "deployctl.dev/fence=web/1234/1.1")
        kubectl(SECOND, "-n", "shop", "set", "image", "deploy/web", f"app={registry}/shop/web:v2")
        lab("demo", "--name", SECOND)
        left = kubectl(SECOND, "-n", "shop", "get", "deploy,svc,rs,pods", "-o", "name").split()
        self.assertEqual(7, len(left), left)
        self.assertNotIn("deployctl.dev", kubectl(SECOND, "-n", "shop", "get", "deploy/web", "-o", "yaml"))
        self.assertIn("shop web v1", fetch(environment(SECOND)["DEPLOYCTL_LAB_SHOP"]))

    def test_the_audit_log_tells_who_wrote_what(self):
        kubectl(FIRST, "-n", "shop", "annotate", "--overwrite", "deploy/web", "example.com/seen=by-the-witness")
        lines = (ROOT / ".lab" / FIRST / "logs/audit.log").read_text().splitlines()
        event = json.loads(next(line for line in lines if "by-the-witness" in line))
        place = event["objectRef"]
        self.assertEqual(("deployments", "shop", "web"), (place["resource"], place["namespace"], place["name"]))
        self.assertEqual("by-the-witness", event["responseObject"]["metadata"]["annotations"]["example.com/seen"])
        self.assertEqual({"lab:admin"}, {json.loads(line)["user"]["username"] for line in lines})

    def test_pods_are_played_where_containers_cannot_run(self):
        lab("up", "--name", PLAYED, "--without-containers")
        lab("demo", "--name", PLAYED)
        self.assertEqual("kwok", environment(PLAYED)["DEPLOYCTL_LAB_PODS"])
        self.assertEqual(4, kubectl(PLAYED, "-n", "shop", "get", "pods").count("Running"))

    def test_z_down_leaves_nothing_and_no_other_lab_is_harmed(self):
        left = Leftovers(SECOND)
        self.assertTrue(left.found(), "nothing found while it is up: this test proves nothing")
        lab("down", "--name", SECOND)
        self.assertEqual([], left.found())
        self.assertIn("shop web v1", fetch(environment(FIRST)["DEPLOYCTL_LAB_SHOP"]))
        self.assertIn("is not up", failure_of("env", "--name", SECOND))


def failure_of(*arguments):
    run = subprocess.run([ROOT / "lab/lab", *arguments], capture_output=True, text=True, check=False)
    return run.stderr if run.returncode != 0 else ""


def warnings_of(tag):
    listed = kubectl(FIRST, "-n", "bad", "get", "events", "-o", "json")
    return [e["message"] for e in json.loads(listed)["items"] if e["type"] == "Warning" and tag in e["message"]]


def deployment(tag, registry):
    container = {
        "name": "app",
        "image": f"{registry}/shop/web:{tag}",
        "readinessProbe": {"httpGet": {"path": "/healthz", "port": 8080}, "periodSeconds": 1},
        "resources": {"limits": {"memory": "64Mi"}, "requests": {"cpu": "10m"}},
    }
    template = {"metadata": {"labels": {"app": tag}}, "spec": {"containers": [container]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": tag},
        "spec": {"selector": {"matchLabels": {"app": tag}}, "template": template},
    }


if __name__ == "__main__":
    unittest.main()
