#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Generated Dockerfiles, read by us and by BuildKit's own parser: what it takes, we read the same.

    tests/dockerfile/dockerfile_test.py PROGRAM

DEPLOYCTL_TEST_SEED chooses other files. Exits 77 where the oracle is not built: lab/build dockerfile.
"""

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
HERE = Path(__file__).resolve().parent
ORACLE = HERE.parents[1] / ".lab/bin/dockerfile"
COUNT = 1500


class Writer:
    """One Dockerfile of the things that readers get wrong."""

    def __init__(self, seed):
        self.pick = random.Random(seed)
        self.escape = "\\"
        self.text = ""

    def one_of(self, *choices):
        return self.pick.choice(choices)

    def maybe(self, text, chance=0.3):
        return text if self.pick.random() < chance else ""

    def gap(self):
        """A continuation, with what may stand in it."""
        inside = self.maybe("# a comment\n") + self.maybe("\n", 0.2) + self.maybe("   # another \\\n", 0.2)
        return self.escape + self.maybe("  ") + "\n" + inside + self.maybe("    ")

    def words(self):
        pieces = ["echo", "a", "'b c'", '"d e"', "&&", "$X", "${Y:-z}", "--flag", "#no", "x\\\\y"]
        return " ".join(self.pick.choice(pieces) + self.maybe(" " + self.gap(), 0.15) for _ in range(self.pick.randint(1, 6)))

    def heredoc(self, command):
        names = [self.one_of("EOF", "'ONE'", '"TWO"', "-TABS", "-'Q'") for _ in range(self.pick.randint(1, 2))]
        line = f"{command} " + " ".join("cat <<" + name + " >x" if self.pick.random() < 0.7 else "<<" + name for name in names)
        bodies = ""
        for name in names:
            bare = name.lstrip("-").strip("'\"")
            tab = "\t" if name.startswith("-") else ""
            bodies += self.maybe("FROM inside\n") + self.maybe("# kept\n") + self.maybe("a \\\n") + self.maybe("\n")
            bodies += tab + bare + "\n"
        return line + "\n" + bodies

    def instruction(self):
        kinds = [
            lambda: self.one_of("RUN ", "run ", "  RUN\t") + self.maybe("--mount=type=cache ") + self.words() + "\n",
            lambda: self.heredoc(self.one_of("RUN", "COPY", "RUN --network=none")),
            lambda: self.one_of("CMD", "ENTRYPOINT", "SHELL") + ' ["a", "b c"' + self.maybe(", 'd'") + "]\n",
            lambda: "ENV A=b " + self.gap() + "C='d e' \n",
            lambda: "ENV A b c\n",
            lambda: 'LABEL "a b"="c" d=e\n',
            lambda: "COPY --from=x --chown=1:1 " + self.one_of("a b", '["a", "b"]') + "\n",
            lambda: "HEALTHCHECK --interval=5s CMD " + self.one_of("curl x", '["x"]') + "\n",
            lambda: "ONBUILD RUN x\n",
            lambda: self.one_of("USER 1", "WORKDIR /a", "EXPOSE 1 2/udp", "VOLUME /x", "STOPSIGNAL 9", "ARG B=c", "FLY away") + "\n",
            lambda: self.maybe(" ") + "# a comment\n" + self.maybe("\n"),
        ]
        return self.pick.choice(kinds)()

    def write(self):
        if self.pick.random() < 0.2:
            self.escape = "`"
        head = self.maybe("# syntax=docker/dockerfile:1\n") + (f"# escape={self.escape}\n" if self.escape == "`" else "")
        self.text = head + self.maybe("# first\n") + "FROM " + self.maybe("--platform=linux/arm64 ") + "a AS b\n"
        for _ in range(self.pick.randint(1, 12)):
            self.text += self.instruction() if self.pick.random() < 0.9 else "FROM b AS c\n"
        text = self.text.rstrip("\n") if self.pick.random() < 0.2 else self.text
        text = text.replace("\n", "\r\n") if self.pick.random() < 0.2 else text
        return ("\ufeff" if self.pick.random() < 0.1 else "") + text


def told(program, paths):
    output = subprocess.run([program, *paths], capture_output=True, text=True, check=True).stdout
    files = {}
    for line in output.splitlines():
        if line.startswith("FILE "):
            lines = files[line[5:]] = []
        else:
            lines.append(line)
    return files


def main(program):
    if not ORACLE.exists():
        print("NOT RUN: there is no oracle; lab/build dockerfile builds it", flush=True)
        return SKIPPED
    seed = int(os.environ.get("DEPLOYCTL_TEST_SEED", "1"))
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder, f"Dockerfile.{number}")) for number in range(COUNT)]
        for number, path in enumerate(paths):
            Path(path).write_bytes(Writer(seed * COUNT + number).write().encode())
        ours, theirs = told(program, paths), told(str(ORACLE), paths)
        taken = [path for path in paths if theirs[path] != ["ERR"]]
        wrong = [path for path in taken if ours[path] != theirs[path]]
        for path in wrong[:3]:
            print(Path(path).read_text(), "ours:", ours[path], "BuildKit's:", theirs[path], sep="\n")
        print(f"{COUNT} Dockerfiles, {len(taken)} taken by BuildKit, {len(wrong)} read otherwise by us")
        return 1 if wrong or len(taken) < COUNT // 2 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
