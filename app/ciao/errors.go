package ciao

import "klokkast/app"

// Errors by which someone decides. Those that a person can do something about
// name their text (error.ciao.*).
var (
	// ErrKey is a private key that cannot be used.
	ErrKey error = &keyedError{"private key", "error.ciao.key"}
	// ErrKeyKind is a private key that is not RSA, which RS256 needs; it is an ErrKey.
	ErrKeyKind error = &keyError{keyedError{"the private key is not RSA", "error.ciao.keyKind"}}
	// ErrKeyShort is an RSA key with fewer bits than RS256 may use; it is an ErrKey.
	ErrKeyShort error = &keyError{keyedError{"the private key is too short", "error.ciao.keyShort"}}
	// ErrKeyMissing is a file with a certificate or public key, and no private one; it is an ErrKey.
	ErrKeyMissing error = &keyError{keyedError{"no private key beside the public one", "error.ciao.keyMissing"}}
	// ErrKeyCertificate is a file whose certificates all belong to other keys; it is an ErrKey.
	ErrKeyCertificate error = &keyError{keyedError{"the certificate belongs to another key", "error.ciao.keyCertificate"}}
	// ErrKeyPassword is a PKCS #12 file whose password is missing or another.
	ErrKeyPassword error = &keyedError{"the key file's password does not fit", "error.ciao.keyPassword"}
	// ErrKeyEncrypted is a PEM file that is encrypted: there are too many ways to read them all.
	ErrKeyEncrypted error = &keyedError{"the key file is encrypted PEM", "error.ciao.keyEncrypted"}
	// ErrLocked says that the private key lies encrypted by a passphrase that was not given yet.
	ErrLocked error = &keyedError{"the private key is locked", "error.ciao.locked"}
	// ErrPassphrase says that another passphrase locked the private key.
	ErrPassphrase error = &keyedError{"the passphrase does not fit", "error.ciao.passphrase"}
	// ErrAddress is an address of the register that may not be used.
	ErrAddress error = &keyedError{"register address", "error.ciao.address"}
	// ErrNotLoopback says that an address outside this computer was dialled where
	// only this computer is allowed: plain HTTP, a demo database, the simulator.
	ErrNotLoopback error = &keyedError{"address is not on this computer", "error.ciao.address"}
	// ErrNotSendingInstallation says that another installation of the company sends.
	ErrNotSendingInstallation error = &keyedError{"this installation is not the one that sends", "error.ciao.notSending"}
	// ErrNotReleasable says that more than judgement holds a punch.
	ErrNotReleasable error = &keyedError{"the punch cannot be released: something is missing", "error.ciao.notReleasable"}
	// ErrNotAsked says that a registration waits for nobody's decision.
	ErrNotAsked error = &keyedError{"the registration does not wait for a person's decision", "error.ciao.notAsked"}
	// ErrEachByItself says that each is to be decided by itself: it may have been sent.
	ErrEachByItself error = &keyedError{"what may have been sent is decided one by one", "error.ciao.eachByItself"}
	// ErrNotRefused says that only what the register refused may be sent again.
	ErrNotRefused error = &keyedError{"the registration was not refused", "error.ciao.notRefused"}
	// ErrUnchanged says that nothing was mended since the register refused it.
	ErrUnchanged error = &keyedError{"what would be sent is what was refused", "error.ciao.unchanged"}
	// ErrNotCancellable says that a registration is not accepted, or is being cancelled already.
	ErrNotCancellable error = &keyedError{"the registration cannot be cancelled", "error.ciao.notCancellable"}
	// ErrCancelOff says that the company did not allow cancelling.
	ErrCancelOff error = &keyedError{"cancelling is switched off", "error.ciao.cancelOff"}
	// ErrSenderLost says that another sender took over from this one, whose lease had ended.
	ErrSenderLost error = &keyedError{"another sender has taken over", "error.ciao.busy"}
)

type keyedError struct{ says, key string }

func (e *keyedError) Error() string { return e.says }

// TextKey names the text for people.
func (e *keyedError) TextKey() (string, map[string]any) { return e.key, nil }

// keyError says in what way a private key cannot be used.
type keyError struct{ keyedError }

// Is says that it is an ErrKey.
func (*keyError) Is(target error) bool { return target == ErrKey }

// BusyError says that another sender is at work on this database.
type BusyError struct {
	Owner string
	Until app.Instant // its lease; it may renew it
}

// Error is for engineers.
func (e *BusyError) Error() string { return "another sender is at work until " + e.Until.String() }

// TextKey names the text for people.
func (e *BusyError) TextKey() (string, map[string]any) { return "error.ciao.busy", nil }

// StillHeldError says why a refused punch cannot be sent again yet.
type StillHeldError struct{ Reason app.HeldReason }

// Error names the reason.
func (e *StillHeldError) Error() string { return "still held: " + string(e.Reason) }

// TextKey names the text for people.
func (e *StillHeldError) TextKey() (string, map[string]any) { return "held." + string(e.Reason), nil }
