#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# backup-by-cronjob.sh ARTIFACT CRONJOB: lets a CronJob of the cluster make its backup now, and waits
# until it is done. The artifact is the receipt: the Job as it ended.
set -eu
job="$2-$(date -u +%Y%m%d%H%M%S)"
kubectl create job "$job" --from="cronjob/$2" --namespace="$DEPLOYCTL_NAMESPACE"
for _ in $(seq 720); do
    status=$(kubectl get job "$job" --namespace="$DEPLOYCTL_NAMESPACE" \
        --output=jsonpath='{.status.succeeded}/{.status.conditions[?(@.type=="Failed")].status}')
    case "$status" in
    */True)
        echo "job $job failed" >&2
        exit 1
        ;;
    1/*) exec kubectl get job "$job" --namespace="$DEPLOYCTL_NAMESPACE" --output=json >"$1" ;;
    esac
    sleep 5
done
echo "job $job did not end within an hour" >&2
exit 1
