#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Asks a deployed service what a user would ask first.
set -euo pipefail

host=${1:?which host?}
for path in /health /ready /version; do
    curl --fail --silent --show-error --max-time 5 --retry 5 --retry-all-errors "https://$host$path" >/dev/null
done
