// Package kittest gives the tests of the window's screens a stage: a window, an
// office on the real database of a small company (package officetest), and the
// background. Whoever asks the database or a box on the window's goroutine fails
// the test. Holds tests what is so for every screen.
package kittest
