#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A dump of the database, encrypted and checked, into a bucket of another region; old ones are kept for 35 days.
set -euo pipefail
umask 077

: "${DATABASE_HOST:?}" "${BACKUP_BUCKET:?}" "${BACKUP_KEY_ID:?}"
stamp=$(date -u +%Y%m%dT%H%M%SZ)
work=$(mktemp -d)
trap 'rm -rf -- "${work:?}"' EXIT
dump="$work/mcp-$stamp.dump"

pg_dump --host "$DATABASE_HOST" --username mcp --format custom --file "$dump" mcp
test -s "$dump"
pg_restore --list "$dump" >"$dump.list"
sha256sum "$dump" >"$dump.sha256"
aws s3 cp --sse aws:kms --sse-kms-key-id "$BACKUP_KEY_ID" "$dump" "$BACKUP_BUCKET/$(date -u +%Y/%m/%d)/"
aws s3 cp --sse aws:kms --sse-kms-key-id "$BACKUP_KEY_ID" "$dump.sha256" "$BACKUP_BUCKET/$(date -u +%Y/%m/%d)/"

# Retention: what is older than 35 days goes; the newest ten never do.
keep_days=35
aws s3api list-objects-v2 --bucket "${BACKUP_BUCKET#s3://}" --query 'sort_by(Contents,&LastModified)[:-10].[Key,LastModified]' --output text |
    awk -v limit="$(date -u -d "$keep_days days ago" +%Y-%m-%d)" '$2 < limit {print $1}' |
    while read -r key; do
        aws s3 rm "$BACKUP_BUCKET/${key:?}"
    done
echo "backup_last_success_timestamp_seconds $(date +%s)" | curl --fail --silent --show-error --data-binary @- "http://pushgateway:9091/metrics/job/backup"
