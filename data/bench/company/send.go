package main

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"klokkast/app"
	"klokkast/data"
)

// request is one request to the register with what went in it.
type request struct {
	attempt app.Attempt
	list    []app.Registration
	sealed  data.Sealed
}

const (
	perRequest = 200
	window     = 30 // days after its day that a punch is still sent by itself
	recheck    = 30 * 24 * time.Hour
)

// send sends in the evening of a day what was read on it: not what was read today.
func (c *company) send(f *data.Fill, day app.Date, read []*session) ([]request, error) {
	if day >= c.today {
		return nil, nil
	}
	evening := day.Start(c.zone).Add(19 * time.Hour)
	var requests []request
	for i := range c.employers {
		list := c.toSend(&c.employers[i], day, evening, read)
		for part := range slices.Chunk(list, perRequest) {
			started := evening.Add(time.Duration(len(requests)*2) * time.Second)
			requests = append(requests, c.request(part, started))
		}
	}
	return requests, c.seal(f, requests)
}

// toSend makes registrations, in the order of sending.
func (c *company) toSend(e *app.Employer, day app.Date, at app.Instant, read []*session) (list []app.Registration) {
	for _, s := range read {
		p := s.box.place
		if p.decision != app.UnderCIAO {
			continue
		}
		for _, t := range s.entries {
			if t.registers == "" || t.untrusted || t.who.employer != e || t.who.ssin == "" || int(day-t.by.DateIn(c.zone)) > window {
				continue
			}
			list = append(list, app.Registration{
				Environment: environment, Punch: app.RecordKey{LogKey: s.box.key, Seq: t.seq}, State: app.RegAccepted, Type: t.registers,
				At: t.by - t.by%1000, Raw: t.by, WorkerID: t.who.worker, EngagementID: t.who.engagement, SiteID: p.site.ID, SSIN: t.who.ssin,
				Enterprise: e.Enterprise, Capacity: app.Employee, Declaration: p.declaration, Place: app.Place{Coordinates: p.site.Coordinates},
				Uncertainty: 1001 * time.Microsecond, Created: at, Queued: at,
			})
		}
	}
	slices.SortStableFunc(list, func(a, b app.Registration) int { return cmp.Or(cmp.Compare(a.At, b.At), a.Punch.Compare(b.Punch)) })
	return list
}

// request has the register answer: it accepts nearly all.
func (c *company) request(list []app.Registration, at app.Instant) request {
	answered := at + 900
	for i := range list {
		r := &list[i]
		r.ID, r.Answered = c.ids.at(at), answered
		if c.goesWrong(c.r, c.o.Faults.refused) {
			r.State, r.Answer = app.RegRefused, "WORKER_NOT_FOUND"
			continue
		}
		c.register++
		r.RegisterID, r.Validity = c.register, "valid"
		if next := answered.Add(recheck); next > c.now {
			r.NotBefore = next
		}
	}
	c.registrations += len(list)
	return request{list: list, attempt: app.Attempt{
		ID: c.ids.at(at), Environment: environment, Operation: "register", Outcome: app.AttemptAnswered, Status: 200, TraceID: fmt.Sprintf("sim-%012x", c.register), Started: at, Ended: answered,
	}}
}

// seal makes rows of requests, two at the same time.
func (c *company) seal(f *data.Fill, requests []request) error {
	const sealers = 2
	var all sync.WaitGroup
	errs := make([]error, sealers)
	for k := range sealers {
		all.Go(func() {
			for i := k; i < len(requests) && errs[k] == nil; i += sealers {
				requests[i].sealed, errs[k] = f.Seal(requests[i].list)
				requests[i].list = nil
			}
		})
	}
	all.Wait()
	return cmp.Or(errs[0], errs[1])
}
