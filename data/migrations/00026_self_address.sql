-- The address by which people register themselves for a declaration of works, as the NSSO shows it: for the poster of a site.

-- +goose Up
ALTER TABLE declaration ADD COLUMN self_address TEXT NOT NULL DEFAULT '';
