# SPDX-License-Identifier: Apache-2.0
"""What stands for the service: health, readiness, version and metrics, and one tool over HTTP."""

import json
import os
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VERSION = os.environ.get("MCP_VERSION", "dev")
READY = threading.Event()


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health":
            self.answer(200, {"status": "ok"})
        elif self.path == "/ready":
            self.answer(200 if READY.is_set() else 503, {"ready": READY.is_set()})
        elif self.path == "/version":
            self.answer(200, {"version": VERSION})
        elif self.path == "/metrics":
            self.answer(200, f'mcp_server_up{{version="{VERSION}"}} 1\n', "text/plain")
        else:
            self.answer(404, {"error": "no such tool"})

    def answer(self, status, body, kind="application/json"):
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, form, *values):
        print(json.dumps({"client": self.client_address[0], "request": form % values}), flush=True)


def main():
    server = ThreadingHTTPServer(("0.0.0.0", int(os.environ.get("MCP_PORT", "8080"))), Answers)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    READY.set()
    server.serve_forever()


if __name__ == "__main__":
    main()
