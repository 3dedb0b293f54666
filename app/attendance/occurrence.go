package attendance

import (
	"fmt"
	"hash/fnv"
	"strconv"

	"klokkast/app"
)

// Occurrence tells one occurrence of a fact from another, also of a standing
// finding: it is a hash of the punches, or of when the fact began where it has
// none. An anomaly that was gone and comes back with the same one is the same
// again, and its explanation holds.
func Occurrence(a *app.Anomaly) string {
	h := fnv.New64a()
	for i := range a.Punches {
		fmt.Fprintln(h, a.Punches[i])
	}
	if len(a.Punches) == 0 {
		fmt.Fprint(h, a.At)
	}
	return strconv.FormatUint(h.Sum64(), 36)
}
