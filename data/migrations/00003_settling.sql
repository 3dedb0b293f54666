-- Settling anomalies: what an explanation was about, in which language a note
-- is, and which anomalies were seen, so that one that new facts settle can say so.

-- +goose Up
ALTER TABLE anomaly_state ADD COLUMN note_language TEXT NOT NULL DEFAULT '';
ALTER TABLE anomaly_state ADD COLUMN was TEXT NOT NULL DEFAULT '';   -- JSON of the anomaly as it was then
ALTER TABLE ignored ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE ignored ADD COLUMN note_language TEXT NOT NULL DEFAULT '';

-- Warnings and worse as they were last found. Written at the end of what
-- changes the facts (a reading, an import, an act), never by looking.
CREATE TABLE anomaly_sight (
  rule             TEXT NOT NULL,
  subject_kind     TEXT NOT NULL,
  subject          TEXT NOT NULL,
  anchor           TEXT NOT NULL,
  occurrence       TEXT NOT NULL,              -- hash of its punches: tells one that returned from another
  found            TEXT NOT NULL,              -- JSON of the anomaly
  first            INTEGER NOT NULL,           -- when it was first seen
  returned         INTEGER NOT NULL DEFAULT 0, -- when it last came back with other punches
  gone             INTEGER NOT NULL DEFAULT 0, -- since when it is found no more
  reading          TEXT REFERENCES reading (id),        -- what settled it: a reading,
  act_installation TEXT,                                -- or an act of the trail
  act_seq          INTEGER,
  PRIMARY KEY (rule, subject_kind, subject, anchor),
  FOREIGN KEY (act_installation, act_seq) REFERENCES trail (installation, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX anomaly_sight_gone ON anomaly_sight (gone) WHERE gone > 0;
