//go:build !nowindow

package main

const buildTags = "migrated_fynedo"
