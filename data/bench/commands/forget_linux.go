package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// forget asks the system to keep nothing of a file in memory; false where it does not do so.
func forget(path string) bool {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	if f.Sync() != nil { // only what is on the disk can be forgotten
		return false
	}
	return unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED) == nil
}
