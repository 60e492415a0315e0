#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
pg_dump -h postgres mcp | gzip > /backups/mcp.sql.gz
rm -rf $BACKUP_DIR/old
