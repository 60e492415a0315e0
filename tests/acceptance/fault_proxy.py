#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A proxy with faults between `kubectl proxy` and an API server: what is asked passes, and one write meets a fault.

    tests/acceptance/fault_proxy.py FAULT N             with the lab's KUBECONFIG; says which KUBECONFIG leads through it
    tests/acceptance/fault_proxy.py FAULT SHARE SEED    each write with that probability: 0.2

Writes count from 1; a dry run and the question for a permission are none. It talks HTTP/1.1 over TLS with a certificate
of its own, and passes tokens on as they come.
"""

import http.client
import json
import os
import random
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

WRITES = ("PATCH", "POST", "PUT", "DELETE")
OF_A_CONNECTION = ("connection", "keep-alive", "content-length", "transfer-encoding", "host", "upgrade")
# Longer than the client waits for an answer (10 s).
HANG_SECONDS = 12
LATE_SECONDS = 4
DOWN_SECONDS = 4


@dataclass
class Answer:
    status: int
    headers: list
    body: bytes


def status_of(code, reason, headers=()):
    """As an API server says it."""
    body = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": reason, "reason": reason, "code": code}
    return Answer(code, [("Content-Type", "application/json"), *headers], json.dumps(body).encode())


def latency(exchange):
    time.sleep(2)
    exchange.pass_on()


def throttled(exchange):
    exchange.body()
    exchange.reply(status_of(429, "TooManyRequests", [("Retry-After", "1")]))


def error(exchange):
    exchange.body()
    exchange.reply(status_of(500, "InternalError"))


def unavailable(exchange):
    exchange.body()
    exchange.reply(status_of(503, "ServiceUnavailable"))


def error_after(exchange):
    """Done, and reported as failed: etcd answered too late."""
    exchange.ask()
    exchange.reply(status_of(500, "InternalError"))


def reset_before_body(exchange):
    exchange.reset()


def reset_after_body(exchange):
    exchange.body()
    exchange.reset()


def dropped_reply(exchange):
    exchange.ask()
    exchange.reset()


def late(exchange):
    """Delivered when its client is long gone."""
    exchange.body()
    exchange.proxy.later(LATE_SECONDS, exchange.deliver())
    exchange.reset()


def twice(exchange):
    exchange.body()
    exchange.proxy.later(LATE_SECONDS, exchange.deliver())
    exchange.pass_on()


def hang(exchange):
    exchange.body()
    time.sleep(HANG_SECONDS)
    exchange.reset()


def stale_read(exchange):
    """The reply is lost, and who looks sees the object as it was before."""
    exchange.proxy.show_stale(urlsplit(exchange.path).path)
    exchange.ask()
    exchange.reset()


def restart(exchange):
    exchange.body()
    exchange.proxy.go_down(DOWN_SECONDS)
    exchange.reset()


FAULTS = {
    "latency": latency,
    "429": throttled,
    "500": error,
    "503": unavailable,
    "500-but-done": error_after,
    "reset-before-body": reset_before_body,
    "reset-after-body": reset_after_body,
    "dropped-reply": dropped_reply,
    "late": late,
    "twice": twice,
    "hang": hang,
    "stale-read": stale_read,
    "restart": restart,
}


class Exchange(BaseHTTPRequestHandler):
    """One connection of a client, and its own to the server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(self, connection, address, proxy):
        self.proxy, self.upstream, self.taken = proxy, None, None
        super().__init__(connection, address, proxy)

    def log_message(self, *_):
        pass

    def do(self):
        self.taken = None
        fault = self.proxy.fault_of(self.command, self.path)
        (fault or Exchange.pass_on)(self)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do

    def body(self):
        """Read once, whoever asks for it."""
        if self.taken is None:
            if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
                self.taken = b"".join(iter(self.read_chunk, b""))
            else:
                self.taken = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return self.taken

    def read_chunk(self):
        size = int(self.rfile.readline().split(b";")[0], 16)
        data = self.rfile.read(size)
        self.rfile.readline()
        return data

    def sent_headers(self):
        return {name: value for name, value in self.headers.items() if name.lower() not in OF_A_CONNECTION}

    def open(self):
        """The server's answer, of which nothing has been read."""
        body = self.body()
        self.upstream = self.upstream or self.proxy.connect()
        self.upstream.request(self.command, self.path, body=body or None, headers=self.sent_headers())
        return self.upstream.getresponse()

    def ask(self):
        """The server's whole answer."""
        answer = self.open()
        whole = Answer(answer.status, answer.getheaders(), answer.read())
        self.proxy.remember(self, whole)
        return whole

    def deliver(self):
        """The same request by a connection of its own, for later."""
        command, path, body, headers = self.command, self.path, self.body(), self.sent_headers()

        def send():
            connection = self.proxy.connect()
            connection.request(command, path, body=body or None, headers=headers)
            connection.getresponse().read()
            connection.close()

        return send

    def pass_on(self):
        if self.command == "GET" and (known := self.proxy.stale_answer(self.path)):
            self.reply(known)
        elif "watch=true" in self.path or "watch=1" in self.path or "follow=true" in self.path:
            self.stream()
        else:
            self.reply(self.ask())

    def reply(self, answer):
        self.send_response_only(answer.status)
        self.send_headers(answer.headers)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def send_headers(self, headers):
        for name, value in headers:
            if name.lower() not in OF_A_CONNECTION:
                self.send_header(name, value)

    def stream(self):
        """As it comes, until one of the two has gone."""
        answer = self.open()
        self.send_response_only(answer.status)
        self.send_headers(answer.getheaders())
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while data := answer.read1(65536):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.write(b"0\r\n\r\n")

    def reset(self):
        """The connection ends as if the server had been killed."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def finish(self):
        if self.upstream:
            self.upstream.close()
        super().finish()


class FaultProxy:
    """`with FaultProxy(server, authority, fault, at=3) as proxy:`; `proxy.kubeconfig(source)` leads through it."""

    def __init__(self, server, authority, fault=None, at=0, share=0.0, seed=0):
        self.server = urlsplit(server)
        self.authorities = ssl.create_default_context(cafile=authority)
        self.fault, self.at, self.share, self.chance = FAULTS.get(fault), at, share, random.Random(seed)
        self.paths, self.struck, self.down_until = [], 0, 0.0
        self.lock, self.over = threading.Lock(), threading.Event()
        self.memory, self.stale, self.connections, self.timers = {}, set(), set(), []

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="deployctl-proxy-")
        key, self.certificate = f"{self.folder.name}/key", f"{self.folder.name}/certificate"
        subprocess.run(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 7 -subj /CN=fault-proxy".split()
            + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", self.certificate],
            check=True,
            capture_output=True,
        )
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, key)
        first = socket.create_server(("127.0.0.1", 0))
        self.port = first.getsockname()[1]
        self.thread = threading.Thread(target=self.listen, args=(first,))
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        self.settle()
        self.end_connections()
        self.folder.cleanup()

    def kubeconfig(self, source):
        """A copy of a kubeconfig (JSON, as the lab's is) whose one cluster is reached through here."""
        config = json.loads(Path(source).read_text())
        cluster = {"server": f"https://127.0.0.1:{self.port}", "certificate-authority": self.certificate}
        config["clusters"][0]["cluster"] = cluster
        path = Path(self.folder.name, "kubeconfig")
        path.write_text(json.dumps(config))
        return path

    @property
    def writes(self):
        return len(self.paths)

    def listen(self, listener):
        while not self.over.is_set():
            listener.settimeout(0.1)
            while not self.over.is_set() and time.monotonic() >= self.down_until:
                self.accept(listener)
            listener.close()  # from here on a connection is refused
            while not self.over.is_set() and time.monotonic() < self.down_until:
                time.sleep(0.05)
            if not self.over.is_set():
                listener = socket.create_server(("127.0.0.1", self.port))

    def accept(self, listener):
        try:
            plain, address = listener.accept()
        except TimeoutError:
            return
        plain.settimeout(None)
        secured = self.context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.serve, args=(secured, address), daemon=True).start()

    def serve(self, connection, address):
        with self.lock:
            self.connections.add(connection)
        try:
            Exchange(connection, address, self)
        except (OSError, http.client.HTTPException, ValueError):
            pass  # one of the two has gone
        finally:
            with self.lock:
                self.connections.discard(connection)
            connection.close()

    def connect(self):
        return http.client.HTTPSConnection(self.server.hostname, self.server.port, context=self.authorities, timeout=60)

    def fault_of(self, command, path):
        """The fault that this request meets, or nothing."""
        if command not in WRITES or "/authorization.k8s.io/" in path or "dryRun=" in path:
            return None
        with self.lock:
            self.paths.append(urlsplit(path).path)
            strikes = self.writes == self.at or self.chance.random() < self.share
            self.struck += bool(strikes and self.fault)
            return self.fault if strikes else None

    def remember(self, exchange, answer):
        if exchange.command == "GET" and answer.status == 200:
            self.memory[exchange.path] = answer

    def show_stale(self, path):
        self.stale.add(path)

    def stale_answer(self, path):
        """What was answered before, once, where that is asked for."""
        if path not in self.stale:
            return None
        self.stale.discard(path)
        return self.memory.get(path)

    def later(self, seconds, deed):
        timer = threading.Timer(seconds, deed)
        self.timers.append(timer)
        timer.start()

    def settle(self):
        """Returns once all that was held back has been delivered."""
        for timer in self.timers:
            timer.join()

    def go_down(self, seconds):
        self.down_until = time.monotonic() + seconds
        self.end_connections()

    def end_connections(self):
        with self.lock:
            living = list(self.connections)
        for connection in living:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it has gone already


def main(words):
    if len(words) not in (2, 3) or words[0] not in FAULTS:
        sys.exit(f"{__doc__}\nFAULT is one of {', '.join(FAULTS)}")
    source = os.environ["KUBECONFIG"]
    cluster = json.loads(Path(source).read_text())["clusters"][0]["cluster"]
    rule = {"at": int(words[1])} if len(words) == 2 else {"share": float(words[1]), "seed": int(words[2])}
    with FaultProxy(cluster["server"], cluster["certificate-authority"], words[0], **rule) as proxy:
        print(f"export KUBECONFIG={proxy.kubeconfig(source)}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(f"{proxy.writes} writes, {proxy.struck} with a fault", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
