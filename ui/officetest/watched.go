package officetest

import (
	"context"
	"path/filepath"
	"testing"

	"klokkast/app/office"
	"klokkast/data"
	"klokkast/data/datatest"
)

// OpenWatched puts an office together on connections of its own to the company's
// database; before is called ahead of each of its statements, as data.Options
// has it. What the company itself enters and asks goes past it.
func (c *Company) OpenWatched(before func(context.Context) error) *office.Office {
	c.t.Helper()
	path := c.Store.Path()
	store := Must(data.Open(context.Background(), path, data.Options{KeyStore: data.FileKeys(data.KeyFileOf(path)),
		Before: func(ctx context.Context, _ string) error { return before(ctx) }}))(c.t)
	c.t.Cleanup(func() { _ = store.Close() })
	parts := c.Parts
	parts.Store = store
	o := Must(office.New(context.Background(), parts))(c.t)
	c.t.Cleanup(func() { o.Derived.Close(context.Background()) }) // before its store is closed
	return o
}

// Empty returns a company that nobody has entered anything of yet, on a demo's database.
func Empty(t testing.TB) *Company {
	t.Helper()
	dir := filepath.Dir(blank.New(t))
	c := Must(begin(t, dir, true))(t)
	t.Cleanup(func() { _ = c.Store.Close() })
	return c
}

// blank is what an empty company's database begins as.
var blank = datatest.Template{Make: data.Blank}
