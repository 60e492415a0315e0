#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Charts, rendered by the real Helm and assessed: what is found is told at the line of the template.

    tests/helm/helm_test.py PROGRAM

Exits 77 where Helm is not built: lab/build helm.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SKIPPED = 77
HERE = Path(__file__).resolve().parent
BINARIES = HERE.parents[1] / ".lab/bin"
PROGRAM = sys.argv.pop(1) if len(sys.argv) > 1 else ""


def line_of(chart_file, text):
    """From 1, of the first line with this text."""
    lines = (HERE / "charts" / chart_file).read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


class Charts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(HERE / "charts", Path(folder, "charts"))
            command = [PROGRAM, "assess", folder, "-o", "json"]
            given = {**os.environ, "PATH": f"{BINARIES}:{os.environ['PATH']}", "HOME": folder}
            ended = subprocess.run(command, capture_output=True, text=True, env=given, check=False)
        cls.code, cls.words = ended.returncode, ended.stderr
        cls.report = json.loads(ended.stdout)

    def subjects(self):
        return [(rule["id"], one) for rule in self.report["rules"] for one in rule["subjects"]]

    def failures(self, check, part_of_object):
        return {
            (one["object"].rsplit("/", 1)[-1], one["file"], one["line"])
            for rule, one in self.subjects()
            if rule == check and part_of_object in one["object"] and one["outcome"] == "fail"
        }

    def test_a_literal_is_told_at_its_line_of_the_template(self):
        deployment = "web/templates/deployment.yaml"
        self.assertEqual(
            self.failures("K8S-44", "values.yaml -> Deployment"),
            {("pod", f"charts/{deployment}", line_of(deployment, "hostNetwork"))},
        )

    def test_a_value_that_is_filled_in_is_told_at_its_directive(self):
        deployment = "web/templates/deployment.yaml"
        self.assertEqual(
            self.failures("K8S-51", "values-production.yaml -> Deployment"),
            {("shop", f"charts/{deployment}", line_of(deployment, "image.tag"))},
        )
        self.assertEqual(self.failures("K8S-51", "values.yaml -> Deployment"), set())

    def test_what_a_loop_makes_is_told_at_its_one_line(self):
        deployment = "web/templates/deployment.yaml"
        line = line_of(deployment, "allowPrivilegeEscalation")
        found = self.failures("K8S-34", "values.yaml -> Deployment")
        self.assertLessEqual({(name, f"charts/{deployment}", line) for name in ("proxy", "logs")}, found)

    def test_a_subchart_is_told_in_its_own_folder_with_the_branch_that_was_taken(self):
        template = "web/charts/db/templates/db.yaml"
        self.assertEqual(
            self.failures("K8S-33", "values.yaml -> StatefulSet"),
            {("postgres", f"charts/{template}", line_of(template, "privileged: true"))},
        )

    def test_a_file_of_values_is_an_assessment_of_its_own(self):
        ingress = [one["object"] for _, one in self.subjects() if "Ingress/" in one["object"]]
        self.assertTrue(ingress)
        self.assertTrue(all(one.startswith("charts/web/values-production.yaml -> ") for one in ingress), ingress)

    def test_tests_of_a_chart_are_not_deployed(self):
        self.assertFalse([one for _, one in self.subjects() if "release-test" in one["object"]])

    def test_a_broken_template_costs_its_chart_and_is_told_in_helms_words(self):
        unread = {one["path"]: one["why"] for one in self.report["files"]["unread"]}
        self.assertIn('function "nothing" not defined', unread["charts/broken/Chart.yaml"])
        self.assertIn("broken/templates/deployment.yaml:4", unread["charts/broken/Chart.yaml"])
        self.assertEqual(set(unread), {"charts/broken/Chart.yaml", "charts/incomplete/Chart.yaml"})

    def test_a_dependency_that_is_not_there_is_said_and_not_fetched(self):
        unread = {one["path"]: one["why"] for one in self.report["files"]["unread"]}
        self.assertIn("redis", unread["charts/incomplete/Chart.yaml"])

    def test_what_was_not_rendered_is_not_assessed(self):
        self.assertEqual(self.code, 12, self.words)
        self.assertLess(float(self.report["score"]["low"]), float(self.report["score"]["high"]))


if __name__ == "__main__":
    if not (BINARIES / "helm").exists():
        print("NOT RUN: there is no helm; lab/build helm builds it", flush=True)
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
