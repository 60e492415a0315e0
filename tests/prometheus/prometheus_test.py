#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A real Prometheus on a free port of the loopback, for the tests of a program.

    tests/prometheus/prometheus_test.py [--alertmanager] PROGRAM [ARGUMENT...]

Prometheus scrapes a small exporter of this script; it speaks TLS, asks for a client's certificate and for a
password. The program gets DEPLOYCTL_TEST_PROMETHEUS (its URL) and DEPLOYCTL_TEST_PROMETHEUS_FILES (a folder with
server.pem, client.pem, client.key and password; the user is `tester`). Two alerts fire: DemoErrors of service web, and
DemoQuiet of service quiet. With --alertmanager they go to a real Alertmanager, where DemoQuiet is silenced; the program
gets DEPLOYCTL_TEST_ALERTMANAGER, its URL. The program's exit code is this one's; 77 where there is no Prometheus or no
Alertmanager on this machine. Ends only what it started.
"""

import base64
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import children

SKIPPED = 77
SECONDS_TO_START = 60
USER, PASSWORD = "tester", "s3cret of the test"
BCRYPT = "$2b$04$VAX2gUTB4XlMvqHrOiXUBOSydOmeETBIIxfvH8PxGroYjSviVFhnu"  # of the password
METRICS = """\
# TYPE demo_requests_total counter
demo_requests_total{code="200",pod="web-1"} 93
demo_requests_total{code="500",pod="web-1"} 7
# TYPE demo_zero gauge
demo_zero 0
"""
FIRES = 'demo_requests_total{code="500"} > 5'
RULES = [
    {"alert": "DemoErrors", "expr": FIRES, "labels": {"service": "web", "odd": 'a"b\\c'}},
    {"alert": "DemoQuiet", "expr": FIRES, "labels": {"service": "quiet"}},
]


class Exporter(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(METRICS.encode())

    def log_message(self, *_):
        pass


def make_certificate(folder, name):
    words = "openssl req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:P-256".split()
    files = ["-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"]
    subject = ["-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*words, *files, *subject], check=True, capture_output=True)


def write_files(folder, exporter_port, alertmanager_port):
    for name in ("server", "client"):
        make_certificate(folder, name)
    (folder / "password").write_text(PASSWORD + "\n")
    scrape = {"job_name": "demo", "scrape_interval": "1s", "static_configs": [{"targets": [f"127.0.0.1:{exporter_port}"]}]}
    tls = {
        "cert_file": "server.pem",
        "key_file": "server.key",
        "client_auth_type": "RequireAndVerifyClientCert",
        "client_ca_file": "client.pem",
    }
    (folder / "rules.yml").write_text(json.dumps({"groups": [{"name": "demo", "interval": "1s", "rules": RULES}]}))
    targets = [{"static_configs": [{"targets": [f"127.0.0.1:{alertmanager_port}"]}]}]
    settings = {"scrape_configs": [scrape], "rule_files": ["rules.yml"], "alerting": {"alertmanagers": targets}}
    (folder / "prometheus.yml").write_text(json.dumps(settings))
    (folder / "alertmanager.yml").write_text(json.dumps({"route": {"receiver": "none"}, "receivers": [{"name": "none"}]}))
    (folder / "web.yml").write_text(json.dumps({"tls_server_config": tls, "basic_auth_users": {USER: BCRYPT}}))


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def start_alertmanager(program, folder, port):
    words = [
        program,
        f"--config.file={folder}/alertmanager.yml",
        f"--storage.path={folder}/alertmanager",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
    ]
    return start(words, folder / "alertmanager.log")


def start_prometheus(program, folder, port):
    words = [
        program,
        f"--config.file={folder}/prometheus.yml",
        f"--web.config.file={folder}/web.yml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    return start(words, folder / "log")


def start(words, log_file):
    with open(log_file, "w", encoding="utf-8") as log:
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)


def has_measured(url, folder):
    trust = ssl.create_default_context(cafile=folder / "server.pem")
    trust.load_cert_chain(folder / "client.pem", folder / "client.key")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust))
    opener.addheaders = [("Authorization", "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode())]
    # Two scrapes: a range has more than a point then.
    fire = 'count(ALERTS{alertstate="firing"}) == 2'
    query = urllib.parse.urlencode({"query": f"count_over_time(demo_zero[1m]) >= 2 and on () ({fire})"})
    try:
        with opener.open(f"{url}/api/v1/query?{query}", timeout=5) as answer:
            return bool(json.load(answer)["data"]["result"])
    except OSError:  # not yet there, or not yet ready
        return False


def ask_alertmanager(url, path, body=None):
    request = urllib.request.Request(f"{url}/api/v2/{path}", data=body and json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=5) as answer:
            return json.load(answer)
    except OSError:  # not yet there
        return []


def silence(url):
    now = time.time()
    begin, end = (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + offset)) for offset in (-60, 3600))
    matcher = {"name": "alertname", "value": "DemoQuiet", "isRegex": False}
    said = {"matchers": [matcher], "startsAt": begin, "endsAt": end, "createdBy": "tester", "comment": "known"}
    ask_alertmanager(url, "silences", said)


def has_alerts(url):
    states = [alert["status"]["state"] for alert in ask_alertmanager(url, "alerts")]
    return sorted(states) == ["active", "suppressed"]


def wait_for(child, is_ready, log):
    until = time.monotonic() + SECONDS_TO_START
    while not is_ready():
        if child.poll() is not None or time.monotonic() > until:
            sys.exit(f"it did not come up:\n{log.read_text()}")
        time.sleep(0.2)


def missing(needed):
    for name in needed:
        if shutil.which(name) is None:
            print(f"NOT RUN: there is no `{name}` on this machine; scripts/setup --lab installs it", flush=True)
            return True
    return False


def main(arguments):
    with_alertmanager = arguments[:1] == ["--alertmanager"]
    command = arguments[1:] if with_alertmanager else arguments
    if missing(["prometheus"] + ["prometheus-alertmanager"] * with_alertmanager):
        return SKIPPED
    exporter = ThreadingHTTPServer(("127.0.0.1", 0), Exporter)
    threading.Thread(target=exporter.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="deployctl-prometheus-") as name:
        folder, port, alertmanager_port = Path(name), free_port(), free_port()
        write_files(folder, exporter.server_port, alertmanager_port)
        started = []
        try:
            if with_alertmanager:  # first: what nobody takes is sent again a minute later
                started.append(start_alertmanager("prometheus-alertmanager", folder, alertmanager_port))
            started.append(start_prometheus("prometheus", folder, port))
            url = f"https://127.0.0.1:{port}"
            wait_for(started[-1], lambda: has_measured(url, folder), folder / "log")
            given = {"DEPLOYCTL_TEST_PROMETHEUS": url, "DEPLOYCTL_TEST_PROMETHEUS_FILES": name}
            if with_alertmanager:
                alertmanager = f"http://127.0.0.1:{alertmanager_port}"
                log = folder / "alertmanager.log"
                wait_for(started[0], lambda: len(ask_alertmanager(alertmanager, "alerts")) == 2, log)
                silence(alertmanager)
                wait_for(started[0], lambda: has_alerts(alertmanager), log)
                given["DEPLOYCTL_TEST_ALERTMANAGER"] = alertmanager
            return subprocess.run(command, env={**os.environ, **given}, check=False).returncode
        finally:
            for child in started:
                children.end(child)
            exporter.shutdown()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
