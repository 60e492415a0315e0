# SPDX-License-Identifier: Apache-2.0
"""metrics-server, so that autoscalers see what pods really use: `lab/lab up --metrics`.

It asks the kubelet and answers behind the API server, which shows itself to it by a certificate of its own.
"""
import os

from parts import machine
from parts.api import Api
from parts.credentials import openssl
from parts.waiting import LabError

NAME = "metrics-server"


def make_certificates(lab):
    """By which an aggregated API server knows the API server that asks it. Made with the lab."""
    for name in ("front-proxy-ca", "front-proxy-client"):
        lab.write(f"secrets/{name}.key", openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout"))
    ca = ["-key", lab.path("secrets/front-proxy-ca.key"), "-subj", "/CN=lab-front-proxy", "-days", "3650"]
    lab.write("secrets/front-proxy-ca.crt", openssl("req", "-x509", "-new", *ca))
    request = ["-key", lab.path("secrets/front-proxy-client.key"), "-subj", "/CN=front-proxy-client"]
    lab.write("secrets/front-proxy-client.csr", openssl("req", "-new", *request))
    signing = ["-CA", lab.path("secrets/front-proxy-ca.crt"), "-CAkey", lab.path("secrets/front-proxy-ca.key")]
    source = ["-in", lab.path("secrets/front-proxy-client.csr"), "-set_serial", "1", "-days", "3650"]
    lab.write("secrets/front-proxy-client.crt", openssl("x509", "-req", *source, *signing))


def api_server_flags(lab):
    return [
        "--requestheader-client-ca-file=" + lab.path("secrets/front-proxy-ca.crt"),
        "--requestheader-allowed-names=front-proxy-client",
        "--requestheader-username-headers=X-Remote-User",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        "--proxy-client-cert-file=" + lab.path("secrets/front-proxy-client.crt"),
        "--proxy-client-key-file=" + lab.path("secrets/front-proxy-client.key"),
    ]


def start(lab):
    if not lab.containers:
        raise LabError("metrics need real pods, and this lab has none")
    if NAME not in lab.memory["tokens"] or not os.path.exists(lab.path("secrets/front-proxy-ca.crt")):
        raise LabError(f"lab {lab.name} was begun without metrics in mind; lab/lab down, then up --metrics")
    credentials = lab.path(f"secrets/{NAME}.kubeconfig")
    machine.start(
        lab,
        NAME,
        [
            NAME,
            *(f"--{purpose}kubeconfig={credentials}" for purpose in ("", "authentication-", "authorization-")),
            f"--secure-port={lab.port(NAME)}",
            "--cert-dir=" + lab.path("metrics"),
            "--kubelet-insecure-tls",
            "--kubelet-preferred-address-types=InternalIP",
            # The shortest that it takes; a request has to be over before the next one.
            "--metric-resolution=10s",
            "--kubelet-request-timeout=9s",
        ],
    )
    register(Api(lab), lab)


def register(api, lab):
    port = {"name": "https", "port": 443, "protocol": "TCP"}
    api.ensure(
        "/api/v1/namespaces/kube-system/services",
        {"metadata": {"name": NAME}, "spec": {"ports": [{**port, "targetPort": lab.port(NAME)}]}},
    )
    api.ensure(
        "/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices",
        {
            "metadata": {"name": NAME, "labels": {"kubernetes.io/service-name": NAME}},
            "addressType": "IPv4",
            "ports": [{**port, "port": lab.port(NAME)}],
            "endpoints": [{"addresses": [lab.address], "conditions": {"ready": True}}],
        },
    )
    api.ensure(
        "/apis/apiregistration.k8s.io/v1/apiservices",
        {
            "metadata": {"name": "v1beta1.metrics.k8s.io"},
            "spec": {
                "group": "metrics.k8s.io",
                "version": "v1beta1",
                "service": {"namespace": "kube-system", "name": NAME},
                "insecureSkipTLSVerify": True,
                "groupPriorityMinimum": 100,
                "versionPriority": 100,
            },
        },
    )


def await_metrics(lab):
    api = Api(lab)

    def measured():
        return (api.get("/apis/metrics.k8s.io/v1beta1/nodes") or {}).get("items")

    machine.await_service(lab, NAME, "the node is measured", measured, 90)
