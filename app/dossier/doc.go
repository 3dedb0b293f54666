// Package dossier is the correction dossier: what the NSSO needs to see before
// it corrects its register, as plain data, and the words of the letter that asks
// for it. It reads no clock, file or database; package office puts a dossier
// together, and a paper or a command shows it.
package dossier
