#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Backs up, verifies, restores and prunes a real PostgreSQL, by examples/09-backup-postgresql.

    tests/backup/backup_test.py DEPLOYCTL

The server has a folder and a socket of its own and listens nowhere else; as root it runs as another user. Ends only what
it started. Exit code 77 where there is no PostgreSQL on this machine.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from postgresql import SKIPPED, Server, find_server

EXAMPLE = ROOT / "examples" / "09-backup-postgresql"
DONE, USAGE, BLOCKED, NOT_ROLLED_BACK = 0, 2, 4, 7


class Backups(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = Path(tempfile.mkdtemp(prefix="deployctl-backup-"))
        cls.server = Server(PROGRAMS, Path(tempfile.mkdtemp(prefix="deployctl-pg-")))
        cls.environment = {**cls.server.environment(), "XDG_STATE_HOME": str(cls.place / "state")}

    @classmethod
    def tearDownClass(cls):
        cls.server.end()
        shutil.rmtree(cls.server.folder)
        shutil.rmtree(cls.place)

    def setUp(self):
        self.work = self.place / self.id()
        shutil.copytree(EXAMPLE, self.work)
        self.sql("postgres", "drop database if exists shop")
        self.sql("postgres", "create database shop")
        self.sql("shop", "create table orders (id int primary key, what text)")
        self.sql("shop", "insert into orders select n, 'thing ' || n from generate_series(1, 500) n")

    def sql(self, database, text):
        words = [PROGRAMS / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", text]
        return subprocess.run(words, check=True, capture_output=True, text=True, env=self.environment).stdout.strip()

    def databases(self):
        return self.sql("postgres", "select string_agg(datname, ' ' order by datname) from pg_database")

    def call(self, *words, exit_code=DONE):
        done = subprocess.run(
            [DEPLOYCTL, "-C", self.work, *words], capture_output=True, text=True, env=self.environment, check=False
        )
        self.assertEqual(done.returncode, exit_code, done.stdout + done.stderr)
        return done.stdout

    def call_for_data(self, *words, exit_code=DONE):
        return json.loads(self.call(*words, "-o", "json", exit_code=exit_code))

    def change_settings(self, before, after):
        file = self.work / "deploy.yaml"
        text = file.read_text()
        self.assertIn(before, text)
        file.write_text(text.replace(before, after))

    def make_certificate(self):
        words = "openssl req -x509 -nodes -days 2 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=backups"
        files = ["-keyout", self.work / "key.pem", "-out", self.work / "certificate.pem"]
        subprocess.run([*words.split(), *files], check=True, capture_output=True)
        self.change_settings("min_bytes: 512", "encrypt_to: certificate.pem\n      min_bytes: 512")

    def files(self):
        return sorted(path.name for path in (self.work / "backups" / "demo").glob("[!.]*"))

    def test_a_backup_is_proven_by_a_restore(self):
        made = self.call_for_data("backup", "run")["items"][0]
        self.assertEqual(made["verified"]["result"], "passed")
        self.assertEqual(made["verified"]["detail"], "select count(*) from orders: 500")
        self.assertEqual(Path(self.work / made["path"]).read_bytes()[:5], b"PGDMP")
        self.assertEqual(os.stat(self.work / made["path"]).st_mode & 0o777, 0o600)
        self.assertEqual(self.databases(), "postgres shop template0 template1")
        listed = self.call_for_data("backup", "list")
        self.assertEqual([item["id"] for item in listed["items"]], [made["id"]])
        self.assertFalse(listed["databases"][0]["stale"])

    def test_a_dump_that_does_not_restore_well_is_told_of(self):
        self.sql("shop", "delete from orders")
        made = self.call_for_data("backup", "run", exit_code=BLOCKED)["items"][0]
        self.assertEqual(made["verified"]["result"], "failed")
        self.assertIn("answers `0`", made["verified"]["detail"])
        self.assertEqual(self.databases(), "postgres shop template0 template1")

    def test_a_database_that_is_not_there_leaves_no_backup(self):
        self.sql("postgres", "drop database shop")
        made = self.call_for_data("backup", "run", exit_code=BLOCKED)["items"][0]
        self.assertIn('database "shop" does not exist', made["failure"])
        self.assertEqual(self.files(), [])

    def test_a_restore_brings_the_rows_back(self):
        self.call("backup", "run")
        self.sql("postgres", "drop database shop")
        self.assertIn("Nothing was done", self.call("backup", "restore", "shop"))
        self.assertNotIn("shop", self.databases())
        self.call("backup", "restore", "shop", "--confirm=orders", exit_code=USAGE)
        self.call("backup", "restore", "shop", "--confirm=shop")
        self.assertEqual(self.sql("shop", "select count(*), max(what) from orders where id > 498"), "2|thing 500")

    def test_a_database_with_something_in_it_is_not_restored_into(self):
        self.call("backup", "run")
        self.sql("shop", "insert into orders values (501, 'after the backup')")
        told = self.call_for_data("backup", "restore", "shop", "--confirm=shop", exit_code=BLOCKED)
        self.assertIn("is not empty", told["detail"])
        self.assertEqual(self.sql("shop", "select count(*) from orders"), "501")

    def test_a_backup_that_was_changed_since_is_neither_verified_nor_restored(self):
        made = self.call_for_data("backup", "run")["items"][0]
        file = self.work / made["path"]
        damaged = bytearray(file.read_bytes())
        damaged[len(damaged) // 2] ^= 1
        file.write_bytes(damaged)
        verified = self.call_for_data("backup", "verify", exit_code=BLOCKED)["verified"]
        self.assertIn("its checksum is another", verified["detail"])
        self.sql("postgres", "drop database shop")
        self.call("backup", "restore", "shop", "--backup", made["id"], "--confirm=shop", exit_code=BLOCKED)
        self.assertNotIn("shop", self.databases())

    def test_a_sealed_backup_is_restored_with_its_key_alone(self):
        self.make_certificate()
        made = self.call_for_data("backup", "run")["items"][0]
        self.assertTrue(made["sealed"])
        self.assertEqual(Path(self.work / made["path"]).read_bytes()[:9], b"deployctl")
        self.call("backup", "verify", exit_code=USAGE)
        self.call("backup", "verify", "--key", "certificate.pem", exit_code=USAGE)
        self.call("backup", "verify", "--key", "key.pem")
        self.sql("postgres", "drop database shop")
        self.call("backup", "restore", "shop", "--key", "key.pem", "--confirm=shop")
        self.assertEqual(self.sql("shop", "select count(*) from orders"), "500")
        self.assertEqual(len(self.files()), 2)

    def test_what_a_killed_backup_has_left_goes_with_the_next_one(self):
        slow = '[sh, -c, "pg_dump -Fc -f $0 shop; sleep 60", "${artifact}"]'
        self.change_settings('[./ci/backup.sh, "${artifact}", shop]', slow)
        killed = subprocess.Popen(
            [DEPLOYCTL, "-C", self.work, "backup", "run"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.environment,
        )
        until = time.monotonic() + 30
        folder = self.work / "backups" / "demo"
        while not any(path.stat().st_size for path in folder.glob("*.partial")) and time.monotonic() < until:
            time.sleep(0.05)
        killed.kill()
        killed.wait()
        self.assertEqual([Path(name).suffix for name in self.files()], [".partial"])
        self.assertEqual(self.call_for_data("backup", "list")["items"], [])
        self.change_settings(slow, '[./ci/backup.sh, "${artifact}", shop]')
        made = self.call_for_data("backup", "run")["items"][0]
        self.assertEqual(self.files(), [made["file"], made["file"] + ".manifest.json"])

    def test_a_backup_that_is_called_off_leaves_nothing_and_is_ended(self):
        slow = '[sh, -c, "pg_dump -Fc -f $0 shop; sleep 60", "${artifact}"]'
        self.change_settings('[./ci/backup.sh, "${artifact}", shop]', slow)
        folder = self.work / "backups" / "demo"
        for number, exit_code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            called_off = subprocess.Popen(
                [DEPLOYCTL, "-C", self.work, "backup", "run"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=self.environment,
            )
            until = time.monotonic() + 30
            while not any(path.stat().st_size for path in folder.glob("*.partial")) and time.monotonic() < until:
                time.sleep(0.05)
            called_off.send_signal(number)
            self.assertEqual(called_off.wait(), exit_code)
            self.assertEqual(self.files(), [])
        said = self.call_for_data("history", "--kind", "backup.")["items"][:2]  # the newest
        self.assertEqual([one["state"] for one in said], ["failed", "failed"])
        self.assertEqual(sorted(one["result"]["failure"] for one in said), ["interrupted", "terminated"])

    def on_small_disk(self, size):
        """`backup run` where the folder of the backups has so many bytes."""
        folder = self.work / "backups"
        folder.mkdir(exist_ok=True)
        mount = f"mount -t tmpfs -o size={size} none {folder} && {DEPLOYCTL} -C {self.work} backup run -o json"
        script = f"{mount}; code=$?; ls {folder}/demo >&2; exit $code"
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", script], capture_output=True, text=True, env=self.environment, check=False
        )
        self.assertEqual(done.returncode, BLOCKED, done.stdout + done.stderr)
        left = done.stderr.splitlines()[1:]  # the first one says what was begun
        return json.loads(done.stdout)["items"][0]["failure"], left

    def test_a_full_disk_leaves_nothing_that_is_called_a_backup(self):
        if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode != 0:
            print("NOT RUN: a small disk needs the right to mount one", file=sys.stderr)
            return
        self.sql("shop", "insert into orders select n, md5(n::text) from generate_series(1000, 21000) n")
        size = self.call_for_data("backup", "run")["items"][0]["bytes"]
        failure, left = self.on_small_disk(size // 2)
        self.assertIn("No space left on device", failure)
        self.assertEqual(left, [])
        self.make_certificate()
        failure, left = self.on_small_disk(size * 3 // 2)  # for the dump, and not for the sealed one
        self.assertIn("No space left on device", failure)
        self.assertEqual(left, [])

    def test_prune_keeps_what_the_rules_keep(self):
        self.change_settings("keep: {last: 10, days: 30}", "keep: {last: 2, days: 0}")
        ids = [self.call_for_data("backup", "run")["items"][0]["id"] for _ in range(3)]
        would = self.call_for_data("backup", "prune", "--dry-run")["items"]
        self.assertEqual([item["goes"] for item in would], [False, False, True])
        self.assertEqual(len(self.files()), 6)
        self.call("backup", "prune")
        left = self.call_for_data("backup", "list")["items"]
        self.assertEqual([item["id"] for item in left], [ids[2], ids[1]])
        self.assertEqual(len(self.files()), 4)


if __name__ == "__main__":
    DEPLOYCTL = Path(sys.argv.pop(1)).resolve()
    PROGRAMS = find_server()
    if PROGRAMS is None:
        print("NOT RUN: there is no PostgreSQL here (scripts/setup installs it)", file=sys.stderr)
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
