# SPDX-License-Identifier: Apache-2.0
"""Nodes and pods that cost nothing: KWOK plays their kubelet.

With containers they stand beside the real node, tainted, so that only pods that ask for them are put there:
  nodeSelector: {type: kwok}
  tolerations: [{key: kwok.x-k8s.io/node, operator: Exists}]
Without containers they are the only nodes and take every pod.
"""
import os

from parts import machine
from parts.api import Api
from parts.place import REPOSITORY

NODES = 20
MARK = "kwok.x-k8s.io/node"


def start(lab):
    machine.start(
        lab,
        "kwok",
        [
            "kwok",
            "--kubeconfig=" + lab.path("secrets/kwok.kubeconfig"),
            "--config=" + os.path.join(REPOSITORY, "lab", "kwok", "stages.yaml"),
            "--manage-all-nodes=false",
            f"--manage-nodes-with-annotation-selector={MARK}=fake",
            "--cidr=198.19.255.0/24",
            "--node-ip=127.0.0.1",
            "--node-lease-duration-seconds=40",
            f"--server-address=127.0.0.1:{lab.port('kwok')}",
        ],
    )


def ensure_nodes(lab):
    api = Api(lab)
    room = {"cpu": "64", "memory": "256Gi", "pods": "1000", "ephemeral-storage": "1Ti"}
    for number in range(1, NODES + 1):
        name = f"fake-{number}"
        api.ensure(
            "/api/v1/nodes",
            {
                "metadata": {
                    "name": name,
                    "annotations": {MARK: "fake", "node.alpha.kubernetes.io/ttl": "0"},
                    "labels": {
                        "type": "kwok",
                        "kubernetes.io/os": "linux",
                        "kubernetes.io/arch": "amd64",
                        "kubernetes.io/hostname": name,
                    },
                },
                "spec": {"taints": [{"key": MARK, "value": "fake", "effect": "NoSchedule"}] if lab.containers else []},
                "status": {"capacity": room, "allocatable": room},
            },
        )


def await_nodes(lab):
    api = Api(lab)

    def ready():
        nodes = (api.get("/api/v1/nodes?labelSelector=type%3Dkwok") or {}).get("items", [])
        return sum(is_ready(node) for node in nodes) >= NODES

    machine.await_service(lab, "kwok", f"the {NODES} fake nodes are ready", ready, 60)


def is_ready(node):
    conditions = node["status"].get("conditions", [])
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
