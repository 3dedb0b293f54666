// Package filelog is the log of a device whose taps come without sequence numbers:
// in files, or out of a terminal's memory.
//
// What is kept of it for ever are its lines, as they stood. What they mean (zone,
// columns, layout of dates, keys) is an interpretation, a Meaning: people can
// change it later, and the punches follow. Which files held which lines says in
// what order the taps were made (rule O1), and what an import brought, so that it
// can be undone. A Log holds all of that, Derive says what follows from it, and
// every change of one (an import, another meaning, an undone import) is stored as
// the difference between two derivations, in one transaction.
//
// Three things never change: a line, the key of a record, and what was sent of it.
// Lines that mean the same tap are one punch, under the key of the oldest.
package filelog
