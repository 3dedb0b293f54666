-- +goose Up

-- Where a person said that one clock ends in a log and another begins (rule C3).
-- Taking it back is a row of its own.
CREATE TABLE clock_cut (
  id     TEXT PRIMARY KEY,
  log    INTEGER NOT NULL REFERENCES box_log (id),
  first  INTEGER NOT NULL CHECK (first > 0),
  reason TEXT NOT NULL CHECK (reason <> ''),
  by     TEXT NOT NULL,
  at     INTEGER NOT NULL
) STRICT;
CREATE INDEX clock_cut_log ON clock_cut (log, first);

CREATE TABLE clock_cut_withdrawn (
  cut TEXT PRIMARY KEY REFERENCES clock_cut (id),
  by  TEXT NOT NULL,
  at  INTEGER NOT NULL
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER clock_cut_one BEFORE INSERT ON clock_cut
WHEN EXISTS (SELECT 1 FROM clock_cut WHERE log = NEW.log AND first = NEW.first
  AND NOT EXISTS (SELECT 1 FROM clock_cut_withdrawn WHERE cut = clock_cut.id))
BEGIN SELECT RAISE(ABORT, 'the log is cut there already'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER clock_cut_no_update BEFORE UPDATE ON clock_cut
BEGIN SELECT RAISE(ABORT, 'cuts of logs are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER clock_cut_no_delete BEFORE DELETE ON clock_cut
BEGIN SELECT RAISE(ABORT, 'cuts of logs are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER clock_cut_withdrawn_no_update BEFORE UPDATE ON clock_cut_withdrawn
BEGIN SELECT RAISE(ABORT, 'what was withdrawn stays withdrawn'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER clock_cut_withdrawn_no_delete BEFORE DELETE ON clock_cut_withdrawn
BEGIN SELECT RAISE(ABORT, 'what was withdrawn stays withdrawn'); END;
-- +goose StatementEnd

-- Shifts can come from the end of summer time, and what stands for the sequences of
-- a file's lines orders nothing: its last record can have a lower one than its first.
CREATE TABLE clock_repair_new (
  id     TEXT PRIMARY KEY,
  log    INTEGER NOT NULL REFERENCES box_log (id),
  first  INTEGER NOT NULL CHECK (first > 0),
  last   INTEGER NOT NULL CHECK (last > 0),
  shift  INTEGER NOT NULL, -- milliseconds
  source TEXT NOT NULL CHECK (source IN ('boot', 'clock-set', 'measured', 'summer-time', 'neighbours', 'person')),
  reason TEXT NOT NULL CHECK (reason <> ''),
  by     TEXT NOT NULL,
  at     INTEGER NOT NULL
) STRICT;
INSERT INTO clock_repair_new SELECT * FROM clock_repair;
CREATE TABLE clock_repair_withdrawn_new (
  repair TEXT PRIMARY KEY REFERENCES clock_repair_new (id),
  by     TEXT NOT NULL,
  at     INTEGER NOT NULL
) STRICT;
INSERT INTO clock_repair_withdrawn_new SELECT * FROM clock_repair_withdrawn;
DROP TRIGGER clock_repair_one;
DROP TABLE clock_repair_withdrawn;
DROP TABLE clock_repair;
ALTER TABLE clock_repair_new RENAME TO clock_repair;
ALTER TABLE clock_repair_withdrawn_new RENAME TO clock_repair_withdrawn;
CREATE INDEX clock_repair_segment ON clock_repair (log, first);

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
