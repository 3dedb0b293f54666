package attendance

import "klokkast/app"

// futurePunch finds segments of logs whose times lie after the reading that
// first fetched them (C3).
func futurePunch(f *facts, l *boxLog) []app.Anomaly {
	return f.onSegments(l, app.FuturePunch, func(k SegmentKind) bool { return k == ClockFuture })
}
