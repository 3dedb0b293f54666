package reading

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"
)

// cables is a finder whose every listing is the next of a row.
type cables struct {
	Finder
	lists [][]Found
	errs  []error
	asked int
}

func (c *cables) List(context.Context) ([]Found, error) {
	i := min(c.asked, len(c.lists)-1)
	c.asked++
	return c.lists[i], c.errs[i]
}

func TestScanTellsWhatChanged(t *testing.T) {
	one, two := Found{Path: "usb:1"}, Found{Path: "usb:2"}
	locked := Found{Path: "usb:2", Fault: NoPermission}
	broken := errors.New("no bus")
	c := &cables{
		lists: [][]Found{nil, nil, {one}, {one}, {one, locked}, {one, two}, {two}, {two}, {two}, nil, nil},
		errs:  []error{nil, nil, nil, nil, nil, nil, nil, broken, broken, nil, nil},
	}
	type told struct {
		list []Found
		err  error
	}
	var got []told
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	Scan(ctx, c, time.Millisecond, func(list []Found, err error) {
		got = append(got, told{list, err})
		if len(got) == 7 {
			cancel()
		}
	})
	want := []told{
		{nil, nil},
		{[]Found{one}, nil},
		{[]Found{one, locked}, nil},
		{[]Found{one, two}, nil},
		{[]Found{two}, nil},
		{[]Found{two}, broken},
		{nil, nil},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("told %+v\nwant %+v", got, want)
	}
	asked := c.asked
	Scan(ctx, c, time.Millisecond, func([]Found, error) { t.Error("told after the end") })
	if c.asked > asked+1 {
		t.Error("went on after its end")
	}
}
