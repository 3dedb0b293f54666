-- What the register shows that was not sent from here: somebody registered by phone
-- or otherwise. Of people in staff it becomes a record of the box that stands for
-- the phones of its site; of other employers' people it is listed apart.

-- +goose Up

-- A reading can also be of the register, of a list out of it, or somebody's word.
ALTER TABLE reading ADD COLUMN origin TEXT NOT NULL DEFAULT 'cable' CHECK (origin IN ('cable', 'file', 'register', 'list', 'person'));
UPDATE reading SET origin = source;
ALTER TABLE reading DROP COLUMN source;
ALTER TABLE reading RENAME COLUMN origin TO source;
ALTER TABLE reading ADD COLUMN import TEXT NOT NULL DEFAULT '';  -- of a list

CREATE TABLE register_entry (
  environment TEXT NOT NULL CHECK (environment IN ('production', 'nsso-simulation', 'local-simulator')),
  id          INTEGER NOT NULL CHECK (id > 0),     -- the register's number
  type        TEXT NOT NULL CHECK (type IN ('IN', 'OUT')),
  at          INTEGER NOT NULL CHECK (at % 1000 = 0),
  to_minute   INTEGER NOT NULL DEFAULT 0 CHECK (to_minute IN (0, 1)),  -- a list without seconds
  ssin_sealed BLOB NOT NULL,
  ssin_lookup BLOB NOT NULL,
  worker      TEXT REFERENCES worker (id),
  site        TEXT REFERENCES site (id),
  site_said   INTEGER NOT NULL DEFAULT 0 CHECK (site_said IN (0, 1)),  -- by a person
  enterprise  TEXT NOT NULL DEFAULT '',
  foreign_vat TEXT NOT NULL DEFAULT '',
  declaration TEXT NOT NULL DEFAULT '',
  place       TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(place)),
  validity    TEXT NOT NULL DEFAULT '',
  remarks     TEXT NOT NULL DEFAULT '',            -- masked
  cancelled   INTEGER NOT NULL DEFAULT 0 CHECK (cancelled IN (0, 1)),
  raw_sealed  BLOB NOT NULL,                       -- all that the register said of it
  source      TEXT NOT NULL CHECK (source IN ('register', 'list')),
  import      TEXT NOT NULL DEFAULT '',            -- the import of the only list that showed it
  withdrawn   INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1) AND (withdrawn = 0 OR import <> '')),
  first_shown INTEGER NOT NULL,
  last_shown  INTEGER NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('registered', 'box-or-phone', 'ours', 'which-site', 'who')),
  waits       TEXT NOT NULL DEFAULT '' CHECK (waits IN ('', 'fate', 'boxes', 'same') AND (waits = '' OR state = 'box-or-phone')),
  decided     TEXT NOT NULL DEFAULT '' CHECK (decided IN ('', 'registered', 'ours')),  -- by a person
  PRIMARY KEY (environment, id),
  CHECK (state NOT IN ('registered', 'box-or-phone') OR (worker IS NOT NULL AND site IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX register_entry_at ON register_entry (environment, at);
CREATE INDEX register_entry_person ON register_entry (ssin_lookup, at);
CREATE INDEX register_entry_worker ON register_entry (worker);
CREATE INDEX register_entry_site ON register_entry (site);
CREATE INDEX register_entry_waits ON register_entry (state) WHERE state NOT IN ('registered', 'ours');

-- Of people of other employers: without a number that tells who it is.
CREATE TABLE register_other (
  environment TEXT NOT NULL CHECK (environment IN ('production', 'nsso-simulation', 'local-simulator')),
  id          INTEGER NOT NULL CHECK (id > 0),
  type        TEXT NOT NULL CHECK (type IN ('IN', 'OUT')),
  at          INTEGER NOT NULL,
  who         TEXT NOT NULL CHECK (who LIKE '%*%'),  -- masked
  enterprise  TEXT NOT NULL DEFAULT '',
  foreign_vat TEXT NOT NULL DEFAULT '',
  declaration TEXT NOT NULL DEFAULT '',
  site        TEXT REFERENCES site (id),
  validity    TEXT NOT NULL DEFAULT '',
  cancelled   INTEGER NOT NULL DEFAULT 0 CHECK (cancelled IN (0, 1)),
  first_shown INTEGER NOT NULL,
  last_shown  INTEGER NOT NULL,
  PRIMARY KEY (environment, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX register_other_at ON register_other (at);

-- Up to when the register was asked about single persons, where it is not asked by declaration.
CREATE TABLE register_asked (
  environment TEXT NOT NULL CHECK (environment IN ('production', 'nsso-simulation', 'local-simulator')),
  worker      TEXT NOT NULL,
  up_to       INTEGER NOT NULL,
  PRIMARY KEY (environment, worker)
) STRICT, WITHOUT ROWID;

-- What an entry says of a tap follows the register, as what a line of a file says follows its meaning.
DROP TRIGGER punch_no_update;
-- +goose StatementBegin
CREATE TRIGGER punch_no_update BEFORE UPDATE ON punch
WHEN (OLD.log, OLD.seq, OLD.reading) IS NOT (NEW.log, NEW.seq, NEW.reading)
  OR (SELECT rewriting = 0 OR (log <> 'file' AND box NOT LIKE 'register:%') FROM box_log WHERE id = OLD.log)
BEGIN SELECT RAISE(ABORT, 'punches are immutable'); END;
-- +goose StatementEnd
-- Never is anything of such a box sent.
-- +goose StatementBegin
CREATE TRIGGER registration_of_a_box BEFORE INSERT ON registration
WHEN (SELECT box LIKE 'register:%' FROM box_log WHERE id = NEW.log)
BEGIN SELECT RAISE(ABORT, 'what the register showed is never sent to it'); END;
-- +goose StatementEnd
