// Package officetest gives the tests of the faces a real office: a small company
// on a real database, boxes in memory on its cables, a simulated register and a
// printer that keeps what it gets. The people, numbers and places in it are made
// up; their check digits are valid.
//
// The database of each Company begins as a copy of one that is migrated and
// filled once per test binary, so that a test may have one of its own for a few
// milliseconds. What a test needs beyond it, it enters as a person would, through
// the office, or as a box would, with Read.
package officetest
