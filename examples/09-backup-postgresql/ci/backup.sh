#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# backup.sh ARTIFACT DATABASE: writes the database into the file, in the format of pg_restore.
# Which server: PGHOST, PGPORT, PGUSER, PGPASSFILE. No password is an argument of anything.
set -eu
exec pg_dump --format=custom --no-owner --no-password --file="$1" --dbname="$2"
