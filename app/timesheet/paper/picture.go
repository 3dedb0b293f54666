package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	xdraw "golang.org/x/image/draw"
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// Picture draws the page on white, as the PDF shows it, with so many pixels
// for a millimetre (at least 0.5; a screen of 96 dpi has 3.8).
func (p *Page) Picture(pixels float64) (*image.RGBA, error) {
	pixels = max(0.5, pixels)
	c := &picture{
		fonts: p.fonts, scale: pixels, faces: map[style]xfont.Face{},
		image: image.NewRGBA(image.Rect(0, 0, int(math.Round(PageWidth*pixels)), int(math.Round(PageHeight*pixels)))),
	}
	draw.Draw(c.image, c.image.Bounds(), image.White, image.Point{}, draw.Src)
	p.drawOn(c)
	return c.image, c.err
}

// picture draws on an image. Its text stands where the PDF's does: each
// character by the same advance, without kerning or hinting.
type picture struct {
	fonts *Fonts
	image *image.RGBA
	scale float64 // pixels for a millimetre
	faces map[style]xfont.Face
	err   error // the first
}

func (c *picture) text(x, y float64, s string, st style) {
	face, of := c.face(st), c.fonts.face(st)
	if face == nil {
		return
	}
	ink := image.NewUniform(color.Gray{uint8(st.grey)})
	for _, r := range s {
		at, mask, from, _, ok := face.Glyph(c.dot(x, y), r)
		if ok {
			draw.DrawMask(c.image, at, ink, image.Point{}, mask, from, draw.Over)
		}
		x += float64(of.advance[r]) / 1000 * st.size / pointsPerMillimetre
	}
}

func (c *picture) dot(x, y float64) fixed.Point26_6 {
	return fixed.Point26_6{X: fixed.Int26_6(math.Round(x * c.scale * 64)), Y: fixed.Int26_6(math.Round(y * c.scale * 64))}
}

// face returns the glyphs of a style in the size of the picture; nil after an error.
func (c *picture) face(st style) xfont.Face {
	st.grey = 0
	if f, ok := c.faces[st]; ok {
		return f
	}
	f, err := opentype.NewFace(c.fonts.face(st).font, &opentype.FaceOptions{
		Size: st.size / pointsPerMillimetre * c.scale, DPI: 72, Hinting: xfont.HintingNone, // at 72 dpi a point is a pixel
	})
	if err != nil {
		if c.err == nil {
			c.err = fmt.Errorf("draw text of %g points: %w", st.size, err)
		}
		return nil
	}
	c.faces[st] = f
	return f
}

func (c *picture) line(x1, y1, x2, y2, thickness float64, grey int) {
	length := math.Hypot(x2-x1, y2-y1)
	if length == 0 {
		return
	}
	// Half the thickness, at a right angle to the line.
	dx, dy := (y2-y1)/length*thickness/2, (x1-x2)/length*thickness/2
	c.polygon(grey, [][2]float64{{x1 + dx, y1 + dy}, {x2 + dx, y2 + dy}, {x2 - dx, y2 - dy}, {x1 - dx, y1 - dy}})
}

func (c *picture) fill(x, y, w, h float64, grey int) {
	c.polygon(grey, [][2]float64{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}})
}

func (c *picture) frame(x, y, w, h, thickness float64, grey int) {
	half := thickness / 2
	c.line(x-half, y, x+w+half, y, thickness, grey)
	c.line(x-half, y+h, x+w+half, y+h, thickness, grey)
	c.line(x, y+half, x, y+h-half, thickness, grey)
	c.line(x+w, y+half, x+w, y+h-half, thickness, grey)
}

func (c *picture) bars(x, y, module float64, bars []bar) { fillBars(c, x, y, module, bars) }

func (c *picture) picture(x, y, w, h float64, file []byte) {
	from, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		if c.err == nil {
			c.err = fmt.Errorf("draw a picture: %w", err)
		}
		return
	}
	at := func(mm float64) int { return int(math.Round(mm * c.scale)) }
	xdraw.ApproxBiLinear.Scale(c.image, image.Rect(at(x), at(y), at(x+w), at(y+h)), from, from.Bounds(), xdraw.Over, nil)
}

func (c *picture) bookmark(string) {}

// polygon fills the area within corners, smooth at its edges.
func (c *picture) polygon(grey int, corners [][2]float64) {
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range corners {
		left, right = min(left, p[0]*c.scale), max(right, p[0]*c.scale)
		top, bottom = min(top, p[1]*c.scale), max(bottom, p[1]*c.scale)
	}
	// Only the pixels around it are looked at.
	area := image.Rect(int(math.Floor(left)), int(math.Floor(top)), int(math.Ceil(right)), int(math.Ceil(bottom)))
	if !area.Overlaps(c.image.Bounds()) {
		return
	}
	r := vector.NewRasterizer(area.Dx(), area.Dy())
	for i, p := range corners {
		x, y := float32(p[0]*c.scale-float64(area.Min.X)), float32(p[1]*c.scale-float64(area.Min.Y))
		if i == 0 {
			r.MoveTo(x, y)
		} else {
			r.LineTo(x, y)
		}
	}
	r.ClosePath()
	r.Draw(c.image, area, image.NewUniform(color.Gray{uint8(grey)}), image.Point{})
}
