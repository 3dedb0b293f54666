-- +goose Up

-- Taking an approval back is a further step of the same period: a row of its
-- own with the next version, without a snapshot, that names the approval it
-- withdraws. No step is ever changed or taken away.
ALTER TABLE approval ADD COLUMN withdraws TEXT REFERENCES approval (id);
ALTER TABLE approval ADD COLUMN reason TEXT NOT NULL DEFAULT '';

CREATE UNIQUE INDEX approval_withdrawn_once ON approval (withdraws) WHERE withdraws IS NOT NULL;

-- +goose StatementBegin
CREATE TRIGGER approval_no_update BEFORE UPDATE ON approval
BEGIN SELECT RAISE(ABORT, 'approvals are immutable'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER approval_no_delete BEFORE DELETE ON approval
BEGIN SELECT RAISE(ABORT, 'approvals are immutable'); END;
-- +goose StatementEnd
