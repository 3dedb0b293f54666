package reading

// Lettering is an encoding with some words of a text as it reads them.
type Lettering struct {
	Encoding Encoding
	Words    string
	// Others fit as well, and read the words otherwise.
	Others []Lettering
}
