#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL of its own for a command: its folder, its socket, and nobody else's.

    tests/support/postgresql.py COMMAND [ARGUMENT...]

The command gets PGHOST, PGUSER and a PATH with the client's programs; its exit code is this one's, 77 where there is no
PostgreSQL on this machine. As root the server runs as another user. Ends only what it started.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SKIPPED = 77
USER = "tester"


def find_server():
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    return next((folder for folder in reversed(folders) if (folder / "postgres").exists()), None)


class Server:
    """Listens at a socket in `folder` alone."""

    def __init__(self, programs, folder):
        self.programs, self.folder = programs, folder
        self.account = []
        if os.geteuid() == 0:  # it does not run as root
            user = pwd.getpwnam("postgres" if self.has("postgres") else "nobody")
            os.chown(folder, user.pw_uid, user.pw_gid)
            self.account = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        self.run("initdb", "--auth=trust", f"--username={USER}", "--no-sync", f"--pgdata={folder}/data")
        options = ["-D", f"{folder}/data", "-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off"]
        with open(folder / "log", "w", encoding="utf-8") as log:
            self.child = subprocess.Popen(
                [*self.account, programs / "postgres", *options], stdout=log, stderr=log, cwd=folder, start_new_session=True
            )
        until = time.monotonic() + 60
        while subprocess.run([programs / "pg_isready", "-q", "-h", folder], check=False).returncode != 0:
            if self.child.poll() is not None or time.monotonic() > until:
                raise RuntimeError((folder / "log").read_text())
            time.sleep(0.1)

    def environment(self):
        path = f"{self.programs}:{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "PGHOST": str(self.folder), "PGUSER": USER}

    @staticmethod
    def has(user):
        return any(entry.pw_name == user for entry in pwd.getpwall())

    def run(self, program, *words):
        subprocess.run([*self.account, self.programs / program, *words], check=True, capture_output=True, cwd=self.folder)

    def end(self):
        self.child.terminate()
        try:
            self.child.wait(20)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


def main(command):
    programs = find_server()
    if not programs:
        print("NOT RUN: there is no PostgreSQL on this machine", flush=True)
        return SKIPPED
    folder = Path(tempfile.mkdtemp(prefix="deployctl-pg-"))
    server = Server(programs, folder)
    try:
        return subprocess.run(command, env=server.environment(), check=False).returncode
    finally:
        server.end()
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
