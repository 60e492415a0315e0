#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# deploy-production.sh [blue-green|canary|rolling] IMAGE-TAG: the form that people know; the work, the waiting and
# the way back are deployctl's.
set -euo pipefail
cd "$(dirname "$0")/.."

strategy=${1:?which strategy? blue-green, canary or rolling}
tag=${2:?which image tag?}

case "$strategy" in
blue-green | canary | rolling) ;;
*)
    echo "no strategy: $strategy" >&2
    exit 2
    ;;
esac

deployctl assess -e production --min 80
exec deployctl rollout "$strategy" "$tag" --env production --yes
