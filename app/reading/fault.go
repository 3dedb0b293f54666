package reading

import (
	"errors"
	"fmt"
)

// Fault is why a box could not be read, found or changed. Faces word it by the
// catalogue key "box.fault." + its text; errors.Is finds it through any wrapping.
type Fault string

// Faults.
const (
	Unplugged    Fault = "unplugged"     // the cable, or the box's end of it, went away
	InUse        Fault = "in-use"        // another program holds the box
	Held         Fault = "held"          // this program could not let go of it after its last visit: replug it
	NoPermission Fault = "no-permission" // Linux: the udev rule is missing
	Silent       Fault = "silent"        // nothing useful came before the deadline: replug it
	NotPaired    Fault = "not-paired"    // read only: pair it, with its button pressed
	PressButton  Fault = "press-button"  // the box waits for its button
	PairingsFull Fault = "pairings-full" // it holds eight installations already
	NoUSB        Fault = "no-usb"        // this build cannot reach USB boxes
	NotFound     Fault = "not-found"     // no box under that name
	Protocol     Fault = "protocol"      // it answers what no OCB/1 box may answer
	Refused      Fault = "refused"       // it refused a request
	Busy         Fault = "busy"          // it is streaming
	WrongChain   Fault = "wrong-chain"   // its log is not the log that was read before
	EndsEarly    Fault = "ends-early"    // it names records that it does not give (EndError)
	EndsBehind   Fault = "ends-behind"   // it says that its log ends before what was read from it (EndError)
	CableDrops   Fault = "cable-drops"   // the cable dropped again and again, and nothing came in between
)

// Error returns the fault's code.
func (f Fault) Error() string { return "box: " + string(f) }

// Reasons of a quarantine. Faces word them by "box.quarantine." + reason.
const (
	ReasonChain   = "chain-differs"  // another history at our last sequence: a clone or a restored box
	ReasonBehind  = "box-behind"     // its log ends before our last sequence
	ReasonKey     = "key-differs"    // another public key than the one pinned
	ReasonRecords = "record-differs" // a stored record with other content
)

// QuarantinedError says that a box is closed to reading; nothing was taken from
// it and nothing acknowledged.
type QuarantinedError struct {
	Box    string
	Reason string
}

// Error names the box and the reason.
func (e *QuarantinedError) Error() string {
	return "box " + e.Box + " is in quarantine: " + e.Reason
}

// EndError is a box that contradicts itself about how far its log goes: it does not count as read to its end. What it
// gave is stored.
type EndError struct {
	Read   uint64 // the last record that is stored
	Stated uint64 // the last one that the box names
}

// Error says how far the log was read.
func (e *EndError) Error() string {
	return fmt.Sprintf("read up to record %d; the box says that its log goes up to %d", e.Read, e.Stated)
}

// Unwrap returns the fault: EndsEarly, or EndsBehind where the box names an end before what it gave; a Protocol fault too.
func (e *EndError) Unwrap() []error {
	return []error{e.fault(), Protocol}
}

func (e *EndError) fault() Fault {
	if e.Stated < e.Read {
		return EndsBehind
	}
	return EndsEarly
}

// TextKey words it for people.
func (e *EndError) TextKey() (string, map[string]any) {
	return "reading.help." + string(e.fault()), map[string]any{"Read": e.Read, "Stated": e.Stated}
}

// OtherMarkError is a box that was told up to which record everything is stored, and answers with another one.
type OtherMarkError struct{ Asked, Told uint64 }

// Error names both.
func (e *OtherMarkError) Error() string {
	return fmt.Sprintf("acknowledged up to record %d; the box answers %d", e.Asked, e.Told)
}

// Unwrap says that no box may answer so.
func (e *OtherMarkError) Unwrap() error { return Protocol }

// AckError is an acknowledgement that did not reach the box, or was not answered. The box was read to its end, and
// everything is stored.
type AckError struct {
	Seq uint64 // what it was for
	Err error
}

// Error says what became of it.
func (e *AckError) Error() string { return fmt.Sprintf("acknowledge up to %d: %v", e.Seq, e.Err) }

// Unwrap returns what became of it.
func (e *AckError) Unwrap() error { return e.Err }

// Problem is its code as a problem of a reading.
func (e *AckError) Problem() string {
	switch {
	case errors.Is(e.Err, Unplugged):
		return ProblemAckUnplugged
	case errors.Is(e.Err, Silent):
		return ProblemAckSilent
	}
	return ProblemAckFailed
}

// TextKey words it for people.
func (e *AckError) TextKey() (string, map[string]any) {
	return "reading.help." + e.Problem(), map[string]any{"Read": e.Seq}
}

// WrongChainError is a box's log that does not continue the one that was read
// before. A Box gives it before it takes a record.
type WrongChainError struct {
	After  uint64 // the sequence at which the two were compared
	Behind bool   // the box's log ends before it
}

// Error says at which sequence the chains part.
func (e *WrongChainError) Error() string {
	if e.Behind {
		return "the box's log ends before the sequence that was read already"
	}
	return "the box's log has another history at the sequence that was read last"
}

// Is makes every WrongChainError a WrongChain fault.
func (e *WrongChainError) Is(target error) bool { return target == WrongChain }
