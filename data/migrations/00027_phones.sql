-- Whether people may register by phone at a site.

-- +goose Up
ALTER TABLE site ADD COLUMN phones INTEGER NOT NULL DEFAULT 0 CHECK (phones IN (0, 1));
