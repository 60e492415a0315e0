"""The demo app in a lab: namespace shop, Deployment web at v1, and nothing that a rollout left behind."""
import os
import subprocess

from parts import machine
from parts.api import Api
from parts.place import BINARIES, REPOSITORY
from parts.waiting import LabError, say, wait_until

MANIFEST = os.path.join(REPOSITORY, "lab", "demo", "shop.yaml")
NAMESPACE = "shop"
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
    service = api.call("GET", f"{CORE}/services/web")
    say(f"lab {lab.name}: demo at v1, http://{service['spec']['clusterIP']}/")


def remove_leftovers(api):
    for path, kept in KEPT.items():
        for thing in (api.get(path) or {"items": []})["items"]:
            name = thing["metadata"]["name"]
            if name not in kept or not is_as_made(thing):
                delete = {"propagationPolicy": "Foreground", "gracePeriodSeconds": 0}
                api.remove(f"{path}/{name}", delete)
                wait_until(f"{name} is gone", lambda: api.get(f"{path}/{name}") is None, 30)


def is_as_made(thing):
    """True unless a rollout wrote to it: a label or annotation of ours, another selector, another revision."""
    text = str(thing["metadata"].get("annotations", {})) + str(thing.get("spec", {}))
    annotations = thing["metadata"].get("annotations", {})
    revision = annotations.get("deployment.kubernetes.io/revision", "1")
    return "deployctl.dev/" not in text and "pod-template-hash" not in text and revision == "1"


def apply_manifest(lab):
    with open(MANIFEST) as file:
        text = file.read().replace("localhost:5000/", lab.registry + "/")
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
    pods = (api.get(f"{CORE}/pods") or {"items": []})["items"]
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
