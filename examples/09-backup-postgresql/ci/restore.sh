#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# restore.sh ARTIFACT DATABASE: restores the file into the database, which is made where it is
# missing. Ends with 4, and has changed nothing, where it is not empty. All of it or nothing.
# Which server: PGHOST, PGPORT, PGUSER, PGPASSFILE.
set -eu
ask() { psql --no-psqlrc --no-password --tuples-only --no-align "$@"; }
if [ -z "$(ask --dbname=postgres --set=name="$2" <<'SQL'
select 1 from pg_database where datname = :'name'
SQL
)" ]; then
    createdb --no-password --template=template0 "$2"
fi
relations=$(ask --dbname="$2" --command="
    select count(*) from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname not in ('pg_catalog', 'information_schema') and nspname not like 'pg_toast%'")
if [ "$relations" != 0 ]; then
    echo "database $2 is not empty: it has $relations relations; drop it, or restore elsewhere" >&2
    exit 4
fi
exec pg_restore --no-owner --no-password --exit-on-error --single-transaction --dbname="$2" "$1"
