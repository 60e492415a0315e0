#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# backup-by-snapshot.sh ARTIFACT CLAIM CLASS: a VolumeSnapshot of a PersistentVolumeClaim, ready to
# be used. The artifact is the receipt: the VolumeSnapshot as it is, with the name of its content.
set -eu
snapshot="$2-$(date -u +%Y%m%d%H%M%S)"
kubectl create --namespace="$DEPLOYCTL_NAMESPACE" --filename=- <<YAML
apiVersion: snapshot.storage.k8s.io/v1
kind: VolumeSnapshot
metadata: {name: "$snapshot", labels: {app.kubernetes.io/managed-by: deployctl}}
spec:
  volumeSnapshotClassName: "$3"
  source: {persistentVolumeClaimName: "$2"}
YAML
kubectl wait "volumesnapshot/$snapshot" --namespace="$DEPLOYCTL_NAMESPACE" \
    --for=jsonpath='{.status.readyToUse}'=true --timeout=30m
exec kubectl get volumesnapshot "$snapshot" --namespace="$DEPLOYCTL_NAMESPACE" --output=json >"$1"
