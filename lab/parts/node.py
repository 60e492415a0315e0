# SPDX-License-Identifier: Apache-2.0
"""The real node: containerd with runc, kubelet, kube-proxy. All keep their default paths, in the lab's own folders."""
import os
import subprocess

from parts import machine
from parts.api import Api
from parts.place import NODE

CONTAINERD_SOCKET = "/run/containerd/containerd.sock"


def start_containerd(lab):
    snapshotter = "overlayfs" if overlay_works(lab) else "native"
    lab.write(
        "etc/containerd.toml",
        f"""version = 2
# These would look for file systems and make folders that the lab has no use for.
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{lab.registry}/lab/pause:1"
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "{snapshotter}"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "{lab.path('etc/cni')}"
""",
    )
    network = {
        "cniVersion": "0.4.0",
        "name": "lab",
        "plugins": [
            {
                "type": "bridge",
                "bridge": "pods",
                "isDefaultGateway": True,
                "hairpinMode": True,
                "ipam": {"type": "host-local", "ranges": [[{"subnet": lab.pods}]]},
            }
        ],
    }
    lab.write("etc/cni/lab.conflist", network)
    machine.start(lab, "containerd", ["containerd", "--config", lab.path("etc/containerd.toml")])


def overlay_works(lab):
    """Not everywhere: the folder may be on an overlay itself."""
    folders = {name: lab.path("var-lib", "overlay-trial", name) for name in ("lower", "upper", "work", "merged")}
    for folder in folders.values():
        os.makedirs(folder, exist_ok=True)
    options = "lowerdir={lower},upperdir={upper},workdir={work}".format(**folders)
    mount = ["mount", "-t", "overlay", "overlay", "-o", options, folders["merged"]]
    return subprocess.run(["unshare", "--mount", *mount], capture_output=True).returncode == 0


def await_containerd(lab):
    ctr = [*machine.inside(lab), "ctr", "version"]
    machine.await_service(
        lab,
        "containerd",
        "containerd answers",
        lambda: subprocess.run(ctr, capture_output=True).returncode == 0,
        20,
    )


def start_kubelet(lab):
    lab.write("etc/resolv.conf", "")
    settings = {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "address": lab.address,
        "authentication": {
            "anonymous": {"enabled": False},
            "x509": {"clientCAFile": lab.path("secrets/kubelet-client.crt")},
        },
        "authorization": {"mode": "Webhook"},
        "containerRuntimeEndpoint": "unix://" + CONTAINERD_SOCKET,
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": "/" + lab.cgroup,
        "enforceNodeAllocatable": [],
        "failCgroupV1": False,
        "failSwapOn": False,
        "featureGates": {"KubeletInUserNamespace": True},
        # Zero is refused. A full disk of the developer's machine is not the lab's to clear.
        "evictionHard": {
            "memory.available": "10Mi",
            "nodefs.available": "1%",
            "nodefs.inodesFree": "1%",
            "imagefs.available": "1%",
        },
        "imageGCHighThresholdPercent": 100,
        "imageGCLowThresholdPercent": 99,
        "imagePullCredentialsVerificationPolicy": "NeverVerify",
        # There is no DNS; naming a server spares every pod a warning.
        "clusterDNS": [lab.services.replace(".0/22", ".10")],
        "clusterDomain": "cluster.local",
        "resolvConf": lab.path("etc/resolv.conf"),
        "maxPods": 200,
        # Kubelet 1.35 looks at a crashing pod again only when its back-off is over, or after this; until then the
        # pod's reason stays Error. Ten seconds, as before 1.35, bring CrashLoopBackOff in the second look.
        "syncFrequency": "10s",
        "serializeImagePulls": False,
        "registryPullQPS": 0,
        "eventRecordQPS": 0,
        "kubeAPIQPS": 200,
        "kubeAPIBurst": 400,
    }
    lab.write("etc/kubelet.json", settings)
    machine.start(
        lab,
        "kubelet",
        [
            "kubelet",
            "--config=" + lab.path("etc/kubelet.json"),
            "--kubeconfig=" + lab.path("secrets/kubelet.kubeconfig"),
            "--hostname-override=" + NODE,
            "--node-ip=" + lab.address,
        ],
    )


def start_kube_proxy(lab):
    machine.start(
        lab,
        "kube-proxy",
        [
            "kube-proxy",
            "--kubeconfig=" + lab.path("secrets/kube-proxy.kubeconfig"),
            "--proxy-mode=iptables",
            "--cluster-cidr=" + lab.pods,
            "--hostname-override=" + NODE,
            "--bind-address=" + lab.address,
            "--metrics-bind-address=127.0.0.1:10249",
            # The limits of connection tracking belong to the whole machine.
            "--conntrack-max-per-core=0",
        ],
    )


def await_node(lab):
    api = Api(lab)

    def ready():
        node = api.get("/api/v1/nodes/" + NODE)
        conditions = node["status"].get("conditions", []) if node else []
        return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)

    machine.await_service(lab, "kubelet", "the node is ready", ready, 120)
