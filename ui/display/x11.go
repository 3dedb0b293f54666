package display

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unsafe"
)

// nativeOrder is this computer's byte order, in which Wayland is spoken.
func nativeOrder() interface {
	binary.ByteOrder
	binary.AppendByteOrder
} {
	if one := uint16(1); *(*byte)(unsafe.Pointer(&one)) == 1 {
		return binary.LittleEndian
	}
	return binary.BigEndian
}

// order is the one that an X client may choose.
var order = binary.LittleEndian

// address is where an X display listens: the first that can be reached counts.
type address struct{ network, name string }

// parseDisplay reads DISPLAY as libxcb does: :0, :1.0, host:10.0, [::1]:0,
// unix:0, tcp/host:0, or the path of a socket. It gives where to look and the
// display's number, by which cookies are filed.
func parseDisplay(display string) (places []address, number string) {
	if strings.HasPrefix(display, "/") {
		number = display[strings.LastIndex(display, ":")+1:]
		path := display
		if _, err := os.Stat(path); err != nil { // with a screen behind it
			path = path[:max(0, strings.LastIndex(path, "."))]
		}
		number, _, _ = strings.Cut(number, ".")
		return []address{{"unix", path}}, number
	}
	protocol, rest, ok := strings.Cut(display, "/")
	if !ok {
		protocol, rest = "", display
	}
	i := strings.LastIndex(rest, ":")
	if i < 0 {
		return nil, ""
	}
	host := strings.Trim(rest[:i], "[]")
	number, _, _ = strings.Cut(rest[i+1:], ".")
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > 65535-6000 {
		return nil, ""
	}
	port := strconv.Itoa(6000 + n)
	if protocol != "unix" && protocol != "local" && host != "" && host != "unix" {
		return []address{{"tcp", net.JoinHostPort(host, port)}}, number
	}
	socket := "/tmp/.X11-unix/X" + number
	return []address{{"unix", "@" + socket}, {"unix", socket}, {"tcp", net.JoinHostPort("localhost", port)}}, number
}

// askX says what is missing at an X display, and gives the connection where nothing is.
func askX(display string) (Lack, net.Conn) {
	places, number := parseDisplay(display)
	all, unknown := cookies(cookieFile(), number)
	until := time.Now().Add(patience)
	answer := Display
	for _, cookie := range append(all, nil) { // last without one
		lack, c := connect(places, cookie, until)
		if lack != Refused {
			return lack, c
		}
		answer = Refused
	}
	if unknown { // a kind of cookie that the toolkit may know how to show
		return Nothing, nil
	}
	return answer, nil
}

// connect opens one connection, shows a cookie, and asks for GLX.
func connect(places []address, cookie []byte, until time.Time) (Lack, net.Conn) {
	for _, a := range places {
		c, err := net.DialTimeout(a.network, a.name, time.Until(until))
		if err != nil {
			continue
		}
		lack := Display
		if c.SetDeadline(until) == nil {
			lack = talk(c, cookie)
		}
		if lack == Nothing {
			return lack, c
		}
		_ = c.Close() // nothing was written that could be lost
		return lack, nil
	}
	return Display, nil
}

// cookieName is the authorisation by a secret that server and user share.
const cookieName = "MIT-MAGIC-COOKIE-1"

func talk(c io.ReadWriter, cookie []byte) Lack {
	name := ""
	if cookie != nil {
		name = cookieName
	}
	hello := []byte{'l', 0, 11, 0, 0, 0}
	hello = order.AppendUint16(hello, uint16(len(name)))
	hello = order.AppendUint16(hello, uint16(len(cookie)))
	hello = append(hello, 0, 0)
	hello = append(hello, padded([]byte(name))...)
	hello = append(hello, padded(cookie)...)
	if _, err := c.Write(hello); err != nil {
		return Display
	}
	head := make([]byte, 8) // status, length of a reason, version, length of the rest in words
	if _, err := io.ReadFull(c, head); err != nil {
		return Display
	}
	if _, err := io.CopyN(io.Discard, c, 4*int64(order.Uint16(head[6:]))); err != nil {
		return Display
	}
	if head[0] != 1 {
		return Refused
	}
	return askGLX(c)
}

// askGLX asks a display that let us in for GLX 1.3, which the toolkit needs.
func askGLX(c io.ReadWriter) Lack {
	const extension = "GLX"
	ask := []byte{98, 0, 3, 0, byte(len(extension)), 0, 0, 0} // QueryExtension
	reply, err := request(c, append(ask, padded([]byte(extension))...))
	if errors.Is(err, errNo) || err == nil && reply[8] == 0 {
		return OpenGL
	}
	if err != nil {
		return Display
	}
	ask = []byte{reply[9], 7, 3, 0} // glXQueryVersion
	ask = order.AppendUint32(ask, 1)
	ask = order.AppendUint32(ask, 4)
	reply, err = request(c, ask)
	if err != nil {
		return OpenGL
	}
	major, minor := order.Uint32(reply[8:]), order.Uint32(reply[12:])
	if major < 1 || major == 1 && minor < 3 {
		return OpenGL
	}
	return Nothing
}

// errNo is an X server's error in place of a reply.
var errNo = errors.New("the display answers with an error")

// request makes a request and gives the first 32 bytes of its reply.
func request(c io.ReadWriter, ask []byte) ([]byte, error) {
	if _, err := c.Write(ask); err != nil {
		return nil, err
	}
	for {
		reply := make([]byte, 32)
		if _, err := io.ReadFull(c, reply); err != nil {
			return nil, err
		}
		switch reply[0] {
		case 0:
			return nil, errNo
		case 1:
			_, err := io.CopyN(io.Discard, c, 4*int64(order.Uint32(reply[4:])))
			return reply, err
		} // else an event that nobody asked for
	}
}

// padded fills up to a multiple of four bytes.
func padded(b []byte) []byte {
	return append(append([]byte{}, b...), make([]byte, (4-len(b)%4)%4)...)
}

func cookieFile() string {
	if f := os.Getenv("XAUTHORITY"); f != "" {
		return f
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".Xauthority")
}

// mostCookies bounds how often a display is knocked at.
const mostCookies = 8

// cookies returns the secrets that a file holds for a display's number; unknown
// says that it holds other kinds of authorisation, too.
func cookies(file, number string) (found [][]byte, unknown bool) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, false
	}
	field := func() (f []byte, ok bool) {
		if len(b) < 2 {
			return nil, false
		}
		n := int(binary.BigEndian.Uint16(b))
		if len(b) < 2+n {
			return nil, false
		}
		f, b = b[2:2+n], b[2+n:]
		return f, true
	}
	for len(b) >= 2 && len(found) < mostCookies {
		b = b[2:] // the family of the address
		var entry [4][]byte
		for i := range entry {
			var ok bool
			if entry[i], ok = field(); !ok {
				return found, unknown
			}
		}
		switch n := string(entry[1]); {
		case n != "" && n != number:
		case string(entry[2]) == cookieName:
			found = append(found, entry[3])
		default:
			unknown = true
		}
	}
	return found, unknown
}
