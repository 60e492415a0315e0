#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Real servers of gRPC on free ports of the loopback, for the tests of a program.

    tests/grpc/grpc_test.py PROGRAM [ARGUMENT...]

The program gets DEPLOYCTL_TEST_GRPC (a server with the health service: as a whole and shop.v1.Web it is SERVING,
shop.v1.Cart NOT_SERVING, shop.v1.New UNKNOWN), DEPLOYCTL_TEST_GRPC_BARE (one without it) and DEPLOYCTL_TEST_GRPC_TLS
(one whose certificate nobody trusts but who trusts the file DEPLOYCTL_TEST_GRPC_CA). Its exit code is this one's; 77 where there is no grpcio: scripts/setup --dev.
"""

import os
import subprocess
import sys
import tempfile
from concurrent import futures
from pathlib import Path

sys.path += map(str, Path(__file__).resolve().parents[2].glob(".venv/lib/python3*/site-packages"))

SKIPPED = 77


def pool():
    return futures.ThreadPoolExecutor(max_workers=2)


def health_server(grpc):
    from grpc_health.v1 import health, health_pb2, health_pb2_grpc

    states = health_pb2.HealthCheckResponse
    servicer = health.HealthServicer()
    servicer.set("shop.v1.Web", states.SERVING)
    servicer.set("shop.v1.Cart", states.NOT_SERVING)
    servicer.set("shop.v1.New", states.UNKNOWN)
    server = grpc.server(pool())
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    return server


def credentials(grpc, folder):
    words = "openssl req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=localhost".split()
    files = ["-keyout", f"{folder}/key", "-out", f"{folder}/pem", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*words, *files], check=True, capture_output=True)
    return grpc.ssl_server_credentials([(Path(folder, "key").read_bytes(), Path(folder, "pem").read_bytes())])


def main(command, folder):
    try:
        import grpc
        import grpc_health.v1  # noqa: F401
    except ImportError:
        print("NOT RUN: there is no grpcio; scripts/setup --dev installs it", flush=True)
        return SKIPPED
    servers = [health_server(grpc), grpc.server(pool()), grpc.server(pool())]
    ports = [server.add_insecure_port("127.0.0.1:0") for server in servers[:2]]
    ports.append(servers[2].add_secure_port("127.0.0.1:0", credentials(grpc, folder)))
    names = ("DEPLOYCTL_TEST_GRPC", "DEPLOYCTL_TEST_GRPC_BARE", "DEPLOYCTL_TEST_GRPC_TLS")
    given = {name: f"127.0.0.1:{port}" for name, port in zip(names, ports)}
    given["DEPLOYCTL_TEST_GRPC_CA"] = f"{folder}/pem"
    try:
        for server in servers:
            server.start()
        return subprocess.run(command, env={**os.environ, **given}, check=False).returncode
    finally:
        for server in servers:
            server.stop(None).wait()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sys.exit(main(sys.argv[1:], scratch))
