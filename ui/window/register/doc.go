// Package register is the screen of the way to the register: what waits, what is held and why, what was answered.
package register
