package cli

import (
	"fmt"
	"io"
)

// udevFile is where a Linux computer's own udev rules stand. The name must sort
// before 73-seat-late.rules, which acts on the rule's tag.
const udevFile = "/etc/udev/rules.d/70-klokkast.rules"

type boxUdevRuleCmd struct{}

// udevRuleJSON is the answer of box udev-rule.
type udevRuleJSON struct {
	File string `json:"file"` // where it goes
	Rule string `json:"rule"`
}

// Run prints the udev rule as it stands in its file, and says on a terminal what to do with it.
func (c *boxUdevRuleCmd) Run(r *run) error {
	if r.json {
		return r.print(udevRuleJSON{udevFile, r.parts.UdevRule})
	}
	if _, err := io.WriteString(r.parts.Out, r.parts.UdevRule); err != nil {
		return fmt.Errorf("write the rule: %w", err)
	}
	if isTerminal(r.parts.Out) {
		r.aside("")
		r.aside(r.t("box.udev", "File", udevFile))
	}
	return nil
}
