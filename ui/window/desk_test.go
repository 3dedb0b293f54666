package window

import "klokkast/app/office"

// The office is what the window stands on.
var _ Desk = (*office.Office)(nil)
