package attendance

import (
	"math"
	"time"

	"klokkast/app"
)

// impossibleTravel finds a last punch at one site and a first at the next
// closer in time than the distance allows. What is an overlap is said as one.
func impossibleTravel(d *derivation) {
	var last *tap
	for _, t := range d.taps {
		if t.presence == nil {
			continue
		}
		if last != nil && last.site != t.site && d.together(last.presence, t.presence) == 0 {
			d.judgeTravel(last, t)
		}
		last = t
	}
}

func (d *derivation) judgeTravel(from, to *tap) {
	needed := d.travel(from.site, to.site, from.presence.eng)
	took := to.at.Sub(from.at)
	if took >= needed-d.limit(TravelGrace, from.site, from.presence.eng) {
		return
	}
	a := d.onPresence(app.ImpossibleTravel, app.Warning, from.presence)
	a.Anchor, a.At, a.Box = from.p.Key.String(), from.at, from.p.Key.Box
	a.Punches = []app.RecordKey{from.p.Key, to.p.Key}
	grace := d.f.limits.lasting(TravelGrace, from.site, from.presence.eng)
	a.Facts = app.FactsOf(app.FactOtherSite.Is(to.site.ID), app.FactGrace.Is(grace))
	speed := d.f.limits.of(TravelSpeed, from.site, from.presence.eng)
	a.Threshold, a.Limit, a.Value = TravelSpeed, speed, fastest
	if took > 0 {
		a.Value = min(fastest, int64(float64(speed)*float64(needed)/float64(took)))
	}
	d.report(a)
}

// fastest is the speed given, in km/h, for two places at one time.
const fastest = 9999

// travel returns the time that the way between two sites takes at the speed of
// the threshold as the crow flies; 0 where a site has no coordinates.
func (d *derivation) travel(a, b *site, eng *app.Engagement) time.Duration {
	speed := d.f.limits.of(TravelSpeed, a, eng)
	if a.Coordinates == nil || b.Coordinates == nil || a == b || speed <= 0 {
		return 0
	}
	return time.Duration(distance(*a.Coordinates, *b.Coordinates) / (float64(speed) * 1000) * float64(time.Hour)).Truncate(time.Millisecond)
}

// distance returns metres on a sphere of the earth's mean radius (haversine).
func distance(a, b app.Coordinates) float64 {
	const radius = 6_371_008.8 // IUGG mean radius, metres
	rad := func(deg float64) float64 { return deg * math.Pi / 180 }
	dLat, dLon := rad(b.Latitude-a.Latitude)/2, rad(b.Longitude-a.Longitude)/2
	h := math.Pow(math.Sin(dLat), 2) + math.Cos(rad(a.Latitude))*math.Cos(rad(b.Latitude))*math.Pow(math.Sin(dLon), 2)
	return 2 * radius * math.Asin(math.Min(1, math.Sqrt(h)))
}
