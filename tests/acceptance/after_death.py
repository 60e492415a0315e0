# SPDX-License-Identifier: Apache-2.0
"""What has to follow once a runner was killed: its rollout is taken up, taken back, or adopted from the cluster alone.

`resume` has to end as the run that nobody disturbed, `rollback` has to restore what was there before, and `adoption`,
which has nothing but the cluster, has to end as `resume` does. Each command's exit code is known from what the killed
runner left behind.
"""

import os
from pathlib import Path

import trials
from trials import BLOCKED, DONE, USAGE, Failed, Program, Shop, difference, without_tombstones

STRATEGY = os.environ.get("STRATEGY", "canary")
ROLLOUT = ("rollout", STRATEGY, "v2")
WHY = ("--reason", "its runner was lost")
RESUME = ("rollout", "resume")
ADOPT = ("rollout", "adopt", "web", "-e", "lab")


class Ends:
    """The state before a rollout, the state after one that nobody disturbed, and the points that it passed."""

    def __init__(self, lab):
        with Shop(lab, "crash-baseline") as shop, Program(shop) as program:
            self.before = shop.state()
            points = Path(program.folder, "points")
            if program.run(*ROLLOUT, DEPLOYCTL_CRASH_AT=f"list:{points}") != DONE:
                raise Failed(program.transcript())
            self.after = shop.state()
            self.points = [point for _, point in trials.listed_points(points)]

    def expect(self, shop, wanted):
        """The end that the shop has to have; raises Failed where it has another one."""
        state = shop.state()
        is_back = wanted == "as before"
        found = difference(without_tombstones(state) if is_back else state, self.before if is_back else self.after)
        if found:
            raise Failed(f"not {wanted}: {found}")
        return wanted


class Remains:
    """What the killed runner left: a row in the journal, and on the cluster a Lease, a record, and an end."""

    def __init__(self, shop, *, in_journal):
        lease = shop.lease()
        self.in_journal = in_journal
        self.has_record = bool(shop.records())
        self.names_rollout = lease is not None
        self.has_ended = lease is not None and lease["metadata"]["annotations"].get("deployctl.dev/state") == "promoted"


def resume(ends, shop, program, remains):
    if remains.in_journal:
        program.insist(DONE, *RESUME)
        return ends.expect(shop, "promoted")
    program.insist(USAGE, *RESUME)
    ends.expect(shop, "as before")
    program.insist(DONE, *ROLLOUT)
    return f"nothing had begun; started again, {ends.expect(shop, 'promoted')}"


def rollback(ends, shop, program, remains):
    program.insist(DONE if remains.in_journal else USAGE, "rollout", "rollback", *WHY)
    return ends.expect(shop, "as before")


def adoption(ends, shop, program, remains):
    program.forget()
    if remains.has_record and not remains.has_ended:
        program.insist(DONE, *ADOPT)
        program.insist(DONE, *RESUME)
        return ends.expect(shop, "promoted")
    program.insist(BLOCKED if remains.names_rollout else USAGE, *ADOPT)
    program.insist(USAGE, *RESUME)  # nothing was adopted
    return f"nothing to adopt, {ends.expect(shop, 'promoted' if remains.has_ended else 'as before')}"


WAYS = {"resume": resume, "rollback": rollback, "adoption": adoption}
