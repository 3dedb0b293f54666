-- Imports of lists (staff, sites, absences, declarations): an account of each that
-- stays, and what each made or changed, so that it can be taken back as one step.

-- +goose Up

CREATE TABLE list_import (
  id      TEXT PRIMARY KEY,
  kind    TEXT NOT NULL CHECK (kind <> ''),
  file    TEXT NOT NULL DEFAULT '',            -- its name, without its folder
  digest  TEXT NOT NULL DEFAULT '',            -- SHA-256 of its bytes, hex
  by      TEXT NOT NULL,
  at      INTEGER NOT NULL,
  lines   INTEGER NOT NULL,                    -- rows that held anything; the four others add up to it
  fresh   INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  same    INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  account_sealed BLOB,                         -- importing.Account: what was said of each row, and the refused ones whole
  CHECK (lines = fresh + changed + same + refused)
) STRICT;
CREATE INDEX list_import_at ON list_import (at);

-- What an import made or changed: the row before (NULL where it was new) and after, as JSON of its columns.
CREATE TABLE list_import_thing (
  import   TEXT NOT NULL REFERENCES list_import (id),
  position INTEGER NOT NULL,                   -- in the order in which they were saved
  kind     TEXT NOT NULL,                      -- the table
  thing    TEXT NOT NULL,                      -- its id there
  subject  TEXT NOT NULL DEFAULT '',           -- the person, place, absence or declaration that the row is about
  line     INTEGER NOT NULL DEFAULT 0,
  before   TEXT CHECK (before IS NULL OR json_valid(before)),
  after    TEXT NOT NULL CHECK (json_valid(after)),
  taken    INTEGER NOT NULL DEFAULT 0,         -- when it was taken back
  PRIMARY KEY (import, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX list_import_thing_thing ON list_import_thing (thing);

-- What the rows of an import speak of, whether they changed it or found it as it was.
CREATE TABLE list_import_subject (
  import  TEXT NOT NULL REFERENCES list_import (id),
  subject TEXT NOT NULL,
  line    INTEGER NOT NULL,
  PRIMARY KEY (import, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX list_import_subject_subject ON list_import_subject (subject);

-- Taking an import back is a step of its own. What it left may be taken back by a further one.
CREATE TABLE list_import_undo (
  import TEXT NOT NULL REFERENCES list_import (id),
  number INTEGER NOT NULL CHECK (number > 0),
  by     TEXT NOT NULL,
  at     INTEGER NOT NULL,
  why    TEXT NOT NULL DEFAULT '',
  taken  INTEGER NOT NULL,                     -- how many things
  kept   INTEGER NOT NULL,
  PRIMARY KEY (import, number)
) STRICT, WITHOUT ROWID;

-- +goose StatementBegin
CREATE TRIGGER list_import_no_update BEFORE UPDATE ON list_import
BEGIN SELECT RAISE(ABORT, 'the account of an import stays as it is'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER list_import_no_delete BEFORE DELETE ON list_import
BEGIN SELECT RAISE(ABORT, 'the account of an import stays as it is'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER list_import_thing_only_taken BEFORE UPDATE ON list_import_thing
WHEN (NEW.import, NEW.position, NEW.kind, NEW.thing, NEW.subject, NEW.line, NEW.before, NEW.after)
  IS NOT (OLD.import, OLD.position, OLD.kind, OLD.thing, OLD.subject, OLD.line, OLD.before, OLD.after)
BEGIN SELECT RAISE(ABORT, 'the account of an import stays as it is'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER list_import_thing_no_delete BEFORE DELETE ON list_import_thing
BEGIN SELECT RAISE(ABORT, 'the account of an import stays as it is'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER list_import_undo_no_update BEFORE UPDATE ON list_import_undo
BEGIN SELECT RAISE(ABORT, 'the account of an import stays as it is'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER list_import_undo_no_delete BEFORE DELETE ON list_import_undo
BEGIN SELECT RAISE(ABORT, 'the account of an import stays as it is'); END;
-- +goose StatementEnd
