-- A batch costs the same whatever waits beside it: an index for each question that is
-- asked between two of them, and for what is asked whenever a sender begins.

-- +goose Up
-- What may go next: by employer and by how many it failed among, in the order of sending; by person, for those whose earlier punch goes in another batch first.
CREATE INDEX registration_ready ON registration (environment, enterprise, foreign_vat, failed_among, at, log, passage, line, seq, ssin_lookup)
  WHERE state = 'queued' AND needs_person = 0 AND (approved_by = '' OR looked_up > 0) AND not_before = 0;
CREATE INDEX registration_ready_person ON registration (environment, ssin_lookup, enterprise, foreign_vat, failed_among, at, log, passage, line, seq)
  WHERE state = 'queued' AND needs_person = 0 AND (approved_by = '' OR looked_up > 0) AND not_before = 0;
-- Of whom something has an unknown fate, and since when.
CREATE INDEX registration_fate ON registration (environment, answered, ssin_lookup, at) WHERE state = 'unknown';
-- Of those, when each is to be looked up.
CREATE INDEX registration_look_up ON registration (environment, needs_person, not_before) WHERE state = 'unknown';
-- What was released and looked up in a form that was not proven.
CREATE INDEX registration_unproven ON registration (environment, at, log, passage, line, seq)
  WHERE state = 'queued' AND approved_by <> '' AND looked_up = 0 AND look_ups > 0 AND needs_person = 0;
-- What an earlier run of the program queued, about which no look-up and no person said anything.
CREATE INDEX registration_run ON registration (environment, run, at) WHERE state = 'queued' AND looked_up = 0 AND approved_by = '';
-- What is not settled, to be counted.
CREATE INDEX registration_open ON registration (environment, state, needs_person, enterprise, foreign_vat, at)
  WHERE state IN ('queued', 'sending', 'unknown');
-- With what every request fails.
CREATE INDEX registration_failing ON registration (environment) WHERE needs_person = 1 AND answer = 'keeps-failing' AND state IN ('queued', 'unknown');
-- The newest that the register surely holds.
CREATE INDEX registration_known ON registration (environment, answered) WHERE state = 'accepted' AND cancel = '' AND register_id IS NOT NULL;
-- What a sender that died left under way.
CREATE INDEX registration_cancelling ON registration (environment) WHERE cancel = 'sending';
CREATE INDEX attempt_running ON attempt (environment) WHERE outcome = 'running';
