// Package kit is what every screen of the window is made of: the host, which
// knows the words and the two ways between the window's goroutine and the
// background; forms and dialogs; questions to the office with what shows their
// answers; lists, periods, charts; and the steps that several screens offer,
// such as putting a clock right or stating a presence.
//
// A screen is a package of its own beside it, with a Screen that is a Page. It
// takes the office itself, holds row structs of already formatted texts, and
// loads in the background and swaps the rows in one step on the window's
// goroutine. No screen imports another: what one opens in another goes by the
// host's GoTo, which names the screen and what narrows it.
//
// What is not known is never shown as nothing. Whatever shows what the office
// says (a grid, a fact, a mark on a button, a plot) is a view of an inquiry, and
// goes with it through loading, failed, and what the answer is: nothing or
// something. A new view is loading; only an answer makes it empty.
package kit
