package sending

import (
	"context"
	"errors"
	"strings"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/workspace"
)

// SetRegister changes settings of the register by what people typed: all of
// them, or none where one is wrong. "" takes a setting back to its default. A
// root certificate is read from its file once and kept, with its fingerprint in
// the trail.
func (o *Connection) SetRegister(ctx context.Context, values map[workspace.RegisterSetting]string, why string) error {
	after := o.work.Settings().Register
	var wrong []error
	for _, name := range workspace.RegisterSettingNames {
		if text, ok := values[name]; ok {
			wrong = append(wrong, after.Set(name, strings.TrimSpace(text)))
		}
	}
	if after.Mode == ciao.Scheduled && len(after.At) == 0 && after.EveryMinutes == 0 {
		wrong = append(wrong, &app.FieldError{Field: string(workspace.SetTimes), Code: "register.times", Example: "06:30, 12:00, 22:15"})
	}
	if err := errors.Join(wrong...); err != nil {
		return err
	}
	return o.work.KeepSettings(ctx, why, func(s *workspace.Settings) { s.Register = after })
}
