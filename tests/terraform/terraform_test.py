#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The real Terraform for the tests of a program.

    tests/terraform/terraform_test.py PROGRAM [ARGUMENT...]

The program gets a PATH with `terraform`: of .lab/bin, else of this machine. With the provider of `local_file` in .lab/bin
it gets DEPLOYCTL_TEST_PROVIDER_LOCAL, and a configuration of Terraform (TF_CLI_CONFIG_FILE) that takes providers from a
folder and from nowhere else; without it the tests of [drift] say that they are not run. Its exit code is this one's; 77
where there is no Terraform: lab/build terraform terraform-provider-local.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BINARIES = Path(__file__).resolve().parents[2] / ".lab" / "bin"
SKIPPED = 77
VERSION = "1.4.0"


def mirror(folder):
    """A folder as `filesystem_mirror` wants it; false where the provider is not built."""
    provider = BINARIES / "terraform-provider-local"
    if not provider.exists():
        return False
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    place = folder / "registry.terraform.io" / "hashicorp" / "local" / VERSION / f"linux_{machine}"
    place.mkdir(parents=True)
    shutil.copy2(provider, place / f"terraform-provider-local_v{VERSION}_x5")
    return True


def main(command):
    path = f"{BINARIES}:{os.environ['PATH']}"
    if not shutil.which("terraform", path=path):
        print("NOT RUN: there is no terraform; lab/build terraform builds it", flush=True)
        return SKIPPED
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "mirror").mkdir()
        has_provider = mirror(folder / "mirror")
        settings = folder / "terraformrc"
        settings.write_text(f'provider_installation {{\n  filesystem_mirror {{ path = "{folder}/mirror" }}\n}}\n')
        environment = {**os.environ, "PATH": path, "TF_CLI_CONFIG_FILE": str(settings), "CHECKPOINT_DISABLE": "1"}
        if has_provider:
            environment["DEPLOYCTL_TEST_PROVIDER_LOCAL"] = VERSION
        else:
            print("NOT RUN: drift, for lack of terraform-provider-local; lab/build builds it", flush=True)
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
