# SPDX-License-Identifier: Apache-2.0
"""A child that is shown, recorded and, past its time, ended together with what it started."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

GRACE_SECONDS = 20


def lives_in_group(group):
    """Whether a process of the group still runs; one that ended and was not waited for does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = stat.read_text(errors="replace").rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state != "Z":
            return True
    return False


def end(child):
    """Ends the child's own process group, all of it: asks first, insists after a while."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(child.pid, sign)
        except ProcessLookupError:
            break
        until = time.monotonic() + GRACE_SECONDS
        while lives_in_group(child.pid) and time.monotonic() < until:
            child.poll()
            time.sleep(0.02)
        if not lives_in_group(child.pid):
            break
    child.wait()


def run(command, *, cwd, timeout, env=None, log=None, stderr=subprocess.STDOUT, show=True):
    """Returns (exit code or None after a timeout, output); the output is shown as it comes."""
    child = subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    expired = threading.Event()

    def on_timeout():
        expired.set()
        end(child)

    timer = threading.Timer(timeout, on_timeout)
    timer.start()
    lines = []
    try:
        for line in child.stdout:
            lines.append(line)
            if show:
                sys.stdout.write(line)
                sys.stdout.flush()
            if log:
                log.write(line)
        code = child.wait()
    except BaseException:
        end(child)
        raise
    finally:
        timer.cancel()
        timer.join()
        child.stdout.close()
    return (None if expired.is_set() else code), "".join(lines)
