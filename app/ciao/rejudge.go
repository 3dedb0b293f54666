package ciao

import (
	"time"

	"klokkast/app"
)

// A wall clock may jump: forward for a while because its battery was empty, and
// back when somebody sets it. What was written down meanwhile lies in the future
// then, and would freeze sending until that future comes. So instants that are not
// possible are judged anew: at the start of each run, when a person resumes, and
// when the clock is seen to go back.

// longestCheck is how far ahead an accepted registration may be asked about again.
const longestCheck = 31 * 24 * time.Hour

// ClockJump says from when on instants are impossible, to whoever keeps them.
type ClockJump struct {
	Now app.Instant
	// Own is the latest instant up to which our own waits may last, Check that of questions about accepted ones.
	Own   app.Instant
	Check app.Instant
}

// JumpAt returns what is impossible at an instant.
func JumpAt(now app.Instant) ClockJump {
	return ClockJump{Now: now, Own: now.Add(ownWait), Check: now.Add(longestCheck)}
}

// Rejudge ends waits that are longer than any that we or the register choose, and
// lets nothing have happened later than now. What the register asked holds whole:
// as long as it asked, from now on. It says whether anything was so.
func (s *SenderState) Rejudge(now app.Instant) (changed bool) {
	most := func(latest app.Instant, list ...*app.Instant) {
		for _, at := range list {
			if *at > latest {
				*at, changed = latest, true
			}
		}
	}
	most(now.Add(min(s.Asked(), mostWait)), &s.AskedUntil)
	for _, own := range [...]*app.Instant{&s.NotBefore, &s.SignIn.NotBefore, &s.Checks.NotBefore, &s.Cancels.NotBefore, &s.Consults.Trouble.NotBefore} {
		if *own > now.Add(ownWait) && *own > s.AskedUntil {
			*own, changed = max(s.AskedUntil, 0), true
		}
	}
	search := &s.Search
	day := now.Add(DefaultTiming().SearchAgain)
	if search.NotBefore > day {
		search.NotBefore, changed = now, true
	}
	if search.Next > day {
		search.Next, changed = now, true
	}
	if s.Consults.NotBefore > day {
		s.Consults.NotBefore, changed = now, true
	}
	most(now, &s.FailingSince, &s.SignIn.Since, &s.Checks.Since, &s.Cancels.Since, &s.Consults.Trouble.Since, &s.Broken, &s.KnowsNoneSince,
		&search.Since, &search.Missed, &search.GivenUp, &search.Seen, &search.FailingSince, &s.SetBack.Found, &s.SetBack.Resumed)
	if latest := now.Add(max(s.Offset(), 0)); s.RestoredAt > latest { // found by now, and what was punched until now was punched before
		s.RestoredAt, changed = latest, true
	}
	for _, list := range [...]*[]app.Instant{&s.Refusals, &s.Denied} {
		kept := until(*list, now)
		changed, *list = changed || len(kept) < len(*list), kept
	}
	return changed
}

// Asked is how long the register asked to wait when it last did; what an older
// version kept counts as the longest that is believed.
func (s *SenderState) Asked() time.Duration {
	if s.AskedForMS == 0 {
		return mostWait
	}
	return time.Duration(s.AskedForMS) * time.Millisecond
}
