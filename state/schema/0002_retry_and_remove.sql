-- SPDX-License-Identifier: Apache-2.0
-- Two words more: a request to `retry`, and an effect that removes an object. A CHECK cannot be changed, so both
-- tables are written anew.

CREATE TABLE more_requests (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    rollout_id TEXT NOT NULL REFERENCES rollouts (id),
    kind       TEXT NOT NULL CHECK (kind IN ('pause', 'resume', 'retry', 'advance', 'abort', 'rollback')),
    made_by    TEXT NOT NULL,
    reason     TEXT NOT NULL,
    made_at    INTEGER NOT NULL,
    taken_at   INTEGER
) STRICT;

INSERT INTO more_requests SELECT id, rollout_id, kind, made_by, reason, made_at, taken_at FROM requests;
DROP TABLE requests;
ALTER TABLE more_requests RENAME TO requests;
CREATE INDEX requests_pending ON requests (rollout_id) WHERE taken_at IS NULL;

CREATE TABLE more_attempts (
    n                INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    rollout_id       TEXT NOT NULL REFERENCES rollouts (id),
    direction        TEXT NOT NULL CHECK (direction IN ('forward', 'back')),
    step_idx         INTEGER NOT NULL,
    verb             TEXT NOT NULL CHECK (verb IN ('patch', 'create', 'remove')),
    object_kind      TEXT NOT NULL,
    object_namespace TEXT NOT NULL,
    object_name      TEXT NOT NULL,
    fence_before     TEXT NOT NULL,
    fence_after      TEXT NOT NULL,
    request_hash     TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('intent', 'applied', 'not_applied', 'unknown', 'refused')),
    detail           TEXT NOT NULL,
    intent_at        INTEGER NOT NULL,
    outcome_at       INTEGER
) STRICT;

INSERT INTO more_attempts SELECT n, id, rollout_id, direction, step_idx, verb, object_kind, object_namespace, object_name,
    fence_before, fence_after, request_hash, state, detail, intent_at, outcome_at FROM attempts;
DROP TABLE attempts;
ALTER TABLE more_attempts RENAME TO attempts;
CREATE INDEX attempts_open ON attempts (rollout_id) WHERE state IN ('intent', 'unknown');
