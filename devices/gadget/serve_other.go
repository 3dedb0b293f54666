//go:build !linux

package gadget

import "context"

// HasClock is false where no box can be.
func HasClock() bool { return false }

// Serve returns ErrNoController: only Linux boards can be a clock box.
func Serve(context.Context, Options, func(Ready)) error { return ErrNoController }
