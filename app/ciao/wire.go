package ciao

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"klokkast/app"
)

// This file holds every name and address of the register. The marks say how
// sure each is: [O] an official source states it, [3] a third party that talks
// to the service shows it, [?] assumed here, in the obvious Belgif form.

// Bases and token endpoint.
const (
	ProductionBase = "https://services.socialsecurity.be/REST/presenceRegistration/v1"     // [3]
	SimulationBase = "https://services-sim.socialsecurity.be/REST/presenceRegistration/v1" // [3]
	TokenURL       = "https://services.socialsecurity.be/REST/oauth/v5/token"              // [O] for both
)

// Operations below the base.
const (
	PathRegister = "/presenceRegistrations/registerInBulk" // [3] POST
	PathQuery    = "/presenceRegistrations/query"          // [?] POST; Belgif: what is sensitive belongs in a body, never in a URL
	PathOne      = "/presenceRegistrations/{id}"           // [?] GET; an id of the register is not sensitive
	PathHistory  = "/presenceRegistrations/{id}/history"   // [?] GET; nothing here depends on it
	PathCancel   = "/presenceRegistrations/{id}/cancel"    // [?] POST; off by default, never automatic
)

// Form fields and values of the token request. [O]
const (
	formGrantType     = "grant_type"
	formAssertionType = "client_assertion_type"
	formAssertion     = "client_assertion"
	grantCredentials  = "client_credentials"
	assertionTypeJWT  = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
)

// Headers.
const (
	headerTrace = "BelGov-Trace-Id" // [O] kept with the attempt
	userAgent   = "Klokkast"        // for whoever reads the register's logs
)

// Media types.
const (
	typeJSON    = "application/json"
	typeProblem = "application/problem+json" // [O] RFC 9457
	typeForm    = "application/x-www-form-urlencoded"
)

// Problem types of the Belgif guide. [O]
const (
	problemUntyped             = "about:blank" // RFC 9457: what a problem without a type has
	problemPrefix              = "urn:problem-type:belgif:"
	ProblemNoToken             = problemPrefix + "noAccessToken"
	ProblemInvalidToken        = problemPrefix + "invalidAccessToken"
	ProblemExpiredToken        = problemPrefix + "expiredAccessToken"
	ProblemMissingScope        = problemPrefix + "missingScope"
	ProblemNoPermission        = problemPrefix + "missingPermission"
	ProblemNotFound            = problemPrefix + "resourceNotFound"
	ProblemBadRequest          = problemPrefix + "badRequest"
	ProblemTooLarge            = problemPrefix + "payloadTooLarge"
	ProblemTooMany             = problemPrefix + "tooManyRequests"
	ProblemTooManyFailed       = problemPrefix + "tooManyFailedRequests"
	ProblemInternal            = problemPrefix + "internalServerError"
	ProblemBadGateway          = problemPrefix + "badGateway"
	ProblemServiceDown         = problemPrefix + "serviceUnavailable"
	oauthInvalidClient         = "invalid_client" // RFC 6749, 5.2
	DefaultBatch               = 200              // items per call: [O] for the older SOAP service, [?] for this one
	defaultTokenLife           = 60 * time.Second // when expires_in is missing
	queryPageSize              = 100              // [?]
	mostQueryPages             = 100              // more pages than this for one person and day are no proper answer
	mostAnswerBytes      int64 = 4 << 20
)

// Values of validity. "pending" is attested [3], the other two are assumed [?];
// anything else is shown as it came and is not final.
const (
	ValidityPending = "pending"
	ValidityValid   = "valid"
	ValidityInvalid = "invalid"
)

// Addresses says where each operation of one environment lives. An operation
// without an address is "not configured": what needs it asks a person.
type Addresses struct {
	Token    string `json:"token"`    // also the audience of the assertion, byte for byte
	Register string `json:"register"` // POST
	Query    string `json:"query,omitempty"`
	One      string `json:"one,omitempty"`    // with {id}
	Cancel   string `json:"cancel,omitempty"` // with {id}
}

// AddressesAt returns the usual addresses below a base.
func AddressesAt(base, token string) Addresses {
	base = strings.TrimSuffix(base, "/")
	return Addresses{Token: token, Register: base + PathRegister, Query: base + PathQuery, One: base + PathOne, Cancel: base + PathCancel}
}

