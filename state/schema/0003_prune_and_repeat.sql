-- SPDX-License-Identifier: Apache-2.0
-- An append can be told from the version that it made, so that one whose answer was lost can be made again. And the
-- oldest rollouts of a target can be pruned: its chain of events then goes on from an anchor.

-- What the events of older schemas made is not known: 0.
ALTER TABLE events ADD COLUMN version INTEGER NOT NULL DEFAULT 0;

-- The last event that was pruned, where the chain of the target now begins.
CREATE TABLE anchors (
    target_id INTEGER PRIMARY KEY REFERENCES targets (id),
    seq       INTEGER NOT NULL,
    hash      TEXT NOT NULL,
    rollouts  INTEGER NOT NULL,
    pruned_at INTEGER NOT NULL
) STRICT;

DROP TRIGGER events_are_never_deleted;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
WHEN NOT EXISTS (SELECT 1 FROM anchors WHERE target_id = OLD.target_id AND seq >= OLD.seq)
BEGIN
    SELECT RAISE(ABORT, 'events are never deleted');
END;
