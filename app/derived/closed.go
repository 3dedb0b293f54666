package derived

import (
	"context"
	"fmt"

	"klokkast/app"
	"klokkast/app/period"
)

// ClosedBy returns the approval that closes a day of a worker; false while the
// day is open. Whatever is stated, ignored or assigned on a closed day does not
// change it: it becomes an addition or deduction of the worker's next period.
// Whoever does so is told that first.
func (o *Cache) ClosedBy(ctx context.Context, worker app.ID, day app.Date) (app.Approval, bool, error) {
	steps, err := o.work.Store.Approvals(ctx)
	if err != nil {
		return app.Approval{}, false, fmt.Errorf("look which periods are closed: %w", err)
	}
	a, ok := period.ClosedBy(steps, worker, day)
	return a, ok, nil
}
