#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Generated pods, judged by the Kubernetes library, for the test of our own verdicts.

    tests/pod_security/pod_security_test.py PROGRAM [ARGUMENT...]

The program finds in DEPLOYCTL_TEST_PODS a file with one pod a line, after "true" or "false" for baseline and for
restricted. DEPLOYCTL_TEST_SEED chooses other pods. Exits 77 where the oracle is not built: lab/build pod-security.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
HERE = Path(__file__).resolve().parent
ORACLE = HERE.parents[1] / ".lab/bin/pod-security"
COUNT = 4000


def output_of(command, text=None):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def main(command):
    if not ORACLE.exists():
        print("NOT RUN: there is no oracle; lab/build pod-security builds it", flush=True)
        return SKIPPED
    seed = os.environ.get("DEPLOYCTL_TEST_SEED", "1")
    pods = output_of([sys.executable, str(HERE / "pods.py"), seed, str(COUNT)])
    verdicts = output_of([str(ORACLE)], pods)
    lines = [f"{verdict} {pod}\n" for verdict, pod in zip(verdicts.splitlines(), pods.splitlines(), strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pods")
        path.write_text("".join(lines))
        given = {**os.environ, "DEPLOYCTL_TEST_PODS": str(path)}
        return subprocess.run(command, env=given, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
