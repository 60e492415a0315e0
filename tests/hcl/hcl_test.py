#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads a thousand texts of HCL, most of them broken by a seed, by ours and by hcl2json.

    hcl_test.py PROGRAM

What ours reads has to be what hcl2json reads. Ours may take a little more (it does not look into computed
expressions), and refuses nothing that is taken there but keys that are computed without brackets. Exits with 77,
and says why, where there is no npm to fetch hcl2json by.
"""

import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

SKIPPED = 77
PACKAGE = "@cdktf/hcl2json@0.21.0"
BROKEN = 1200
TAKEN_MORE = 0.12  # of all
WHOLE = [
    "locals {\n  a = !(1 + 2 * 3 >= 4 && false || -x != 5 % 2)\n}\n",
    """resource "a" "b" {
  count = var.on ? 1 : 0 # why
  x     = "${var.a}-c"   // other
  y     = [1, -2.5e3, "q", null, true, { a = 1 }]
  /* block */
  h = <<-E
      hi ${x}
        there
    E
  o = { k = 1, "l m" = [2], (var.n) = 3 }
  f = merge(local.t, { a = "b" }, [for s in l : s if s != ""]...)
  g = { for k, v in m : k => upper(v)... }
  i = a.b[0].c["d"].*.e[*]
  k = "a\\tb\\"c\\u00e9"
  z { v = "%{ if a ~}x%{ else }y%{ endif }" }
}
""",
    'terraform {\n  backend "s3" {\n    key = "shop"\n  }\n}\nvariable "a" {\n  type = list(string)\n}\n',
    'resource "aws_iam_policy" "a" {\n  policy = jsonencode({\n    Statement = [{\n      Action = ["s3:*"]\n    }]\n  })\n}\n',
    'locals {\n  a = <<E\n  x\n E\nE\n  b = [\n    1, # one\n    2,\n  ]\n}\nmodule "m" {\n  source = "./m"\n  size   = local.a\n}\n',
]
PARTS = ['"', "${", "}", "{", "[", "]", "(", ")", ",", "=", ":", "\n", " ", "#", "/*", "*/", "a", "1", ".", "-"]
PARTS += ["<<E\n", "E\n", "\\", "?", "!", "true", "for", '"x"', "null", "%{", "$${", "\r\n", "==", "=>", "..."]


def broken(text):
    words = re.findall(r"\w+|\s|.", text, re.S)
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        at = random.randrange(len(words))
        if random.random() < 0.4:
            del words[at]
        else:
            words.insert(at, random.choice(PARTS))
    return "".join(words)


def hcl2json():
    """The folder of the package, fetched once; nothing where that cannot be."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "deployctl/hcl2json"
    package = cache / "node_modules/@cdktf/hcl2json"
    if not shutil.which("node") or not shutil.which("npm"):
        return None
    if not package.exists():
        cache.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(cache), PACKAGE]
        subprocess.run(command, check=False, timeout=120)
    return package if package.exists() else None


def lines_of(command, text):
    done = subprocess.run(command, input=text, capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def nested(blocks):
    """Blocks under their labels, as hcl2json has them."""
    result = {}
    for block in blocks:
        entries = dict(block["map"])
        labels = entries.pop("@labels", [])
        where = result
        for label in labels[:-1]:
            where = where.setdefault(label, {})
        where.setdefault(labels[-1], []).append(expected({"map": list(entries.items())}))
    return result


def expected(node):
    """Our tree in hcl2json's form, with what is unknown left as {"unknown"}."""
    if isinstance(node, list):
        has_labels = any(isinstance(item, dict) and dict(item.get("map", [])).get("@labels") for item in node)
        return nested(node) if has_labels else [expected(item) for item in node]
    if not isinstance(node, dict) or "unknown" in node:
        return node
    if "plain" in node:
        return json.loads(node["plain"])
    return {key: expected(value) for key, value in node["map"]}


def same(ours, theirs):
    if isinstance(theirs, str) and ("${" in theirs or "%{" in theirs):
        # Something is filled in, or it is `jsonencode(...)`, which ours looks through.
        return not isinstance(ours, str) or ours in theirs.replace("$${", "${").replace("%%{", "%{")
    if isinstance(ours, dict) and isinstance(theirs, dict):
        known = {key for key in ours if not key.startswith("(")}
        return known >= {key for key in theirs if "${" not in key and not key.startswith("(")} and all(
            key not in theirs or same(ours[key], theirs[key]) for key in known
        )
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(same, ours, theirs))
    is_flag = isinstance(ours, bool) or isinstance(theirs, bool)
    return ours == theirs and (not is_flag or ours is theirs)


def judge(text, ours, theirs):
    if "error" in ours:
        is_known = "error" in theirs or "key of an object" in ours["error"]
        return "" if is_known else f"refused by ours alone: {ours['error']}"
    if "error" in theirs:
        return "more"
    # What is computed of literals alone is a value there.
    if re.search(r"=\s*[!(-]", text):
        return ""
    return "" if same(expected(ours), theirs["value"]) else f"ours {ours}\ntheirs {theirs['value']}"


def main(program):
    package = hcl2json()
    if package is None:
        print("SKIPPED: hcl2json is not there and npm cannot fetch it, so nothing holds our reader of HCL against another")
        return SKIPPED
    random.seed(20)
    texts = WHOLE + [broken(random.choice(WHOLE)) for _ in range(BROKEN)]
    ours = lines_of([program], b"".join(b"%d\n%s" % (len(text.encode()), text.encode()) for text in texts))
    oracle = Path(__file__).with_name("hcl_oracle.js")
    theirs = lines_of(["node", str(oracle), str(package)], "".join(json.dumps(text) + "\n" for text in texts).encode())
    assert len(ours) == len(theirs) == len(texts)
    verdicts = [judge(*case) for case in zip(texts, ours, theirs)]
    different = [(text, verdict) for text, verdict in zip(texts, verdicts) if verdict not in ("", "more")]
    for text, verdict in different[:5]:
        print(f"--- {verdict}\n{text}")
    refused = sum("error" in answer for answer in ours)
    print(f"{len(texts)} texts, {refused} refused, {verdicts.count('more')} taken by ours alone, {len(different)} different")
    return 1 if different or verdicts.count("more") > TAKEN_MORE * len(texts) else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
