//go:build !nowindow

package program

const buildTags = "migrated_fynedo"
