-- What is asked for at every change, beside all that ever was: an index for what is open or came back.

-- +goose Up
-- Warnings that stand, and those that came back.
CREATE INDEX anomaly_sight_open ON anomaly_sight (gone) WHERE gone = 0;
CREATE INDEX anomaly_sight_returned ON anomaly_sight (returned) WHERE returned > 0;
-- What of the register waits for something, in the order in which it is judged.
DROP INDEX register_entry_waits;
CREATE INDEX register_entry_open ON register_entry (environment, id, state) WHERE state NOT IN ('registered', 'ours');
-- Readings by the list or the file that they came from.
CREATE INDEX reading_import ON reading (import) WHERE import <> '';
CREATE INDEX reading_file ON reading (file_name) WHERE file_name <> '';
-- What was taken back of imports, the last first.
CREATE INDEX list_import_thing_taken ON list_import_thing (taken) WHERE taken > 0;
