#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""client.py URL FILE: asks until SIGTERM, a fresh connection each; writes `asked=N failed=N dropped=N bad=N` and why.

What only a bad version gives is counted apart, for no tool can spare a client that: `bad` is an answer other than 200,
`dropped` a connection refused or cut, as by a process that crashed while its pod was still in the Service. Every other
way not to be answered counts as `failed`. Each connection has a source port that none had in the last
20 minutes: the kernel tracks a connection for a while after its pod has gone, and one from the same port would be sent
there, whatever the Service says by then.
"""

import errno
import http.client
import signal
import sys
import time
from urllib.parse import urlsplit

FIRST_PORT, PORTS, MOST_A_SECOND = 10_000, 50_000, 40
running = True


def stop(*_):
    global running
    running = False


def source_ports():
    """No two clients that follow each other share one: the clock moves on faster than they ask."""
    port = int(time.time() * MOST_A_SECOND)
    while True:
        yield FIRST_PORT + port % PORTS
        port += 1


def ask(url, port):
    connection = http.client.HTTPConnection(url.hostname, url.port or 80, timeout=5, source_address=("", port))
    try:
        connection.request("GET", url.path or "/")
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()


def is_taken(error):
    return isinstance(error, OSError) and error.errno == errno.EADDRINUSE  # somebody else's port


signal.signal(signal.SIGTERM, stop)
url = urlsplit(sys.argv[1])
asked, bad, dropped, failed, reasons = 0, 0, 0, 0, []
for port in source_ports():
    if not running:
        break
    try:
        bad += ask(url, port) != 200
    except Exception as error:  # every way not to be answered counts
        if is_taken(error):
            continue
        cut = isinstance(error, (ConnectionRefusedError, ConnectionResetError, http.client.RemoteDisconnected))
        dropped += cut
        failed += not cut
        reasons.append(f"{time.strftime('%H:%M:%S')} {error}")
    asked += 1
    time.sleep(1 / MOST_A_SECOND)
with open(sys.argv[2], "w", encoding="utf-8") as out:
    print(f"asked={asked} failed={failed} dropped={dropped} bad={bad}", *reasons[:5], sep="\n", file=out)
