-- Which files the program wrote for people: another one is not replaced without asking.

-- +goose Up

CREATE TABLE output (
  hash TEXT PRIMARY KEY CHECK (length(hash) = 64), -- SHA-256 of the file, hex
  at   INTEGER NOT NULL                            -- when it was first written, ms since 1970, UTC
) STRICT, WITHOUT ROWID;
-- Timesheets were remembered before; the one list is enough from now on.
INSERT INTO output (hash, at) SELECT hash, min(at) FROM paper_file GROUP BY hash;
