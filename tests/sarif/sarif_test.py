#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what `assess -o sarif` writes against the schema of SARIF 2.1.0, as Microsoft's package has it.

    sarif_test.py PROGRAM

The flawed example, a folder with nothing in it, and one with a file that cannot be read have to be valid; documents
that are broken on purpose have not. Exits with 77, and says why, where there is no npm to fetch the schema by.
"""

import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
ROOT = Path(__file__).resolve().parents[2]
ASSESSED = (0, 4, 12)


def modules():
    """The folder that has the schema and a validator, fetched once; nothing where that cannot be."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "deployctl/sarif"
    found = cache / "node_modules"
    if not shutil.which("node") or not shutil.which("npm"):
        return None
    if not (found / "ajv").exists():
        cache.mkdir(parents=True, exist_ok=True)
        flags = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        subprocess.run(["npm", "install", *flags, "--prefix", str(cache), PACKAGE], check=False, timeout=120)
    return found if (found / "ajv").exists() else None


def report_of(program, folder):
    with tempfile.TemporaryDirectory() as cache:
        done = subprocess.run(
            [program, "assess", str(folder), "-o", "sarif"],
            capture_output=True,
            env={**os.environ, "XDG_CACHE_HOME": cache},
            check=False,
        )
    if done.returncode not in ASSESSED:
        sys.exit(f"assess of {folder}: exit code {done.returncode}: {done.stderr.decode()}")
    return json.loads(done.stdout)


def broken(report):
    """Each with one thing that no SARIF has; what a validator has to see."""
    without_version = copy.deepcopy(report)
    del without_version["version"]
    yield "no version", without_version
    line_zero = copy.deepcopy(report)
    location = line_zero["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    location["region"] = {"startLine": 0}
    yield "line 0", line_zero
    other_level = copy.deepcopy(report)
    other_level["runs"][0]["results"][0]["level"] = "severe"
    yield "a level that is none", other_level


def errors_of(node_modules, documents):
    command = ["node", str(Path(__file__).with_name("sarif_validator.js")), str(node_modules)]
    text = "".join(json.dumps(document) + "\n" for document in documents)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    program = sys.argv[1]
    node_modules = modules()
    if node_modules is None:
        print("SKIPPED: the schema of SARIF is an npm package, and npm cannot fetch it here")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryDirectory() as unread:
        (Path(unread) / "broken.yaml").write_text("apiVersion: v1\nkind: Service\n\tname: [\n")
        folders = [ROOT / "examples/mcp-server/flawed", ROOT / "examples/mcp-server/good", Path(empty), Path(unread)]
        reports = [report_of(program, folder) for folder in folders]
    if not reports[0]["runs"][0]["results"]:
        sys.exit("the flawed example has no results")
    wrong = list(broken(reports[0]))
    answers = errors_of(node_modules, reports + [document for _, document in wrong])
    for folder, errors in zip(folders, answers):
        if errors:
            sys.exit(f"{folder}: {errors}")
    for (name, _), errors in zip(wrong, answers[len(folders) :]):
        if not errors:
            sys.exit(f"{name}: taken for SARIF")
    print(f"{len(folders)} reports are SARIF 2.1.0, {len(wrong)} broken ones are not")


if __name__ == "__main__":
    main()
