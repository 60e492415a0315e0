# SPDX-License-Identifier: Apache-2.0
"""A child that is shown, recorded and, past its time, ended together with what it started."""

import os
import signal
import subprocess
import sys
import threading

GRACE_SECONDS = 20


def end(child):
    """Ends the child's own process group: asks first, insists after a while."""
    for sign, patience in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, None)):
        try:
            os.killpg(child.pid, sign)
            child.wait(patience)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


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
        child.stdout.close()
    return (None if expired.is_set() else code), "".join(lines)
