# SPDX-License-Identifier: Apache-2.0
"""Checks of text: headers of files, comments, documents and their links."""

import re

from source import Finding

README_LINES = 15
SPDX = "SPDX-License-Identifier: Apache-2.0"
# Places of one machine, and hosts that packages are fetched from, written in parts so as not to find themselves.
MACHINE = re.compile(r"(?<![\w.}$/-])/(?:work|root|tmp/wt)/")
HOSTS = re.compile(
    r"\b(?:"
    + "|".join(
        re.escape(host + end)
        for host, end in (
            ("pypi", ".org"),
            ("files.pythonhosted", ".org"),
            ("registry.npmjs", ".org"),
            ("proxy.golang", ".org"),
            ("sum.golang", ".org"),
            ("deb.debian", ".org"),
            ("security.debian", ".org"),
        )
    )
    + r")\b"
)


def licence_lines(repo):
    """Each source file says its licence in its first lines, so that a copy of it still does."""
    for f in repo.files:
        source = f.is_cpp or f.name.endswith((".py", ".sql", ".sh", ".tsx", ".ts", ".css")) or f.is_script
        if source and not any(SPDX in line for line in f.lines[:3]):
            yield Finding(f.path, 1, f"no `{SPDX}` in the first three lines")


def header_guards(repo):
    """#pragma once in each header, so that no include order matters."""
    for f in repo.headers():
        if not re.search(r"^#pragma once$", f.text, re.M):
            yield Finding(f.path, 1, "no #pragma once")


def header_ideas(repo):
    """The first comment of a header says what it is: who reads it decides there whether to read on."""
    for f in repo.headers():
        for number, line in enumerate(f.lines, 1):
            if not line.strip() or SPDX in line or line.strip() == "#pragma once":
                continue
            if not line.startswith("//") or len(line.split()) < 4:
                yield Finding(f.path, number, "no comment at the top that says what this is")
            break


def todos(repo):
    """A TODO without an issue is a wish that nobody will find."""
    for f in repo.files:
        if f.path.startswith("tests/tidy/") or f.name.endswith((".md", ".json")):
            continue
        for number, line in enumerate(f.lines, 1):
            if re.search(r"\b(?:TODO|FIXME|XXX)\b", line) and not re.search(r"#\d+", line):
                yield Finding(f.path, number, "TODO without an issue number: write TODO(#12)")


# A sentence that goes on in the next line: several words, and nothing that only code has.
PROSE = re.compile(r"^(?!.*[=(){}\[\]]|.*::|.*->).*\w+ \w+[^=(){}]* \w+.*;$")


def dead_code(repo):
    """Commented-out code is what the version control is for."""
    for f in repo.cpp():
        for comment in f.comments:
            if comment.whole_line and re.search(r"[)=\w\]}];$|[){]\s*{$|^\w[\w:<>]* \w+;$", comment.text) and not PROSE.search(
                comment.text
            ):
                yield Finding(f.path, comment.line, "commented-out code (a comment line that ends in ; or {)")


def trailing_space(repo):
    """White space at the end of a line makes differences that nobody made."""
    for f in repo.files:
        if "/golden/" in f.path:
            continue
        for number, line in enumerate(f.lines, 1):
            if line != line.rstrip():
                yield Finding(f.path, number, "white space at the end of the line")
        if f.text and not f.text.endswith("\n"):
            yield Finding(f.path, len(f.lines), "no newline at the end of the file")


def folder_readmes(repo):
    """Each folder says in a few lines what belongs there, what not, and how to add one."""
    table = repo.layers
    for name in sorted(table):
        if any(f.path.startswith(name + "/") for f in repo.files) and f"{name}/README.md" not in repo.by_path:
            yield Finding(f"{name}/README.md", 1, "the folder has no README.md")
    for name in sorted(set(table) | {"examples", "docs"}):
        count = repo.text(f"{name}/README.md").count("\n")
        if count > README_LINES:
            yield Finding(f"{name}/README.md", count, f"{count} lines, at most {README_LINES}")


def machine_paths(repo):
    """A path of somebody's machine, or the host of a package index, works nowhere else."""
    for f in repo.files:
        if f.path.startswith("tests/tidy/"):
            continue
        for number, line in enumerate(f.lines, 1):
            for match in [*MACHINE.finditer(line), *HOSTS.finditer(line)]:
                yield Finding(f.path, number, f"{match.group(0)} is a place of one machine or of a package index")


def _anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.replace("`", "").strip().lower()).replace(" ", "-")


def links(repo):
    """A link that points nowhere costs the reader's trust in all others."""
    for f in repo.files:
        if not f.name.endswith(".md"):
            continue
        text = re.sub(r"^```.*?^```", lambda m: "\n" * m.group(0).count("\n"), f.text, flags=re.M | re.S)
        for match in re.finditer(r"\[[^\]\n]*\]\(([^)\s]+)\)", text):
            target, _, anchor = match.group(1).partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            path = _resolve(f.path, target) if target else f.path
            line = text.count("\n", 0, match.start()) + 1
            if not repo.has(path):
                yield Finding(f.path, line, f"link to {match.group(1)}, which is not there")
            elif anchor and path.endswith(".md"):
                headings = re.findall(r"^#+ (.*)$", repo.text(path), re.M)
                if anchor not in map(_anchor, headings):
                    yield Finding(f.path, line, f"link to {match.group(1)}: no such heading")


def _resolve(base, target):
    parts = [] if target.startswith("/") else base.split("/")[:-1]
    for piece in target.strip("/").split("/"):
        if piece == "..":
            if parts:
                parts.pop()
        elif piece != ".":
            parts.append(piece)
    return "/".join(parts)


def named_paths(repo):
    """ARCHITECTURE, CONTRIBUTING and the READMEs name files: each must be there."""
    documents = [f for f in repo.files if f.name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md")]
    for f in documents:
        for number, line in enumerate(f.lines, 1):
            for path in re.findall(r"`([a-z][\w-]*/[\w./-]*\.(?:hpp|cpp|md|py|sql|yaml))`", line):
                if not repo.has(path) and not repo.has(_resolve(f.path, path)):
                    yield Finding(f.path, number, f"names {path}, which is not there")


CHECKS = [
    licence_lines,
    header_guards,
    header_ideas,
    todos,
    dead_code,
    trailing_space,
    folder_readmes,
    machine_paths,
    links,
    named_paths,
]
