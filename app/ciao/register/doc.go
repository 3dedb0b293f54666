// Package register is the simulated register: Check In and Out at Work as far
// as it is known, to try Klokkast without credentials and to test it without
// the NSSO. It listens on this computer only.
//
// It checks what the real one would: the client assertion's signature,
// audience, times and single use, the access token, the schema of every item
// and the check digits in it; it answers in the Belgif forms. On purpose it is
// credulous in one thing: it stores the same registration twice if it is sent
// twice, and counts it, so that a sender that doubles is found out.
//
// Faults are ordered by Add, or from another process by the addresses below
// /_sim/, see Fault. Everything stored and counted can be asked for.
package register
