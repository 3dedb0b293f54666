-- +goose Up

-- How full a box's store was when a reading began (rule box-event).
ALTER TABLE reading ADD COLUMN box_last INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reading ADD COLUMN capacity INTEGER NOT NULL DEFAULT 0;

-- A person accepted the shift of a segment of a log whose clock was wrong (rule
-- C3). Nothing of it is changed: taking it back is a row of its own.
CREATE TABLE clock_repair (
  id     TEXT PRIMARY KEY,
  log    INTEGER NOT NULL REFERENCES box_log (id),
  first  INTEGER NOT NULL CHECK (first > 0),
  last   INTEGER NOT NULL,
  shift  INTEGER NOT NULL, -- milliseconds
  source TEXT NOT NULL CHECK (source IN ('boot', 'clock-set', 'measured', 'neighbours', 'person')),
  reason TEXT NOT NULL CHECK (reason <> ''),
  by     TEXT NOT NULL,
  at     INTEGER NOT NULL,
  CHECK (last >= first)
) STRICT;
CREATE INDEX clock_repair_segment ON clock_repair (log, first);

CREATE TABLE clock_repair_withdrawn (
  repair TEXT PRIMARY KEY REFERENCES clock_repair (id),
  by     TEXT NOT NULL,
  at     INTEGER NOT NULL
) STRICT;

-- One segment has one shift at a time.
-- +goose StatementBegin
CREATE TRIGGER clock_repair_one BEFORE INSERT ON clock_repair
WHEN EXISTS (SELECT 1 FROM clock_repair WHERE log = NEW.log AND first = NEW.first
  AND NOT EXISTS (SELECT 1 FROM clock_repair_withdrawn WHERE repair = clock_repair.id))
BEGIN SELECT RAISE(ABORT, 'the segment is repaired already'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER clock_repair_no_update BEFORE UPDATE ON clock_repair
BEGIN SELECT RAISE(ABORT, 'clock repairs are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER clock_repair_no_delete BEFORE DELETE ON clock_repair
BEGIN SELECT RAISE(ABORT, 'clock repairs are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER clock_repair_withdrawn_no_update BEFORE UPDATE ON clock_repair_withdrawn
BEGIN SELECT RAISE(ABORT, 'what was withdrawn stays withdrawn'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER clock_repair_withdrawn_no_delete BEFORE DELETE ON clock_repair_withdrawn
BEGIN SELECT RAISE(ABORT, 'what was withdrawn stays withdrawn'); END;
-- +goose StatementEnd

-- In which notation a box shows cards that are known in another one, confirmed by a person.
CREATE TABLE badge_notation (
  id      TEXT PRIMARY KEY,
  box     TEXT NOT NULL REFERENCES box (uid),
  kind    TEXT NOT NULL CHECK (kind <> ''),
  inverse INTEGER NOT NULL CHECK (inverse IN (0, 1)),
  by      TEXT NOT NULL,
  at      INTEGER NOT NULL
) STRICT;
CREATE INDEX badge_notation_box ON badge_notation (box);

CREATE TABLE badge_notation_withdrawn (
  notation TEXT PRIMARY KEY REFERENCES badge_notation (id),
  by       TEXT NOT NULL,
  at       INTEGER NOT NULL
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER badge_notation_one BEFORE INSERT ON badge_notation
WHEN EXISTS (SELECT 1 FROM badge_notation WHERE box = NEW.box AND kind = NEW.kind AND inverse = NEW.inverse
  AND NOT EXISTS (SELECT 1 FROM badge_notation_withdrawn WHERE notation = badge_notation.id))
BEGIN SELECT RAISE(ABORT, 'the notation is confirmed already'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER badge_notation_no_update BEFORE UPDATE ON badge_notation
BEGIN SELECT RAISE(ABORT, 'confirmed notations are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER badge_notation_no_delete BEFORE DELETE ON badge_notation
BEGIN SELECT RAISE(ABORT, 'confirmed notations are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER badge_notation_withdrawn_no_update BEFORE UPDATE ON badge_notation_withdrawn
BEGIN SELECT RAISE(ABORT, 'what was withdrawn stays withdrawn'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER badge_notation_withdrawn_no_delete BEFORE DELETE ON badge_notation_withdrawn
BEGIN SELECT RAISE(ABORT, 'what was withdrawn stays withdrawn'); END;
-- +goose StatementEnd
