package paper

import (
	"bytes"
	"fmt"
	"image/png"
)

// Letterhead is whose paper it is: a logo, the name, and lines such as the
// address. Empty parts are left out.
type Letterhead struct {
	Name  string
	Lines []string
	// Logo is a PNG of 8 bits a channel, not interlaced.
	Logo []byte
}

// The most that a logo takes, in millimetres.
const (
	logoWidth  = 52.0
	logoHeight = 13.0
)

// Letterhead prints the head of a firm: the logo at the left, name and lines at
// the right. Without anything in it nothing is printed.
func (d *Document) Letterhead(l Letterhead) {
	if l.Name == "" && len(l.Lines) == 0 && len(l.Logo) == 0 {
		return
	}
	logo := d.logo(l.Logo)
	y := d.y
	name := style{size: sizeLarge, bold: true}
	room := Width - logoWidth - 6
	if l.Name != "" {
		name = d.shrink(l.Name, room, name, sizeSmall)
		for _, line := range d.wrap(l.Name, room, name) {
			d.text(PageWidth-marginSide-d.width(line, name), y+3.6, line, name)
			y += name.lineHeight()
		}
	}
	st := style{size: sizeSmall, grey: greyText}
	for _, text := range l.Lines {
		for _, line := range d.wrap(text, room, st) {
			d.text(PageWidth-marginSide-d.width(line, st), y+3, line, st)
			y += st.lineHeight()
		}
	}
	d.y = max(y, d.y+logo) + 2.2
}

// logo draws a picture at the left and gives its height.
func (d *Document) logo(file []byte) float64 {
	if len(file) == 0 || d.err != nil {
		return 0
	}
	size, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil || size.Width == 0 || size.Height == 0 {
		d.err = fmt.Errorf("read the logo: %w", err)
		return 0
	}
	w, h := logoWidth, logoWidth*float64(size.Height)/float64(size.Width)
	if h > logoHeight {
		w, h = logoHeight*float64(size.Width)/float64(size.Height), logoHeight
	}
	d.picture(marginSide, d.y, w, h, file)
	return h
}
