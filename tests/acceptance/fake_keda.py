#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small stand-in for KEDA's controller, over its real resource: fake_keda.py NAMESPACE

Of each ScaledObject it makes an autoscaler of its own and keeps it as the ScaledObject says, whatever others write to it;
while the annotation paused-replicas is there the target has that size, and there is no autoscaler. Triggers are not read.
"""
import json
import subprocess
import sys
import time

PAUSED = "autoscaling.keda.sh/paused-replicas"
NAMESPACE = sys.argv[1]


def kubectl(*words, stdin=None):
    argv = ["kubectl", "-n", NAMESPACE, *words]
    return subprocess.run(argv, input=stdin, capture_output=True, text=True).stdout


def autoscaler_of(thing):
    meta, spec = thing["metadata"], thing["spec"]
    owner = {"apiVersion": thing["apiVersion"], "kind": thing["kind"], "name": meta["name"], "uid": meta["uid"]}
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": spec["scaleTargetRef"]["name"]}
    cpu = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "keda-hpa-" + meta["name"], "ownerReferences": [{**owner, "controller": True}]},
        "spec": {
            "minReplicas": spec.get("minReplicaCount", 1),
            "maxReplicas": spec.get("maxReplicaCount", 100),
            "scaleTargetRef": target,
            "metrics": [{"type": "Resource", "resource": cpu}],
        },
    }


def reconcile(thing):
    wanted = autoscaler_of(thing)
    paused = thing["metadata"].get("annotations", {}).get(PAUSED)
    if paused is None:
        kubectl("apply", "-f", "-", stdin=json.dumps(wanted))
        return
    kubectl("scale", "deployment", thing["spec"]["scaleTargetRef"]["name"], "--replicas=" + paused)
    kubectl("delete", "hpa", wanted["metadata"]["name"], "--ignore-not-found")


while True:
    for one in json.loads(kubectl("get", "scaledobjects.keda.sh", "-o", "json") or "{}").get("items", []):
        reconcile(one)
    time.sleep(0.5)
