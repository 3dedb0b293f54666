// Package period closes periods: what stands in an approval, and what becomes
// of facts that come to light after it.
//
// An approval closes days of one worker with a snapshot of everything that was
// derived of them then (Snapshot, canonical JSON, so that its hash names it).
// Closed days never change again. What is derived of them later and differs is
// an Addition, positive or negative, of the next period: the approval that
// carries it settles it, exactly once. At any time the approved figures of a
// closed day, all carried additions and the open one add up to what is derived.
//
// Everything here is a pure function of its arguments: no clock, no file, no
// database.
package period
