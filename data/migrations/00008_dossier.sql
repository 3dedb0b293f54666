-- Correction dossiers and reconciliations with the register. Nothing of them is
-- changed: a step of a dossier is a row of its own.

-- +goose Up

-- One request to the NSSO to correct its register. What is asked is fixed.
CREATE TABLE dossier (
  id          TEXT PRIMARY KEY,
  environment TEXT NOT NULL CHECK (environment IN ('production', 'nsso-simulation', 'local-simulator')),
  kind        TEXT NOT NULL CHECK (kind <> ''),
  anchor      TEXT NOT NULL CHECK (anchor <> ''),
  worker      TEXT REFERENCES worker (id),
  day         TEXT NOT NULL CHECK (day <> ''),                    -- Belgian day from which the 30 days count
  correction  TEXT NOT NULL CHECK (json_valid(correction)),       -- app.Correction: no personal number in it
  by          TEXT NOT NULL,
  at          INTEGER NOT NULL
) STRICT;
CREATE INDEX dossier_fact ON dossier (environment, kind, anchor);

CREATE TABLE dossier_step (
  dossier   TEXT NOT NULL REFERENCES dossier (id),
  number    INTEGER NOT NULL CHECK (number > 0),
  state     TEXT NOT NULL CHECK (state IN ('handed-in', 'answered', 'dropped')),
  day       TEXT NOT NULL CHECK (day <> ''),
  reference TEXT NOT NULL DEFAULT '',
  outcome   TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('', 'corrected', 'partly', 'rejected')),
  note      TEXT NOT NULL DEFAULT '',
  by        TEXT NOT NULL,
  at        INTEGER NOT NULL,
  PRIMARY KEY (dossier, number),
  CHECK ((state = 'answered') = (outcome <> ''))
) STRICT, WITHOUT ROWID;

-- One fact has one open dossier at a time.
-- +goose StatementBegin
CREATE TRIGGER dossier_one BEFORE INSERT ON dossier
WHEN EXISTS (SELECT 1 FROM dossier d WHERE d.environment = NEW.environment AND d.kind = NEW.kind AND d.anchor = NEW.anchor
  AND coalesce((SELECT state FROM dossier_step WHERE dossier = d.id ORDER BY number DESC LIMIT 1), 'handed-in') = 'handed-in')
BEGIN SELECT RAISE(ABORT, 'the fact has an open dossier already'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dossier_no_update BEFORE UPDATE ON dossier
BEGIN SELECT RAISE(ABORT, 'dossiers are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dossier_no_delete BEFORE DELETE ON dossier
BEGIN SELECT RAISE(ABORT, 'dossiers are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dossier_step_no_update BEFORE UPDATE ON dossier_step
BEGIN SELECT RAISE(ABORT, 'steps of dossiers are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dossier_step_no_delete BEFORE DELETE ON dossier_step
BEGIN SELECT RAISE(ABORT, 'steps of dossiers are immutable'); END;
-- +goose StatementEnd

-- What a comparison of a period with the register found.
CREATE TABLE reconciliation (
  id          TEXT PRIMARY KEY,
  environment TEXT NOT NULL CHECK (environment IN ('production', 'nsso-simulation', 'local-simulator')),
  first_day   TEXT NOT NULL CHECK (first_day <> ''),
  last_day    TEXT NOT NULL CHECK (last_day <> ''),
  worker      TEXT REFERENCES worker (id),                  -- NULL: everyone
  report      TEXT NOT NULL CHECK (json_valid(report)),     -- ciao.Reconciliation: no personal number in it
  by          TEXT NOT NULL,
  at          INTEGER NOT NULL
) STRICT;
CREATE INDEX reconciliation_newest ON reconciliation (environment, at);
