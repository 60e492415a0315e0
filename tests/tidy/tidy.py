#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Style as a test: runs every check over the repository and names each place that breaks one.

    tests/tidy/tidy.py [--list] [CHECK...]

The rules and their reasons are the docstrings of the checks. A warning never fails the run.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import checks_places
import checks_shape
import checks_text
import checks_tools
from source import Repository

CHECKS = checks_shape.CHECKS + checks_places.CHECKS + checks_text.CHECKS + checks_tools.CHECKS


def run(repo, checks):
    """Prints the findings of each check and returns how many checks failed."""
    failed = 0
    for check in checks:
        findings = list(check(repo))
        failed += any(not finding.warning for finding in findings)
        for finding in findings:
            mark = "warning: " if finding.warning else ""
            print(f"{finding.path}:{finding.line}: {mark}[{check.__name__}] {finding.message}")
    return failed


def main(arguments):
    if "--list" in arguments:
        for check in CHECKS:
            print(f"{check.__name__:<20} {check.__doc__.strip().splitlines()[0]}")
        return 0
    known = {check.__name__: check for check in CHECKS}
    unknown = [name for name in arguments if name not in known]
    if unknown:
        print(f"no check named {', '.join(unknown)}; see --list", file=sys.stderr)
        return 2
    checks = [known[name] for name in arguments] or CHECKS
    failed = run(Repository.read(Path(__file__).resolve().parents[2]), checks)
    print(f"tidy: {len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
