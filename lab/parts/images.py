# SPDX-License-Identifier: Apache-2.0
"""The images of the lab: the pause container and the demo app, one tag for each way of being good or bad."""
import os

from parts import registry
from parts.place import BINARIES

# What each tag bakes into its image; demo-app/server.cpp says what the names mean.
TAGS = {
    "v1": {},
    "v2": {},
    "v3-errors": {"DEMO_ERROR_PERCENT": "50"},
    "v4-slow": {"DEMO_LATENCY_MS": "800"},
    "v5-crash": {"DEMO_CRASH_AFTER_MS": "300"},
    "v6-leak": {"DEMO_LEAK_KIB_PER_SECOND": "1024"},
    "v7-unready": {"DEMO_UNREADY": "1"},
    "v8-oom": {"DEMO_LEAK_KIB_PER_SECOND": "131072"},
    "v9-badconfig": {"DEMO_CONFIG": "/etc/shop/prices.yaml"},
    "v10-slow-start": {"DEMO_START_DELAY_MS": "8000"},
}


def push_pause(lab):
    tar = registry.layer("pause", os.path.join(BINARIES, "pause"))
    registry.push(lab, "lab/pause", "1", tar, {"Entrypoint": ["/pause"], "User": "65535:65535"})


def push_demo(lab):
    tar = registry.layer("app", os.path.join(BINARIES, "demo-app"))
    for tag, environment in TAGS.items():
        variables = {"DEMO_VERSION": tag, **environment}
        registry.push(
            lab,
            "shop/web",
            tag,
            tar,
            {
                "Env": [f"{name}={value}" for name, value in variables.items()],
                "Entrypoint": ["/app"],
                "ExposedPorts": {"8080/tcp": {}},
                "User": "65532:65532",
                "Labels": {"org.opencontainers.image.version": tag},
            },
        )
