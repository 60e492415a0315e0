#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Pods by a seed: most nearly restricted, with a few things changed, so that all three verdicts are common.

    tests/pod_security/pods.py SEED COUNT > pods.jsonl
"""

import json
import random
import sys

SECCOMP = [{"type": "RuntimeDefault"}, {"type": "Localhost", "localhostProfile": "a.json"}, {"type": "Unconfined"}]
SELINUX = [
    {"type": "container_t"},
    {"type": "container_init_t"},
    {"type": "container_kvm_t"},
    {"type": "container_engine_t"},
    {"type": "spc_t"},
    {"type": ""},
    {"level": "s0:c1,c2"},
    {"user": "system_u"},
    {"user": "", "role": ""},
    {"role": "system_r"},
]
CAPABILITIES = ["NET_BIND_SERVICE", "CHOWN", "SYS_CHROOT", "NET_RAW", "SYS_ADMIN", "ALL", "chown"]
DROPS = [["ALL"], ["NET_RAW", "ALL"], ["NET_RAW"], ["all"], []]
SYSCTLS = [
    "kernel.shm_rmid_forced",
    "net.ipv4.tcp_wmem",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.ip_local_reserved_ports",
    "net.core.somaxconn",
    "kernel.msgmax",
]
APPARMOR_NOTES = ["runtime/default", "localhost/a", "unconfined", "", "localhost"]
VOLUMES = [
    {},
    {"configMap": {"name": "a"}},
    {"csi": {"driver": "a"}},
    {"downwardAPI": {}},
    {"emptyDir": {}},
    {"emptyDir": None},
    {"ephemeral": {}},
    {"persistentVolumeClaim": {"claimName": "a"}},
    {"projected": {"sources": []}},
    {"secret": {"secretName": "a"}},
    {"hostPath": {"path": "/var/log"}},
    {"nfs": {"server": "a", "path": "/"}},
    {"iscsi": {"targetPortal": "a", "iqn": "a", "lun": 0}},
    {"gitRepo": {"repository": "a"}},
    {"cephfs": {"monitors": ["a"]}},
    {"awsElasticBlockStore": {"volumeID": "a"}},
    {"image": {"reference": "a"}},
]


def context(owner):
    if not isinstance(owner.get("securityContext"), dict):
        owner["securityContext"] = {}
    return owner["securityContext"]


def put(owner, key, value):
    """A third of the time it is taken away instead, sometimes by a null."""
    kind = random.randrange(9)
    if kind == 0:
        context(owner).pop(key, None)
    elif kind == 1:
        context(owner)[key] = None
    else:
        context(owner)[key] = value


def any_flag():
    return random.choice([True, False])


def of_both(key, values):
    return lambda pod, container: put(random.choice([pod["spec"], container]), key, values())


def of_container(key, values):
    return lambda _, container: put(container, key, values())


def change_capabilities(_, container):
    capabilities = {}
    if random.random() < 0.8:
        capabilities["drop"] = random.choice(DROPS)
    if random.random() < 0.6:
        capabilities["add"] = random.sample(CAPABILITIES, random.randint(0, 2))
    put(container, "capabilities", capabilities)


def change_namespaces(pod, _):
    pod["spec"][random.choice(["hostNetwork", "hostPID", "hostIPC", "hostUsers"])] = any_flag()


def change_volumes(pod, _):
    chosen = random.sample(VOLUMES, random.randint(1, 3))
    pod["spec"]["volumes"] = [{"name": f"v{i}", **volume} for i, volume in enumerate(chosen)]


def change_ports(_, container):
    container["ports"] = [
        {"containerPort": 80 + i, **random.choice([{}, {"hostPort": 0}, {"hostPort": 8080}])} for i in range(2)
    ]


def change_sysctls(pod, _):
    names = random.sample(SYSCTLS, random.randint(0, 2))
    put(pod["spec"], "sysctls", [{"name": name, "value": "1"} for name in names])


def change_notes(pod, container):
    notes = pod["metadata"].setdefault("annotations", {})
    prefix = random.choice(["container.apparmor.security.beta.kubernetes.io/", "seccomp.security.alpha.kubernetes.io/"])
    notes[prefix + container["name"]] = random.choice(APPARMOR_NOTES)


def change_system(pod, _):
    pod["spec"]["os"] = {"name": random.choice(["windows", "windows", "linux"])}


def forget_context(pod, container):
    owner = random.choice([pod["spec"], container])
    owner["securityContext"] = random.choice([None, {}])


CHANGES = [
    of_container("privileged", any_flag),
    of_container("allowPrivilegeEscalation", any_flag),
    of_container("readOnlyRootFilesystem", any_flag),
    of_both("runAsNonRoot", any_flag),
    of_both("runAsUser", lambda: random.choice([0, 1, 1000])),
    of_both("seccompProfile", lambda: random.choice(SECCOMP)),
    of_both("appArmorProfile", lambda: random.choice(SECCOMP)),
    of_both("seLinuxOptions", lambda: random.choice(SELINUX)),
    of_both("windowsOptions", lambda: {"hostProcess": any_flag()}),
    of_container("procMount", lambda: random.choice(["Default", "Unmasked"])),
    change_capabilities,
    change_capabilities,
    change_namespaces,
    change_volumes,
    change_ports,
    change_sysctls,
    change_notes,
    change_system,
    forget_context,
]


def container(name):
    """As restricted as it can be."""
    made = {"name": name, "image": "a"}
    context(made).update({"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}})
    return made


def pod(number):
    spec = {"containers": [container("a")]}
    context(spec).update({"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}})
    for key, name in (("containers", "b"), ("initContainers", "c"), ("ephemeralContainers", "d")):
        if random.random() < 0.3:
            spec.setdefault(key, []).append(container(name))
    made = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"pod-{number}"}, "spec": spec}
    everyone = [one for key, value in spec.items() if key.lower().endswith("containers") for one in value]
    for _ in range(random.choice([0, 1, 1, 1, 2, 2, 3, 5])):
        random.choice(CHANGES)(made, random.choice(everyone))
    return made


def main(seed, count):
    random.seed(int(seed))
    for number in range(int(count)):
        print(json.dumps(pod(number)))


if __name__ == "__main__":
    main(*sys.argv[1:])
