-- SPDX-License-Identifier: Apache-2.0
-- The journal: `events` is what happened, append-only and chained; all other tables follow from it and from
-- what a rollout began with. Times are microseconds since 1970, UTC; durations are microseconds.

CREATE TABLE schema_migrations (
    version    INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    applied_at INTEGER NOT NULL,
    binary     TEXT NOT NULL
) STRICT;

-- Where rollouts happen. `last_seq` and `last_hash` are the head of the target's chain of events.
CREATE TABLE targets (
    id          INTEGER PRIMARY KEY,
    cluster_uid TEXT NOT NULL,
    namespace   TEXT NOT NULL,
    app         TEXT NOT NULL,
    last_seq    INTEGER NOT NULL DEFAULT 0,
    last_hash   TEXT NOT NULL DEFAULT '',
    UNIQUE (cluster_uid, namespace, app)
) STRICT;

CREATE TABLE rollouts (
    id               TEXT PRIMARY KEY,
    number           INTEGER NOT NULL UNIQUE,
    target_id        INTEGER NOT NULL REFERENCES targets (id),
    environment      TEXT NOT NULL,
    context          TEXT NOT NULL,
    strategy         TEXT NOT NULL,
    state            TEXT NOT NULL CHECK (state IN ('pending', 'running', 'paused', 'rolling_back',
                         'needs_human', 'promoted', 'rolled_back', 'aborted', 'superseded')),
    direction        TEXT NOT NULL CHECK (direction IN ('forward', 'back')),
    step_idx         INTEGER NOT NULL,
    version          INTEGER NOT NULL,
    epoch            INTEGER NOT NULL,
    owner_json       TEXT NOT NULL,
    previous_version TEXT NOT NULL,
    next_version     TEXT NOT NULL,
    digest           TEXT NOT NULL,
    plan_hash        TEXT NOT NULL,
    initiator        TEXT NOT NULL,
    reason           TEXT NOT NULL,
    started_at       INTEGER NOT NULL,
    ended_at         INTEGER,
    end_reason       TEXT NOT NULL,
    exit_code        INTEGER
) STRICT;

-- At most one rollout of a target is under way.
CREATE UNIQUE INDEX rollouts_active ON rollouts (target_id)
    WHERE state NOT IN ('promoted', 'rolled_back', 'aborted', 'superseded');

-- Apart from the row of the rollout, which is written with each append.
CREATE TABLE plans (
    rollout_id TEXT PRIMARY KEY REFERENCES rollouts (id),
    plan_json  TEXT NOT NULL
) STRICT;

CREATE TABLE events (
    target_id  INTEGER NOT NULL REFERENCES targets (id),
    seq        INTEGER NOT NULL,
    rollout_id TEXT NOT NULL REFERENCES rollouts (id),
    ts_wall    INTEGER NOT NULL,
    ts_boot    INTEGER NOT NULL,
    boot_id    TEXT NOT NULL,
    actor      TEXT NOT NULL,
    kind       TEXT NOT NULL,
    step_idx   INTEGER,
    body_json  TEXT NOT NULL,
    prev_hash  TEXT NOT NULL,
    hash       TEXT NOT NULL,
    PRIMARY KEY (target_id, seq)
) STRICT;

CREATE INDEX events_of_rollout ON events (rollout_id, seq);

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are never changed');
END;

CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are never deleted');
END;

CREATE TABLE steps (
    rollout_id TEXT NOT NULL REFERENCES rollouts (id),
    direction  TEXT NOT NULL CHECK (direction IN ('forward', 'back')),
    idx        INTEGER NOT NULL,
    stage      TEXT NOT NULL,
    text       TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed', 'skipped')),
    detail     TEXT NOT NULL,
    started_at INTEGER,
    ended_at   INTEGER,
    took       INTEGER,
    PRIMARY KEY (rollout_id, direction, idx)
) STRICT;

-- One write to the world: the intent, then what became of it.
CREATE TABLE attempts (
    n                INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    rollout_id       TEXT NOT NULL REFERENCES rollouts (id),
    direction        TEXT NOT NULL CHECK (direction IN ('forward', 'back')),
    step_idx         INTEGER NOT NULL,
    verb             TEXT NOT NULL CHECK (verb IN ('patch', 'create')),
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

CREATE INDEX attempts_open ON attempts (rollout_id) WHERE state IN ('intent', 'unknown');

CREATE TABLE gate_results (
    id            INTEGER PRIMARY KEY,
    rollout_id    TEXT NOT NULL REFERENCES rollouts (id),
    step_idx      INTEGER NOT NULL,
    gate          TEXT NOT NULL,
    answer        TEXT NOT NULL CHECK (answer IN ('pass', 'fail', 'inconclusive', 'error')),
    reason        TEXT NOT NULL,
    measured      TEXT NOT NULL,
    limit_text    TEXT NOT NULL,
    good_in_a_row INTEGER NOT NULL,
    bad_in_a_row  INTEGER NOT NULL,
    evidence_json TEXT NOT NULL,
    at            INTEGER NOT NULL
) STRICT;

CREATE INDEX gate_results_of_rollout ON gate_results (rollout_id);

-- Why a rollout did not go through; the latest word.
CREATE TABLE causes (
    rollout_id TEXT PRIMARY KEY REFERENCES rollouts (id),
    cause_json TEXT NOT NULL,
    at         INTEGER NOT NULL
) STRICT;

-- What people and other processes ask of a rollout that somebody else runs.
CREATE TABLE requests (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    rollout_id TEXT NOT NULL REFERENCES rollouts (id),
    kind       TEXT NOT NULL CHECK (kind IN ('pause', 'resume', 'advance', 'abort', 'rollback')),
    made_by    TEXT NOT NULL,
    reason     TEXT NOT NULL,
    made_at    INTEGER NOT NULL,
    taken_at   INTEGER
) STRICT;

CREATE INDEX requests_pending ON requests (rollout_id) WHERE taken_at IS NULL;
