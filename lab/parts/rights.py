# SPDX-License-Identifier: Apache-2.0
"""Root by sudo, for the verbs that need it."""
import os
import shutil
import subprocess
import sys

from parts.waiting import say

KEPT = "DEPLOYCTL_LAB_STATE"


def become_root(options):
    """Runs this same command again as root where that is possible. Otherwise goes on: KWOK needs no root."""
    if os.geteuid() == 0 or getattr(options, "without_containers", False) or not shutil.which("sudo"):
        return
    without_asking = subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
    if not without_asking and not sys.stdin.isatty():
        return
    say("lab: containers need root, asking sudo")
    os.execvp("sudo", ["sudo", f"--preserve-env={KEPT},PATH", *sys.argv])
