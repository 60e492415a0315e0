# SPDX-License-Identifier: Apache-2.0
"""A lab as a whole: up, down, status, env. Reads like the order in which the parts depend on each other."""
import fcntl
import os
import shlex
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from parts import building, control_plane, credentials, images, kwok, machine, metrics, node, prometheus, registry
from parts.place import BINARIES, Lab
from parts.waiting import LabError, say


@contextmanager
def alone(lab):
    """One command changes a lab at a time; a second one waits."""
    os.makedirs(os.path.dirname(lab.state), exist_ok=True)
    with open(lab.state + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def up(name, options):
    with alone(Lab(name)):
        lab = Lab(name)
        began = time.monotonic()
        if machine.is_up(lab):
            say(f"lab {name}: is up already, looking at each part")
        else:
            forget(lab)
            create(lab, options)
        start_parts(lab)
        if options.scale or not lab.containers:
            start_fake_nodes(lab)
        if options.metrics:
            metrics.start(lab)
            metrics.await_metrics(lab)
            say(f"lab {lab.name}: pods are measured")
        hand_over(lab)
        say(f"lab {name}: up after {time.monotonic() - began:.1f} s - eval \"$(lab/lab env{name_option(name)})\"")


def create(lab, options):
    reason = "asked for" if options.without_containers else machine.why_no_containers()
    if reason:
        say(f"lab {lab.name}: no containers here ({reason}); pods will be played by KWOK")
    lab.begin(containers=not reason, fsync=options.fsync)
    machine.begin(lab)
    if options.registry_of:
        registry.share(lab, Lab(options.registry_of))
    credentials.make(lab)
    metrics.make_certificates(lab)
    lab.memory["complete"] = True
    lab.save()


def start_parts(lab):
    """Starts what does not run yet and waits until all of it is of use. Safe to repeat."""
    control_plane.start_etcd(lab)
    registry.start(lab)
    control_plane.start_api_server(lab)
    if lab.containers:
        node.start_containerd(lab)
    control_plane.await_certificate(lab)
    control_plane.start_controller_manager(lab)
    control_plane.start_scheduler(lab)
    with ThreadPoolExecutor() as pool:
        pushed = pool.submit(push_images, lab)
        if lab.containers:
            node.await_containerd(lab)
        control_plane.await_api_server(lab)
        say(f"lab {lab.name}: API server ready")
        if lab.containers:
            node.start_kubelet(lab)
            node.start_kube_proxy(lab)
        prometheus.start(lab)
        if lab.containers:
            node.await_node(lab)
            say(f"lab {lab.name}: node ready")
        pushed.result()
    control_plane.await_default_service_account(lab)
    prometheus.await_prometheus(lab)


def start_fake_nodes(lab):
    building.ensure(only=["kwok"])
    kwok.start(lab)
    kwok.ensure_nodes(lab)
    kwok.await_nodes(lab)
    say(f"lab {lab.name}: {kwok.NODES} fake nodes ready")


def hand_over(lab):
    """Who came here by sudo may use the lab without it."""
    owner = os.environ.get("SUDO_UID")
    for name in ("lab.json", "kubeconfig", "keeper.sock", "logs/audit.log") if owner else ():
        os.chown(lab.path(name), int(owner), -1)


def push_images(lab):
    registry.await_registry(lab)
    images.push_pause(lab)
    images.push_demo(lab)


def down(name):
    with alone(Lab(name)):
        lab = Lab(name)
        if not os.path.exists(lab.state):
            say(f"lab {name}: was not up")
            return
        forget(lab)
        say(f"lab {name}: down, nothing of it is left")


def forget(lab):
    machine.end(lab)
    shutil.rmtree(lab.state, ignore_errors=True)
    if os.path.exists(lab.state):
        raise LabError(f"{lab.state} cannot be removed")
    lab.memory = {}


def status(name):
    """Prints a line a service; true if all of them run."""
    lab = Lab(name)
    if not machine.is_up(lab):
        print(f"lab {name}: down")
        return False
    services = machine.ask(lab, {"do": "list"})
    for service, known in services.items():
        state = "running" if known["exit"] is None else f"ended with code {known['exit']}"
        print(f"{service:22} {state:22} {lab.log(service)}")
    print(f"lab {name}: {'real pods' if lab.containers else 'KWOK pods'}, API server {lab.server}")
    return all(known["exit"] is None for known in services.values())


def env(name):
    """Lines for a shell's eval."""
    lab = Lab(name)
    if not machine.is_up(lab):
        raise LabError(f"lab {name} is not up: lab/lab up{name_option(name)}")
    variables = {
        "KUBECONFIG": lab.path("kubeconfig"),
        "DEPLOYCTL_LAB": lab.name,
        "DEPLOYCTL_LAB_REGISTRY": lab.registry,
        "DEPLOYCTL_LAB_PROMETHEUS": lab.prometheus,
        "DEPLOYCTL_LAB_SHOP": lab.shop,
        "DEPLOYCTL_LAB_PODS": "real" if lab.containers else "kwok",
        "DEPLOYCTL_LAB_KUBECTL": os.path.join(BINARIES, "kubectl"),
    }
    for variable, value in variables.items():
        print(f"export {variable}={shlex.quote(value)}")
    others = [folder for folder in os.environ["PATH"].split(":") if folder != BINARIES]
    print(f"export PATH={shlex.quote(':'.join([BINARIES, *others]))}")


def name_option(name):
    return "" if name == "default" else f" --name {name}"
