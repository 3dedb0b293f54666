-- +goose Up
-- Which rows changed since somebody looked: each write gives its row the next number of one count.
CREATE TABLE registration_count (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  n   INTEGER NOT NULL
) STRICT;
INSERT INTO registration_count (one, n) VALUES (1, 1);
ALTER TABLE registration ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX registration_changed ON registration (environment, changed) WHERE changed > 0;
-- +goose StatementBegin
CREATE TRIGGER registration_made AFTER INSERT ON registration
BEGIN
  UPDATE registration_count SET n = n + 1;
  UPDATE registration SET changed = (SELECT n FROM registration_count) WHERE rowid = NEW.rowid;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER registration_changes AFTER UPDATE ON registration WHEN NEW.changed = OLD.changed
BEGIN
  UPDATE registration_count SET n = n + 1;
  UPDATE registration SET changed = (SELECT n FROM registration_count) WHERE rowid = NEW.rowid;
END;
-- +goose StatementEnd
-- Lines of files that are one tap with another, to be found where something was registered of them.
CREATE INDEX punch_same ON punch (log, seq, same) WHERE same <> 0;
