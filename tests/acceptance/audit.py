# SPDX-License-Identifier: Apache-2.0
"""The API server's audit log as a witness: which runner's writes landed on which object, in the order of their commits.

The lab writes down each write of a rollout's objects with its request and the object that came of it.
"""

import json
import re
from dataclasses import dataclass

FENCE = re.compile(r"[^/\"]+/[0-9a-f]{8}/(\d+)\.\d+")
FENCE_KEY = "deployctl.dev/fence"
LANDED = (200, 201)


@dataclass
class Write:
    at: str
    thing: str  # "deployments/web"
    code: int
    epoch: int | None  # of the runner that sent it; none where the request does not say
    version: int  # the object's resource version after it; 0 where it did not land


def writes(path, namespace):
    """Those of one namespace, in the order of the log."""
    found = []
    with open(path, errors="replace") as log:
        for line in log:
            if f'"namespace":"{namespace}"' in line and line.endswith("\n"):
                event = json.loads(line)
                if event["stage"] == "ResponseComplete" and event["objectRef"].get("namespace") == namespace:
                    found.append(read(event))
    return found


def read(event):
    place, code = event["objectRef"], event["responseStatus"]["code"]
    made = event.get("responseObject") or {}
    metadata = made.get("metadata", {}) if code in LANDED else {}
    name = place.get("name") or metadata.get("name", "")
    return Write(
        event["requestReceivedTimestamp"],
        f"{place['resource']}/{name}",
        code,
        epoch_of(place["resource"], event.get("requestObject")),
        int(metadata.get("resourceVersion", 0)),
    )


def epoch_of(resource, request):
    """From the new values that a JSON patch writes, or from a created object."""
    values = [op["value"] for op in request if op["op"] != "test"] if isinstance(request, list) else [request]
    for value in values:
        if resource == "leases" and isinstance(value, dict):
            spec = value.get("spec", value)
            if "leaseTransitions" in spec:
                return int(spec["leaseTransitions"])
        text = value if isinstance(value, str) else fence_in(value)
        if text and (match := FENCE.fullmatch(text)):
            return int(match.group(1))
    return None


def fence_in(value):
    if not isinstance(value, dict):
        return None
    return value.get(FENCE_KEY) or value.get("metadata", {}).get("annotations", {}).get(FENCE_KEY)


@dataclass
class Findings:
    """What the older epoch did after the newer one had taken over."""

    landed: list  # on an object that the newer one had claimed; has to be empty
    beside: list  # on an object that the newer one never wrote, after it had claimed all of them; has to be empty
    refused: int
    newer: int  # writes of the newer epoch that landed


def judge(every):
    """Of two runners: the one with the highest epoch, and any older one."""
    known = [write for write in every if write.epoch is not None]
    newest = max((write.epoch for write in known), default=0)
    claims, first_claim = {}, None
    for write in known:
        if write.epoch == newest and write.code in LANDED:
            claims[write.thing] = min(write.version, claims.get(write.thing, write.version))
            first_claim = first_claim or write.at
    older = [write for write in known if write.epoch < newest]
    landed = [w for w in older if w.code in LANDED and w.version > claims.get(w.thing, w.version)]
    all_claimed = max(claims.values(), default=0)
    beside = [w for w in older if w.code in LANDED and w.thing not in claims and w.version > all_claimed]
    refused = sum(w.code not in LANDED and first_claim is not None and w.at > first_claim for w in older)
    newer = sum(w.epoch == newest and w.code in LANDED for w in known)
    return Findings(landed, beside, refused, newer)
