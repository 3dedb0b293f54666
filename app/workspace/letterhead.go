package workspace

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg"
	"image/png"
	"io"
	"os"
	"strings"

	"golang.org/x/image/draw"

	"klokkast/app"
	"klokkast/app/identity"
	"klokkast/app/store"
)

// The largest picture that is taken as a logo, and to what it is scaled down:
// three hundred pixels to the inch where it is printed.
const (
	maxLogoBytes  = 10 << 20
	maxLogoPixels = 40_000_000
	logoPixelsX   = 614
	logoPixelsY   = 154
	maxHeadLines  = 4
)

// SetLetterhead says what stands at the head of papers from now on: name, lines
// and enterprise number, and a logo as SetLogo takes it; nil leaves the logo as it
// is. Approvals keep the letterhead that they had.
func (o *Workspace) SetLetterhead(ctx context.Context, l app.Letterhead, logo *string, why string) error {
	l.Name = strings.TrimSpace(l.Name)
	var lines []string
	for _, line := range l.Lines {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	l.Lines = lines
	if len(lines) > maxHeadLines {
		return &app.FieldError{Field: "letterhead.lines", Code: "letterhead.lines", Example: "Vesaliusstraat 1; 3000 Leuven; 016 12 34 56"}
	}
	if l.Enterprise != "" {
		number, err := identity.ParseEnterprise(l.Enterprise)
		if err != nil {
			return err
		}
		l.Enterprise = number
	}
	if logo == nil {
		l.Logo = o.Settings().Letterhead.Logo
		return o.KeepSettings(ctx, why, func(s *Settings) { s.Letterhead = l })
	}
	return o.setHead(ctx, l, *logo, why)
}

// SetLogo takes a PNG or JPEG file as the logo at the head of papers; "" takes
// the logo away. The picture is kept in the database, on white and no larger than
// it is printed; the file is not needed any more.
func (o *Workspace) SetLogo(ctx context.Context, file, why string) error {
	return o.setHead(ctx, o.Settings().Letterhead, file, why)
}

// setHead keeps a letterhead with the logo in a file, or with none: both or nothing.
func (o *Workspace) setHead(ctx context.Context, l app.Letterhead, file, why string) error {
	var logo []byte
	if l.Logo = ""; file != "" {
		var err error
		if logo, err = readLogo(file); err != nil {
			return err
		}
		sum := sha256.Sum256(logo) // as the store names it
		l.Logo = hex.EncodeToString(sum[:])
	}
	keep := func(ctx context.Context, c store.Changes) error {
		if logo == nil {
			return nil
		}
		_, err := c.KeepLogo(ctx, logo, o.Now())
		return err
	}
	return o.KeepSettings(ctx, why, func(s *Settings) { s.Letterhead = l }, Deed{Do: keep})
}

// readLogo returns a picture as papers show it: a PNG of 8 bits a channel on white.
func readLogo(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the logo: %w", err)
	}
	defer f.Close()
	file, err := io.ReadAll(io.LimitReader(f, maxLogoBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the logo: %w", err)
	}
	wrong := &app.FieldError{Field: "letterhead.logo", Code: "letterhead.logo", Example: "logo.png"}
	size, _, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil || len(file) > maxLogoBytes || size.Width == 0 || size.Height == 0 || size.Width*size.Height > maxLogoPixels {
		return nil, wrong
	}
	from, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return nil, wrong
	}
	scale := min(1, float64(logoPixelsX)/float64(size.Width), float64(logoPixelsY)/float64(size.Height))
	to := image.NewRGBA(image.Rect(0, 0, max(1, int(float64(size.Width)*scale)), max(1, int(float64(size.Height)*scale))))
	draw.Draw(to, to.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.CatmullRom.Scale(to, to.Bounds(), from, from.Bounds(), draw.Over, nil)
	var out bytes.Buffer
	if err := png.Encode(&out, to); err != nil {
		return nil, errors.Join(wrong, err)
	}
	return out.Bytes(), nil
}
