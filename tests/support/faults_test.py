#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The fault proxy against a small server, the judge of audit logs against made-up logs, and how trials are counted."""

import http.client
import json
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests/acceptance"))

import audit
import fault_proxy
import trials

PATH = "/apis/apps/v1/namespaces/shop/deployments/web"


class Server(BaseHTTPRequestHandler):
    """Counts what reaches it; the object is the number of writes so far."""

    protocol_version = "HTTP/1.1"
    writes = 0

    def log_message(self, *_):
        pass

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        Server.writes += self.command != "GET"
        body = json.dumps({"writes": Server.writes}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PATCH = do_POST = answer


class Faults(unittest.TestCase):
    def setUp(self):
        Server.writes = 0
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        key, self.certificate = f"{folder.name}/key", f"{folder.name}/certificate"
        words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=server"
        names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", self.certificate]
        subprocess.run(["openssl", *words.split(), *names], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
        server.daemon_threads = True
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.url = f"https://127.0.0.1:{server.server_port}"

    def proxy(self, fault, at=1):
        return fault_proxy.FaultProxy(self.url, self.certificate, fault, at)

    def ask(self, proxy, method, path=PATH, timeout=5):
        """(status, object) by a connection of its own."""
        context = ssl.create_default_context(cafile=proxy.certificate)
        connection = http.client.HTTPSConnection("127.0.0.1", proxy.port, context=context, timeout=timeout)
        try:
            connection.request(method, path, body=b"[]" if method == "PATCH" else None)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def lose(self, proxy):
        with self.assertRaises((OSError, http.client.HTTPException)):
            self.ask(proxy, "PATCH")

    def test_without_a_fault_everything_passes(self):
        with self.proxy(None) as proxy:
            self.assertEqual((200, {"writes": 1}), self.ask(proxy, "PATCH"))
            self.assertEqual((200, {"writes": 1}), self.ask(proxy, "GET"))
            self.assertEqual((1, 0), (proxy.writes, proxy.struck))

    def test_only_the_write_that_is_named_is_struck(self):
        with self.proxy("503", at=2) as proxy:
            self.assertEqual(200, self.ask(proxy, "PATCH")[0])
            self.assertEqual(200, self.ask(proxy, "GET")[0])
            self.assertEqual(200, self.ask(proxy, "PATCH", PATH + "?dryRun=All")[0])
            for review in ("selfsubjectaccessreviews", "selfsubjectrulesreviews"):
                self.assertEqual(200, self.ask(proxy, "POST", f"/apis/authorization.k8s.io/v1/{review}")[0])
            self.assertEqual(503, self.ask(proxy, "PATCH")[0])
            self.assertEqual(200, self.ask(proxy, "PATCH")[0])
            self.assertEqual(1, proxy.struck)

    def test_a_refusal_never_reaches_the_server(self):
        for fault, status in (("429", 429), ("500", 500), ("503", 503)):
            with self.subTest(fault), self.proxy(fault) as proxy:
                code, body = self.ask(proxy, "PATCH")
                self.assertEqual((status, "Status", status), (code, body["kind"], body["code"]))
                self.assertEqual(0, Server.writes)

    def test_a_reset_loses_the_request_or_the_reply(self):
        for fault, delivered in (("reset-before-body", 0), ("reset-after-body", 0), ("dropped-reply", 1)):
            with self.subTest(fault), self.proxy(fault) as proxy:
                Server.writes = 0
                self.lose(proxy)
                self.assertEqual(delivered, Server.writes)

    def test_done_and_reported_as_failed(self):
        with self.proxy("500-but-done") as proxy:
            self.assertEqual(500, self.ask(proxy, "PATCH")[0])
            self.assertEqual(1, Server.writes)

    def test_a_late_request_arrives_when_its_client_has_gone(self):
        with mock.patch("fault_proxy.LATE_SECONDS", 0.3), self.proxy("late") as proxy:
            self.lose(proxy)
            self.assertEqual(0, Server.writes)
            proxy.settle()
            self.assertEqual(1, Server.writes)

    def test_a_request_arrives_twice(self):
        with mock.patch("fault_proxy.LATE_SECONDS", 0.1), self.proxy("twice") as proxy:
            self.assertEqual(200, self.ask(proxy, "PATCH")[0])
            proxy.settle()
            self.assertEqual(2, Server.writes)

    def test_a_hang_answers_nothing(self):
        with mock.patch("fault_proxy.HANG_SECONDS", 0.4), self.proxy("hang") as proxy:
            began = time.monotonic()
            self.lose(proxy)
            self.assertGreaterEqual(time.monotonic() - began, 0.4)
            self.assertEqual(0, Server.writes)

    def test_a_stale_read_shows_the_object_as_it_was(self):
        with self.proxy("stale-read") as proxy:
            self.assertEqual((200, {"writes": 0}), self.ask(proxy, "GET"))
            self.lose(proxy)
            self.assertEqual(1, Server.writes)
            self.assertEqual((200, {"writes": 0}), self.ask(proxy, "GET"))
            self.assertEqual((200, {"writes": 1}), self.ask(proxy, "GET"))

    def test_a_restart_refuses_for_a_while(self):
        with mock.patch("fault_proxy.DOWN_SECONDS", 1), self.proxy("restart") as proxy:
            self.lose(proxy)
            time.sleep(0.3)  # the listener looks ten times a second
            with self.assertRaises(ConnectionRefusedError):
                self.ask(proxy, "GET")
            time.sleep(1)
            self.assertEqual((200, {"writes": 0}), self.ask(proxy, "GET"))

    def test_the_kubeconfig_leads_through_the_proxy(self):
        with self.proxy(None) as proxy:
            source = Path(proxy.folder.name, "source")
            source.write_text(json.dumps({"clusters": [{"name": "lab", "cluster": {"server": self.url}}], "users": ["ada"]}))
            made = json.loads(proxy.kubeconfig(source).read_text())
            self.assertEqual(["ada"], made["users"])
            self.assertEqual(f"https://127.0.0.1:{proxy.port}", made["clusters"][0]["cluster"]["server"])


def event(thing, epoch, code=200, version=1, at="2026-01-01T00:00:00Z"):
    """As the API server writes it down: a fenced patch, or a write of the Lease."""
    resource, name = thing.split("/")
    request = [{"op": "test", "path": "/metadata/uid", "value": "x"}]
    if resource == "leases":
        request.append({"op": "replace", "path": "/spec", "value": {"leaseTransitions": epoch}})
    else:
        fence = f"web/0123abcd/{epoch}.7"
        request.append({"op": "add", "path": "/metadata/annotations/deployctl.dev~1fence", "value": fence})
    return {
        "stage": "ResponseComplete",
        "objectRef": {"resource": resource, "namespace": "shop", "name": name},
        "responseStatus": {"code": code},
        "requestReceivedTimestamp": at,
        "requestObject": request,
        "responseObject": {"metadata": {"resourceVersion": str(version)}},
    }


class Witness(unittest.TestCase):
    def judge(self, *events):
        with tempfile.NamedTemporaryFile("w") as log:
            for one in events:
                log.write(json.dumps(one, separators=(",", ":")) + "\n")
            log.flush()
            return audit.judge(audit.writes(log.name, "shop"))

    def test_a_write_before_the_claim_is_none_of_a_stale_runner(self):
        found = self.judge(event("deployments/web", 1, version=1), event("deployments/web", 2, version=2))
        self.assertEqual(([], [], 0, 1), (found.landed, found.beside, found.refused, found.newer))

    def test_a_write_after_the_claim_is_found_whatever_the_order_of_the_log(self):
        found = self.judge(event("deployments/web", 1, version=3), event("deployments/web", 2, version=2))
        self.assertEqual(["deployments/web"], [write.thing for write in found.landed])

    def test_a_refused_write_is_counted_and_harms_nobody(self):
        first = event("leases/deployctl-web", 2, version=2, at="2026-01-01T00:00:01Z")
        late = event("services/web", 1, code=422, at="2026-01-01T00:00:02Z")
        found = self.judge(event("services/web", 1, version=1), first, late)
        self.assertEqual(([], [], 1), (found.landed, found.beside, found.refused))

    def test_an_object_that_a_stale_runner_makes_after_all_claims_is_found(self):
        made = event("deployments/web-canary", 1, code=201, version=9)
        made["requestObject"] = {"metadata": {"annotations": {"deployctl.dev/fence": "web/0123abcd/1.9"}}}
        found = self.judge(event("deployments/web", 2, version=5), made)
        self.assertEqual(["deployments/web-canary"], [write.thing for write in found.beside])

    def test_a_first_fence_comes_with_the_whole_map(self):
        adopted = event("services/web", 3, version=4)
        whole = {"deployctl.dev/fence": "web/0123abcd/3.1", "deployctl.dev/app": "web"}
        adopted["requestObject"] = [{"op": "add", "path": "/metadata/annotations", "value": whole}]
        self.assertEqual(3, audit.read(adopted).epoch)

    def test_what_others_write_has_no_epoch(self):
        scaled = event("deployments/web", 1)
        scaled["requestObject"] = {"spec": {"replicas": 3}}
        self.assertIsNone(audit.read(scaled).epoch)


class Trials(unittest.TestCase):
    """A trial is ("point", way it goes): what counts as good, and what as a failure."""

    def setUp(self):
        self.turns = []
        silence = mock.patch("trials.say")
        silence.start()
        self.addCleanup(silence.stop)

    def attempt(self, name, trial):
        self.turns.append(name)
        way = trial[1]
        if way == "fails":
            raise trials.Failed("not as before")
        if way == "misses" or (way == "misses once" and name.endswith("-0")):
            raise trials.NotHit("not passed")
        return "as before"

    def run_all(self, *ways, by_chance=False):
        self.noted = trials.Progress(None)
        chosen = [(f"point:{number}", way) for number, way in enumerate(ways)]
        with mock.patch("trials.signal.signal"):
            return trials.run_all(chosen, self.attempt, self.noted, lambda trial: by_chance)

    def results(self):
        return [row["result"] for row in self.noted.known.values()]

    def test_what_is_not_hit_is_played_again(self):
        self.assertTrue(self.run_all("misses once"))
        self.assertEqual((["ok"], ["0-0", "0-1"]), (self.results(), self.turns))

    def test_what_is_never_hit_is_not_good_and_fails_where_it_had_to_be_hit(self):
        self.assertFalse(self.run_all("misses", "holds"))
        self.assertEqual(["not hit", "ok"], sorted(self.results()))
        self.assertEqual(trials.TRIES + 1, len(self.turns))

    def test_what_is_hit_by_chance_may_be_missed_but_not_all_of_it(self):
        self.assertTrue(self.run_all("misses", "holds", by_chance=True))
        self.assertFalse(self.run_all("misses", "misses", by_chance=True))

    def test_a_promise_that_does_not_hold_is_not_played_again(self):
        self.assertFalse(self.run_all("fails", "holds", by_chance=True))
        self.assertEqual(1, self.turns.count("0-0"))
        self.assertNotIn("0-1", self.turns)


if __name__ == "__main__":
    unittest.main()
