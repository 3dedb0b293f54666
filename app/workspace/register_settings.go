package workspace

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
)

// RegisterSettings say when and how the register is reached. Its addresses
// belong to the credential.
type RegisterSettings struct {
	// Batch is the most registrations in one request; 0: ciao.DefaultBatch.
	Batch int `json:"batch,omitempty"`
	// WindowDays is how many Belgian days after its day a punch is still sent by itself; 0: 30.
	WindowDays int `json:"windowDays,omitempty"`
	// ClockLimitSeconds is the greatest offset of a box with which its own time is sent; 0: 60.
	ClockLimitSeconds int `json:"clockLimitSeconds,omitempty"`
	// LateMinutes holds punches that are older when they would be queued; 0: none.
	LateMinutes int `json:"lateMinutes,omitempty"`
	// Cancel lets a person cancel what was accepted; off unless the company wants it.
	Cancel bool `json:"cancel,omitempty"`
	// Mode says when punches go by themselves; "" is manual.
	Mode ciao.Mode `json:"mode,omitempty"`
	// At are times of the day, HH:MM in Belgium, for the mode scheduled.
	At []string `json:"at,omitempty"`
	// EveryMinutes is how often that mode sends besides; 0: not.
	EveryMinutes int `json:"everyMinutes,omitempty"`
	// Proxy is the way out of the company's network; "" is the system's.
	Proxy ciao.Proxy `json:"proxy,omitempty"`
	// Root is an additional trusted root, kept whole; RootFile is where it was read from.
	Root     *ciao.Root `json:"root,omitempty"`
	RootFile string     `json:"rootFile,omitempty"`
	// Hosts are those that a person added, see AddHost.
	Hosts []ciao.AddedHost `json:"hosts,omitempty"`
}

// RegisterSetting names one of them, for people who type: the end of register.NAME.
type RegisterSetting string

// Names of the settings of the register.
const (
	SetProxy      RegisterSetting = "proxy"
	SetRootFile   RegisterSetting = "ca-file"
	SetBatch      RegisterSetting = "batch"
	SetWindowDays RegisterSetting = "window-days"
	SetClockLimit RegisterSetting = "clock-limit"
	SetLateLimit  RegisterSetting = "late-limit"
	SetMode       RegisterSetting = "mode"
	SetTimes      RegisterSetting = "at"
	SetEvery      RegisterSetting = "every"
	SetCancel     RegisterSetting = "cancel"
)

// RegisterSettingNames lists them in the order in which they are shown.
var RegisterSettingNames = [...]RegisterSetting{
	SetMode, SetTimes, SetEvery, SetLateLimit, SetProxy, SetRootFile, SetBatch, SetWindowDays, SetClockLimit, SetCancel,
}

// Limits of the settings: the least, the most and the default.
const (
	mostBatch      = 1000
	mostWindow     = 90
	mostClockLimit = 600
	mostLate       = 30 * 24 * 60
	mostEvery      = 24 * 60
	mostTimes      = 24
)

// Rules are those that say what is held.
func (s RegisterSettings) Rules() ciao.Settings {
	r := ciao.DefaultSettings()
	if s.WindowDays > 0 {
		r.WindowDays = s.WindowDays
	}
	if s.ClockLimitSeconds > 0 {
		r.ClockLimit = time.Duration(s.ClockLimitSeconds) * time.Second
	}
	r.LateLimit = time.Duration(s.LateMinutes) * time.Minute
	return r
}

// Schedule is when the mode scheduled sends.
func (s RegisterSettings) Schedule() ciao.Schedule {
	out := ciao.Schedule{Every: time.Duration(s.EveryMinutes) * time.Minute}
	for _, text := range s.At {
		if at, err := time.Parse("15:04", text); err == nil {
			out.At = append(out.At, at.Hour()*60+at.Minute())
		}
	}
	return out
}

// SendingMode is the mode that holds.
func (s RegisterSettings) SendingMode() ciao.Mode {
	if s.Mode == "" {
		return ciao.Manual
	}
	return s.Mode
}

// Value returns a setting as people type it; "" where the default holds.
func (s RegisterSettings) Value(name RegisterSetting) string {
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return strconv.Itoa(n)
	}
	switch name {
	case SetProxy:
		return string(s.Proxy)
	case SetRootFile:
		return s.RootFile
	case SetBatch:
		return number(s.Batch)
	case SetWindowDays:
		return number(s.WindowDays)
	case SetClockLimit:
		return number(s.ClockLimitSeconds)
	case SetLateLimit:
		return number(s.LateMinutes)
	case SetMode:
		return string(s.SendingMode())
	case SetTimes:
		return strings.Join(s.At, ", ")
	case SetEvery:
		return number(s.EveryMinutes)
	case SetCancel:
		if s.Cancel {
			return "on"
		}
	}
	return ""
}

// Set reads one setting.
func (s *RegisterSettings) Set(name RegisterSetting, text string) (err error) {
	switch name {
	case SetProxy:
		s.Proxy, err = ciao.ProxyOf(text)
	case SetRootFile:
		s.Root, err = readRoot(text)
		s.RootFile = text
	case SetBatch:
		s.Batch, err = within(name, text, mostBatch)
	case SetWindowDays:
		s.WindowDays, err = within(name, text, mostWindow)
	case SetClockLimit:
		s.ClockLimitSeconds, err = within(name, text, mostClockLimit)
	case SetLateLimit:
		s.LateMinutes, err = within(name, text, mostLate)
	case SetMode:
		mode, ok := ciao.ParseMode(text)
		if !ok {
			return &app.FieldError{Field: string(name), Code: "register.mode", Example: "manual, after-reading, live, scheduled"}
		}
		s.Mode = mode
	case SetTimes:
		s.At, err = times(text)
	case SetEvery:
		s.EveryMinutes, err = within(name, text, mostEvery)
	case SetCancel:
		s.Cancel, err = onOff(name, text)
	}
	return err
}

// within reads a whole number from 1 to most; "" is 0, the default.
func within(name RegisterSetting, text string, most int) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > most {
		return 0, &app.FieldError{Field: string(name), Code: "register.range", Example: "1–" + strconv.Itoa(most)}
	}
	return n, nil
}

func onOff(name RegisterSetting, text string) (bool, error) {
	switch strings.ToLower(text) {
	case "on":
		return true, nil
	case "", "off":
		return false, nil
	}
	return false, &app.FieldError{Field: string(name), Code: "register.onOff", Example: "on"}
}

// times reads times of the day, in their order, each once.
func times(text string) ([]string, error) {
	var out []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		at, err := time.Parse("15:04", part)
		if err != nil {
			return nil, &app.FieldError{Field: string(SetTimes), Code: "register.times", Example: "06:30, 12:00, 22:15"}
		}
		out = append(out, at.Format("15:04"))
	}
	slices.Sort(out)
	out = slices.Compact(out)
	if len(out) > mostTimes {
		return nil, &app.FieldError{Field: string(SetTimes), Code: "register.times", Example: "06:30, 12:00, 22:15"}
	}
	return out, nil
}

// largestRoot is the most that is read of a certificate file, in bytes.
const largestRoot = 1 << 20

// readRoot reads a certificate; nil where no file is named.
func readRoot(file string) (*ciao.Root, error) {
	if file == "" {
		return nil, nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("read the certificate: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, largestRoot))
	if err != nil {
		return nil, fmt.Errorf("read the certificate: %w", err)
	}
	root, err := ciao.ReadRoot(text)
	if err != nil {
		return nil, &app.FieldError{Field: string(SetRootFile), Code: "register.root", Example: "company-root.pem"}
	}
	return &root, nil
}
