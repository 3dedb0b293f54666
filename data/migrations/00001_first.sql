-- The words of docs/data.md as tables. An instant is INTEGER milliseconds since
-- 1970 UTC, a day is TEXT YYYY-MM-DD, an id is a UUIDv7 as TEXT. Columns that
-- end in _sealed hold XChaCha20-Poly1305 boxes, those in _lookup keyed hashes.

-- +goose Up

-- Tells this program's files from other SQLite files: "Klok".
PRAGMA application_id = 1265397611;

CREATE TABLE installation (
  id      TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  created INTEGER NOT NULL,
  own     INTEGER NOT NULL DEFAULT 0 CHECK (own IN (0, 1)),   -- the one that this file belongs to
  demo    INTEGER NOT NULL DEFAULT 0 CHECK (demo IN (0, 1)),  -- for life
  sends   INTEGER NOT NULL DEFAULT 0 CHECK (sends IN (0, 1)),
  key_check BLOB,                  -- what the right key of the sealed fields makes of the id; own only
  CHECK (own = 0 OR key_check IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX installation_own ON installation (own) WHERE own = 1;
CREATE UNIQUE INDEX installation_sends ON installation (sends) WHERE sends = 1;
-- +goose StatementBegin
CREATE TRIGGER installation_demo_for_life BEFORE UPDATE OF demo ON installation WHEN OLD.demo = 1 AND NEW.demo <> 1
BEGIN SELECT RAISE(ABORT, 'a demo database stays a demo database'); END;
-- +goose StatementEnd

CREATE TABLE setting (
  key     TEXT PRIMARY KEY,
  value   TEXT NOT NULL,           -- JSON
  changed INTEGER NOT NULL
) STRICT;

-- People ------------------------------------------------------------------

CREATE TABLE employer (
  id              TEXT PRIMARY KEY,
  name            TEXT NOT NULL CHECK (name <> ''),
  kind            TEXT NOT NULL CHECK (kind IN ('own', 'subcontractor', 'agency')),
  enterprise      TEXT NOT NULL DEFAULT '' CHECK (enterprise = '' OR length(enterprise) = 10),
  foreign_vat     TEXT NOT NULL DEFAULT '',
  registers_since INTEGER NOT NULL DEFAULT 0,
  ended           INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX employer_enterprise ON employer (enterprise) WHERE enterprise <> '';

CREATE TABLE worker (
  id            TEXT PRIMARY KEY,
  staff_number  TEXT NOT NULL DEFAULT '',
  family_name   TEXT NOT NULL,
  given_name    TEXT NOT NULL,
  ssin_sealed   BLOB, ssin_lookup   BLOB,
  limosa_sealed BLOB, limosa_lookup BLOB,
  birth_sealed  BLOB, birth_lookup  BLOB,
  limosa_from   TEXT NOT NULL DEFAULT '',
  limosa_to     TEXT NOT NULL DEFAULT '',
  language      TEXT NOT NULL CHECK (language IN ('nl', 'fr', 'de', 'en')),
  ended         INTEGER NOT NULL DEFAULT 0,
  CHECK (family_name <> '' OR given_name <> ''),
  CHECK ((ssin_sealed IS NULL) = (ssin_lookup IS NULL)),
  CHECK ((limosa_sealed IS NULL) = (limosa_lookup IS NULL)),
  CHECK ((birth_sealed IS NULL) = (birth_lookup IS NULL))
) STRICT;
CREATE UNIQUE INDEX worker_ssin ON worker (ssin_lookup) WHERE ssin_lookup IS NOT NULL;
CREATE UNIQUE INDEX worker_staff_number ON worker (staff_number) WHERE staff_number <> '';

CREATE TABLE engagement (
  id             TEXT PRIMARY KEY,
  worker         TEXT NOT NULL REFERENCES worker (id),
  employer       TEXT NOT NULL REFERENCES employer (id),
  capacity       TEXT NOT NULL CHECK (capacity IN ('employee', 'self-employed', 'temporary', 'trainee')),
  first_day      TEXT NOT NULL DEFAULT '',
  last_day       TEXT NOT NULL DEFAULT '',
  weekly_minutes INTEGER NOT NULL DEFAULT 0 CHECK (weekly_minutes BETWEEN 0 AND 10080),
  round_minutes  INTEGER NOT NULL DEFAULT 0 CHECK (round_minutes IN (0, 5, 15)),
  round_mode     TEXT NOT NULL DEFAULT '' CHECK (round_mode IN ('', 'nearest', 'up', 'down')),
  is_default     INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1)),
  thresholds     TEXT NOT NULL DEFAULT '{}',
  CHECK (first_day = '' OR last_day = '' OR first_day <= last_day)
) STRICT;
CREATE INDEX engagement_worker ON engagement (worker);
CREATE INDEX engagement_employer ON engagement (employer);

CREATE TABLE identifier (
  id      TEXT PRIMARY KEY,
  kind    TEXT NOT NULL CHECK (kind IN ('card', 'pin')),
  "group" TEXT NOT NULL DEFAULT '',
  value   TEXT NOT NULL CHECK (value <> ''),
  label   TEXT NOT NULL DEFAULT '',
  UNIQUE (kind, "group", value)
) STRICT;

CREATE TABLE custody (
  id         TEXT PRIMARY KEY,
  identifier TEXT NOT NULL REFERENCES identifier (id),
  engagement TEXT NOT NULL REFERENCES engagement (id),
  starts     INTEGER NOT NULL,
  ends       INTEGER NOT NULL DEFAULT 0,       -- excluded; 0 without end
  entered    INTEGER NOT NULL,
  CHECK (ends = 0 OR starts <= ends)
) STRICT;
CREATE INDEX custody_identifier ON custody (identifier, starts);
CREATE INDEX custody_engagement ON custody (engagement);
-- +goose StatementBegin
CREATE TRIGGER custody_insert_no_overlap BEFORE INSERT ON custody WHEN NEW.ends = 0 OR NEW.starts < NEW.ends
BEGIN
  SELECT RAISE(ABORT, 'custody of one identifier never overlaps') WHERE EXISTS (
    SELECT 1 FROM custody c WHERE c.identifier = NEW.identifier AND c.id <> NEW.id
      AND (c.ends = 0 OR c.starts < c.ends)
      AND (NEW.ends = 0 OR c.starts < NEW.ends) AND (c.ends = 0 OR NEW.starts < c.ends));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER custody_update_no_overlap BEFORE UPDATE ON custody WHEN NEW.ends = 0 OR NEW.starts < NEW.ends
BEGIN
  SELECT RAISE(ABORT, 'custody of one identifier never overlaps') WHERE EXISTS (
    SELECT 1 FROM custody c WHERE c.identifier = NEW.identifier AND c.id <> NEW.id
      AND (c.ends = 0 OR c.starts < c.ends)
      AND (NEW.ends = 0 OR c.starts < NEW.ends) AND (c.ends = 0 OR NEW.starts < c.ends));
END;
-- +goose StatementEnd

-- Places ------------------------------------------------------------------

CREATE TABLE client (
  id    TEXT PRIMARY KEY,
  name  TEXT NOT NULL UNIQUE CHECK (name <> ''),
  ended INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE site (
  id           TEXT PRIMARY KEY,
  code         TEXT NOT NULL DEFAULT '',
  name         TEXT NOT NULL CHECK (name <> ''),
  client       TEXT REFERENCES client (id),
  street       TEXT NOT NULL DEFAULT '',
  house_number TEXT NOT NULL DEFAULT '',
  box_number   TEXT NOT NULL DEFAULT '',
  post_code    TEXT NOT NULL DEFAULT '',
  municipality TEXT NOT NULL DEFAULT '',
  latitude     REAL,
  longitude    REAL,
  zone         TEXT NOT NULL DEFAULT 'Europe/Brussels',
  thresholds   TEXT NOT NULL DEFAULT '{}',
  ended        INTEGER NOT NULL DEFAULT 0,
  CHECK ((latitude IS NULL) = (longitude IS NULL))
) STRICT;
CREATE UNIQUE INDEX site_code ON site (code) WHERE code <> '';
CREATE INDEX site_client ON site (client);

CREATE TABLE site_decision (
  id       TEXT PRIMARY KEY,
  site     TEXT NOT NULL REFERENCES site (id),
  decision TEXT NOT NULL CHECK (decision IN ('yes', 'no', 'undecided')),
  starts   INTEGER NOT NULL,
  reason   TEXT NOT NULL DEFAULT '',
  by       TEXT NOT NULL,
  at       INTEGER NOT NULL
) STRICT;
CREATE INDEX site_decision_site ON site_decision (site, starts);

CREATE TABLE declaration (
  id        TEXT PRIMARY KEY,
  number    TEXT NOT NULL UNIQUE CHECK (length(number) = 13),
  first_day TEXT NOT NULL DEFAULT '',
  last_day  TEXT NOT NULL DEFAULT '',
  label     TEXT NOT NULL DEFAULT '',
  CHECK (first_day = '' OR last_day = '' OR first_day <= last_day)
) STRICT;

CREATE TABLE declaration_site (
  id          TEXT PRIMARY KEY,
  declaration TEXT NOT NULL REFERENCES declaration (id),
  site        TEXT NOT NULL REFERENCES site (id),
  first_day   TEXT NOT NULL DEFAULT '',
  last_day    TEXT NOT NULL DEFAULT '',
  is_default  INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1)),
  CHECK (first_day = '' OR last_day = '' OR first_day <= last_day)
) STRICT;
CREATE INDEX declaration_site_declaration ON declaration_site (declaration);
CREATE INDEX declaration_site_site ON declaration_site (site);

