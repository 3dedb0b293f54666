// Package sites is the screen of places: where they are, whether they fall under CIAO, which declarations cover them, and which boxes stand there.
package sites
