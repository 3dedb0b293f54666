-- A database that was set back, or opened elsewhere.

-- +goose Up
-- Which run of the program queued it: where nothing else can tell, what an earlier
-- run queued may have been sent by the state of the database that was lost.
ALTER TABLE registration ADD COLUMN run TEXT NOT NULL DEFAULT '';
-- When it was found that it may have been sent by a state that was lost; 0: never.
ALTER TABLE registration ADD COLUMN set_back INTEGER NOT NULL DEFAULT 0;
CREATE INDEX registration_set_back ON registration (environment, state) WHERE set_back > 0;
-- Where the installation was made: a keyed hash of the computer's identity, and
-- the mark that lies outside the database. '' where that is not known.
ALTER TABLE installation ADD COLUMN machine TEXT NOT NULL DEFAULT '';
ALTER TABLE installation ADD COLUMN place TEXT NOT NULL DEFAULT '';
