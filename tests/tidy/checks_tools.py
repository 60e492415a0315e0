# SPDX-License-Identifier: Apache-2.0
"""Checks that ask a tool: lizard, clang-format, and the built program about its own options."""

import json
import os
import re
import subprocess
import sys

from source import Finding

FUNCTION_LINES = 60
FUNCTION_BRANCHES = 12
FUNCTION_PARAMETERS = 5


def _missing(tool):
    """Without the development tools a check cannot run: loud at home, a failure in CI."""
    in_ci = os.environ.get("CI") == "true"
    message = f"NOT CHECKED: {tool} is not installed; run scripts/setup --dev"
    return Finding("requirements-dev.txt", 1, message, warning=not in_ci)


def functions(repo):
    """A function over a screen, with many branches or many parameters, does more than its name says.

    A switch counts as one branch: an exhaustive switch over an enum is a table.
    """
    packages = sorted(repo.root.glob(".venv/lib/python3*/site-packages")) if repo.root else []
    sys.path.extend(str(p) for p in packages if str(p) not in sys.path)
    try:
        import lizard
    except ImportError:
        yield _missing("lizard")
        return
    analyse = lizard.FileAnalyzer(lizard.get_extensions(["modified"]))
    for f in repo.cpp():
        if f.is_test:
            continue
        for found in analyse.analyze_source_code(f.path, f.text).function_list:
            where = f.path, found.start_line
            if found.nloc > FUNCTION_LINES:
                yield Finding(*where, f"{found.name} has {found.nloc} lines, at most {FUNCTION_LINES}")
            if found.cyclomatic_complexity > FUNCTION_BRANCHES:
                count = found.cyclomatic_complexity
                yield Finding(*where, f"{found.name} has {count} branches, at most {FUNCTION_BRANCHES}")
            if found.parameter_count > FUNCTION_PARAMETERS:
                count = found.parameter_count
                yield Finding(*where, f"{found.name} takes {count} parameters, at most {FUNCTION_PARAMETERS}")


def formatting(repo):
    """Layout is the formatter's: `make format` mends it."""
    if repo.root is None or not repo.cpp():
        return
    tool = repo.root / ".venv/bin/clang-format"
    if not tool.exists():
        yield _missing("clang-format")
        return
    paths = [f.path for f in repo.cpp()]
    run = subprocess.run(
        [tool, "--dry-run", "-Werror", *paths], cwd=repo.root, capture_output=True, text=True, check=False
    )
    seen = set()
    for path, line in re.findall(r"^(.+?):(\d+):\d+: error: code should be", run.stderr, re.M):
        if path not in seen:
            seen.add(path)
            yield Finding(path, int(line), "not formatted: run make format")
    if run.returncode != 0 and not seen:
        yield Finding(".clang-format", 1, f"clang-format failed: {run.stderr.strip()[:300]}")


def _schema_keys(node):
    if isinstance(node, dict):
        properties = node.get("properties")
        if isinstance(properties, dict):
            yield from properties
        for child in node.values():
            yield from _schema_keys(child)
    elif isinstance(node, list):
        for child in node:
            yield from _schema_keys(child)


def _config_keys(repo):
    programs = sorted(repo.root.glob("build/*/cli/deployctl")) if repo.root else []
    for program in programs:
        try:
            run = subprocess.run(
                [program, "config", "schema"], capture_output=True, text=True, check=False, timeout=20
            )
            return sorted(set(_schema_keys(json.loads(run.stdout)))) if run.returncode == 0 else []
        except (json.JSONDecodeError, OSError, subprocess.TimeoutExpired):
            continue
    return []


def _flags(repo):
    """Each as (long name, all its names)."""
    for f in repo.cpp():
        if f.folder == "cli":
            for _, match in f.search(r'\badd_(?:option|flag)\w*\s*\(\s*"([^"]+)"', f.code):
                names = match.group(1).split(",")
                yield from ((name, tuple(names)) for name in names if name.startswith("--"))


def _help_examples(repo):
    """What stands in `--help`, as one text."""
    calls = r'\badd_example\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+),'
    lines = [re.sub(r'"\s*"', "", match) for f in repo.cpp() if f.folder == "cli" for match in re.findall(calls, f.text)]
    return "\n".join(lines)


def dead_options(repo):
    """An option without a test and an example is one that nobody needs, or that nobody can find."""
    mine = [f for f in repo.files if not f.path.startswith("tests/tidy/")]
    tests = "\n".join(f.text for f in mine if f.folder == "tests")
    examples = "\n".join(f.text for f in mine if f.folder == "examples" or f.name == "README.md")
    examples += "\n" + _help_examples(repo)
    names = [
        ("flag", name, r"(?<![\w-])(?:" + "|".join(map(re.escape, spelled)) + r")(?![\w-])")
        for name, spelled in sorted(set(_flags(repo)))
    ]
    names += [("key", name, rf"\b{re.escape(name)}\b") for name in _config_keys(repo)]
    for kind, name, pattern in names:
        for where, text in (("test", tests), ("example", examples)):
            if not re.search(pattern, text):
                yield Finding("cli", 1, f"{kind} {name} occurs in no {where}")


CHECKS = [functions, formatting, dead_options]