-- Boxes -------------------------------------------------------------------

CREATE TABLE box (
  uid         TEXT PRIMARY KEY,
  make        TEXT NOT NULL,
  label       TEXT NOT NULL DEFAULT '',
  public_key  TEXT NOT NULL DEFAULT '',
  zone        TEXT NOT NULL DEFAULT '',
  "group"     TEXT NOT NULL DEFAULT '',
  status_keys TEXT NOT NULL DEFAULT '' CHECK (status_keys IN ('', 'ask', 'yes', 'no')),
  first_seen  INTEGER NOT NULL,
  quarantined TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE box_log (
  id    INTEGER PRIMARY KEY,       -- local shorthand of (box, log), never shown or exchanged
  box   TEXT NOT NULL REFERENCES box (uid),
  log   TEXT NOT NULL,
  last  INTEGER NOT NULL DEFAULT 0,  -- highest stored sequence, and the chain there
  hash  BLOB NOT NULL DEFAULT x'',
  acked INTEGER NOT NULL DEFAULT 0,
  UNIQUE (box, log)
) STRICT;

CREATE TABLE placement (
  id     TEXT PRIMARY KEY,
  box    TEXT NOT NULL REFERENCES box (uid),
  site   TEXT NOT NULL REFERENCES site (id),
  starts INTEGER NOT NULL,
  ends   INTEGER NOT NULL DEFAULT 0,
  CHECK (ends = 0 OR starts <= ends)
) STRICT;
CREATE INDEX placement_box ON placement (box, starts);
CREATE INDEX placement_site ON placement (site);
-- +goose StatementBegin
CREATE TRIGGER placement_insert_no_overlap BEFORE INSERT ON placement WHEN NEW.ends = 0 OR NEW.starts < NEW.ends
BEGIN
  SELECT RAISE(ABORT, 'a box stands at one site at a time') WHERE EXISTS (
    SELECT 1 FROM placement c WHERE c.box = NEW.box AND c.id <> NEW.id
      AND (c.ends = 0 OR c.starts < c.ends)
      AND (NEW.ends = 0 OR c.starts < NEW.ends) AND (c.ends = 0 OR NEW.starts < c.ends));
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER placement_update_no_overlap BEFORE UPDATE ON placement WHEN NEW.ends = 0 OR NEW.starts < NEW.ends
BEGIN
  SELECT RAISE(ABORT, 'a box stands at one site at a time') WHERE EXISTS (
    SELECT 1 FROM placement c WHERE c.box = NEW.box AND c.id <> NEW.id
      AND (c.ends = 0 OR c.starts < c.ends)
      AND (NEW.ends = 0 OR c.starts < NEW.ends) AND (c.ends = 0 OR NEW.starts < c.ends));
END;
-- +goose StatementEnd

CREATE TABLE reading (
  number         INTEGER PRIMARY KEY,   -- local shorthand of id, never shown or exchanged
  id             TEXT NOT NULL UNIQUE,
  log            INTEGER NOT NULL REFERENCES box_log (id),
  source         TEXT NOT NULL CHECK (source IN ('cable', 'file')),
  file_name      TEXT NOT NULL DEFAULT '',
  installation   TEXT NOT NULL REFERENCES installation (id),
  actor          TEXT NOT NULL,
  state          TEXT NOT NULL CHECK (state IN ('running', 'done', 'stopped', 'refused')),
  problem        TEXT NOT NULL DEFAULT '',
  started        INTEGER NOT NULL,
  ended          INTEGER NOT NULL DEFAULT 0,
  first          INTEGER NOT NULL DEFAULT 0,
  last           INTEGER NOT NULL DEFAULT 0,
  records        INTEGER NOT NULL DEFAULT 0,
  added          INTEGER NOT NULL DEFAULT 0,
  end_hash       TEXT NOT NULL DEFAULT '',
  acked          INTEGER NOT NULL DEFAULT 0,
  box_acked      INTEGER NOT NULL DEFAULT 0,
  clock_at       INTEGER,               -- NULL: not measured
  clock_offset   INTEGER,               -- microseconds, box minus computer
  clock_doubt    INTEGER,               -- microseconds, ±
  check_at       INTEGER NOT NULL DEFAULT 0,
  check_offset   INTEGER NOT NULL DEFAULT 0,  -- microseconds, computer minus source
  check_source   TEXT NOT NULL DEFAULT '',
  read_to        INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX reading_log ON reading (log, started);

-- Points of a log's hash chain that a box gave: one at the end of every stored batch.
CREATE TABLE chain_point (
  log  INTEGER NOT NULL REFERENCES box_log (id),
  seq  INTEGER NOT NULL CHECK (seq >= 0),
  hash BLOB NOT NULL CHECK (length(hash) = 32),  -- h(seq)
  PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE record (
  log     INTEGER NOT NULL REFERENCES box_log (id),
  seq     INTEGER NOT NULL CHECK (seq > 0),
  type    INTEGER NOT NULL,
  raw     BLOB NOT NULL,
  line    INTEGER NOT NULL DEFAULT 0,
  reading INTEGER NOT NULL REFERENCES reading (number),
  PRIMARY KEY (log, seq)
) STRICT, WITHOUT ROWID;

-- What was shown to boxes, known to the company or not: once each, since punches are many.
CREATE TABLE shown (
  id      INTEGER PRIMARY KEY,     -- local shorthand, never shown or exchanged
  kind    TEXT NOT NULL,
  "group" TEXT NOT NULL,
  value   TEXT NOT NULL,
  UNIQUE (kind, "group", value)
) STRICT;

-- What records say, decoded once in the transaction that stores them; as immutable as they are.
CREATE TABLE punch (
  log        INTEGER NOT NULL,
  seq        INTEGER NOT NULL,
  at         INTEGER NOT NULL,       -- the box's own time
  shown      INTEGER NOT NULL REFERENCES shown (id),
  pressed    INTEGER NOT NULL DEFAULT 0,
  flags      INTEGER NOT NULL DEFAULT 0,
  boot       INTEGER NOT NULL DEFAULT 0,
  since_boot INTEGER NOT NULL DEFAULT 0,
  reading    INTEGER NOT NULL REFERENCES reading (number),
  PRIMARY KEY (log, seq),
  FOREIGN KEY (log, seq) REFERENCES record (log, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX punch_at ON punch (at);

CREATE TABLE box_event (
  log        INTEGER NOT NULL,
  seq        INTEGER NOT NULL,
  type       INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  boot       INTEGER NOT NULL DEFAULT 0,
  since_boot INTEGER NOT NULL DEFAULT 0,
  data       BLOB NOT NULL,
  reading    INTEGER NOT NULL REFERENCES reading (number),
  PRIMARY KEY (log, seq),
  FOREIGN KEY (log, seq) REFERENCES record (log, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX box_event_at ON box_event (at);

-- Lines of files that do not parse: reported with their number, never dropped.
CREATE TABLE kept_line (
  reading TEXT NOT NULL REFERENCES reading (id),
  line    INTEGER NOT NULL,
  raw     BLOB NOT NULL,
  problem TEXT NOT NULL,           -- a code
  PRIMARY KEY (reading, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE gap (
  log            INTEGER NOT NULL REFERENCES box_log (id),
  first          INTEGER NOT NULL,
  last           INTEGER NOT NULL,
  read_elsewhere INTEGER NOT NULL DEFAULT 0 CHECK (read_elsewhere IN (0, 1)),
  known          INTEGER NOT NULL,
  PRIMARY KEY (log, first),
  CHECK (first <= last)
) STRICT, WITHOUT ROWID;

-- Records are immutable. RAISE in BEFORE INSERT stops UPSERT and OR REPLACE also
-- where recursive_triggers is off, as in the sqlite3 shell.
-- +goose StatementBegin
CREATE TRIGGER record_no_update BEFORE UPDATE ON record
BEGIN SELECT RAISE(ABORT, 'records are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER record_no_delete BEFORE DELETE ON record
BEGIN SELECT RAISE(ABORT, 'records are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER record_no_replace BEFORE INSERT ON record
WHEN EXISTS (SELECT 1 FROM record WHERE log = NEW.log AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'records are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER punch_no_update BEFORE UPDATE ON punch
BEGIN SELECT RAISE(ABORT, 'punches are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER punch_no_delete BEFORE DELETE ON punch
BEGIN SELECT RAISE(ABORT, 'punches are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER punch_no_replace BEFORE INSERT ON punch
WHEN EXISTS (SELECT 1 FROM punch WHERE log = NEW.log AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'punches are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER box_event_no_update BEFORE UPDATE ON box_event
BEGIN SELECT RAISE(ABORT, 'box events are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER box_event_no_delete BEFORE DELETE ON box_event
BEGIN SELECT RAISE(ABORT, 'box events are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER box_event_no_replace BEFORE INSERT ON box_event
WHEN EXISTS (SELECT 1 FROM box_event WHERE log = NEW.log AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'box events are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER shown_no_update BEFORE UPDATE ON shown
BEGIN SELECT RAISE(ABORT, 'what was shown to a box is immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER shown_no_delete BEFORE DELETE ON shown
BEGIN SELECT RAISE(ABORT, 'what was shown to a box is immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER shown_no_replace BEFORE INSERT ON shown
WHEN EXISTS (SELECT 1 FROM shown s WHERE s.id = NEW.id OR (s.kind = NEW.kind AND s."group" = NEW."group" AND s.value = NEW.value))
BEGIN SELECT RAISE(ABORT, 'what was shown to a box is immutable'); END;
-- +goose StatementEnd

-- What people state -------------------------------------------------------

CREATE TABLE adjustment (
  id            TEXT PRIMARY KEY,
  kind          TEXT NOT NULL CHECK (kind IN ('in', 'out', 'presence')),
  engagement    TEXT NOT NULL REFERENCES engagement (id),
  site          TEXT NOT NULL REFERENCES site (id),
  punch_log     INTEGER,
  punch_seq     INTEGER,
  starts        INTEGER NOT NULL DEFAULT 0,
  ends          INTEGER NOT NULL DEFAULT 0,
  reason        TEXT NOT NULL CHECK (reason <> ''),
  note          TEXT NOT NULL DEFAULT '',
  note_language TEXT NOT NULL DEFAULT '',
  by            TEXT NOT NULL,
  at            INTEGER NOT NULL,
  withdrawn     INTEGER NOT NULL DEFAULT 0,
  CHECK ((kind = 'presence') = (punch_seq IS NULL)),
  CHECK (kind <> 'presence' OR starts < ends),
  FOREIGN KEY (punch_log, punch_seq) REFERENCES record (log, seq)
) STRICT;
CREATE INDEX adjustment_engagement ON adjustment (engagement, at);

CREATE TABLE ignored (
  id        TEXT PRIMARY KEY,
  log       INTEGER NOT NULL,
  seq       INTEGER NOT NULL,
  reason    TEXT NOT NULL CHECK (reason <> ''),
  by        TEXT NOT NULL,
  at        INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL DEFAULT 0,
  FOREIGN KEY (log, seq) REFERENCES record (log, seq)
) STRICT;
CREATE UNIQUE INDEX ignored_punch ON ignored (log, seq) WHERE withdrawn = 0;

CREATE TABLE anomaly_state (
  rule         TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject      TEXT NOT NULL,
  anchor       TEXT NOT NULL,
  status       TEXT NOT NULL CHECK (status IN ('open', 'explained', 'adjusted', 'gone')),
  reason       TEXT NOT NULL DEFAULT '',
  note         TEXT NOT NULL DEFAULT '',
  by           TEXT NOT NULL,
  at           INTEGER NOT NULL,
  evidence     TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (rule, subject_kind, subject, anchor)
) STRICT, WITHOUT ROWID;

CREATE TABLE approval (
  id        TEXT PRIMARY KEY,
  worker    TEXT NOT NULL REFERENCES worker (id),
  first_day TEXT NOT NULL,
  last_day  TEXT NOT NULL,
  hash      TEXT NOT NULL,
  snapshot  BLOB NOT NULL,
  by        TEXT NOT NULL,
  at        INTEGER NOT NULL,
  version   INTEGER NOT NULL CHECK (version > 0),
  UNIQUE (worker, first_day, last_day, version),
  CHECK (first_day <= last_day)
) STRICT;

-- The register ------------------------------------------------------------

CREATE TABLE registration (
  id           TEXT PRIMARY KEY,
  environment  TEXT NOT NULL CHECK (environment IN ('production', 'nsso-simulation', 'local-simulator')),
  log          INTEGER NOT NULL,
  seq          INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('held', 'queued', 'sending', 'accepted', 'refused', 'unknown')),
  held         TEXT NOT NULL DEFAULT '',
  type         TEXT NOT NULL CHECK (type IN ('IN', 'OUT', '')),
  at           INTEGER NOT NULL,
  raw          INTEGER NOT NULL,
  worker       TEXT REFERENCES worker (id),
  engagement   TEXT REFERENCES engagement (id),
  site         TEXT REFERENCES site (id),
  ssin_sealed  BLOB,
  ssin_lookup  BLOB,
  enterprise   TEXT NOT NULL DEFAULT '',
  foreign_vat  TEXT NOT NULL DEFAULT '',
  capacity     TEXT NOT NULL DEFAULT '',
  declaration  TEXT NOT NULL DEFAULT '',
  place        TEXT NOT NULL DEFAULT '{}',
  approved_by  TEXT NOT NULL DEFAULT '',
  doubt        INTEGER NOT NULL DEFAULT 0,   -- microseconds
  created      INTEGER NOT NULL,
  queued       INTEGER NOT NULL DEFAULT 0,
  owner        TEXT NOT NULL DEFAULT '',
  lease        INTEGER NOT NULL DEFAULT 0,
  not_before   INTEGER NOT NULL DEFAULT 0,
  look_ups     INTEGER NOT NULL DEFAULT 0,
  looked_up    INTEGER NOT NULL DEFAULT 0,
  needs_person INTEGER NOT NULL DEFAULT 0 CHECK (needs_person IN (0, 1)),
  register_id  INTEGER,
  validity     TEXT NOT NULL DEFAULT '',
  answer       TEXT NOT NULL DEFAULT '',
  answered     INTEGER NOT NULL DEFAULT 0,
  -- One registration per punch and environment. Another one, of the next
  -- generation, may follow only after the register refused those before it.
  generation   INTEGER NOT NULL DEFAULT 1 CHECK (generation > 0),
  UNIQUE (environment, log, seq, generation),
  FOREIGN KEY (log, seq) REFERENCES record (log, seq),
  CHECK ((state = 'held') = (held <> '')),
  CHECK ((ssin_sealed IS NULL) = (ssin_lookup IS NULL)),
  CHECK (state = 'held' OR (type <> '' AND ssin_sealed IS NOT NULL AND declaration <> '' AND at % 1000 = 0))
) STRICT;
CREATE INDEX registration_state ON registration (environment, state, not_before);
-- What a person released is looked up before it is sent.
CREATE INDEX registration_released ON registration (environment, not_before) WHERE approved_by <> '' AND looked_up = 0;
CREATE INDEX registration_person ON registration (environment, ssin_lookup, at);
CREATE UNIQUE INDEX registration_register_id ON registration (environment, register_id) WHERE register_id IS NOT NULL;
-- What is sent is frozen when it is queued.
-- +goose StatementBegin
CREATE TRIGGER registration_frozen BEFORE UPDATE OF environment, log, seq, generation, type, at, raw, worker, engagement, site,
  ssin_sealed, ssin_lookup, enterprise, foreign_vat, capacity, declaration, place ON registration
WHEN OLD.state <> 'held' AND (OLD.environment, OLD.log, OLD.seq, OLD.generation, OLD.type, OLD.at, OLD.raw, OLD.worker, OLD.engagement, OLD.site,
  OLD.ssin_sealed, OLD.ssin_lookup, OLD.enterprise, OLD.foreign_vat, OLD.capacity, OLD.declaration, OLD.place)
  IS NOT (NEW.environment, NEW.log, NEW.seq, NEW.generation, NEW.type, NEW.at, NEW.raw, NEW.worker, NEW.engagement, NEW.site,
  NEW.ssin_sealed, NEW.ssin_lookup, NEW.enterprise, NEW.foreign_vat, NEW.capacity, NEW.declaration, NEW.place)
BEGIN SELECT RAISE(ABORT, 'what is queued for the register is frozen'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER registration_not_held_again BEFORE UPDATE OF state ON registration WHEN OLD.state <> 'held' AND NEW.state = 'held'
BEGIN SELECT RAISE(ABORT, 'what was queued is never held again'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER registration_no_delete BEFORE DELETE ON registration WHEN OLD.state <> 'held'
BEGIN SELECT RAISE(ABORT, 'what was queued for the register is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER registration_no_replace BEFORE INSERT ON registration
WHEN EXISTS (SELECT 1 FROM registration r WHERE r.id = NEW.id OR (r.environment = NEW.environment AND r.log = NEW.log AND r.seq = NEW.seq
  AND (r.state <> 'refused' OR r.generation >= NEW.generation)))
BEGIN SELECT RAISE(ABORT, 'one registration per punch and environment'); END;
-- +goose StatementEnd

CREATE TABLE attempt (
  id          TEXT PRIMARY KEY,
  environment TEXT NOT NULL CHECK (environment IN ('production', 'nsso-simulation', 'local-simulator')),
  operation   TEXT NOT NULL,
  outcome     TEXT NOT NULL CHECK (outcome IN ('running', 'answered', 'not-processed', 'fate-unknown')),
  status      INTEGER NOT NULL DEFAULT 0,
  problem     TEXT NOT NULL DEFAULT '',
  trace_id    TEXT NOT NULL DEFAULT '',
  detail      TEXT NOT NULL DEFAULT '',
  started     INTEGER NOT NULL,
  ended       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX attempt_started ON attempt (environment, started);

CREATE TABLE attempt_item (
  attempt      TEXT NOT NULL REFERENCES attempt (id),
  position     INTEGER NOT NULL,
  registration TEXT NOT NULL REFERENCES registration (id),
  PRIMARY KEY (attempt, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempt_item_registration ON attempt_item (registration);

-- The one sender of this database, and what the register told all of us to wait for.
CREATE TABLE sender (
  environment TEXT PRIMARY KEY CHECK (environment IN ('production', 'nsso-simulation', 'local-simulator')),
  owner       TEXT NOT NULL DEFAULT '',
  lease       INTEGER NOT NULL DEFAULT 0,
  not_before  INTEGER NOT NULL DEFAULT 0,   -- Retry-After holds for the company and survives a restart
  stopped     TEXT NOT NULL DEFAULT '',     -- code of why a person must act first
  state       TEXT NOT NULL DEFAULT '{}'    -- JSON: batch limit remembered, proven look-up, date offset
) STRICT;

CREATE TABLE credential (
  environment TEXT PRIMARY KEY CHECK (environment IN ('production', 'nsso-simulation', 'local-simulator')),
  client_id   TEXT NOT NULL,
  key_sealed  BLOB NOT NULL,
  base        TEXT NOT NULL,
  token       TEXT NOT NULL,
  expires     INTEGER NOT NULL DEFAULT 0,
  at          INTEGER NOT NULL
) STRICT;

-- The trail ---------------------------------------------------------------

CREATE TABLE trail (
  installation TEXT NOT NULL REFERENCES installation (id),
  seq          INTEGER NOT NULL CHECK (seq > 0),
  digest       BLOB NOT NULL,               -- SHA-256 over salt and payload
  hash         BLOB NOT NULL,               -- SHA-256 over the previous hash, seq and digest
  PRIMARY KEY (installation, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE trail_payload (
  installation TEXT NOT NULL,
  seq          INTEGER NOT NULL,
  at           INTEGER NOT NULL,
  actor        TEXT NOT NULL,
  what         TEXT NOT NULL,
  target       TEXT NOT NULL,
  salt         BLOB,                        -- NULL with the payload: erased
  payload      TEXT,                        -- JSON: at, actor, what, target, why, before, after
  PRIMARY KEY (installation, seq),
  FOREIGN KEY (installation, seq) REFERENCES trail (installation, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX trail_payload_target ON trail_payload (target, at);
CREATE INDEX trail_payload_at ON trail_payload (at);
-- +goose StatementBegin
CREATE TRIGGER trail_no_update BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'the trail is only appended to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER trail_no_delete BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'the trail is only appended to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER trail_no_replace BEFORE INSERT ON trail
WHEN EXISTS (SELECT 1 FROM trail WHERE installation = NEW.installation AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the trail is only appended to'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER trail_payload_only_erased BEFORE UPDATE ON trail_payload
WHEN NEW.salt IS NOT NULL OR NEW.payload IS NOT NULL
  OR (NEW.installation, NEW.seq, NEW.at, NEW.actor, NEW.what, NEW.target)
  IS NOT (OLD.installation, OLD.seq, OLD.at, OLD.actor, OLD.what, OLD.target)
BEGIN SELECT RAISE(ABORT, 'of the trail only a payload and its salt may be erased'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER trail_payload_no_delete BEFORE DELETE ON trail_payload
BEGIN SELECT RAISE(ABORT, 'the trail is only appended to'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER trail_payload_no_replace BEFORE INSERT ON trail_payload
WHEN EXISTS (SELECT 1 FROM trail_payload WHERE installation = NEW.installation AND seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the trail is only appended to'); END;
-- +goose StatementEnd

-- Papers that were printed, so that one can be compared with the data later.
CREATE TABLE paper (
  id         TEXT PRIMARY KEY,
  kind       TEXT NOT NULL,
  engagement TEXT REFERENCES engagement (id),
  first_day  TEXT NOT NULL,
  last_day   TEXT NOT NULL,
  language   TEXT NOT NULL,
  hash       TEXT NOT NULL,                 -- of the data on it
  version    INTEGER NOT NULL CHECK (version > 0),
  at         INTEGER NOT NULL,
  UNIQUE (kind, engagement, first_day, last_day, language, version)
) STRICT;

