//go:build nowindow

package main

import (
	"context"

	"klokkast/ui/cli"
)

// windowFace says that this build has no window.
func (p *program) windowFace() func(context.Context, cli.OpenOptions, func(error)) error { return nil }

func (p *program) showDemo(context.Context, cli.DemoOptions, liveDemo) error { return nil }
