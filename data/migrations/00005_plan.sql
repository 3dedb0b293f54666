-- The plan of sites: weekly lines, exceptions of some days, absences of people.
-- A time of day is INTEGER minutes since local midnight. Nothing of it is
-- changed: a line is ended or withdrawn, the rest is withdrawn.

-- +goose Up

CREATE TABLE plan_line (
  id          TEXT PRIMARY KEY,
  site        TEXT NOT NULL REFERENCES site (id),
  engagement  TEXT NOT NULL REFERENCES engagement (id),
  weekdays    INTEGER NOT NULL CHECK (weekdays BETWEEN 1 AND 127),        -- bit 0 is Monday
  from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
  to_minute   INTEGER NOT NULL CHECK (to_minute BETWEEN 0 AND 1439),      -- not later than from_minute: on the next day
  first_day   TEXT NOT NULL CHECK (first_day <> ''),
  last_day    TEXT NOT NULL DEFAULT '',
  every_weeks INTEGER NOT NULL DEFAULT 1 CHECK (every_weeks BETWEEN 1 AND 52),
  by          TEXT NOT NULL,
  at          INTEGER NOT NULL,
  withdrawn   INTEGER NOT NULL DEFAULT 0,
  CHECK (from_minute <> to_minute),
  CHECK (last_day = '' OR first_day <= last_day)
) STRICT;
CREATE INDEX plan_line_site ON plan_line (site);
CREATE INDEX plan_line_engagement ON plan_line (engagement);
-- +goose StatementBegin
CREATE TRIGGER plan_line_only_ends BEFORE UPDATE ON plan_line
WHEN (NEW.id, NEW.site, NEW.engagement, NEW.weekdays, NEW.from_minute, NEW.to_minute, NEW.first_day, NEW.every_weeks, NEW.by, NEW.at)
  IS NOT (OLD.id, OLD.site, OLD.engagement, OLD.weekdays, OLD.from_minute, OLD.to_minute, OLD.first_day, OLD.every_weeks, OLD.by, OLD.at)
BEGIN SELECT RAISE(ABORT, 'a line of a plan is only ended or withdrawn'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER plan_line_no_delete BEFORE DELETE ON plan_line
BEGIN SELECT RAISE(ABORT, 'a line of a plan is only ended or withdrawn'); END;
-- +goose StatementEnd

CREATE TABLE plan_exception (
  id          TEXT PRIMARY KEY,
  line        TEXT NOT NULL REFERENCES plan_line (id),
  first_day   TEXT NOT NULL CHECK (first_day <> ''),
  last_day    TEXT NOT NULL,
  kind        TEXT NOT NULL CHECK (kind IN ('cancelled', 'hours', 'replaced')),
  from_minute INTEGER NOT NULL DEFAULT 0 CHECK (from_minute BETWEEN 0 AND 1439),
  to_minute   INTEGER NOT NULL DEFAULT 0 CHECK (to_minute BETWEEN 0 AND 1439),
  stand_in    TEXT REFERENCES engagement (id),
  note        TEXT NOT NULL DEFAULT '',
  by          TEXT NOT NULL,
  at          INTEGER NOT NULL,
  withdrawn   INTEGER NOT NULL DEFAULT 0,
  CHECK (first_day <= last_day),
  CHECK ((kind = 'hours') = (from_minute <> to_minute)),
  CHECK ((kind = 'replaced') = (stand_in IS NOT NULL))
) STRICT;
CREATE INDEX plan_exception_line ON plan_exception (line);
CREATE INDEX plan_exception_stand_in ON plan_exception (stand_in);
-- +goose StatementBegin
CREATE TRIGGER plan_exception_only_withdrawn BEFORE UPDATE ON plan_exception
WHEN (NEW.id, NEW.line, NEW.first_day, NEW.last_day, NEW.kind, NEW.from_minute, NEW.to_minute, NEW.stand_in, NEW.note, NEW.by, NEW.at)
  IS NOT (OLD.id, OLD.line, OLD.first_day, OLD.last_day, OLD.kind, OLD.from_minute, OLD.to_minute, OLD.stand_in, OLD.note, OLD.by, OLD.at)
BEGIN SELECT RAISE(ABORT, 'an exception of a plan is only withdrawn'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER plan_exception_no_delete BEFORE DELETE ON plan_exception
BEGIN SELECT RAISE(ABORT, 'an exception of a plan is only withdrawn'); END;
-- +goose StatementEnd

CREATE TABLE absence (
  id          TEXT PRIMARY KEY,
  worker      TEXT NOT NULL REFERENCES worker (id),
  engagement  TEXT REFERENCES engagement (id),                            -- NULL: all of the worker's
  first_day   TEXT NOT NULL CHECK (first_day <> ''),
  last_day    TEXT NOT NULL,
  from_minute INTEGER NOT NULL DEFAULT 0 CHECK (from_minute BETWEEN 0 AND 1439),
  to_minute   INTEGER NOT NULL DEFAULT 0 CHECK (to_minute BETWEEN 0 AND 1439),  -- equal to from_minute: the whole day
  kind        TEXT NOT NULL CHECK (kind <> ''),
  note        TEXT NOT NULL DEFAULT '',
  by          TEXT NOT NULL,
  at          INTEGER NOT NULL,
  withdrawn   INTEGER NOT NULL DEFAULT 0,
  CHECK (first_day <= last_day)
) STRICT;
CREATE INDEX absence_worker ON absence (worker, first_day);
CREATE INDEX absence_engagement ON absence (engagement);
-- +goose StatementBegin
CREATE TRIGGER absence_only_withdrawn BEFORE UPDATE ON absence
WHEN (NEW.id, NEW.worker, NEW.engagement, NEW.first_day, NEW.last_day, NEW.from_minute, NEW.to_minute, NEW.kind, NEW.note, NEW.by, NEW.at)
  IS NOT (OLD.id, OLD.worker, OLD.engagement, OLD.first_day, OLD.last_day, OLD.from_minute, OLD.to_minute, OLD.kind, OLD.note, OLD.by, OLD.at)
BEGIN SELECT RAISE(ABORT, 'an absence is only withdrawn'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER absence_no_delete BEFORE DELETE ON absence
BEGIN SELECT RAISE(ABORT, 'an absence is only withdrawn'); END;
-- +goose StatementEnd
