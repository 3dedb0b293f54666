// Package docs keeps the documents beside the code true: its tests compare what
// they say of the house with the house.
package docs
