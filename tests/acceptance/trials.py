# SPDX-License-Identifier: Apache-2.0
"""What the trials with faults share: a shop in a namespace of its own, deployctl run on it, and its end as data.

Trials run side by side, in LANES at a time: they mostly wait. Each has its own namespace, journal and deploy.yaml.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "lab"))

from parts.api import Api  # noqa: E402
from parts.place import Lab  # noqa: E402

DEPLOYCTL = os.environ.get("DEPLOYCTL_PROGRAM", str(ROOT / "build/release/cli/deployctl"))
LANES = int(os.environ.get("LANES", "4"))
PODS = 2
OWNER = "deployctl-trials"
# Of this run, so that its namespaces are no others', in the audit log neither.
RUN = f"{int(time.time()) % 36**5:x}"
PATIENCE_SECONDS = 90
TRIES = 3
# What deployctl's exit codes say, as `deployctl man` does.
DONE, USAGE, BLOCKED, PAUSED, STOPPED, LOCKED = 0, 2, 4, 5, 8, 9
# Short, so that many trials fit: what is tried is not how long a hold lasts.
CONFIG = """\
apiVersion: deployctl/v1
app: {{name: web, image: "{image}", workload: {{kind: Deployment, name: web, container: app}}}}
defaults: {{drain: 1s, timeouts: {{first_ready: 60s}}}}
gates:
  health: {{type: http, port: 8080, requests: 4, every: 1s}}
strategies:
  canary: {{gates: [health], steps: [{{weight: 50, hold: 1s}}]}}
  blue-green: {{gates: [health]}}
  rolling: {{gates: [health]}}
environments:
  lab: {{context: "{context}", namespace: "{namespace}", strategy: canary}}
