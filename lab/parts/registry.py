# SPDX-License-Identifier: Apache-2.0
"""The image registry, and how an image gets into it: packed from a static binary, pushed over HTTP.

Image names begin with localhost:PORT, which containerd and other clients take for plain HTTP. That has to be
true for the lab and for this machine, so two servers share one folder, each on the loopback of its network. A lab with
the registry of another one has a third server of that folder, on its own node, at the same port: one name everywhere.
"""
import gzip
import hashlib
import io
import json
import platform
import tarfile
import urllib.error
import urllib.request

from parts import machine
from parts.waiting import LabError

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def start(lab):
    settings = lab.write(
        "etc/registry.json",
        {
            "version": 0.1,
            "log": {"level": "warn", "accesslog": {"disabled": True}},
            "storage": {
                "filesystem": {"rootdirectory": lab.memory.get("images") or lab.path("registry")},
                "delete": {"enabled": True},
            },
            "http": {"addr": f"127.0.0.1:{lab.port('registry')}", "secret": lab.memory["tokens"]["admin"]},
        },
    )
    serve = ["docker-registry", "serve", settings]
    if not lab.memory.get("images"):
        machine.start(lab, "registry", serve, on_host_network=True)
    if lab.containers:
        machine.start(lab, "registry-of-the-node", serve)


def await_registry(lab):
    def answers():
        try:
            return call(lab, "GET", "/v2/").status == 200
        except OSError:
            return False

    own = "registry-of-the-node" if lab.memory.get("images") else "registry"
    machine.await_service(lab, own, "the image registry answers", answers, 20)


def share(lab, other):
    """The images of another lab, which has to be up, instead of a registry of its own."""
    if not machine.is_up(other) or not lab.containers:
        raise LabError(f"there is no lab {other.name} with containers whose registry could be shared")
    lab.memory["images"] = other.memory.get("images") or other.path("registry")
    lab.memory["ports"]["registry"] = other.port("registry")


def call(lab, method, path, body=None, kind="application/octet-stream"):
    url = path if path.startswith("http") else f"http://{lab.registry}{path}"
    request = urllib.request.Request(url, method=method, data=body, headers={"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=10) as answer:
        answer.read()
        return answer


def digest_of(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def layer(path_inside, file):
    """A layer with one executable, the same bytes every time."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        entry = tarfile.TarInfo(path_inside)
        with open(file, "rb") as source:
            content = source.read()
        entry.size, entry.mode = len(content), 0o755
        tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def push(lab, repository, tag, tar, settings):
    """Pushes an image of one layer. `settings` is the `config` of the image: Env, Entrypoint, User, ..."""
    packed = gzip.compress(tar, compresslevel=1, mtime=0)
    config = json.dumps(
        {
            "architecture": ARCHITECTURES[platform.machine()],
            "os": "linux",
            "created": "2026-01-01T00:00:00Z",
            "config": settings,
            "rootfs": {"type": "layers", "diff_ids": [digest_of(tar)]},
        }
    ).encode()
    for blob in (packed, config):
        push_blob(lab, repository, blob)
    manifest = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": {"mediaType": CONFIG, "size": len(config), "digest": digest_of(config)},
        "layers": [{"mediaType": LAYER, "size": len(packed), "digest": digest_of(packed)}],
    }
    call(lab, "PUT", f"/v2/{repository}/manifests/{tag}", json.dumps(manifest).encode(), MANIFEST)


def push_blob(lab, repository, blob):
    digest = digest_of(blob)
    try:
        call(lab, "HEAD", f"/v2/{repository}/blobs/{digest}")
    except urllib.error.HTTPError as problem:
        if problem.code != 404:
            raise
        place = call(lab, "POST", f"/v2/{repository}/blobs/uploads/").headers["Location"]
        call(lab, "PUT", f"{place}{'&' if '?' in place else '?'}digest={digest}", blob)
