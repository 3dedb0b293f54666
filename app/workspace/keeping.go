package workspace

import (
	"context"
	"fmt"

	"klokkast/app/store"
)

// Counts returns what the database holds.
func (o *Workspace) Counts(ctx context.Context) (store.Counts, error) {
	c, err := o.Store.Counts(ctx)
	if err != nil {
		return c, fmt.Errorf("count what there is: %w", err)
	}
	return c, nil
}

// Verify checks the trail, the records against their boxes' chains and the
// database file; nothing wrong gives no findings.
func (o *Workspace) Verify(ctx context.Context) ([]store.Finding, error) {
	f, err := o.Store.Verify(ctx)
	if err != nil {
		return f, fmt.Errorf("verify: %w", err)
	}
	return f, nil
}

// KeyWhere says where the key of the sealed fields is kept: keystore or file.
func (o *Workspace) KeyWhere() string { return o.Store.KeyWhere() }
