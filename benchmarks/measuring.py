# SPDX-License-Identifier: Apache-2.0
"""What the cases share that needs no cluster: a figure on stdout, a program with its time and its peak memory."""

import operator
import os
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DEPLOYCTL = ROOT / "build/release/cli/deployctl"
COMPARISONS = {"<=": operator.le, ">=": operator.ge}
SAMPLING_SECONDS = 0.05


def figure(name, value, unit, target):
    """Prints one line of the case; `target` is like `<= 1.05`."""
    relation, limit = target.split()
    shown = f"{value:.4g}" if abs(value) < 1000 else f"{value:.0f}"
    word = "ok" if COMPARISONS[relation](value, float(limit)) else "short"
    print(name, shown, unit, target, word, sep="\t", flush=True)


def say(text):
    print(text, file=sys.stderr, flush=True)


def median(values):
    values = sorted(values)
    say(f"  median of {len(values)}: from {values[0]:.4g} to {values[-1]:.4g}")
    return statistics.median(values)


@dataclass
class Ended:
    """A program that has ended: when it began by the wall clock, how long it took, what it said."""

    code: int
    began: float
    seconds: float
    output: str
    peak_mb: float = 0.0


def run(command, *, env=None, expect=0):
    """Runs to the end; the time is from before the process is made until it is gone."""
    began, start = time.time(), time.monotonic()
    done = subprocess.run(
        [str(word) for word in command],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    ended = Ended(done.returncode, began, time.monotonic() - start, done.stdout)
    if ended.code != expect:
        sys.exit(f"{' '.join(map(str, command))}: exit code {ended.code}, expected {expect}\n{ended.output}")
    return ended


class Peak:
    """The largest resident size of one process, without its children, as the kernel keeps it."""

    def __init__(self, pid):
        self.status = Path(f"/proc/{pid}/status")
        self.megabytes = 0.0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.follow)
        self.thread.start()

    def follow(self):
        while not self.over.wait(SAMPLING_SECONDS):
            try:
                lines = self.status.read_text().splitlines()
            except OSError:
                return  # it is gone, and the last size stands
            for line in lines:
                if line.startswith("VmHWM:"):
                    self.megabytes = int(line.split()[1]) * 1024 / 1e6

    def end(self):
        self.over.set()
        self.thread.join()
        return self.megabytes


def cpu_seconds(pid):
    """User and system time of one process so far, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
