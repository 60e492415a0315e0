# SPDX-License-Identifier: Apache-2.0
"""Waiting with a deadline, and what to show when it passes."""
import sys
import time


LONGEST_LINE = 240


class LabError(Exception):
    """Something a person has to read; the text says what happened and where to look."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def log_tail(path, lines=15):
    try:
        with open(path, errors="replace") as file:
            last = file.readlines()[-lines:]
    except OSError as problem:
        return f"  (no log: {problem})"
    return "\n".join("  | " + line.rstrip()[:LONGEST_LINE] for line in last) or "  (the log is empty)"


def wait_until(what, check, seconds, log=None, interval=0.05):
    """Calls `check` until it answers something true, and returns that. A check may raise LabError to give up early."""
    deadline = time.monotonic() + seconds
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > deadline:
            text = f"{what}: not so after {seconds} s"
            if log:
                text += f"\n{log_tail(log)}\n  the whole log: {log}"
            raise LabError(text)
        time.sleep(interval)
