package office

// AfterReading tells an office that something was read past it.
func (o *Office) AfterReading() {
	o.changed()
	o.wakeSending()
}
