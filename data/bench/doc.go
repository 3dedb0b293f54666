// Package bench has the benchmarks of a large company's database together with
// what is derived from it and shown of it. They stand beside the store, whose own
// tests know nothing of who uses it.
package bench
