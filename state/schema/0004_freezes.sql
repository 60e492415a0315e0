-- SPDX-License-Identifier: Apache-2.0
-- "Stop the line": freezes that people make outside of the configured windows. They stay for good; a removal is written
-- beside what it removes, once.

CREATE TABLE freezes (
    id             TEXT PRIMARY KEY,
    number         INTEGER NOT NULL UNIQUE,
    app            TEXT NOT NULL,
    environment    TEXT NOT NULL,
    made_by        TEXT NOT NULL,
    reason         TEXT NOT NULL,
    begins_at      INTEGER NOT NULL,
    ends_at        INTEGER,
    removed_by     TEXT NOT NULL DEFAULT '',
    removal_reason TEXT NOT NULL DEFAULT '',
    removed_at     INTEGER
) STRICT;

CREATE TRIGGER freezes_are_removed_once BEFORE UPDATE ON freezes
WHEN OLD.removed_at IS NOT NULL OR NEW.removed_at IS NULL
BEGIN
    SELECT RAISE(ABORT, 'freezes are removed once');
END;

CREATE TRIGGER freezes_are_never_deleted BEFORE DELETE ON freezes
BEGIN
    SELECT RAISE(ABORT, 'freezes are never deleted');
END;
