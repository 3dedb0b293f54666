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
// database file; nothing wrong gives no findings. tell hears how far it is; nil is nobody.
func (o *Workspace) Verify(ctx context.Context, tell func(store.Checked)) ([]store.Finding, error) {
	f, err := o.Store.Verify(ctx, tell)
	if err != nil {
		return f, fmt.Errorf("verify: %w", err)
	}
	return f, nil
}

// KeyWhere says where the key of the sealed fields is kept: keystore or file.
func (o *Workspace) KeyWhere() string { return o.Store.KeyWhere() }
