# SPDX-License-Identifier: Apache-2.0
"""The demo app of the lab as the cases use it: put back to v1, rolled out, and watched pod by pod."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from measuring import DEPLOYCTL, ROOT, Peak, run

NAMESPACE = "shop"
PODS = 4
FRAME = """\
apiVersion: deployctl/v1
app: {{name: web, image: "{image}", workload: {{kind: Deployment, name: web, container: app}}}}
{rest}
environments:
  lab: {{context: "{context}", namespace: shop}}
"""


def require_lab():
    if "DEPLOYCTL_LAB" not in os.environ:
        sys.exit('no lab is up: `lab/lab up`, then `eval "$(lab/lab env)"`')


def image(tag=""):
    return os.environ["DEPLOYCTL_LAB_REGISTRY"] + "/shop/web" + (f":{tag}" if tag else "")


def kubectl(*words, expect=0):
    return run(["kubectl", *words], expect=expect)


def reset(pods=PODS):
    """At v1, with so many pods, and quiet: no pod on its way in or out."""
    if kubectl("-n", NAMESPACE, "get", "deployment/web", "--ignore-not-found").output:
        kubectl("-n", NAMESPACE, "scale", "deployment", "--all", "--replicas=0")
        kubectl("-n", NAMESPACE, "wait", "--for=delete", "pods", "--all", "--timeout=120s")
    run([ROOT / "lab/lab", "demo", "--name", os.environ["DEPLOYCTL_LAB"]])
    if pods != PODS:
        kubectl("-n", NAMESPACE, "scale", "deployment/web", f"--replicas={pods}")
        kubectl("-n", NAMESPACE, "rollout", "status", "deployment/web", "--timeout=120s")
        # All of them behind the Service too: what comes later is not the rollout's.
        await_true(lambda: count_endpoints() == pods, 30, f"{pods} endpoints")


def count_endpoints():
    slices = json.loads(kubectl("-n", NAMESPACE, "get", "endpointslices", "-o", "json").output)["items"]
    return sum(bool(e["conditions"].get("ready")) for s in slices for e in s["endpoints"] or [])


def await_true(holds, seconds, what):
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            sys.exit(f"not within {seconds} s: {what}")
        time.sleep(0.1)


def seconds_of(timestamp):
    return datetime.fromisoformat(timestamp.replace("Z", "+00:00")).timestamp()


@dataclass
class Rollout:
    """One run of deployctl with its events; times are wall clock seconds of one machine."""

    began: float
    ended: float
    code: int
    peak_mb: float
    events: list

    @property
    def seconds(self):
        return self.ended - self.began

    def of_type(self, kind):
        return [e for e in self.events if e["type"] == kind]

    def spans(self, text="", stage=""):
        """(start, end) of the finished steps whose text begins so, of that stage or of any."""
        started = {}
        for event in self.events:
            if event["type"] == "step.started":
                key = (event["data"]["direction"], event["step"])
                started[key] = (event["data"]["stage"], event["data"]["text"], event["at"])
            elif event["type"] == "step.finished":
                its_stage, its_text, at = started[(event["data"]["direction"], event["step"])]
                if its_text.startswith(text) and stage in ("", its_stage):
                    yield at, event["at"]


class Deployctl:
    """The program with a journal and a deploy.yaml of its own."""

    def __init__(self, rest=""):
        self.folder = tempfile.TemporaryDirectory(prefix="deployctl-bench-")
        self.environment = {**os.environ, "DEPLOYCTL_STATE": f"{self.folder.name}/state.db"}
        context = kubectl("config", "current-context").output.strip()
        self.config = Path(self.folder.name, "deploy.yaml")
        self.config.write_text(FRAME.format(image=image(), rest=rest, context=context))
        self.count = 0

    def command(self, *words):
        return [str(DEPLOYCTL), "-f", str(self.config), *words]

    def begin(self, strategy, tag, *words):
        """Starts a rollout; returns the process and the file of its events."""
        self.count += 1
        events = Path(self.folder.name, f"events-{self.count}")
        words = ["-y", "--no-input", "--progress", "quiet", "--events", str(events), *words]
        return self.start(["rollout", strategy, tag, *words]), events

    def start(self, words, *, elsewhere=False):
        """`elsewhere`: as if on another host, by its name; only root can do that."""
        command = self.command(*words)
        if elsewhere:
            command = ["unshare", "--uts", "sh", "-c", 'hostname elsewhere && exec "$@"', "sh", *command]
        return subprocess.Popen(
            command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def rollout(self, strategy, tag, *words, expect=0):
        began = time.time()
        child, events = self.begin(strategy, tag, *words)
        peak = Peak(child.pid)
        _, errors = child.communicate()
        ended = time.time()
        if child.returncode != expect:
            sys.exit(f"rollout {strategy} {tag}: exit code {child.returncode}, expected {expect}\n{errors}")
        return Rollout(began, ended, child.returncode, peak.end(), read_events(events))


def read_events(path):
    records = [json.loads(line) for line in path.read_text().splitlines()]
    return [{**r, "at": seconds_of(r["ts"])} for r in records if "ts" in r]


@dataclass
class Sight:
    """A pod at one moment: when it was seen, how, and as what."""

    at: float
    kind: str
    pod: dict

    @property
    def is_settled(self):
        """Ready and nothing going on."""
        conditions = self.pod.get("status", {}).get("conditions", [])
        is_ready = any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
        return self.kind == "DELETED" or (is_ready and "deletionTimestamp" not in self.pod["metadata"])


@dataclass
class PodWatch:
    """Sees every change of the namespace's pods, with the time at which it came."""

    raw: list = field(default_factory=list)

    def __enter__(self):
        path = f"/api/v1/namespaces/{NAMESPACE}/pods?watch=true"
        self.child = subprocess.Popen(["kubectl", "get", "--raw", path], stdout=subprocess.PIPE, text=True)
        self.thread = threading.Thread(target=self.follow)
        self.thread.start()
        await_true(lambda: len(self.raw) >= PODS, 10, "the watch shows the pods that are there")
        return self

    def follow(self):
        for line in self.child.stdout:
            self.raw.append((time.time(), line))

    def __exit__(self, *_):
        self.child.terminate()
        self.child.wait()
        self.thread.join()

    def sights(self):
        for at, line in self.raw:
            event = json.loads(line)
            yield Sight(at, event["type"], event["object"])

    def busy(self, until):
        """When any pod was starting, unready or on its way out: intervals, which may overlap."""
        since, found = {}, []
        for sight in self.sights():
            uid = sight.pod["metadata"]["uid"]
            if not sight.is_settled:
                since.setdefault(uid, sight.at)
            elif uid in since:
                found.append((since.pop(uid), sight.at))
        return found + [(at, until) for at in since.values()]


def covered(intervals, begin, end):
    """Seconds of [begin, end] that lie in one of the intervals."""
    total, reached = 0.0, begin
    for left, right in sorted(intervals):
        left, right = max(left, reached), min(right, end)
        if right > left:
            total += right - left
            reached = right
    return total
