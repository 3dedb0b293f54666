// Package ciao registers punches with Check In and Out at Work (CIAO), the
// presence register of the Belgian National Social Security Office (NSSO).
//
// Its parts, in the order in which a punch meets them:
//
//   - Plan (pure) says of every punch whether it is to be sent, is held, or is
//     never sent, and why. Only what is to be sent, and what a person releases,
//     gets a row; what is held is derived anew each time.
//   - Store is the outbox: a registration is a row before it is a request. What
//     is queued is frozen.
//   - Sender takes rows from the outbox in batches, sends them, keeps the
//     answers, looks up what has an unknown fate, and asks again later what the
//     register thinks of what it accepted.
//   - Client is one request on the wire each time: it never follows a redirect,
//     never repeats anything, and says what is known of the request's fate.
//   - wire.go alone holds the register's names and addresses, each with its mark
//     of how sure it is.
//
// Package register, below this one, is the simulated register.
//
// The promise of the whole is: no punch is registered twice, none is lost, and
// nothing is sent that a person did not make on a clock box.
package ciao
