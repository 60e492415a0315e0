#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""client.py URL FILE: asks until SIGTERM, a fresh connection each; writes `asked=N failed=N` and the failures."""

import signal
import sys
import time
import urllib.request

running = True


def stop(*_):
    global running
    running = False


signal.signal(signal.SIGTERM, stop)
asked, failures = 0, []
while running:
    asked += 1
    try:
        with urllib.request.urlopen(sys.argv[1], timeout=5) as answer:
            answer.read()
    except Exception as error:  # every way not to be answered counts
        failures.append(f"{time.strftime('%H:%M:%S')} {error}")
    time.sleep(0.02)
with open(sys.argv[2], "w", encoding="utf-8") as out:
    print(f"asked={asked} failed={len(failures)}", *failures[:5], sep="\n", file=out)