// DefaultBase returns the base of an environment of the NSSO; "" for the local
// simulator, whose port is chosen when it starts.
func DefaultBase(e app.Environment) string {
	switch e {
	case app.Production:
		return ProductionBase
	case app.NSSOSimulation:
		return SimulationBase
	}
	return ""
}

// DefaultAddresses returns the addresses of an environment; the local simulator
// has none of its own, since its port is chosen when it starts.
func DefaultAddresses(e app.Environment) Addresses {
	if base := DefaultBase(e); base != "" {
		return AddressesAt(base, TokenURL)
	}
	return Addresses{}
}

// WireTime is an instant as it is sent: YYYY-MM-DDTHH:MM:SSZ, fractions cut
// off. It is read in any RFC 3339 spelling.
type WireTime struct{ app.Instant }

const wireTimeLayout = "2006-01-02T15:04:05Z"

// MarshalText writes the one spelling that is sent.
func (t WireTime) MarshalText() ([]byte, error) {
	return []byte(wholeSecond(t.Instant).Time().Format(wireTimeLayout)), nil
}

// UnmarshalText reads any RFC 3339 spelling: also a small t and z, and a blank between date and time.
func (t *WireTime) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		return errors.New("instant is empty")
	}
	b = bytes.ToUpper(b)
	if day := len("2006-01-02"); len(b) > day && b[day] == ' ' {
		b[day] = 'T'
	}
	return t.Instant.UnmarshalText(b)
}

// wholeSecond cuts the fraction of a second off.
func wholeSecond(i app.Instant) app.Instant {
	const second = 1000
	return i - ((i%second)+second)%second
}

// RegisterRequest is the body of registerInBulk. [3]
type RegisterRequest struct {
	Items []RegisterItem `json:"items"`
}

// Format keeps the number masked where a verb does not fit: fmt then prints a
// pointer's content raw, past all methods of what is in it.
func (r RegisterRequest) Format(f fmt.State, _ rune) {
	type plain RegisterRequest
	fmt.Fprintf(f, "%+v", plain(r))
}

// RegisterItem is one presence registration as it is sent. [3] There is no
// field for the capacity and none is invented.
type RegisterItem struct {
	RegistrationDate WireTime             `json:"registrationDate"`
	SSIN             string               `json:"ssin"`
	Type             app.RegistrationType `json:"type"`
	Employer         WireEmployer         `json:"employer"`
	PlaceOfWork      WirePlace            `json:"placeOfWork"`
	Declaration      string               `json:"contractualRelationshipReference"`
}

// Format keeps the number out of whatever prints this; only JSON has it.
func (i RegisterItem) Format(f fmt.State, _ rune) {
	type plain RegisterItem
	i.SSIN = app.Secret(i.SSIN).Masked()
	fmt.Fprintf(f, "%+v", plain(i))
}

// WireEmployer is exactly one of the two. [3]
type WireEmployer struct {
	EnterpriseNumber string `json:"enterpriseNumber,omitempty"`
	ForeignVATNumber string `json:"foreignVatNumber,omitempty"`
}

// WirePlace is exactly one of the two. [3]
type WirePlace struct {
	Coordinates *WireCoordinates `json:"coordinates,omitempty"`
	Address     *WireAddress     `json:"address,omitempty"`
}

// WireCoordinates are WGS 84 degrees. [3]
type WireCoordinates struct {
	Longitude float64 `json:"longitude"`
	Latitude  float64 `json:"latitude"`
}

// WireAddress is a Belgian address. [3]
type WireAddress struct {
	PostCode     string `json:"postCode"`
	Municipality string `json:"municipalityName"`
	Street       string `json:"streetName"`
	HouseNumber  string `json:"houseNumber,omitempty"`
	BoxNumber    string `json:"boxNumber,omitempty"`
}

// itemOf returns a registration's wire form. It is the only place where an SSIN
// leaves its mask, beside the look-up's.
func itemOf(r *app.Registration) RegisterItem {
	item := RegisterItem{
		RegistrationDate: WireTime{r.At},
		SSIN:             r.SSIN.Reveal(),
		Type:             r.Type,
		Employer:         WireEmployer{EnterpriseNumber: r.Enterprise, ForeignVATNumber: r.ForeignVAT},
		Declaration:      r.Declaration,
	}
	if c := r.Place.Coordinates; c != nil {
		item.PlaceOfWork.Coordinates = &WireCoordinates{Longitude: c.Longitude, Latitude: c.Latitude}
	} else if a := r.Place.Address; a != nil {
		item.PlaceOfWork.Address = &WireAddress{
			PostCode: a.PostCode, Municipality: a.Municipality, Street: a.Street,
			HouseNumber: a.HouseNumber, BoxNumber: a.BoxNumber,
		}
	}
	return item
}

