-- What a request with a registration that ended without a known fate leaves behind: how often that was so in a row, in
-- the same way, since when, and among how many items. Such a one goes again in smaller company, until it stands alone.

-- +goose Up
ALTER TABLE registration ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registration ADD COLUMN failed_as TEXT NOT NULL DEFAULT '';      -- code of the last of them
ALTER TABLE registration ADD COLUMN failing_since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registration ADD COLUMN failed_among INTEGER NOT NULL DEFAULT 0; -- items of that request; 0: no request is known
-- What has an unknown fate now, or was looked up twice because it had, was in such a request.
UPDATE registration SET failures = 1 WHERE state = 'unknown' OR look_ups > 1;

-- The register knows a person by another number than the one that was sent.
CREATE TABLE new_finding (
  id           TEXT PRIMARY KEY,
  registration TEXT NOT NULL REFERENCES registration (id),
  kind         TEXT NOT NULL CHECK (kind IN ('double', 'elsewhere', 'validity', 'vanished', 'other-number')),
  register_id  INTEGER NOT NULL,               -- the register's number that it is about
  before       TEXT NOT NULL DEFAULT '',
  after        TEXT NOT NULL DEFAULT '',
  found        INTEGER NOT NULL,
  settled      INTEGER NOT NULL DEFAULT 0,     -- when somebody saw to it; 0: open
  settled_by   TEXT NOT NULL DEFAULT '',
  UNIQUE (registration, kind, register_id, before, after)
) STRICT;
INSERT INTO new_finding SELECT * FROM finding;
DROP TABLE finding;
ALTER TABLE new_finding RENAME TO finding;
CREATE INDEX finding_open ON finding (found) WHERE settled = 0;

-- What a person had put right at the NSSO (its Dimona, its declaration) before a punch is sent again that the register
-- refused, or accepted and then judged invalid: nothing of it changed here. '' for any other.
ALTER TABLE registration ADD COLUMN mended TEXT NOT NULL DEFAULT '' CHECK (mended = '' OR (late = 1 AND approved_by <> ''));
DROP TRIGGER registration_no_replace;
-- +goose StatementBegin
CREATE TRIGGER registration_no_replace BEFORE INSERT ON registration
WHEN EXISTS (SELECT 1 FROM registration r WHERE r.id = NEW.id OR (r.environment = NEW.environment AND r.log = NEW.log AND r.seq = NEW.seq
  AND (r.generation >= NEW.generation OR (r.state <> 'refused' AND (r.state <> 'accepted' OR NEW.mended = '')))))
BEGIN SELECT RAISE(ABORT, 'one registration per punch and environment'); END;
-- +goose StatementEnd
