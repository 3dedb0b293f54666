-- How often the cable dropped during a reading, and how many records the next one asks for at once (0: as many as usual).

-- +goose Up

ALTER TABLE reading ADD COLUMN drops INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reading ADD COLUMN piece INTEGER NOT NULL DEFAULT 0;
