# SPDX-License-Identifier: Apache-2.0
"""The demo app in a lab: namespace shop, Deployment web at v1, and nothing that a rollout left behind."""
import os
import subprocess
import urllib.request
from urllib.parse import urlsplit

from parts import machine
from parts.api import Api
from parts.place import BINARIES, REPOSITORY
from parts.waiting import LabError, say, wait_until

MANIFEST = os.path.join(REPOSITORY, "lab", "demo", "shop.yaml")
NAMESPACE = "shop"
ANSWERS_IN_A_ROW = 16
APPS = f"/apis/apps/v1/namespaces/{NAMESPACE}"
CORE = f"/api/v1/namespaces/{NAMESPACE}"
# Everything of these kinds in the namespace goes, but what is named.
KEPT = {
    f"{APPS}/deployments": ["web"],
    f"{APPS}/statefulsets": [],
    f"{APPS}/daemonsets": [],
    f"{APPS}/controllerrevisions": [],
    f"/apis/coordination.k8s.io/v1/namespaces/{NAMESPACE}/leases": [],
    f"/apis/autoscaling/v2/namespaces/{NAMESPACE}/horizontalpodautoscalers": [],
    f"/apis/policy/v1/namespaces/{NAMESPACE}/poddisruptionbudgets": [],
    f"{CORE}/services": ["web"],
    f"{CORE}/configmaps": ["kube-root-ca.crt"],
    f"{CORE}/events": [],
}


def reset(lab):
    """Safe to repeat. A Deployment that a rollout has changed is made anew, so that nothing of it is left."""
    if not machine.is_up(lab):
        raise LabError(f"lab {lab.name} is not up")
    api = Api(lab)
    remove_leftovers(api)
    apply_manifest(lab)
    wait_until(f"namespace {NAMESPACE} has four ready pods of v1 and no other", lambda: is_settled(api), 60)
    if lab.containers:
        await_answers(lab)
    say(f"lab {lab.name}: demo at v1, {lab.shop}")


def remove_leftovers(api):
    removed = []
    for path, kept in KEPT.items():
        for thing in items(api, path):
            name = thing["metadata"]["name"]
            if name not in kept or not is_as_made(thing):
                api.remove(f"{path}/{name}", {"propagationPolicy": "Background"})
                # Who still counts up an event makes it anew under the same name: no end to wait for.
                removed += [] if path.endswith("/events") else [f"{path}/{name}"]
    for path in removed:
        wait_until(f"{path} is gone", lambda: api.get(path) is None, 30)
    wait_until(f"the pods of what was removed from {NAMESPACE} are gone", lambda: not orphans(api), 30)


def items(api, path):
    return (api.get(path) or {"items": []})["items"]


def orphans(api):
    """Pods that no controller wants any more; they are not waited for, but ended. ReplicaSets on their way out too."""
    wanted = {d["metadata"]["uid"] for d in items(api, f"{APPS}/deployments")}
    sets = items(api, f"{APPS}/replicasets")
    going = [s for s in sets if owner(s) not in wanted]
    wanted |= {s["metadata"]["uid"] for s in sets if s not in going}
    pods = [p for p in items(api, f"{CORE}/pods") if owner(p) not in wanted or p["metadata"].get("deletionTimestamp")]
    if not going:
        for pod in pods:
            api.remove(f"{CORE}/pods/{pod['metadata']['name']}", {"gracePeriodSeconds": 0})
    return going + pods


def owner(thing):
    return next((reference["uid"] for reference in thing["metadata"].get("ownerReferences", [])), None)


def is_as_made(thing):
    """True unless a rollout wrote to it: a label or annotation of ours, another selector, another revision."""
    text = str(thing["metadata"].get("annotations", {})) + str(thing.get("spec", {}))
    annotations = thing["metadata"].get("annotations", {})
    revision = annotations.get("deployment.kubernetes.io/revision", "1")
    return "deployctl.dev/" not in text and "pod-template-hash" not in text and revision == "1"


def apply_manifest(lab):
    with open(MANIFEST) as file:
        text = file.read().replace("localhost:5000/", lab.registry + "/")
    # The same address after every reset, so that a client can go on asking.
    before, service = text.split("kind: Service\n")
    address = urlsplit(lab.shop).hostname
    text = before + "kind: Service\n" + service.replace("spec:\n", f"spec:\n  clusterIP: {address}\n", 1)
    done = subprocess.run(
        [os.path.join(BINARIES, "kubectl"), "apply", "-f", "-"],
        input=text,
        text=True,
        capture_output=True,
        env={**os.environ, "KUBECONFIG": lab.path("kubeconfig")},
    )
    if done.returncode != 0:
        raise LabError("kubectl apply: " + done.stderr.strip())


def is_settled(api):
    """Four ready pods of v1, no other pod, and every one of them behind the Service."""
    web = api.get(f"{APPS}/deployments/web")
    pods = items(api, f"{CORE}/pods")
    slices = api.get(f"/apis/discovery.k8s.io/v1/namespaces/{NAMESPACE}/endpointslices")
    if not web or not slices:
        return False
    endpoints = [e for s in slices["items"] for e in s["endpoints"] or [] if e["conditions"].get("ready")]
    wanted, status = web["spec"]["replicas"], web["status"]
    return (
        status.get("observedGeneration") == web["metadata"]["generation"]
        and status.get("readyReplicas") == status.get("replicas") == wanted
        and len(pods) == len(endpoints) == wanted
    )


def await_answers(lab):
    """kube-proxy hears of endpoints a moment later; a client that counts answers starts after that."""
    in_a_row = [0]

    def enough():
        in_a_row[0] = in_a_row[0] + 1 if answers(lab.shop) else 0
        return in_a_row[0] == ANSWERS_IN_A_ROW

    wait_until(f"{lab.shop} answers every time", enough, 20, interval=0.02)


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=0.3) as answer:
            return answer.status == 200
    except OSError:
        return False
