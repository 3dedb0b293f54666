package reading

// Fault is why a box could not be read, found or changed. Faces word it by the
// catalogue key "box.fault." + its text; errors.Is finds it through any wrapping.
type Fault string

// Faults.
const (
	Unplugged    Fault = "unplugged"     // the cable, or the box's end of it, went away
	InUse        Fault = "in-use"        // another program holds the box
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
)

// Error gives the fault's code.
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
