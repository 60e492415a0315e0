# SPDX-License-Identifier: Apache-2.0
"""Argo Rollouts as the other side of a comparison: its controller built from its Go module, and the demo app as a Rollout."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import shop
from measuring import ROOT, run, say

MODULE = "github.com/argoproj/argo-rollouts"
VERSION = "v1.8.3"
FLAGS = ["-buildvcs=false", "-trimpath", "-ldflags", "-s -w"]
NAMESPACE = "shop-argo"
ROLLOUTS = f"/apis/argoproj.io/v1alpha1/namespaces/{NAMESPACE}/rollouts"
# Nothing but what a comparison with `canary` needs: the weights, no pause, and the defaults for the rest.
WEIGHTS = [25, 50, 75]
TIMEOUT_SECONDS = 120

sys.path.insert(0, str(ROOT / "lab"))

from parts import building  # noqa: E402  its Go is the lab's Go


def module_folder():
    asked = run([building.go(), "mod", "download", "-json", f"{MODULE}@{VERSION}"])
    return Path(json.loads(asked.output)["Dir"])


def controller():
    """The program, built once and kept; 6 minutes on two cores from nothing."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    made_of = hashlib.sha256(repr((MODULE, VERSION, FLAGS)).encode()).hexdigest()[:16]
    kept = cache / "deployctl/lab" / f"argo-rollouts-{made_of}"
    if not kept.exists():
        say(f"building {MODULE} {VERSION}, about 6 minutes on two cores")
        kept.parent.mkdir(parents=True, exist_ok=True)
        build_into(kept)
    return kept


def build_into(kept):
    """In a copy: the module has replacements, which count only where it is the main module."""
    with tempfile.TemporaryDirectory(prefix="argo-rollouts-") as folder:
        source = Path(folder, "source")
        shutil.copytree(module_folder(), source)
        made = Path(folder, "made")
        command = ["nice", building.go(), "build", *FLAGS, "-o", str(made), "./cmd/rollouts-controller"]
        subprocess.run(command, cwd=source, env={**os.environ, "CGO_ENABLED": "0"}, stdout=sys.stderr, check=True)
        beside = kept.with_name(f"{kept.name}.new-{os.getpid()}")
        shutil.move(made, beside)
        beside.rename(kept)


class Controller:
    """The controller as a process of this machine, with its own namespace on the lab; both gone at the end."""

    def __enter__(self):
        program = controller()
        crds = module_folder() / "manifests/crds"
        shop.kubectl("apply", "--server-side", "-k", str(crds))
        shop.await_true(is_served, TIMEOUT_SECONDS, "Rollouts are served")
        if not shop.kubectl("get", "namespace", NAMESPACE, "--ignore-not-found").output:
            shop.kubectl("create", "namespace", NAMESPACE)
        self.log = tempfile.TemporaryFile("w+")
        command = [str(program), "--namespaced", "--namespace", NAMESPACE, "--leader-elect=false"]
        command += ["--kubeconfig", os.environ["KUBECONFIG"], "--metricsport", "0", "--healthzPort", "0"]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        return self

    def __exit__(self, *_):
        shop.kubectl("delete", "namespace", NAMESPACE, "--wait=false")
        self.process.terminate()
        self.process.wait()

    def reset(self):
        """A new Rollout at v1, all pods ready, and no pod of the one before."""
        shop.kubectl("-n", NAMESPACE, "delete", "rollouts,services", "--all")
        shop.kubectl("-n", NAMESPACE, "delete", "pods", "--all", "--grace-period=0", "--force")
        shop.await_true(lambda: not self.pods(), TIMEOUT_SECONDS, f"no pod in {NAMESPACE}")
        manifest = Path(tempfile.gettempdir(), f"argo-rollout-{os.getpid()}.json")
        manifest.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": objects()}))
        shop.kubectl("-n", NAMESPACE, "create", "-f", str(manifest))
        manifest.unlink()
        self.await_healthy("v1")
        shop.await_true(lambda: len(self.pods()) == shop.PODS, TIMEOUT_SECONDS, f"pods in {NAMESPACE}")

    def pods(self):
        return json.loads(shop.kubectl("-n", NAMESPACE, "get", "pods", "-o", "json").output)["items"]

    def roll(self, tag):
        """Seconds from the call that sets the image to the change that shows the Rollout as Healthy."""
        start = time.monotonic()
        patch = [{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": shop.image(tag)}]
        shop.kubectl("-n", NAMESPACE, "patch", "rollout/web", "--type=json", "-p", json.dumps(patch))
        self.await_healthy(tag)
        return time.monotonic() - start

    def await_healthy(self, tag):
        path = f"{ROLLOUTS}?watch=true&timeoutSeconds={TIMEOUT_SECONDS}"
        watch = subprocess.Popen(["kubectl", "get", "--raw", path], stdout=subprocess.PIPE, text=True)
        try:
            for line in watch.stdout:
                if is_healthy(json.loads(line)["object"], tag):
                    return
        finally:
            watch.terminate()
            watch.wait()
        if self.process.poll() is not None:
            self.log.seek(0)
            say(self.log.read()[-4000:])
        sys.exit(f"the Rollout did not become Healthy at {tag} within {TIMEOUT_SECONDS} s")


def is_served():
    return "rollouts" in shop.kubectl("api-resources", "--api-group=argoproj.io", "-o", "name").output


def is_healthy(rollout, tag):
    status = rollout.get("status", {})
    return (
        rollout["spec"]["template"]["spec"]["containers"][0]["image"] == shop.image(tag)
        and status.get("observedGeneration") == str(rollout["metadata"]["generation"])
        and status.get("phase") == "Healthy"
        and status.get("updatedReplicas") == status.get("availableReplicas") == shop.PODS
    )


def objects():
    """The demo's Deployment as a Rollout, and its Service."""
    seen = shop.kubectl("-n", shop.NAMESPACE, "get", "deployment/web", "service/web", "-o", "json").output
    deployment, service = json.loads(seen)["items"]
    spec = {key: deployment["spec"][key] for key in ("replicas", "selector", "template")}
    spec["template"]["spec"]["containers"][0]["image"] = shop.image("v1")
    spec["strategy"] = {"canary": {"steps": [{"setWeight": weight} for weight in WEIGHTS]}}
    ports = [{key: port[key] for key in ("name", "port", "targetPort")} for port in service["spec"]["ports"]]
    selector = {"app": "web"}
    return [
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": {"name": "web"}, "spec": spec},
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {"selector": selector, "ports": ports}},
    ]
