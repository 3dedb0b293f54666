-- What a person released: from what it was held by, and whether by the word that
-- it was not registered by phone or otherwise.

-- +goose Up
ALTER TABLE registration ADD COLUMN released_from TEXT NOT NULL DEFAULT '';
ALTER TABLE registration ADD COLUMN vouched INTEGER NOT NULL DEFAULT 0 CHECK (vouched IN (0, 1) AND (vouched = 0 OR released_from <> ''));
