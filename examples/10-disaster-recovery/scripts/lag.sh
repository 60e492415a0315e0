#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# How many seconds the replica in region $1 is behind. Here a file is the replica, and its time the last change that it
# has; of PostgreSQL one would ask:
#   psql -At -c "select ceil(extract(epoch from now() - pg_last_xact_replay_timestamp()))"
set -eu
file=${REPLICA_DIR:-.}/replica-$1
[ -e "$file" ] || { echo "there is no replica $file" >&2; exit 1; }
echo $(($(date +%s) - $(stat -c %Y "$file")))
