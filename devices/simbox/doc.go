// Package simbox is a complete clock box in software: the device side of
// OCB/1 with its store on disk, clock, button, pairings, badge list and seal.
//
// It serves any ocb.Port: memory, a loopback connection, later USB/IP or the
// gadget of a small Linux board. Its store is laid out as a box's flash would
// be, in pages of 4,096 bytes, and survives a kill at any moment.
//
//	Create(dir, …) formats a store; Open(dir, …) switches the box on.
//	Tap, Press, Event and the like are what people and the world do to it.
//	Serve is what the cable does to it.
package simbox
