# SPDX-License-Identifier: Apache-2.0
"""Prometheus, reading every pod that is annotated prometheus.io/scrape: "true"."""
import os
import sys
import urllib.request

from parts import machine
from parts.place import REPOSITORY


def start(lab):
    targets = lab.path("targets", "pods.json")
    if not os.path.exists(targets):
        lab.write("targets/pods.json", "[]")
    discovery = os.path.join(REPOSITORY, "lab", "parts", "discovery.py")
    machine.start(lab, "discovery", [sys.executable, "-B", discovery, lab.state, targets])
    settings = lab.write(
        "etc/prometheus.yml",
        {
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
            "scrape_configs": [{"job_name": "pods", "file_sd_configs": [{"files": [targets]}]}],
        },
    )
    machine.start(
        lab,
        "prometheus",
        [
            "prometheus",
            "--config.file=" + settings,
            "--storage.tsdb.path=" + lab.path("prometheus"),
            "--storage.tsdb.retention.time=6h",
            f"--web.listen-address={lab.address}:{lab.port('prometheus')}",
            "--log.level=warn",
        ],
    )


def await_prometheus(lab):
    def ready():
        try:
            with urllib.request.urlopen(lab.prometheus + "/-/ready", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    machine.await_service(lab, "prometheus", "Prometheus is ready", ready, 30)
