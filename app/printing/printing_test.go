package printing

import (
	"context"
	"errors"
	"testing"
)

func TestChoose(t *testing.T) {
	two := []Printer{{Name: "Office"}, {Name: "Depot", Default: true}}
	for _, c := range []struct {
		printers []Printer
		name     string
		want     string
		problem  Problem
	}{
		{two, "", "Depot", ""},
		{two, "Office", "Office", ""},
		{two, "office", "Office", ""},
		{append([]Printer{{Name: "office"}}, two...), "Office", "Office", ""},
		{two, "Attic", "", NotThis},
		{[]Printer{{Name: "Office"}}, "", "Office", ""},
		{[]Printer{{Name: "Office"}, {Name: "Depot"}}, "", "", NoDefault},
		{nil, "", "", NoPrinter},
		{nil, "Office", "", NoPrinter},
	} {
		got, err := Choose(c.printers, c.name)
		var e *Error
		if errors.As(err, &e) && e.Problem != c.problem || err == nil && c.problem != "" || got.Name != c.want {
			t.Errorf("%q of %v: %v, %v", c.name, c.printers, got, err)
		}
	}
}

type tray []Printer

func (s tray) Printers(context.Context) ([]Printer, error) { return s, nil }
func (s tray) Print(context.Context, []string, Job) error  { return nil }
func (s tray) Keeps() bool                                 { return true }

func TestPrepareNamesThePrinterAndTheCopies(t *testing.T) {
	s := tray{{Name: "Depot", Default: true}}
	got, err := Prepare(t.Context(), s, Job{BothSides: true})
	if want := (Job{Printer: "Depot", Copies: 1, BothSides: true}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
	for _, job := range []Job{{Copies: 100}, {Copies: -1}, {Printer: "Attic"}} {
		if _, err := Prepare(t.Context(), s, job); err == nil {
			t.Errorf("%+v can be printed", job)
		}
	}
	var e *Error
	if _, err := Prepare(t.Context(), nil, Job{}); !errors.As(err, &e) || e.Problem != NotHere {
		t.Errorf("without a printing system: %v", err)
	}
}
