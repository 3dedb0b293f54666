// Package app holds the words of the trade: the types that mean the same in
// the schema, on the screen, on paper and in the documents of Klokkast.
//
// The way of one punch runs through its sub-packages in one direction:
// reading stores what a box holds and acknowledges it after the commit;
// attendance derives presences, workdays and anomalies from punches; ciao
// registers punches with Check In and Out at Work; timesheet prints the month.
// office puts these steps together for the faces (window and commands).
//
// app and everything below it import none of the other rooms (ui, data,
// devices): they declare the interfaces that they need, where they need them.
package app
