-- +goose Up
-- What was released and never looked up: what was, and waits for a person, is not gone through to find it.
CREATE INDEX registration_unasked ON registration (environment, needs_person, not_before)
  WHERE state = 'queued' AND approved_by <> '' AND looked_up = 0 AND look_ups = 0;
-- What is settled, to be counted.
CREATE INDEX registration_settled ON registration (environment, state, cancel, validity) WHERE state IN ('accepted', 'refused');
