package reading

import "slices"

// Reason is why a point of a proposal is as it is.
type Reason struct {
	// Point is the field of the mapping: separator, encoding, sheet, skip, badge, badgeForm, date, layout, also, status, keys.
	Point string         `json:"point"`
	Code  string         `json:"code"`
	Facts map[string]any `json:"facts,omitempty"`
}

// TextKey words it for people.
func (r Reason) TextKey() (string, map[string]any) { return "mapping.why." + r.Code, r.Facts }

// Question is what a file does not tell of how it is read: two readings of it fit, or none does.
type Question struct {
	// Code is what is asked: date-order, date-mixed, encoding, sheet, badge, badge-count, badge-name, times, no-time, status, status-one,
	// status-most, status-words, status-column, status-verified.
	Code  string         `json:"code"`
	Facts map[string]any `json:"facts,omitempty"`
	// Flags are the flags of which each answers it, the usual one first.
	Flags   []string `json:"flags"`
	Answers []Answer `json:"answers,omitempty"` // that fit, the proposed one first
}

// Answer is a possible answer to a question.
type Answer struct {
	Value  string `json:"value"`            // of the question's first flag, or flags of their own (--status 4 --key 0=in)
	Sample string `json:"sample,omitempty"` // what comes of it
}

// TextKey words it for people.
func (q Question) TextKey() (string, map[string]any) { return "mapping.ask." + q.Code, q.Facts }

// AskMappingError asks what the sample does not tell. Nothing was kept.
type AskMappingError struct {
	File      string
	Questions []Question // at least one
}

// Error names the first question.
func (e *AskMappingError) Error() string {
	return "how is the table to be read: " + e.Questions[0].Code
}

// Unanswered returns the questions that none of the flags answers.
func (p *TablePreview) Unanswered(flags []string) (open []Question) {
	for _, q := range p.Questions {
		if !slices.ContainsFunc(q.Flags, func(f string) bool { return slices.Contains(flags, f) }) {
			open = append(open, q)
		}
	}
	return open
}
