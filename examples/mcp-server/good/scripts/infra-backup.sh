#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The state of one environment, checked and encrypted, into a bucket of another region. The bucket's lifecycle expires
# copies after a year.
set -euo pipefail
umask 077

environment=${1:?which environment?}
: "${BACKUP_BUCKET:?}" "${BACKUP_KEY_ID:?}"
work=$(mktemp -d)
trap 'rm -rf -- "${work:?}"' EXIT
copy="$work/$environment-$(date -u +%Y%m%dT%H%M%SZ).tfstate"

terraform -chdir=terraform state pull >"$copy"
test -s "$copy"
sha256sum "$copy" >"$copy.sha256"
aws s3 cp --sse aws:kms --sse-kms-key-id "$BACKUP_KEY_ID" "$copy" "$BACKUP_BUCKET/state/"
aws s3 cp --sse aws:kms --sse-kms-key-id "$BACKUP_KEY_ID" "$copy.sha256" "$BACKUP_BUCKET/state/"
