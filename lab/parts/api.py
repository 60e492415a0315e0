# SPDX-License-Identifier: Apache-2.0
"""The few questions that the lab itself asks of its API server."""
import json
import ssl
import urllib.error
import urllib.request


class Api:
    def __init__(self, lab, user="admin"):
        self.server = lab.server
        self.token = lab.memory["tokens"][user]
        self.authorities = ssl.create_default_context(cafile=lab.path("secrets/apiserver.crt"))

    def call(self, method, path, body=None, content_type="application/json"):
        """The parsed answer. Raises HTTPError or another OSError."""
        with self.open(method, path, body, content_type, patience_seconds=5) as answer:
            text = answer.read()
            kind = answer.headers.get("Content-Type", "")
            return json.loads(text) if kind.startswith("application/json") else text.decode()

    def watch(self, path):
        """One change after the other, until the server ends the stream. Raises OSError."""
        with self.open("GET", path, None, "application/json", patience_seconds=600) as answer:
            for line in answer:
                yield json.loads(line)

    def open(self, method, path, body, content_type, patience_seconds):
        request = urllib.request.Request(
            self.server + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Bearer " + self.token, "Content-Type": content_type},
        )
        return urllib.request.urlopen(request, timeout=patience_seconds, context=self.authorities)

    def get(self, path):
        """The parsed answer, or None where there is none (yet)."""
        try:
            return self.call("GET", path)
        except OSError:
            return None

    def ensure(self, path, thing):
        """Creates a thing unless one of its name exists."""
        try:
            self.call("POST", path, thing)
        except urllib.error.HTTPError as problem:
            if problem.code != 409:
                raise

    def remove(self, path, options):
        """Deletes a thing, or finds that it is gone already."""
        try:
            self.call("DELETE", path, options)
        except urllib.error.HTTPError as problem:
            if problem.code != 404:
                raise
