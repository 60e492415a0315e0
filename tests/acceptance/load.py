#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""load.py URL THREADS: asks from so many threads at once, a fresh connection each time, until SIGTERM.

What is answered nobody counts here: the pods do, and their counters are what gates ask for. Its source ports are of a
range that nobody else uses: the kernel goes on tracking the connections of pods that were killed, and who came from the
same port later would be sent to them.
"""

import contextlib
import http.client
import itertools
import signal
import sys
import threading
import time
from urllib.parse import urlsplit

PAUSE_SECONDS = 0.05
FIRST_PORT, PORTS = 2_000, 8_000
stopped = threading.Event()


def ask(url, port):
    connection = http.client.HTTPConnection(url.hostname, url.port or 80, timeout=2, source_address=("", port))
    try:
        connection.request("GET", url.path or "/")
        connection.getresponse().read()
    finally:
        connection.close()


def keep_asking(url, ports):
    while not stopped.is_set():
        with contextlib.suppress(OSError, http.client.HTTPException):  # a port that is taken, too
            ask(url, FIRST_PORT + next(ports) % PORTS)
        time.sleep(PAUSE_SECONDS)


signal.signal(signal.SIGTERM, lambda *_: stopped.set())
where = urlsplit(sys.argv[1])
numbers = itertools.count()
for _ in range(int(sys.argv[2])):
    threading.Thread(target=keep_asking, args=(where, numbers), daemon=True).start()
stopped.wait()
