#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small stand-in for the controllers of external-snapshotter and of a driver: fake_snapshotter.py NAMESPACE

Each VolumeSnapshot gets ready a moment after it was made, as large as its claim asks for; one of a claim that is not there
gets an error, and one of a claim `empty` is ready with nothing in it. No volume is read, and no content is made.
"""
import json
import subprocess
import sys
import time

NAMESPACE = sys.argv[1]
MOMENT_SECONDS = 2


def kubectl(*words):
    return subprocess.run(["kubectl", "-n", NAMESPACE, *words], capture_output=True, text=True).stdout


def status_of(snapshot):
    claim = snapshot["spec"]["source"].get("persistentVolumeClaimName", "")
    found = json.loads(kubectl("get", "pvc", claim, "-o", "json") or "{}")
    if not found:
        return {"readyToUse": False, "error": {"message": f"persistentvolumeclaim {claim} not found"}}
    size = "0" if claim == "empty" else found["spec"]["resources"]["requests"]["storage"]
    return {
        "readyToUse": True,
        "restoreSize": size,
        "creationTime": snapshot["metadata"]["creationTimestamp"],
        "boundVolumeSnapshotContentName": "snapcontent-" + snapshot["metadata"]["uid"],
    }


while True:
    for one in json.loads(kubectl("get", "volumesnapshots.snapshot.storage.k8s.io", "-o", "json") or "{}").get("items", []):
        if not one.get("status", {}).get("readyToUse"):
            change = json.dumps({"status": status_of(one)})
            name = one["metadata"]["name"]
            kubectl("patch", "volumesnapshot", name, "--subresource=status", "--type=merge", "-p", change)
    time.sleep(MOMENT_SECONDS)
