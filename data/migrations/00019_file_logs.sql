-- What lines of files mean can change: lines are kept for ever, and the punches
-- that are made of them follow their meaning. Which files held which lines says in
-- what order taps were made, and what an import brought.

-- +goose Up
CREATE TABLE meaning (
  number        INTEGER PRIMARY KEY,    -- local shorthand of id, never shown or exchanged
  id            TEXT NOT NULL UNIQUE,
  box           TEXT NOT NULL REFERENCES box (uid),
  kind          TEXT NOT NULL CHECK (kind IN ('attlog', 'table', 'terminal')),
  since         INTEGER REFERENCES reading (number),  -- the first import of which it is; NULL: of all
  zone          TEXT NOT NULL,
  status_keys   TEXT NOT NULL CHECK (status_keys IN ('ask', 'yes', 'no')),
  keys          TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(keys)),
  status_column INTEGER NOT NULL DEFAULT 0,
  mapping       TEXT CHECK (mapping IS NULL OR json_valid(mapping)),
  at            INTEGER NOT NULL,
  withdrawn     INTEGER NOT NULL DEFAULT 0,
  forgotten     INTEGER NOT NULL DEFAULT 0   -- since when the next file is asked about
) STRICT;
CREATE INDEX meaning_box ON meaning (box);

CREATE TABLE file_reading (
  reading INTEGER PRIMARY KEY REFERENCES reading (number),
  kind    TEXT NOT NULL CHECK (kind IN ('attlog', 'table', 'terminal')),
  said    TEXT NOT NULL DEFAULT '',     -- the order of its lines, where a person said it
  taken   INTEGER NOT NULL DEFAULT 0,   -- when it was taken from the device, where somebody said it
  undone  INTEGER NOT NULL DEFAULT 0,
  held    BLOB,                         -- runs of places of its lines, in its order; NULL: those that it brought
  numbers BLOB,                         -- runs of the numbers of these lines; NULL: 1, 2, 3, …
  report  TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(report))
) STRICT;

-- The place of a line in its log, from 0, in order of arrival, and which of its taps a record is of.
ALTER TABLE record ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
-- What a tap of a file is known by under its line's meaning (0: a record's number), the record whose
-- punch it is where that is another one, whether it counts, and where it stands in its log.
ALTER TABLE punch ADD COLUMN tap INTEGER NOT NULL DEFAULT 0;
ALTER TABLE punch ADD COLUMN same INTEGER NOT NULL DEFAULT 0;
ALTER TABLE punch ADD COLUMN counts INTEGER NOT NULL DEFAULT 1 CHECK (counts IN (0, 1));
ALTER TABLE punch ADD COLUMN passage INTEGER NOT NULL DEFAULT 0;
ALTER TABLE punch ADD COLUMN line INTEGER NOT NULL DEFAULT 0;
ALTER TABLE punch ADD COLUMN loose INTEGER NOT NULL DEFAULT 0;
-- How often a file log changed, and how often in what counted before.
ALTER TABLE box_log ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE box_log ADD COLUMN rewritten INTEGER NOT NULL DEFAULT 0;
-- 1 only within the transaction that writes what lines mean: no punch is changed by accident.
ALTER TABLE box_log ADD COLUMN rewriting INTEGER NOT NULL DEFAULT 0 CHECK (rewriting IN (0, 1));

-- Punches of files follow the meaning of their lines; all others, and all records, are as immutable as ever.
DROP TRIGGER punch_no_update;
UPDATE punch SET tap = seq WHERE log IN (SELECT id FROM box_log WHERE log = 'file');
-- +goose StatementBegin
CREATE TRIGGER punch_no_update BEFORE UPDATE ON punch
WHEN (OLD.log, OLD.seq, OLD.reading) IS NOT (NEW.log, NEW.seq, NEW.reading)
  OR (SELECT log <> 'file' OR rewriting = 0 FROM box_log WHERE id = OLD.log)
BEGIN SELECT RAISE(ABORT, 'punches are immutable'); END;
-- +goose StatementEnd

-- What is there already: lines in the order of their arrival, the taps that they are known by, files by what they
-- brought, and meanings as their boxes have them.
DROP TRIGGER record_no_update;
UPDATE record SET place = o.place FROM (
  SELECT r.log, r.seq, row_number() OVER (PARTITION BY r.log ORDER BY r.reading, r.line, r.seq) - 1 AS place
  FROM record r JOIN box_log l ON l.id = r.log WHERE l.log = 'file') o
WHERE record.log = o.log AND record.seq = o.seq;
-- +goose StatementBegin
CREATE TRIGGER record_no_update BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, 'records are immutable'); END;
-- +goose StatementEnd
CREATE INDEX record_place ON record (log, place) WHERE place > 0;
CREATE INDEX punch_tap ON punch (tap) WHERE tap <> 0;
INSERT INTO file_reading (reading, kind)
  SELECT r.number, CASE WHEN r.source = 'cable' THEN 'terminal' WHEN b.make = 'table' THEN 'table' ELSE 'attlog' END
  FROM reading r JOIN box_log l ON l.id = r.log JOIN box b ON b.uid = l.box WHERE l.log = 'file' ORDER BY r.number;
UPDATE file_reading SET report = (
  SELECT json_object('lines', r.records, 'new', r.added, 'refused', json(
    (SELECT json_group_array(json_object('line', k.line, 'code', k.problem, 'text', CAST(k.raw AS TEXT))) FROM kept_line k WHERE k.reading = r.id)))
  FROM reading r WHERE r.number = file_reading.reading);
DROP TABLE kept_line;
INSERT INTO meaning (id, box, kind, zone, status_keys, mapping, at)
  SELECT lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-7' || substr(hex(randomblob(2)), 2) || '-8' || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6))),
    b.uid, CASE WHEN m.box IS NOT NULL THEN 'table' ELSE 'attlog' END,
    CASE b.zone WHEN '' THEN 'Europe/Brussels' ELSE b.zone END,
    CASE WHEN b.status_keys IN ('yes', 'no') THEN b.status_keys
         WHEN EXISTS (SELECT 1 FROM box_log l JOIN punch p ON p.log = l.id WHERE l.box = b.uid AND l.log = 'file' AND p.pressed <> 0) THEN 'yes'
         ELSE 'ask' END,
    m.mapping, coalesce(m.changed, b.first_seen)
  FROM box b LEFT JOIN box_mapping m ON m.box = b.uid
  WHERE m.box IS NOT NULL OR EXISTS (SELECT 1 FROM box_log l WHERE l.box = b.uid AND l.log = 'file');
UPDATE box SET status_keys = (SELECT m.status_keys FROM meaning m WHERE m.box = box.uid AND m.kind = 'attlog')
  WHERE uid IN (SELECT box FROM meaning WHERE kind = 'attlog');
DROP TABLE box_mapping;
