//go:build nowindow

package main

import (
	"context"

	"klokkast/app/office"
	"klokkast/ui/cli"
)

// windowFace says that this build has no window.
func (p *program) windowFace() func(context.Context, cli.OpenOptions) error { return nil }

func (p *program) showWindow(context.Context, *office.Office) error { return nil }
