# SPDX-License-Identifier: Apache-2.0
"""Tells Prometheus which pods to read: those annotated prometheus.io/scrape: "true".

Debian builds Prometheus without its Kubernetes discovery, so this program, a service of the lab, watches the pods
and writes a file of targets that Prometheus notices at once.

usage: discovery.py LAB_STATE TARGETS_FILE
"""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from parts.api import Api  # noqa: E402
from parts.place import Lab  # noqa: E402

WANTED = "prometheus.io/scrape"
PAUSE_SECONDS = 0.5


def target_of(pod):
    """What Prometheus needs to know of a pod, or None if it is not to be read (now)."""
    meta, status = pod["metadata"], pod.get("status", {})
    annotations, labels = meta.get("annotations", {}), meta.get("labels", {})
    played = pod["spec"].get("nodeName", "").startswith("fake-")
    if played or annotations.get(WANTED) != "true" or status.get("phase") != "Running" or not status.get("podIP"):
        return None
    target = {
        "namespace": meta["namespace"],
        "pod": meta["name"],
        "__metrics_path__": annotations.get("prometheus.io/path", "/metrics"),
    }
    for label, name in (("app", "app"), ("deployctl.dev/track", "track"), ("pod-template-hash", "pod_template_hash")):
        if label in labels:
            target[name] = labels[label]
    return {"targets": [f"{status['podIP']}:{annotations.get('prometheus.io/port', '8080')}"], "labels": target}


class Targets:
    """The file of targets, rewritten only when it would differ."""

    def __init__(self, path):
        self.path = path
        self.of_pod = {}
        self.written = None

    def replace_all(self, pods):
        self.of_pod = {pod["metadata"]["uid"]: target_of(pod) for pod in pods}
        self.write()

    def apply(self, change):
        uid = change["object"]["metadata"]["uid"]
        if change["type"] == "DELETED":
            self.of_pod.pop(uid, None)
        else:
            self.of_pod[uid] = target_of(change["object"])
        self.write()

    def write(self):
        text = json.dumps([target for target in self.of_pod.values() if target])
        if text != self.written:
            with open(self.path + ".new", "w") as file:
                file.write(text)
            os.rename(self.path + ".new", self.path)
            self.written = text


def follow(api, targets):
    """Lists the pods and then hears of every change, until the API server ends the watch."""
    listed = api.call("GET", "/api/v1/pods?resourceVersion=0")
    targets.replace_all(listed["items"])
    version = listed["metadata"]["resourceVersion"]
    for change in api.watch(f"/api/v1/pods?watch=1&allowWatchBookmarks=true&resourceVersion={version}"):
        if change["type"] == "ERROR":
            return
        if change["type"] != "BOOKMARK":
            targets.apply(change)


def main():
    state, path = sys.argv[1:]
    os.environ["DEPLOYCTL_LAB_STATE"] = os.path.dirname(state)
    api = Api(Lab(os.path.basename(state)), user="prometheus")
    targets = Targets(path)
    while True:
        try:
            follow(api, targets)
        except OSError as problem:
            print(problem, file=sys.stderr, flush=True)
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main()
