# SPDX-License-Identifier: Apache-2.0
"""etcd, API server, controller manager, scheduler."""
import os

from parts import machine, metrics
from parts.api import Api

# Defaults suit a cluster of thousands of nodes behind a network; here they would be what is measured.
FAST_CLIENT = ["--kube-api-qps=1000", "--kube-api-burst=2000"]
# Who wrote what of a rollout, in logs/audit.log: the witness of tests that let two runners meet.
AUDITED = {
    "apps": ["deployments", "controllerrevisions"],
    "": ["services"],
    "coordination.k8s.io": ["leases"],
    "autoscaling": ["horizontalpodautoscalers"],
}


def start_etcd(lab):
    client = f"http://127.0.0.1:{lab.port('etcd')}"
    peer = f"http://127.0.0.1:{lab.port('etcd-peer')}"
    machine.start(
        lab,
        "etcd",
        [
            "etcd",
            "--name=lab",
            "--data-dir=" + lab.path("etcd"),
            "--listen-client-urls=" + client,
            "--advertise-client-urls=" + client,
            "--listen-peer-urls=" + peer,
            "--initial-advertise-peer-urls=" + peer,
            "--initial-cluster=lab=" + peer,
            "--log-level=warn",
            *([] if lab.memory["fsync"] else ["--unsafe-no-fsync"]),
        ],
    )


def audit_policy():
    """Writes of people with request and result; controllers, which write all the time, and reads are left out."""
    return {
        "apiVersion": "audit.k8s.io/v1",
        "kind": "Policy",
        "omitStages": ["RequestReceived"],
        "omitManagedFields": True,
        "rules": [
            {
                "level": "RequestResponse",
                "users": ["lab:admin"],
                "verbs": ["create", "update", "patch", "delete"],
                "resources": [{"group": group, "resources": names} for group, names in AUDITED.items()],
            },
            {"level": "None"},
        ],
    }


def start_api_server(lab):
    if not os.path.exists(lab.log("audit")):
        lab.write("logs/audit.log", "")  # made here, so that it can be handed over
    machine.start(
        lab,
        "api-server",
        [
            "kube-apiserver",
            f"--etcd-servers=http://127.0.0.1:{lab.port('etcd')}",
            "--bind-address=" + lab.address,
            "--advertise-address=" + lab.address,
            f"--secure-port={lab.port('api-server')}",
            "--cert-dir=" + lab.path("secrets"),
            "--service-cluster-ip-range=" + lab.services,
            "--authorization-mode=Node,RBAC",
            "--anonymous-auth=false",
            "--token-auth-file=" + lab.path("secrets/tokens.csv"),
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-key-file=" + lab.path("secrets/service-account.key"),
            "--service-account-signing-key-file=" + lab.path("secrets/service-account.key"),
            "--kubelet-client-certificate=" + lab.path("secrets/kubelet-client.crt"),
            "--kubelet-client-key=" + lab.path("secrets/kubelet-client.key"),
            "--kubelet-preferred-address-types=InternalIP",
            "--enable-admission-plugins=NodeRestriction",
            "--allow-privileged=true",
            "--profiling=false",
            "--audit-policy-file=" + lab.write("audit-policy.json", audit_policy()),
            "--audit-log-path=" + lab.log("audit"),
            "--audit-log-maxsize=1000",
            *metrics.api_server_flags(lab),
            # Endpoints may not be loopback addresses, so without a network there are none of the API server.
            "--endpoint-reconciler-type=" + ("lease" if lab.containers else "none"),
        ],
    )


def await_certificate(lab):
    machine.await_service(
        lab,
        "api-server",
        "the API server has made its certificate",
        lambda: os.path.exists(lab.path("secrets/apiserver.crt")) and os.path.exists(lab.path("secrets/apiserver.key")),
        30,
    )


def await_api_server(lab):
    api = Api(lab)
    machine.await_service(
        lab, "api-server", "the API server is ready", lambda: api.get("/readyz") == "ok", 60
    )
    # Prometheus reads pods; the other users have their roles from Kubernetes itself.
    api.ensure(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        {
            "metadata": {"name": "lab:prometheus"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
            "subjects": [
                {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "lab:prometheus"}
            ],
        },
    )


def start_controller_manager(lab):
    workers = ["deployment", "replicaset", "endpoint", "service-endpoint", "gc", "statefulset"]
    machine.start(
        lab,
        "controller-manager",
        [
            "kube-controller-manager",
            "--kubeconfig=" + lab.path("secrets/controller-manager.kubeconfig"),
            "--service-account-private-key-file=" + lab.path("secrets/service-account.key"),
            "--root-ca-file=" + lab.path("secrets/apiserver.crt"),
            "--use-service-account-credentials=true",
            "--bind-address=127.0.0.1",
            f"--secure-port={lab.port('controller-manager')}",
            "--leader-elect=false",
            "--profiling=false",
            # A build on the same cores may starve kubelet; that is not a node that failed.
            "--node-monitor-grace-period=120s",
            "--horizontal-pod-autoscaler-sync-period=5s",
            *FAST_CLIENT,
            *(f"--concurrent-{worker}-syncs=50" for worker in workers),
        ],
    )


def start_scheduler(lab):
    machine.start(
        lab,
        "scheduler",
        [
            "kube-scheduler",
            "--kubeconfig=" + lab.path("secrets/scheduler.kubeconfig"),
            "--bind-address=127.0.0.1",
            f"--secure-port={lab.port('scheduler')}",
            "--leader-elect=false",
            "--profiling=false",
            *FAST_CLIENT,
        ],
    )


def await_default_service_account(lab):
    """Pods are refused in a namespace until its service account is there."""
    api = Api(lab)
    machine.await_service(
        lab,
        "controller-manager",
        "the default service account is there",
        lambda: api.get("/api/v1/namespaces/default/serviceaccounts/default"),
        30,
    )
