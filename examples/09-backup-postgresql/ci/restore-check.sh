#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# restore-check.sh ARTIFACT QUERY: restores the file into a database of its own, which goes
# afterwards, and asks it; the answer has to be a number above 0.
# Which server: PGHOST, PGPORT, PGUSER, PGPASSFILE; best not the one that was backed up.
set -eu
scratch="restore_check_$$"
trap 'exit 143' TERM INT HUP
trap 'dropdb --no-password --if-exists "$scratch"' EXIT
createdb --no-password --template=template0 "$scratch"
pg_restore --no-owner --no-password --exit-on-error --dbname="$scratch" "$1"
answer=$(psql --no-psqlrc --no-password --tuples-only --no-align --dbname="$scratch" --command="$2")
case "$answer" in
'' | 0 | *[!0-9]*)
    echo "restored, but \`$2\` answers \`$answer\`" >&2
    exit 1
    ;;
esac
echo "$2: $answer"
