# SPDX-License-Identifier: Apache-2.0
"""The repository as the checks see it: files with their comments and strings told apart from code."""

import re
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

SKIPPED_FOLDERS = {".git", "build", ".lab", ".venv", "out", "node_modules", "__pycache__"}
BINARY_ENDINGS = (".png", ".ico", ".gz", ".br", ".db", ".tar", ".woff2", ".zip")
# Folders of programs beside the product: they may do what the product may not (read the clock, catch).
TOOL_FOLDERS = {"tests", "benchmarks", "lab", "examples", "scripts", "web"}


@dataclass
class Finding:
    path: str
    line: int
    message: str
    warning: bool = False


@dataclass
class Comment:
    line: int
    text: str
    whole_line: bool


def _lex(text):
    """Splits C++ text into code without comments, code without strings too, and comments.

    Both codes keep every newline and column, so that offsets and line numbers stay those of the file.
    """
    with_strings, bare, comments = list(text), list(text), []
    token = re.compile(
        r'//[^\n]*|/\*.*?\*/|(?:u8|[uUL])?R"(?P<d>[^()\\\s]{0,16})\(.*?\)(?P=d)"'
        r"|\"(?:\\.|[^\"\\\n])*\"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'",
        re.S,
    )
    for match in token.finditer(text):
        piece, start, end = match.group(0), match.start(), match.end()
        if piece.startswith(("//", "/*")):
            line_start = text.rfind("\n", 0, start) + 1
            first = text.count("\n", 0, start) + 1
            whole = text[line_start:start].strip() == ""
            for offset, part in enumerate(piece.split("\n")):
                comments.append(Comment(first + offset, part.strip().strip("/*").strip(), whole))
            blanked, kept = (with_strings, bare), 0
        else:
            blanked, kept = (bare,), 1
        for target in blanked:
            for i in range(start + kept, end - kept):
                if target[i] != "\n":
                    target[i] = " "
    return "".join(with_strings), "".join(bare), comments


@dataclass
class File:
    path: str
    text: str

    @property
    def name(self):
        return self.path.rsplit("/", 1)[-1]

    @property
    def stem(self):
        return self.name.split(".", 1)[0]

    @property
    def folder(self):
        return self.path.split("/", 1)[0] if "/" in self.path else ""

    @property
    def lines(self):
        return self.text.split("\n")

    @property
    def is_cpp(self):
        return self.name.endswith((".cpp", ".hpp"))

    @property
    def is_header(self):
        return self.name.endswith(".hpp")

    @property
    def is_test(self):
        return self.folder == "tests"

    @property
    def is_product(self):
        return self.is_cpp and self.folder not in TOOL_FOLDERS

    @property
    def is_script(self):
        return self.text.startswith("#!")

    @cached_property
    def _lexed(self):
        return _lex(self.text)

    @property
    def code(self):
        """Without comments, strings kept."""
        return self._lexed[0]

    @property
    def bare(self):
        """Without comments and with empty strings."""
        return self._lexed[1]

    @property
    def comments(self):
        return self._lexed[2]

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def search(self, pattern, text=None):
        """Each match of the pattern in the code without strings, as (line, match)."""
        for match in re.finditer(pattern, self.bare if text is None else text):
            yield self.line_of(match.start()), match

    @cached_property
    def classes(self):
        return parse_classes(self)


@dataclass
class Class:
    name: str
    line: int
    kind: str
    bases: list
    abstract: bool
    fields: list = field(default_factory=list)
    functions: list = field(default_factory=list)  # (name, parameters, is public and of its own making)

    def constructors(self):
        return [f for f in self.functions if f[0] == self.name]

    def public_functions(self):
        special = (self.name, "~" + self.name, "operator")
        return sorted({f[0] for f in self.functions if f[2] and f[0] not in special})

    def is_record(self):
        """Only data: no function, nothing that refers to a collaborator."""
        return not self.public_functions() and not any("&" in f or "*" in f for f in self.fields)


def balanced(text, start):
    """The offset after the bracket that closes the one at start, or the end of the text."""
    closing = {"(": ")", "{": "}", "[": "]"}[text[start]]
    depth = 0
    for i in range(start, len(text)):
        if text[i] == text[start]:
            depth += 1
        elif text[i] == closing:
            depth -= 1
            if depth == 0:
                return i + 1
    return len(text)


def without_angles(text):
    """Template arguments removed, so that commas and brackets in them do not count."""
    previous = None
    while previous != text:
        previous, text = text, re.sub(r"<[^<>;{}]*>", "", text)
    return text


def parse_classes(file):
    """Classes with a body: a reading by shape, good for code that clang-format has laid out."""
    head = re.compile(
        r"(?<![<,\w])(?<!enum )\b(class|struct)\s+(?:\[\[[^\]]*\]\]\s*)?(\w+)\s*"
        r"(?:final\s*)?(?::(?!:)\s*([^;{}]*))?\{"
    )
    found = []
    for match in head.finditer(file.bare):
        if re.search(r"(template\s*<[^>]*|,\s*|\benum\s+)$", file.bare[: match.start()].rsplit("\n", 1)[-1]):
            continue
        end = balanced(file.bare, match.end() - 1)
        body = file.bare[match.end() : end - 1]
        item = Class(
            name=match.group(2),
            line=file.line_of(match.start()),
            kind=match.group(1),
            bases=_bases(match.group(3) or ""),
            abstract=re.search(r"\)[^;{}]*=\s*0\s*;", body) is not None,
        )
        _read_members(item, body)
        found.append(item)
    return found


