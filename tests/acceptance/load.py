#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""load.py URL THREADS: asks from so many threads at once, a fresh connection each time, until SIGTERM.

What is answered nobody counts here: the pods do, and their counters are what gates ask for.
"""

import contextlib
import http.client
import signal
import sys
import threading
import time
from urllib.parse import urlsplit

PAUSE_SECONDS = 0.05
stopped = threading.Event()


def ask(url):
    connection = http.client.HTTPConnection(url.hostname, url.port or 80, timeout=5)
    try:
        connection.request("GET", url.path or "/")
        connection.getresponse().read()
    finally:
        connection.close()


def keep_asking(url):
    while not stopped.is_set():
        with contextlib.suppress(OSError, http.client.HTTPException):
            ask(url)
        time.sleep(PAUSE_SECONDS)


signal.signal(signal.SIGTERM, lambda *_: stopped.set())
where = urlsplit(sys.argv[1])
for _ in range(int(sys.argv[2])):
    threading.Thread(target=keep_asking, args=(where,), daemon=True).start()
stopped.wait()
