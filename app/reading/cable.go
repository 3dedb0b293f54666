package reading

import (
	"context"
	"errors"
	"fmt"
)

// cable is what a reading learns of a connection that drops: how many records to ask for at once, so that some come
// through whole before it drops again, and what came after the last that did.
type cable struct {
	usual, piece int
	rest         *Chunk // came, and is not proven yet
	came         int    // records since the connection began
	cameWhole    int    // of them, in pieces that came whole
	longest      int    // of those
	whole        int    // pieces that came whole since a connection brought none
	fruitless    int    // connections in a row on which no record came
	opened       Box    // by this reading
}

const (
	// mostFruitless is how many connections in a row may bring nothing before a box is given up.
	mostFruitless = 6
	// wholeAgain is how many pieces come whole before twice as many records are asked for.
	wholeAgain = 4
)

// begin sets how many records are asked for: as many as the last reading learnt, else as many as usual.
func (c *cable) begin(usual, learnt int) {
	c.usual, c.piece = usual, usual
	if learnt > 0 {
		c.piece = min(learnt, usual)
	}
}

// remember returns how many records at once the next reading is to begin with; 0: as many as usual.
func (c *cable) remember() int {
	if c.piece == c.usual {
		return 0
	}
	return c.piece
}

// after returns the point to ask from: behind what came, also where that is not proven yet.
func (c *cable) after(end Chain) Chain {
	if c.rest != nil {
		return c.rest.End
	}
	return end
}

// doubts says that a box's answer may only be about what came unproven, and forgets that.
func (c *cable) doubts(err error) bool {
	if c.rest == nil || !errors.Is(err, WrongChain) {
		return false
	}
	c.rest = nil
	return true
}

// proven returns what a chunk proves, in order: what came before it, and itself.
func (c *cable) proven(chunk Chunk) (out []Chunk) {
	if c.rest != nil {
		out, c.rest = append(out, *c.rest), nil
	}
	c.came += len(chunk.Records)
	return append(out, chunk)
}

// cameThrough asks for more at once after pieces that came whole.
func (c *cable) cameThrough(records int) {
	c.cameWhole += records
	c.longest = max(c.longest, records)
	if c.whole++; c.whole%wholeAgain == 0 {
		c.piece = min(2*c.piece, c.usual)
	}
}

// cutOff keeps what came last, for the next connection to prove.
func (c *cable) cutOff(rest Chunk) {
	c.came += len(rest.Records)
	if len(rest.Records) > 0 || len(rest.Lost) > 0 {
		c.rest = &rest
	}
}

// shorten chooses, after a drop, pieces that come through. It dropped within a piece: as long as the longest that came whole
// on this connection; where none did, half of what came, so that two may the next time; where nothing came, an eighth of
// what was asked for. It dropped between two: as before, since their length is not what the cable cannot bear.
func (c *cable) shorten() {
	switch {
	case c.came == 0:
		c.piece = max(1, c.piece/8)
	case c.longest == 0:
		c.piece = max(1, min(c.piece, c.came)/2)
	case c.came > c.cameWhole:
		c.piece = min(c.longest, c.piece)
	}
	if c.fruitless++; c.came > 0 {
		c.fruitless = 0
	}
	if c.longest == 0 {
		c.whole = 0
	}
	c.came, c.cameWhole, c.longest = 0, 0, 0
}

func (c *cable) letGo() {
	if c.opened != nil {
		_ = c.opened.Close()
		c.opened = nil
	}
}

// cut says that an error is the cable's, or that of a box that fell silent: another connection may do better.
func cut(err error) bool {
	var end *EndError
	return (errors.Is(err, Unplugged) || errors.Is(err, Silent)) && !errors.As(err, &end)
}

// dropped says that the box may be asked again on another connection.
func (s *session) dropped(ctx context.Context, err error) bool {
	return s.o.Again != nil && ctx.Err() == nil && cut(err)
}

// reconnect waits for a box whose cable dropped; the error is why that is of no use: err where it did not come from the
// cable, or where the box does not come back, CableDrops where it comes back and gives nothing.
func (s *session) reconnect(ctx context.Context, err error) error {
	if !cut(err) {
		return err
	}
	s.cable.shorten()
	if !s.dropped(ctx, err) {
		return err
	}
	if s.cable.fruitless >= mostFruitless {
		return fmt.Errorf("%w: %w", CableDrops, err)
	}
	s.r.Drops++
	s.o.Dropped(s.cable.piece)
	if !s.revive(ctx, err) {
		_ = s.box.Close()
		device, failed := s.o.Again(ctx, s.r.Log)
		if failed != nil {
			return fmt.Errorf("it does not come back (%v): %w", failed, err)
		}
		box, ok := device.(Box)
		if !ok {
			_ = device.Close()
			return fmt.Errorf("something else came back: %w", err)
		}
		s.box, s.cable.opened = box, box
	}
	return s.recognise(ctx, err)
}

// revive begins a new session on the same cable with a box that fell silent: one that was reset knows the old one no more.
func (s *session) revive(ctx context.Context, err error) bool {
	r, ok := s.box.(Reviver)
	return ok && errors.Is(err, Silent) && r.Revive(ctx) == nil
}

// recognise asks the box that came back who it is, and how its log stands.
func (s *session) recognise(ctx context.Context, err error) error {
	info, failed := s.box.Info(ctx)
	switch {
	case failed != nil && s.dropped(ctx, failed):
		return s.reconnect(ctx, failed)
	case failed != nil:
		return failed
	case info.Log != s.r.Log:
		return fmt.Errorf("another box came back: %w", err)
	}
	s.heard(info)
	return nil
}
