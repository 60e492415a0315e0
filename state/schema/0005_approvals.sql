-- SPDX-License-Identifier: Apache-2.0
-- What people have said about a rollout that waits for them. Whoever runs it reads it here, and writes into the events
-- what it has taken into account.

CREATE TABLE approvals (
    id         TEXT PRIMARY KEY,
    rollout_id TEXT NOT NULL REFERENCES rollouts (id),
    name       TEXT NOT NULL,
    plan_hash  TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    vote       TEXT NOT NULL CHECK (vote IN ('approve', 'deny')),
    reason     TEXT NOT NULL,
    made_at    INTEGER NOT NULL
) STRICT;

CREATE INDEX approvals_of_rollout ON approvals (rollout_id);

CREATE TRIGGER approvals_are_never_changed BEFORE UPDATE ON approvals
BEGIN
    SELECT RAISE(ABORT, 'approvals are never changed');
END;
