# SPDX-License-Identifier: Apache-2.0
"""Checks of place: what may stand where. The tables are those of docs/ARCHITECTURE.md."""

import re

from source import TOOL_FOLDERS, Finding, balanced


def _json_file(f):
    return f.name.endswith("_json.cpp") or f.folder == "documents"


def _in(*folders):
    return lambda f: f.path.startswith(folders)


# Header prefix -> the files that may include it: one place for each library keeps it replaceable and compiles fast.
LIBRARIES = {
    "yaml-cpp/": _in("documents/"),
    "nlohmann/": _json_file,
    "SQLiteCpp/": _in("state/"),
    "sqlite3.h": _in("state/"),
    "curl/": _in("plugins/http/"),
    "boost/process": _in("plugins/process/"),
    "boost/beast": _in("dashboard/"),
    "CLI/": _in("cli/"),
    "openssl/": _in("documents/"),
    "date/": _in("calendar/"),
}

HIDDEN_INPUT = (
    r"\b(?:system_clock|steady_clock|high_resolution_clock)::now\b|\brandom_device\b|\b(?:secure_)?getenv\b"
    r"|\bsleep_(?:for|until)\b|\bclock_gettime\b|\bgettimeofday\b|\bgetrandom\b|\bstd::time\s*\("
)


def layers(repo):
    """Arrows point inward only: an include against the layer table makes two layers one."""
    table = repo.layers
    if not table:
        yield Finding("docs/ARCHITECTURE.md", 1, "no layer table found (rows: | `folder/` | what | may include |)")
        return
    for f in repo.product():
        if f.folder not in table:
            yield Finding(f.path, 1, f"{f.folder}/ has no row in the layer table of docs/ARCHITECTURE.md")
    folders = set(table) | TOOL_FOLDERS
    for f in repo.product() + [f for f in repo.cpp() if f.is_test]:
        allowed = set(table) if f.is_test else table.get(f.folder, set())
        for line, match in f.search(r'#include\s+"([^"]+)"', f.code):
            target = match.group(1)
            first = target.split("/", 1)[0]
            if "/" not in target or target.startswith("."):
                yield Finding(f.path, line, f"include {target} from the root of the repository")
            elif first in folders and first not in allowed:
                yield Finding(f.path, line, f"layer leak: {f.folder}/ may not include {target}")
    yield from _declared_dependencies(repo)


def _declared_dependencies(repo):
    for name, allowed in repo.layers.items():
        path = f"{name}/CMakeLists.txt"
        declared = re.search(r"deployctl_layer\(([^)]*)\)", repo.text(path))
        if declared and (depends := re.search(r"DEPENDS\s+(.*?)(?:PACKAGES|$)", declared.group(1), re.S)):
            for layer in sorted(set(depends.group(1).split()) - allowed):
                yield Finding(path, 1, f"{name} depends on {layer}, which its row of the layer table does not name")


def libraries(repo):
    """Each third-party library has one place, so that a change of it touches one folder."""
    for f in repo.product():
        for line, match in f.search(r'#include\s+[<"]([^>"]+)[>"]', f.code):
            for prefix, allowed in LIBRARIES.items():
                if match.group(1).startswith(prefix) and not allowed(f):
                    yield Finding(f.path, line, f"{match.group(1)} is included outside its place")


def catch_sites(repo):
    """Accidents are caught at few known borders; any other catch hides a bug."""
    for f in repo.product():
        if f.path not in repo.catch_sites:
            for line, _ in f.search(r"\bcatch\s*\("):
                yield Finding(f.path, line, "catch outside the catch sites of docs/ARCHITECTURE.md")
    for path in repo.catch_sites:
        if path in repo.by_path and not re.search(r"\bcatch\s*\(", repo.by_path[path].bare):
            yield Finding(path, 1, "listed as a catch site but catches nothing: strike it from the list", warning=True)


LOG_ONLY = re.compile(r"(?:spdlog::\w+|std::(?:cerr|clog)|log(?:ger)?(?:_|\.|->|::)?\w*)\s*(?:\(|<<)[^;]*;")


def swallowed_errors(repo):
    """A catch that only logs, or does nothing, turns an error into a mystery."""
    for f in repo.cpp():
        for line, match in f.search(r"\bcatch\s*\("):
            opening = f.bare.find("{", balanced(f.bare, match.end() - 1))
            end = balanced(f.bare, opening)
            rest = LOG_ONLY.sub("", f.bare[opening + 1 : end - 1]).strip()
            explained = "//" in f.text[opening:end] or "//" in f.text[end : f.text.find("\n", end)]
            if not rest and not (explained and (f.path in repo.catch_sites or not f.is_product)):
                yield Finding(f.path, line, "a swallowed error: handle it, or let it go on")


