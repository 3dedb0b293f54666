package register

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ParseFaults reads faults as a command line gives them: a kind, and after
// commas times=N, skip=N, chance=0.5, seconds=S, status=500, operation=query.
// Such as "drop-after,times=2" or "too-many,seconds=1".
func ParseFaults(texts []string) ([]Fault, error) {
	var out []Fault
	for _, text := range texts {
		f, err := parseFault(text)
		if err != nil {
			return nil, fmt.Errorf("fault %q: %w; such as drop-after,times=2", text, err)
		}
		out = append(out, f)
	}
	return out, nil
}

func parseFault(text string) (Fault, error) {
	parts := strings.Split(text, ",")
	f := Fault{Kind: Kind(parts[0])}
	if !slices.Contains(kinds(), f.Kind) {
		return f, fmt.Errorf("unknown kind, want one of %v", kinds())
	}
	for _, part := range parts[1:] {
		name, value, _ := strings.Cut(part, "=")
		var err error
		switch name {
		case "times":
			f.Times, err = strconv.Atoi(value)
		case "skip":
			f.Skip, err = strconv.Atoi(value)
		case "status":
			f.Status, err = strconv.Atoi(value)
		case "chance":
			f.Chance, err = strconv.ParseFloat(value, 64)
		case "seconds":
			f.Seconds, err = strconv.ParseFloat(value, 64)
		case "operation":
			f.Operation = value
		default:
			return f, fmt.Errorf("unknown setting %q", name)
		}
		if err != nil {
			return f, fmt.Errorf("%s wants a number", name)
		}
	}
	return f, nil
}
