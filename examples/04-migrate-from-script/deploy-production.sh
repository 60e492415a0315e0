#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The call that people and jobs already know; the work is deployctl's.
#
# deploy-production.sh [blue-green|canary|rolling] [image-tag]
set -euo pipefail
cd "$(dirname "$0")"

strategy=${1:-canary}
tag=${2:?which image tag? usage: deploy-production.sh [blue-green|canary|rolling] [image-tag]}

# exec: signals reach deployctl itself, and its exit code is the script's.
exec deployctl rollout "$strategy" "$tag" --env production
