// Package attendance turns punches into presences, presences into workdays,
// and finds what is wrong with them. It is the heart of the program and pure:
// nothing here reads a clock, a file or a database; the time is an argument,
// and the same facts in any order give the same result, byte for byte.
//
// Its rule book is docs/attendance.md. The way of one punch through the files:
//
//	index.go     the facts, ordered and looked up once: per box, site, person
//	clock.go     raw time → corrected time; what a wrong clock leaves unsettled (C1–C3)
//	taps.go      whose tap, where; double taps (O1, D1)
//	pairing.go   taps → presences (P1–P3, B1)
//	proof.go     what may be called missing, and what is only not read yet (principle 1)
//	workday.go   presences → workdays and their totals (W1, B2, B3, E1)
//	plan.go      which presence was for which planned shift
//	RULE.go      one file a rule, under the rule's name
//	derive.go    puts these together, person by person
//
// Everything up to the proofs is the same for all persons; from there on one
// person's derivation needs no other person's, so that persons can be derived
// at the same time, or one alone. What is derived again and again is kept:
//
//	record.go    what boxes recorded, small
//	block.go     the parts of a person's time between which nothing reaches
//	engine.go    what was derived, and the next state of it
//	touch.go     whom and what new facts touch
//	ask.go       answers for days, persons and punches
//	change.go    what differs between two states: previews
package attendance
