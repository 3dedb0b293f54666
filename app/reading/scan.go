package reading

import (
	"context"
	"slices"
	"time"
)

// ScanEvery is how often boxes are looked for: no system announces a plugged
// box to the library below, and a look takes some 10 ms.
const ScanEvery = time.Second

// Scan looks for boxes at every interval until ctx ends. It calls seen, on its
// own goroutine, at first and then whenever a box came, went, or got or lost a
// fault; err is what List gave, and comes again only when it changes.
func Scan(ctx context.Context, f Finder, every time.Duration, seen func(list []Found, err error)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var before []Found
	var fault string
	for first := true; ; first = false {
		list, err := f.List(ctx)
		if ctx.Err() != nil {
			return
		}
		why := ""
		if err != nil {
			why = err.Error()
		}
		if first || why != fault || !slices.Equal(list, before) {
			before, fault = slices.Clone(list), why
			seen(list, err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