def _bases(text):
    bases = []
    for part in without_angles(text).split(","):
        words = [w for w in part.split() if w not in ("public", "private", "protected", "virtual")]
        if words:
            bases.append(words[-1].split("::")[-1])
    return bases


NO_MEMBER = r"(using|typedef|friend|enum|static_assert|class|struct|union)\b"


def _read_members(item, body):
    public = item.kind == "struct"
    for statement in _statements(body):
        while label := re.match(r"\s*(public|private|protected)\s*:(?!:)", statement):
            public = label.group(1) == "public"
            statement = statement[label.end() :]
        statement = re.sub(r"\s+", " ", re.sub(r"\[\[[^\]]*\]\]", "", statement)).strip()
        if not statement or re.match(NO_MEMBER, statement):
            continue
        flat = re.sub(r"^template ", "", without_angles(statement))
        declared = flat if "operator" in flat else re.split(r"(?<![=!<>])=(?!=)", flat)[0]
        call = re.search(r"(~?\w+|operator[^\w\s(]*|operator [\w:]+)\s*\(", declared)
        if call:
            stop = balanced(flat, call.end() - 1)
            parameters = [p for p in flat[call.end() : stop - 1].split(",") if p.strip() not in ("", "void")]
            name = "operator" if call.group(1).startswith("operator") else call.group(1)
            overrides = re.search(r"\b(?:override|final)\b", flat[stop:].split("{")[0])
            item.functions.append((name, parameters, public and not overrides))
        elif not re.match(r"static\b|constexpr static|inline static", flat):
            item.fields.append(statement)


def _statements(body):
    """Members of a class body: each ends at its semicolon or at the end of its function body."""
    start = i = 0
    while i < len(body):
        if body[i] in "([":
            i = balanced(body, i)
            continue
        if body[i] == "{":
            head, i = body[start:i], balanced(body, i)
            rest = body[i:].lstrip()
            if rest.startswith((",", ";", "{")) or re.search(r"\b(class|struct|union|enum)\b[^()]*$", head):
                continue  # an initializer or a nested type: its semicolon follows
            yield body[start:i]
            start = i
            continue
        if body[i] == ";":
            yield body[start:i]
            start = i + 1
        i += 1


class Repository:
    """All committed text of the project; tests build one from a dictionary instead."""

    def __init__(self, files, root=None):
        self.files = [File(path, text) for path, text in sorted(files.items())]
        self.by_path = {f.path: f for f in self.files}
        self.root = root

    @staticmethod
    def read(root):
        files = {}
        for path in _paths(root):
            full = root / path
            if path.endswith(BINARY_ENDINGS) or not full.is_file() or full.is_symlink():
                continue
            try:
                files[path] = full.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
        return Repository(files, root)

    def cpp(self):
        return [f for f in self.files if f.is_cpp]

    def product(self):
        return [f for f in self.files if f.is_product]

    def headers(self):
        return [f for f in self.files if f.is_header]

    def has(self, path):
        path = path.rstrip("/")
        return path in ("", ".") or path in self.by_path or any(f.path.startswith(path + "/") for f in self.files)

    def text(self, path):
        return self.by_path[path].text if path in self.by_path else ""

    @cached_property
    def layers(self):
        """The layer table of docs/ARCHITECTURE.md: folder -> set of folders it may include."""
        table = {}
        rows = re.findall(r"^\|\s*`(\w+)/`\s*\|.*\|\s*([^|]+?)\s*\|$", self.text("docs/ARCHITECTURE.md"), re.M)
        for name, allowed in rows:
            table[name] = allowed
        return {name: _allowed(allowed, set(table)) | {name} for name, allowed in table.items()}

    @cached_property
    def catch_sites(self):
        """The files under the heading `Catch sites` of docs/ARCHITECTURE.md."""
        section = re.search(r"^#+ Catch sites\s*$(.*?)(?=^#|\Z)", self.text("docs/ARCHITECTURE.md"), re.M | re.S)
        return re.findall(r"`([\w/]+\.[ch]pp)`", section.group(1)) if section else []


def _allowed(cell, every):
    if cell.startswith("all but "):
        return every - set(re.findall(r"\w+", cell[len("all but ") :])) - {"tests"}
    if cell == "all":
        return every - {"tests"}
    return set(re.findall(r"\w+", cell))


def _paths(root):
    listing = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0:
        return sorted({p for p in listing.stdout.decode().split("\0") if p})
    every = (p.relative_to(root) for p in Path(root).rglob("*") if p.is_file())
    return sorted(str(p) for p in every if not SKIPPED_FOLDERS & set(p.parts))