def string_types(repo):
    """A phase compared as text is a state machine nobody checks: make it an enum at the border."""
    # simcluster/ plays the API server, whose objects are made of words; readiness/ reads what others wrote.
    free = ("config/", "cli/", "documents/", "model/kubernetes/", "simcluster/", "readiness/")
    for f in repo.product():
        if f.path.startswith(free) or f.name.endswith("_json.cpp"):
            continue
        for line, _ in f.search(r'[=!]=\s*"|"(?:sv|s)?\s*[=!]=(?!=)', f.code):
            yield Finding(f.path, line, "compares with a string: parse it to an enum at the border")


def hidden_input(repo):
    """Time, randomness and environment come through ports, so that tests hold them in their hand."""
    for f in repo.product():
        if not f.path.startswith("plugins/system/"):
            for line, match in f.search(HIDDEN_INPUT):
                yield Finding(f.path, line, f"{match.group(0)} only in plugins/system/: ask the port")


def shell_strings(repo):
    """A command is a list of arguments; a shell string is an injection that waits."""
    for f in repo.cpp():
        if f.is_test:
            continue
        for line, _ in f.search(r"(?<![\w.>:])(?:std::|::)?(?:system|popen)\s*\(", f.bare):
            yield Finding(f.path, line, "a shell string: give a list of arguments to the Process port")
        for line, _ in f.search(r'"(?:/bin/)?(?:ba|da)?sh"\s*,\s*"-c"', f.code):
            yield Finding(f.path, line, "sh -c: give a list of arguments to the Process port")


CONDITION = re.compile(r"\b(?:if|while|switch)\s*(?:constexpr\s*)?(\()")
AWAITED_CONDITION = re.compile(r"(?:[^;=]|[=!<>]=)*\bco_await\b")
AWAITED_BRACES = re.compile(r"\bco_await\b[^;]*?(?:[(,]\s*|\b[A-Z]\w*)\{")
AWAITED_LAMBDA = re.compile(r"\bco_await\b(?:[^;]*?[(,])?\s*\[[^\]]+\]\s*[({]")
AWAITED_CHOICE = re.compile(r"\bco_await\b[^;{}]*\?|\?[^;{}]*\bco_await\b")


def coroutine_traps(repo):
    """GCC 12 miscompiles these forms (crash, double free): name it, then await it."""
    for f in repo.cpp():
        for match in CONDITION.finditer(f.bare):
            condition = f.bare[match.end() : balanced(f.bare, match.start(1)) - 1]
            if AWAITED_CONDITION.match(condition):
                yield Finding(f.path, f.line_of(match.start()), "co_await in a condition: name its result first")
        made = (
            (AWAITED_BRACES, "an aggregate or braced list"),
            (AWAITED_LAMBDA, "a capturing lambda"),
            (AWAITED_CHOICE, "a choice by `?`"),
        )
        for pattern, what in made:
            for line, _ in f.search(pattern):
                yield Finding(f.path, line, f"{what} in one statement with a co_await: name it, then await")


def namespaces(repo):
    """using namespace hides where a name comes from; literals are what they are for."""
    for f in repo.cpp():
        if f.is_test:
            continue
        for line, match in f.search(r"\busing\s+namespace\s+([\w:]+)"):
            if not match.group(1).endswith("literals"):
                yield Finding(f.path, line, f"using namespace {match.group(1)} outside tests")


def dead_files(repo):
    """A file that no target and no include reaches is read by people and checked by nobody."""
    included = {m.group(1) for f in repo.cpp() for _, m in f.search(r'#include\s+"([^"]+)"', f.code)}
    for f in repo.cpp():
        if f.is_header:
            beside = f.path.startswith(("lab/", "benchmarks/")) and any(i.endswith(f.name) for i in included)
            if f.path not in included and not beside:
                yield Finding(f.path, 1, "a header that nobody includes")
        elif not _built(repo, f):
            yield Finding(f.path, 1, "a source that no CMakeLists.txt and no build script reaches")


def _built(repo, f):
    parts = f.path.split("/")[:-1]
    for depth in range(len(parts), 0, -1):
        makefile = repo.text("/".join(parts[:depth]) + "/CMakeLists.txt")
        if makefile and (depth == len(parts) or f.folder != "tests" or parts[depth] in makefile):
            return f"add_subdirectory({parts[0]}" in repo.text("CMakeLists.txt") or f.folder in TOOL_FOLDERS
    scripts = (g.text for g in repo.files if g.folder == f.folder and (g.is_script or g.name.endswith(".sh")))
    return f.folder in TOOL_FOLDERS and any(f.name in text or f"{parts[-1]}/*.cpp" in text for text in scripts)


CHECKS = [
    layers,
    libraries,
    catch_sites,
    swallowed_errors,
    string_types,
    hidden_input,
    shell_strings,
    coroutine_traps,
    namespaces,
    dead_files,
]
