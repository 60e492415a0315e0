#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The service in namespace $1 runs version $2 and answers; unless this is a drill, the entrance leads there. $3 is the
# context of its cluster; empty: the current one, where the entrance is.
set -eu
context=${3:-}
there() { kubectl ${context:+"--context=$context"} "$@"; }
image=$(there -n "$1" get deployment web -o 'jsonpath={.spec.template.spec.containers[0].image}')
case $image in
*:"$2" | *:"$2"@*) ;;
*) echo "$1 runs $image, not $2" >&2; exit 1 ;;
esac
there -n "$1" rollout status deployment web --timeout 60s
there get --raw "/api/v1/namespaces/$1/services/web:80/proxy/healthz" >/dev/null
[ "$DEPLOYCTL_DRILL" = true ] ||
    kubectl -n "${EDGE_NAMESPACE:-shop-edge}" get service web -o 'jsonpath={.spec.externalName}' | grep -q "^web\.$1\."
