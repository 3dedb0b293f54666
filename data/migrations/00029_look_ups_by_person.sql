-- +goose Up
-- All that is to be looked up of a person is asked about in one question: it is found by person.
CREATE INDEX registration_unasked_person ON registration (environment, ssin_lookup, not_before)
  WHERE state = 'queued' AND approved_by <> '' AND looked_up = 0 AND look_ups = 0;
CREATE INDEX registration_fate_person ON registration (environment, ssin_lookup, not_before) WHERE state = 'unknown';
