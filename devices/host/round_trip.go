package host

import "time"

// roundTrip is how long answers of a box take, learnt from those that came, as TCP learns it (RFC 6298). On a bad cable
// most of a reading is waiting for what was lost: a box that answers in milliseconds is asked again sooner.
type roundTrip struct {
	mean, spread time.Duration // 0: nothing was learnt yet
}

// took learns from an answer.
func (r *roundTrip) took(d time.Duration) {
	if r.mean == 0 {
		r.mean, r.spread = d, d/2
		return
	}
	r.spread += ((d - r.mean).Abs() - r.spread) / 4
	r.mean += (d - r.mean) / 8
}

// atLeast is how long an answer is waited for where nothing was lost: twice as long after each that did not come, up to
// eight times the usual, and no less than answers of this box take.
func (r *roundTrip) atLeast(usual time.Duration, missed int) time.Duration {
	return max(usual<<min(missed, 3), min(r.mean+4*r.spread, usual<<3))
}

// sooner is how long the answer to a request is waited for that is repeated as it is: by what was learnt, twice as long with
// each try, up to the usual time, or to twice what answers of a slower box take.
func (r *roundTrip) sooner(usual time.Duration, try int) time.Duration {
	most := max(usual, min(r.mean+4*r.spread, 2*r.mean, usual<<3))
	return min(r.patience(usual, 0)<<min(try, 3), most)
}

// patience is how long an answer is waited for: by what was learnt, from an eighth of the usual time up to it, or to twice the
// mean of a box that is slower; twice as long after each that did not come, up to eight times the usual.
func (r *roundTrip) patience(usual time.Duration, missed int) time.Duration {
	d := usual
	if r.mean > 0 {
		d = min(max(r.mean+4*r.spread, usual/8), max(usual, 2*r.mean))
	}
	return min(d<<min(missed, 6), usual<<3)
}