"""


class Failed(Exception):
    """A promise that does not hold; the text says which."""


class NotHit(Exception):
    """What was to be met, a fault or a point, was not: nothing has been tried."""


def say(text):
    print(text, flush=True)


def require_lab():
    if "DEPLOYCTL_LAB" not in os.environ:
        sys.exit('no lab is up: `lab/lab up`, then `eval "$(lab/lab env)"`')
    return Lab(os.environ["DEPLOYCTL_LAB"])


class Shop:
    """The demo app at v1 in a namespace of its own, gone at the end."""

    def __init__(self, lab, name):
        self.lab, self.api, self.namespace = lab, Api(lab), f"{name}-{RUN}"
        self.apps = f"/apis/apps/v1/namespaces/{self.namespace}"
        self.core = f"/api/v1/namespaces/{self.namespace}"

    def __enter__(self):
        text = (ROOT / "lab/demo/shop.yaml").read_text().replace("localhost:5000/", self.lab.registry + "/")
        text = text.replace("kind: Namespace\nmetadata:\n  name: shop\n", self.namespace_text())
        text = text.replace("namespace: shop\n", f"namespace: {self.namespace}\n")
        text = text.replace("replicas: 4\n", f"replicas: {PODS}\n")
        made = subprocess.run(["kubectl", "create", "--validate=false", "-f", "-"], input=text, text=True, capture_output=True)
        if made.returncode != 0:
            raise Failed(f"kubectl create: {made.stderr.strip()}")
        await_true(f"{PODS} pods of v1 in {self.namespace}", lambda: self.is_settled() and self.endpoints() == PODS)
        return self

    def __exit__(self, *_):
        self.api.remove(f"/api/v1/namespaces/{self.namespace}", {"propagationPolicy": "Background"})

    def namespace_text(self):
        return f"kind: Namespace\nmetadata:\n  name: {self.namespace}\n  labels: {{owner: {OWNER}}}\n"

    def items(self, path):
        return self.api.call("GET", path)["items"]

    def endpoints(self):
        slices = self.items(f"/apis/discovery.k8s.io/v1/namespaces/{self.namespace}/endpointslices")
        return sum(bool(e["conditions"].get("ready")) for s in slices for e in s["endpoints"] or [])

    def is_settled(self):
        """Every Deployment is as large as it wants to be, and no pod is on its way."""
        deployments, pods = self.items(f"{self.apps}/deployments"), self.items(f"{self.core}/pods")
        wanted = sum(d["spec"]["replicas"] for d in deployments)
        ready = sum(d["status"].get("readyReplicas", 0) for d in deployments)
        seen = all(d["status"].get("observedGeneration") == d["metadata"]["generation"] for d in deployments)
        return bool(deployments) and seen and wanted == ready == len(pods)

    def state(self):
        """What is there once it is quiet, without what differs from one run to the next: uids, times, fences."""
        await_true(f"{self.namespace} is quiet", self.is_settled)
        deployments = {d["metadata"]["name"]: d["spec"] for d in self.items(f"{self.apps}/deployments")}
        services = {s["metadata"]["name"]: s["spec"] for s in self.items(f"{self.core}/services")}
        for spec in services.values():
            for address in ("clusterIP", "clusterIPs"):
                spec.pop(address, None)
        return {"deployments": deployments, "services": services, "endpoints": self.endpoints()}

    def records(self):
        return self.items(f"{self.apps}/controllerrevisions")

    def lease(self):
        return self.api.get(f"/apis/coordination.k8s.io/v1/namespaces/{self.namespace}/leases/deployctl-web")


def without_tombstones(state):
    """A candidate that was scaled to 0 stays for a while, or was never made: both are at rest. So is a preview Service."""
    kept = {n: s for n, s in state["deployments"].items() if n == "web" or s["replicas"] > 0}
    services = {n: s for n, s in state["services"].items() if n == "web"}
    return {**state, "deployments": kept, "services": services}


def difference(state, other):
    """The first path at which two states differ, or nothing."""

    def walk(one, two, path):
        if isinstance(one, dict) and isinstance(two, dict):
            for key in sorted({*one, *two}):
                if found := walk(one.get(key), two.get(key), f"{path}/{key}"):
                    return found
        return "" if one == two else f"{path}: {json.dumps(one)[:160]} instead of {json.dumps(two)[:160]}"

    return walk(state, other, "")


def await_true(what, holds, seconds=PATIENCE_SECONDS):
    end = time.monotonic() + seconds
    while True:
        try:
            if holds():
                return
        except OSError:
            pass  # a busy API server is asked again
        if time.monotonic() > end:
            raise Failed(f"not within {seconds} s: {what}")
        time.sleep(0.2)


class Program:
    """deployctl with a deploy.yaml and a journal of its own on one shop."""

    def __init__(self, shop, kubeconfig=None):
        self.folder = tempfile.mkdtemp(prefix="deployctl-trial-")
        lab = shop.lab
        self.config = Path(self.folder, "deploy.yaml")
        self.config.write_text(
            CONFIG.format(image=f"{lab.registry}/shop/web", context=f"lab-{lab.name}", namespace=shop.namespace)
        )
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DEPLOYCTL_")}
        self.environment = {**kept, "DEPLOYCTL_STATE": f"{self.folder}/state.db"}
        if kubeconfig:
            self.environment["KUBECONFIG"] = str(kubeconfig)
        self.said = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for _, _, output in self.said:
            output.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def forget(self):
        """As on another machine: the journal is empty."""
        for file in Path(self.folder).glob("state.db*"):
            file.unlink()

    def begin(self, *words, **environment):
        """Starts it; its output goes into a file, so that no pipe can fill up."""
        output = open(f"{self.folder}/output-{len(self.said)}", "w+")
        child = subprocess.Popen(
            [DEPLOYCTL, "-f", str(self.config), "--no-input", *words],
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        self.said.append((words, child, output))
        return child

    def run(self, *words, seconds=PATIENCE_SECONDS, **environment):
        """The exit code; a process that does not end is ended, and that is a failure."""
        child = self.begin(*words, **environment)
        try:
            return child.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            raise Failed(f"`deployctl {' '.join(words)}` did not end within {seconds} s\n{self.transcript()}") from None

    def insist(self, wanted, *words):
        code = self.run(*words)
        if code != wanted:
            raise Failed(f"`deployctl {' '.join(words)}`: exit code {code}, expected {wanted}")

    def output(self, index=-1):
        return Path(self.said[index][2].name).read_text(errors="replace")

    def transcript(self):
        """Everything that was said, for whoever has to find out."""
        parts = []
        for index, (words, child, _) in enumerate(self.said):
            parts.append(f"$ deployctl {' '.join(words)}: exit code {child.returncode}\n{self.output(index)}")
        return "\n".join(parts)


def listed_points(path):
    """(seconds since boot, "NAME:N") of each crash point that was passed."""
    lines = [line.split(" ") for line in Path(path).read_text().splitlines()]
    return [(float(at), point) for at, point in lines]


class Progress:
    """What has been tried, a line each, so that a run that was stopped goes on where it was."""

    def __init__(self, path):
        self.path, self.lock, self.known = path, threading.Lock(), {}
        if path and path.exists():
            for line in path.read_text().splitlines():
                row = json.loads(line)
                self.known[tuple(row["trial"])] = row

    def is_done(self, trial):
        return self.known.get(trial, {}).get("result") == "ok"

    def note(self, trial, result, detail, seconds):
        row = {"trial": list(trial), "result": result, "detail": detail, "seconds": round(seconds, 1)}
        with self.lock:
            self.known[trial] = row
            if self.path:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with open(self.path, "a") as file:
                    file.write(json.dumps(row) + "\n")


def progress_of(name, *, is_whole):
    """In a file where all of it is tried, or where PROGRESS names one; another program begins anew."""
    program = hashlib.sha256(Path(DEPLOYCTL).read_bytes()).hexdigest()[:12]
    path = os.environ.get("PROGRESS", str(ROOT / f"build/trials/{name}-{program}.jsonl") if is_whole else "")
    if path:
        say(f"noted in {path}")
    return Progress(Path(path) if path else None)


def play(attempt, number, trial):
    """(result, detail): ok, failed, or not hit, where that was so each time."""
    detail = ""
    for turn in range(TRIES):
        try:
            return "ok", attempt(f"{number}-{turn}", trial)
        except NotHit as miss:
            detail = f"{miss}, {turn + 1} times"
        except (Failed, OSError) as problem:
            return "failed", str(problem)
    return "not hit", detail


def run_all(trials, attempt, progress, is_by_chance):
    """Each trial by `attempt(name, trial)`, which says how it went or raises Failed or NotHit; whether all of it holds.

    What is not hit counts as good nowhere. It is a failure too, except where it `is_by_chance(trial)` that it is hit.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    waiting = [(number, trial) for number, trial in enumerate(trials) if not progress.is_done(trial)]
    say(f"{len(trials)} trials, {len(trials) - len(waiting)} of them done before; {LANES} side by side")

    def noted(number, trial):
        began = time.monotonic()
        result, detail = play(attempt, number, trial)
        seconds = time.monotonic() - began
        progress.note(trial, result, detail.split("\n")[0], seconds)
        return f"{result}, {detail} ({seconds:.1f} s)"

    with ThreadPoolExecutor(LANES) as pool:
        running = {pool.submit(noted, number, trial): trial for number, trial in waiting}
        try:
            for count, done in enumerate(as_completed(running), 1):
                say(f"{count}/{len(waiting)} {' '.join(running[done])}: {done.result()}")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return holds(trials, progress, is_by_chance)


def holds(trials, progress, is_by_chance):
    """Says how many trials went how."""
    results = {trial: progress.known[trial]["result"] for trial in trials}
    counts = Counter(results.values())
    say(f"\n{counts['ok']} ok, {counts['not hit']} not hit, {counts['failed']} failed")
    missed = [trial for trial in trials if results[trial] == "not hit" and not is_by_chance(trial)]
    for trial in missed:
        say(f"not hit, and had to be: {' '.join(trial)}")
    return counts["ok"] > 0 and counts["failed"] == 0 and not missed