// RegisterAnswer is the answer to registerInBulk: one entry per item, in order. [3]
type RegisterAnswer struct {
	Items []RegisterEntry `json:"items"`
}

// RegisterEntry has exactly one of the two. The shape of the reasons is not
// known [?]: they are kept as they came.
type RegisterEntry struct {
	Created    *CreatedRegistration `json:"createdPresenceRegistration,omitempty"`
	NotCreated json.RawMessage      `json:"notCreatedPresenceRegistration,omitempty"`
}

// CreatedRegistration is what the register made of an item. [3]
type CreatedRegistration struct {
	ID       int64           `json:"id"`
	Validity string          `json:"validity"`
	Remarks  json.RawMessage `json:"remarks,omitempty"`
}

// QueryRequest is the assumed search. [?] One person, or one declaration and whole
// Belgian days, at most 31 of them; from and to included.
type QueryRequest struct {
	SSIN        string   `json:"ssin,omitempty"`
	Declaration string   `json:"contractualRelationshipReference,omitempty"`
	From        WireTime `json:"registrationDateFrom"`
	To          WireTime `json:"registrationDateTo"`
	Page        int      `json:"page"` // from 1
	PageSize    int      `json:"pageSize"`
}

// Format keeps the number out of whatever prints this; only JSON has it.
func (q QueryRequest) Format(f fmt.State, _ rune) {
	type plain QueryRequest
	q.SSIN = app.Secret(q.SSIN).Masked()
	fmt.Fprintf(f, "%+v", plain(q))
}

// QueryAnswer is one page of the assumed search. [?] Total is the number of
// all that fit.
type QueryAnswer struct {
	Items []FoundRegistration `json:"items"`
	Total *int                `json:"total"`
}

// FoundRegistration is a registration as the register shows it. [?]
type FoundRegistration struct {
	ID int64 `json:"id"`
	RegisterItem
	Validity  string          `json:"validity"`
	Remarks   json.RawMessage `json:"remarks,omitempty"`
	Cancelled bool            `json:"cancelled,omitempty"`
	// Raw is all of it as it came, members that nobody knows included. It holds the number in full.
	Raw json.RawMessage `json:"-"`
	// ToMinute says that its time is known to the minute only: lists may have no seconds.
	ToMinute bool `json:"-"`
}

// UnmarshalJSON keeps beside what is known of it how it came.
func (f *FoundRegistration) UnmarshalJSON(b []byte) error {
	type plain FoundRegistration
	if err := json.Unmarshal(b, (*plain)(f)); err != nil {
		return err
	}
	f.Raw = bytes.Clone(b)
	return nil
}

// Place is the place of work that it names.
func (f *FoundRegistration) Place() (p app.Place) {
	if c := f.PlaceOfWork.Coordinates; c != nil {
		p.Coordinates = &app.Coordinates{Latitude: c.Latitude, Longitude: c.Longitude}
	}
	if a := f.PlaceOfWork.Address; a != nil {
		p.Address = &app.Address{Street: a.Street, HouseNumber: a.HouseNumber, BoxNumber: a.BoxNumber, PostCode: a.PostCode, Municipality: a.Municipality}
	}
	return p
}

// Problem is a Belgif problem (RFC 9457). [O] Title and Detail are for
// engineers, never for end users.
type Problem struct {
	Type          string         `json:"type"`
	Title         string         `json:"title,omitempty"`
	Detail        string         `json:"detail,omitempty"`
	Issues        []Issue        `json:"issues,omitempty"`
	InvalidParams []InvalidParam `json:"invalidParams,omitempty"` // the older form
	RetryAfter    any            `json:"retryAfter,omitempty"`    // an instant; whatever else it is must not spoil the rest
	RetryAfterSec any            `json:"retryAfterSec,omitempty"`
}

// Issue is one thing that is wrong with a request. [O]
type Issue struct {
	Type   string `json:"type,omitempty"`
	In     string `json:"in,omitempty"`
	Name   string `json:"name,omitempty"` // a path such as items[0].ssin
	Value  any    `json:"value,omitempty"`
	Detail string `json:"detail,omitempty"`
	// Inputs are what an issue about several things at once names.
	Inputs []IssueInput `json:"inputs,omitempty"`
}

