-- Whom to call at a site, for an inspection or a technician at the door.

-- +goose Up

ALTER TABLE site ADD COLUMN contact_name TEXT NOT NULL DEFAULT '';
ALTER TABLE site ADD COLUMN contact_phone TEXT NOT NULL DEFAULT '';
