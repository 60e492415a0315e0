#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""client.py URL FILE: asks until SIGTERM, a fresh connection each; writes `asked=N failed=N bad=N` and the failures.

An answer other than 200 comes from the bad version alone, the good ones give none: it counts as `bad`, and no tool can
spare a client that. Not to be answered counts as `failed`.
"""

import signal
import sys
import time
import urllib.error
import urllib.request

running = True


def stop(*_):
    global running
    running = False


signal.signal(signal.SIGTERM, stop)
asked, bad, failures = 0, 0, []
while running:
    asked += 1
    try:
        with urllib.request.urlopen(sys.argv[1], timeout=5) as answer:
            answer.read()
    except urllib.error.HTTPError as error:
        error.read()
        bad += 1
    except Exception as error:  # every way not to be answered counts
        failures.append(f"{time.strftime('%H:%M:%S')} {error}")
    time.sleep(0.02)
with open(sys.argv[2], "w", encoding="utf-8") as out:
    print(f"asked={asked} failed={len(failures)} bad={bad}", *failures[:5], sep="\n", file=out)
