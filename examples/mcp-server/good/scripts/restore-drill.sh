#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Restores the newest backup into a database that is thrown away, counts what must be there, and measures the time.
set -euo pipefail
umask 077

: "${BACKUP_BUCKET:?}" "${DRILL_HOST:?}"
begin=$(date +%s)
work=$(mktemp -d)
trap 'rm -rf -- "${work:?}"; dropdb --if-exists --host "$DRILL_HOST" mcp_drill' EXIT

newest=$(aws s3api list-objects-v2 --bucket "${BACKUP_BUCKET#s3://}" --query 'sort_by(Contents[?ends_with(Key,`.dump`)],&LastModified)[-1].Key' --output text)
aws s3 cp "$BACKUP_BUCKET/$newest" "$work/mcp.dump"
aws s3 cp "$BACKUP_BUCKET/$newest.sha256" "$work/mcp.dump.sha256"
test "$(cut -d' ' -f1 "$work/mcp.dump.sha256")" = "$(sha256sum "$work/mcp.dump" | cut -d' ' -f1)"

createdb --host "$DRILL_HOST" mcp_drill
pg_restore --host "$DRILL_HOST" --dbname mcp_drill --exit-on-error "$work/mcp.dump"
sessions=$(psql --host "$DRILL_HOST" --dbname mcp_drill --tuples-only --no-align --command 'SELECT count(*) FROM sessions')
test "$sessions" -gt 0

took=$(($(date +%s) - begin))
echo "restored $newest with $sessions sessions in $took s"
test "$took" -lt 900
