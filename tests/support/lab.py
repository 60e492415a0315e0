# SPDX-License-Identifier: Apache-2.0
"""The lab as the runners use it: is it up, bring it up, and the environment it gives to a test."""

import os
import shlex
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAB = ROOT / "lab/lab"


def is_up():
    """Whether `lab/lab status` says that a lab is there."""
    if not LAB.exists():
        return False
    run = subprocess.run([LAB, "status"], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return run.returncode == 0


def environment():
    """The present environment with the `export NAME=value` lines of `lab/lab env` in it."""
    values = dict(os.environ)
    if not LAB.exists():
        return values
    run = subprocess.run([LAB, "env"], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    for word in shlex.split(run.stdout, comments=True) if run.returncode == 0 else []:
        name, equals, value = word.partition("=")
        if equals and name.isidentifier():
            values[name] = value
    return values
