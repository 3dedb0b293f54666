package main

import (
	"encoding/binary"
	"math/rand/v2"

	"github.com/google/uuid"

	"klokkast/app"
)

// ids makes ids that sort by the time of their making, as the program's do, and are the same for the same seed.
type ids struct {
	r    *rand.Rand
	last app.Instant
	n    uint16
}

func newIDs(seed uint64) *ids { return &ids{r: rand.New(rand.NewPCG(seed, 0x1D5))} }

func (g *ids) at(t app.Instant) app.ID {
	if t != g.last {
		g.last, g.n = t, 0
	}
	g.n++
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], uint64(t)<<16|uint64(g.n&0x0FFF))
	binary.BigEndian.PutUint64(u[8:], g.r.Uint64())
	u[6] = u[6]&0x0F | 0x70
	u[8] = u[8]&0x3F | 0x80
	return app.ID(u.String())
}
