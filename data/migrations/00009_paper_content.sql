-- What stood on papers, so that one can be compared with the data later and a
-- new version says what changed; and the pictures at their head.

-- +goose Up

-- The site or the team that a paper is of; '' where it is of one engagement.
ALTER TABLE paper ADD COLUMN subject TEXT NOT NULL DEFAULT '';
-- The approval that it was printed from; its version is that of the approval.
ALTER TABLE paper ADD COLUMN approval TEXT REFERENCES approval (id);
-- JSON: whose hours, and what stood on each day.
ALTER TABLE paper ADD COLUMN content TEXT NOT NULL DEFAULT '';
-- Before this, every paper had a version of its own.
UPDATE paper SET kind = 'timesheet-draft' WHERE kind = 'timesheet';
CREATE INDEX paper_subject ON paper (kind, engagement, subject, first_day);

-- The files in which papers were written: another file is not what was printed.
CREATE TABLE paper_file (
  hash  TEXT NOT NULL CHECK (length(hash) = 64),  -- SHA-256 of the file, hex
  paper TEXT NOT NULL REFERENCES paper (id),
  at    INTEGER NOT NULL,
  PRIMARY KEY (hash, paper)
) STRICT;

-- Approvals name a picture by its hash: it never changes and never goes.
CREATE TABLE logo (
  hash TEXT PRIMARY KEY CHECK (length(hash) = 64), -- SHA-256 of the picture, hex
  png  BLOB NOT NULL,
  at   INTEGER NOT NULL
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER logo_no_update BEFORE UPDATE ON logo
BEGIN SELECT RAISE(ABORT, 'pictures are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER logo_no_delete BEFORE DELETE ON logo
BEGIN SELECT RAISE(ABORT, 'pictures are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER logo_no_replace BEFORE INSERT ON logo
WHEN EXISTS (SELECT 1 FROM logo WHERE hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'pictures are immutable'); END;
-- +goose StatementEnd
