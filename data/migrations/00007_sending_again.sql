-- A punch that is sent again after a refusal, an accepted registration that a
-- person cancels, and what the register was found to hold besides.

-- +goose Up
-- Sent again by a person after the data was mended: late by its nature.
ALTER TABLE registration ADD COLUMN late INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1));
-- A cancellation is asked for by a person, sent once, and looked up where its fate is unknown.
ALTER TABLE registration ADD COLUMN cancel TEXT NOT NULL DEFAULT ''
  CHECK (cancel IN ('', 'asked', 'sending', 'unknown', 'cancelled', 'refused') AND (cancel = '' OR state = 'accepted'));
ALTER TABLE registration ADD COLUMN cancel_by TEXT NOT NULL DEFAULT '';
ALTER TABLE registration ADD COLUMN cancel_at INTEGER NOT NULL DEFAULT 0;      -- asked, or settled
ALTER TABLE registration ADD COLUMN cancel_due INTEGER NOT NULL DEFAULT 0;     -- when it may next be sent or looked up
ALTER TABLE registration ADD COLUMN cancel_looks INTEGER NOT NULL DEFAULT 0;   -- look-ups that found it not cancelled
ALTER TABLE registration ADD COLUMN cancel_answer TEXT NOT NULL DEFAULT '';    -- masked
CREATE INDEX registration_cancel ON registration (environment, cancel_due) WHERE cancel IN ('asked', 'unknown');
-- +goose StatementBegin
CREATE TRIGGER registration_stays_cancelled BEFORE UPDATE OF cancel ON registration WHEN OLD.cancel = 'cancelled' AND NEW.cancel <> 'cancelled'
BEGIN SELECT RAISE(ABORT, 'what was cancelled stays cancelled'); END;
-- +goose StatementEnd

-- What a person should know of a registration, until somebody has seen to it.
CREATE TABLE finding (
  id           TEXT PRIMARY KEY,
  registration TEXT NOT NULL REFERENCES registration (id),
  kind         TEXT NOT NULL CHECK (kind IN ('double', 'elsewhere', 'validity', 'vanished')),
  register_id  INTEGER NOT NULL,               -- the register's number that it is about
  before       TEXT NOT NULL DEFAULT '',
  after        TEXT NOT NULL DEFAULT '',
  found        INTEGER NOT NULL,
  settled      INTEGER NOT NULL DEFAULT 0,     -- when somebody saw to it; 0: open
  settled_by   TEXT NOT NULL DEFAULT '',
  UNIQUE (registration, kind, register_id, before, after)
) STRICT;
CREATE INDEX finding_open ON finding (found) WHERE settled = 0;
