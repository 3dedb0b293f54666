package cli

import (
	"strings"

	"github.com/alecthomas/kong"
)

// helpText words what the grammar says of a command, argument or flag: the name of a text.
func (r *run) helpText(name string) string { return r.t("help." + name) }

// printHelp prints the help of a command, or of the whole program, in the user's language.
func (r *run) printHelp(_ kong.HelpOptions, c *kong.Context) error {
	node := c.Selected()
	if node == nil || node == c.Model.Node || isDefault(c) {
		node = c.Model.Node
	}
	r.line(r.t("usage.usage") + " " + usageLine(node))
	r.line("")
	if node == c.Model.Node {
		r.line(r.t("about"))
	} else {
		r.line(r.helpText(node.Help))
	}
	r.section(r.t("usage.commands"), r.commandRows(node))
	r.section(r.t("usage.arguments"), r.argumentRows(node))
	r.section(r.t("usage.flags"), r.flagRows(node.Flags))
	if node != c.Model.Node {
		r.section(r.t("usage.general"), r.flagRows(c.Model.Flags))
	}
	return nil
}

// isDefault says that no command was named: help then is of the whole program.
func isDefault(c *kong.Context) bool {
	for _, p := range c.Path {
		if p.Command != nil {
			return false
		}
	}
	return true
}

func usageLine(n *kong.Node) string {
	parts := []string{n.FullPath()}
	if !n.Leaf() {
		parts = append(parts, "COMMAND")
	}
	for _, a := range n.Positional {
		parts = append(parts, strings.ToUpper(a.Name))
	}
	return strings.Join(append(parts, "[--…]"), " ")
}

func (r *run) section(title string, rows [][2]string) {
	if len(rows) == 0 {
		return
	}
	r.line("")
	r.line(title)
	t := newTable("", "")
	for _, row := range rows {
		t.add("  "+row[0], row[1])
	}
	t.head, t.rows = t.rows[0], t.rows[1:]
	r.table(t)
}

func (r *run) commandRows(n *kong.Node) (rows [][2]string) {
	for _, c := range n.Children {
		if c.Leaf() {
			rows = append(rows, [2]string{strings.TrimPrefix(c.FullPath(), "klokkast "), r.helpText(c.Help)})
			continue
		}
		rows = append(rows, r.commandRows(c)...)
	}
	return rows
}

func (r *run) argumentRows(n *kong.Node) (rows [][2]string) {
	for _, a := range n.Positional {
		rows = append(rows, [2]string{strings.ToUpper(a.Name), r.helpText(a.Help)})
	}
	return rows
}

func (r *run) flagRows(flags []*kong.Flag) (rows [][2]string) {
	for _, f := range flags {
		name := "--" + f.Name
		if !f.IsBool() && f.PlaceHolder != "" {
			name += " " + f.PlaceHolder
		}
		rows = append(rows, [2]string{name, r.helpText(f.Help)})
	}
	return rows
}
