package kit

import (
	"context"
	"errors"
	"testing"

	"klokkast/app"
)

func TestOfTwoLoadsTheLaterAskedCounts(t *testing.T) {
	var waiting []func()
	h := &Host{
		Ctx: context.Background(),
		Run: func(f func()) { waiting = append(waiting, f) },
		Do:  func(f func()) { f() },
		Now: func() app.Instant { return 0 },
	}
	l := h.Asks()
	var shown []int
	for i := range 2 {
		Load(l, nil, func(context.Context) (int, error) { return i, nil }, func(v int) { shown = append(shown, v) })
	}
	waiting[1]()
	waiting[0]() // the first one comes last
	if len(shown) != 1 || shown[0] != 1 {
		t.Errorf("shown %v, want the second alone", shown)
	}
}

func TestFlattenFindsJoinedErrorsBelowAWrapping(t *testing.T) {
	a, b := errors.New("a"), errors.New("b")
	got := flatten(wrap{errors.Join(a, errors.Join(b))})
	if len(got) != 2 || got[0] != a || got[1] != b {
		t.Errorf("got %v", got)
	}
}

type wrap struct{ error }

func (w wrap) Unwrap() error { return w.error }
