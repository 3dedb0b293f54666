// Package boxes is the screen of the clock boxes: it reads them, takes in files of those without a cable, and serves the one that is connected.
package boxes
