//go:build !cgo || ios || !(linux || darwin || windows || freebsd)

package usbport

import "klokkast/app/reading"

// List says that this build reaches no USB.
func List(ID) ([]Device, error) { return nil, reading.NoUSB }

// Open says that this build reaches no USB.
func Open(ID, string) (*Port, error) { return nil, reading.NoUSB }

func (p *Port) fault(err error) error { return err }
