package display

import (
	"bytes"
	"io"
	"strings"
	"sync"
)

// Log takes what the toolkit logs, instead of standard error, and finds in it
// that no window can be made. It is an io.Writer for package log.
type Log struct {
	mu   sync.Mutex
	pass io.Writer // nil while the window is being made
	held bytes.Buffer
	lack Lack
}

// heldMost bounds what is kept of a log.
const heldMost = 16 << 10

// Write reads a line or several.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for sign, lack := range map[string]Lack{
		"failed to initialise GLFW": Display, "window creation error": OpenGL, "failed to initialise OpenGL": OpenGL,
	} {
		if l.lack == Nothing && strings.Contains(string(p), sign) {
			l.lack = lack
		}
	}
	if l.pass != nil {
		return l.pass.Write(p)
	}
	if l.held.Len()+len(p) <= heldMost {
		l.held.Write(p)
	}
	return len(p), nil
}

// Lack says what the log told to be missing.
func (l *Log) Lack() Lack {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lack
}

// Pass hands on what was held, and all that follows, once there is a window.
func (l *Log) Pass(to io.Writer) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pass = to
	_, err := l.held.WriteTo(to)
	return err
}

// Held is what was logged while the window was made.
func (l *Log) Held() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.held.String()
}
