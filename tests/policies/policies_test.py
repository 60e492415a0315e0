#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The real opa and conftest, and policies for them, for the tests of a program.

    tests/policies/policies_test.py PROGRAM [ARGUMENT...]

The program finds both in its $PATH, and gets DEPLOYCTL_TEST_POLICIES: a folder with good.rego, which denies a container
without limits and whatever is named after a secret, and broken.rego, which is no Rego. It is run twice: its
tests of [missing] without the tools. Its exit code is this one's; 77 where the tools are not built: lab/build opa conftest.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
BINARIES = Path(__file__).resolve().parents[2] / ".lab/bin"
POLICIES = {
    "good.rego": """
package main

import rego.v1

deny contains msg if {
    some container in input.spec.template.spec.containers
    not container.resources.limits.memory
    msg := sprintf("container %s has no limit of memory", [container.name])
}

deny contains msg if {
    some container in input.spec.template.spec.containers
    some variable in container.env
    endswith(variable.name, "_PASSWORD")
    msg := sprintf("%s is a literal: %v", [variable.name, variable])
}
""",
    "broken.rego": "package main\n\ndeny contains msg if {\n",
}


def main(command):
    if missing := [name for name in ("opa", "conftest") if not (BINARIES / name).exists()]:
        print(f"NOT RUN: there is no {' and no '.join(missing)}; lab/build opa conftest builds them", flush=True)
        return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        for name, text in POLICIES.items():
            Path(folder, name).write_text(text)
        given = {**os.environ, "DEPLOYCTL_TEST_POLICIES": folder}
        runs = (
            (["~[missing]"], {"PATH": f"{BINARIES}:{os.environ['PATH']}"}),
            (["[missing]"], {"PATH": "/nowhere"}),
        )
        codes = [
            subprocess.run([*command, *which], env={**given, **more}, check=False).returncode for which, more in runs
        ]
        return max(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
