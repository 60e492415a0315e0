#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Metrics of an InfluxDB (1.x, InfluxQL) for deployctl: docs/formats/exec-metrics.md.

One JSON object comes in, one goes out. In a query `$from`, `$to` and `$step` stand for the times of a range.
INFLUX_URL is where it answers ("http://influx:8086"), INFLUX_DB the database, INFLUX_TOKEN who asks: secrets come by the
environment, which deployctl hands on. INFLUX_FILE is an answer that was kept, instead of all that: for trying it out.
"""

import json
import os
import sys
import urllib.error
import urllib.parse
import urllib.request

SECONDS = 4


def ask(query):
    kept = os.environ.get("INFLUX_FILE")
    if kept:
        with open(kept, encoding="utf-8") as file:
            return json.load(file)
    words = urllib.parse.urlencode({"db": os.environ["INFLUX_DB"], "q": query, "epoch": "s"})
    request = urllib.request.Request(os.environ["INFLUX_URL"] + "/query?" + words)
    if "INFLUX_TOKEN" in os.environ:
        request.add_header("Authorization", "Token " + os.environ["INFLUX_TOKEN"])
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code != 400:
            raise
        return json.load(error)  # the query is wrong: it says why


def with_times(question):
    query = question["query"]
    if question["kind"] == "range":
        for name in ("from", "to"):
            query = query.replace("$" + name, "'" + question[name] + "'")
        query = query.replace("$step", f"{question['step']:.0f}s")
    return query


def series_of(found, is_range):
    points = [[at, "NaN" if value is None else value] for at, value in found["values"]]
    return {"labels": found.get("tags", {}), "points": points if is_range else points[-1:]}


def answer_to(question):
    answer = ask(with_times(question))
    result = answer.get("results", [{}])[0]
    error = answer.get("error") or result.get("error")
    if error:
        return {"status": "error", "error": error}
    is_range = question["kind"] == "range"
    return {"status": "success", "series": [series_of(found, is_range) for found in result.get("series", [])]}


# What is not caught ends with another exit code than 0, its reason last: nobody knows then.
json.dump(answer_to(json.load(sys.stdin)), sys.stdout)
