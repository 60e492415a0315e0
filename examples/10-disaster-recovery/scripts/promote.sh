#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the replica in region $1 the primary; a drill only looks whether it could (of PostgreSQL: select pg_promote()).
set -eu
file=${REPLICA_DIR:-.}/replica-$1
[ -e "$file" ] || { echo "there is no replica $file" >&2; exit 1; }
if [ "$DEPLOYCTL_DRILL" = true ]; then
    echo "a drill: $file could be promoted"
    exit 0
fi
echo "$1" >"${REPLICA_DIR:-.}/primary"
