-- +goose Up

-- Where a tap stands in its log when it is queued, where that has no sequence numbers:
-- taps of one second go to the register in that order.
ALTER TABLE registration ADD COLUMN passage INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registration ADD COLUMN line INTEGER NOT NULL DEFAULT 0;