// IssueInput is one of several things that an issue is about. [O]
type IssueInput struct {
	In    string `json:"in,omitempty"`
	Name  string `json:"name,omitempty"`
	Value any    `json:"value,omitempty"`
}

// InvalidParam is the older form of an issue. [O]
type InvalidParam struct {
	In     string `json:"in,omitempty"`
	Name   string `json:"name,omitempty"`
	Reason string `json:"reason,omitempty"`
	Value  any    `json:"value,omitempty"`
}

// Code returns the short name of the problem's type, such as badRequest: the
// end of the catalogue key ciao.problem.*.
func (p *Problem) Code() string {
	if p == nil || p.Type == problemUntyped {
		return ""
	}
	return p.Type[strings.LastIndexByte(p.Type, ':')+1:]
}

// listPath is a path to the whole list of a request's items, in the spellings of itemPath.
var listPath = regexp.MustCompile(`^/?\$?\.?items$`)

// namesList says that the problem is one of the list of items, and of none of them.
func (p *Problem) namesList() bool {
	if p == nil {
		return false
	}
	var names []string
	for _, s := range p.Issues {
		names = append(names, s.Name)
		for _, input := range s.Inputs {
			names = append(names, input.Name)
		}
	}
	for _, s := range p.InvalidParams {
		names = append(names, s.Name)
	}
	return slices.ContainsFunc(names, listPath.MatchString) && !slices.ContainsFunc(names, itemPath.MatchString)
}

var itemPath = regexp.MustCompile(`^/?\$?\.?items(?:\[(\d+)\]|[./](\d+))`)

// refusedItems gives, for each item of a request of n that the problem names,
// what it says of it. Names that point nowhere are left out.
func (p *Problem) refusedItems(n int) map[int]string {
	found := map[int][]string{}
	note := func(name, text string) {
		m := itemPath.FindStringSubmatch(name)
		if m == nil {
			return
		}
		i, err := strconv.Atoi(m[1] + m[2])
		if err != nil || i >= n {
			return
		}
		found[i] = append(found[i], text)
	}
	for _, s := range p.Issues {
		note(s.Name, strings.Join(nonEmpty(s.Type, s.Name, s.Detail), ": "))
		for _, input := range s.Inputs {
			note(input.Name, strings.Join(nonEmpty(s.Type, input.Name, s.Detail), ": "))
		}
	}
	for _, s := range p.InvalidParams {
		note(s.Name, strings.Join(nonEmpty(s.Name, s.Reason), ": "))
	}
	texts := make(map[int]string, len(found))
	for i, t := range found {
		texts[i] = strings.Join(t, "; ")
	}
	return texts
}

func nonEmpty(texts ...string) []string {
	kept := texts[:0:0]
	for _, t := range texts {
		if t != "" {
			kept = append(kept, t)
		}
	}
	return kept
}

// decodeRegisterAnswer reads an answer to n items. Anything but the expected
// shape, with exactly one clear entry per item, is an error: then nothing is
// known of any of them.
func decodeRegisterAnswer(body []byte, n int) ([]RegisterEntry, error) {
	var a RegisterAnswer
	if err := decodeJSON(body, &a); err != nil {
		return nil, err
	}
	if len(a.Items) != n {
		return nil, fmt.Errorf("%d entries for %d items", len(a.Items), n)
	}
	seen := make(map[int64]bool, n)
	for i := range a.Items {
		e := &a.Items[i]
		if string(e.NotCreated) == "null" {
			e.NotCreated = nil
		}
		switch {
		case (e.Created == nil) == (e.NotCreated == nil):
			return nil, fmt.Errorf("entry %d is neither created nor refused", i)
		case e.Created == nil:
		case e.Created.ID <= 0 || seen[e.Created.ID]:
			return nil, fmt.Errorf("entry %d has no id of its own", i)
		default:
			seen[e.Created.ID] = true
		}
	}
	return a.Items, nil
}

// decodeJSON reads one JSON value and nothing after it; unknown members are ignored.
func decodeJSON(body []byte, v any) error {
	if err := json.Unmarshal(body, v); err != nil {
		return fmt.Errorf("read JSON: %w", err)
	}
	return nil
}
