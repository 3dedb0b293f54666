package cli

type windowCmd struct{}

// Run opens the window; where there is none it says why and shows the help.
func (c *windowCmd) Run(r *run) error {
	err := r.noWindow()
	if err == nil {
		return r.parts.Window(r.ctx, r.openOptions())
	}
	if r.json {
		return err
	}
	r.aside(r.word(err))
	r.aside("")
	parser, _, e := r.parser()
	if e != nil {
		return e
	}
	if _, e = parser.Parse([]string{"--help"}); e != nil {
		return e
	}
	return errSaid
}

// noWindow says why no window can be opened; nil where one can.
func (r *run) noWindow() error {
	if r.parts.Window == nil {
		return failure("missing.window")
	}
	if r.parts.Missing == nil {
		return nil
	}
	if code := r.parts.Missing(); code != "" {
		return failure(code)
	}
	return nil
}
