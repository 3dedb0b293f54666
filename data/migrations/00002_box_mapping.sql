-- How the tables of a box of another make are read: one mapping a box, changed
-- by people, with the trail telling what it was before.

-- +goose Up

CREATE TABLE box_mapping (
  box     TEXT PRIMARY KEY REFERENCES box (uid),
  mapping TEXT NOT NULL CHECK (json_valid(mapping)),  -- reading.Mapping as JSON
  changed INTEGER NOT NULL
) STRICT;
