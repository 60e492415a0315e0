#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make.sh FOLDER: the flawed service, which is the good one with files/ over it and without what removed.txt names.
set -euo pipefail

target=${1:?where to?}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$target"
cp -R "$here/../good/." "$target"
cp -R "$here/files/." "$target"
while read -r path; do
    rm -- "${target:?}/${path:?}"
done <"$here/removed.txt"
