-- SPDX-License-Identifier: Apache-2.0
-- What is done beside single rollouts: infrastructure, backups, promotions, failovers, locks. Each operation has a chain
-- of its own: from what it began as, through its events, to its end. `last_seq` and `last_hash` are the chain's head.

CREATE TABLE operations (
    id          TEXT PRIMARY KEY,
    number      INTEGER NOT NULL UNIQUE,
    kind        TEXT NOT NULL,
    app         TEXT NOT NULL,
    environment TEXT NOT NULL,
    subject     TEXT NOT NULL,
    started_by  TEXT NOT NULL,
    reason      TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'undone', 'needs_human')),
    owner_json  TEXT NOT NULL,
    meant_json  TEXT NOT NULL,
    result_json TEXT NOT NULL,
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER,
    last_seq    INTEGER NOT NULL DEFAULT 0,
    last_hash   TEXT NOT NULL
) STRICT;

-- At most one of the same work is under way.
CREATE UNIQUE INDEX operations_running ON operations (kind, app, environment, subject) WHERE state = 'running';

CREATE INDEX operations_of_app ON operations (app, number);

CREATE TRIGGER operations_begin_once BEFORE UPDATE ON operations
WHEN OLD.id IS NOT NEW.id OR OLD.number IS NOT NEW.number OR OLD.kind IS NOT NEW.kind OR OLD.app IS NOT NEW.app
    OR OLD.environment IS NOT NEW.environment OR OLD.subject IS NOT NEW.subject
    OR OLD.started_by IS NOT NEW.started_by OR OLD.meant_json IS NOT NEW.meant_json
    OR OLD.started_at IS NOT NEW.started_at
BEGIN
    SELECT RAISE(ABORT, 'what an operation began as is never changed');
END;

CREATE TRIGGER operations_end_once BEFORE UPDATE ON operations
WHEN OLD.state <> 'running'
BEGIN
    SELECT RAISE(ABORT, 'operations that have ended are never changed');
END;

CREATE TRIGGER operations_under_way_stay BEFORE DELETE ON operations
WHEN OLD.state = 'running'
BEGIN
    SELECT RAISE(ABORT, 'operations under way are never deleted');
END;

CREATE TABLE operation_events (
    operation_id TEXT NOT NULL REFERENCES operations (id),
    seq          INTEGER NOT NULL,
    ts_wall      INTEGER NOT NULL,
    actor        TEXT NOT NULL,
    kind         TEXT NOT NULL,
    data_json    TEXT NOT NULL,
    prev_hash    TEXT NOT NULL,
    hash         TEXT NOT NULL,
    PRIMARY KEY (operation_id, seq)
) STRICT;

CREATE TRIGGER operation_events_are_never_changed BEFORE UPDATE ON operation_events
BEGIN
    SELECT RAISE(ABORT, 'events are never changed');
END;

-- A whole operation that has ended may be pruned.
CREATE TRIGGER operation_events_stay BEFORE DELETE ON operation_events
WHEN EXISTS (SELECT 1 FROM operations WHERE id = OLD.operation_id AND state IN ('running', 'needs_human'))
BEGIN
    SELECT RAISE(ABORT, 'events are never deleted');
END;
