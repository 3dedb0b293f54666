//go:build nowindow

package main

import (
	"os"

	"klokkast/ui/program"
)

func main() { os.Exit(program.Main(os.Args[1:], nil)) }
