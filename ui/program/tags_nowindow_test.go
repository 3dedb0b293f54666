//go:build nowindow

package program

const buildTags = "nowindow"
