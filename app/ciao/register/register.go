package register

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/identity"
)

// Paths below the server's root.
const (
	BasePath  = "/REST/presenceRegistration/v1"
	TokenPath = "/REST/oauth/v5/token"
	AdminPath = "/_sim/"
)

// Options say what a register is like.
type Options struct {
	Clients []Credentials
	// Folder keeps what was registered over a restart; "" keeps it in memory.
	Folder string
	// Now is the register's clock, also its Date header; nil: time.Now.
	Now func() time.Time
	// TokenLife is how long a token is good; 1 h unless set.
	TokenLife time.Duration
	Settings  Settings
}

// Settings may be changed while it runs.
type Settings struct {
	// ValidAfterSeconds is how long a registration is pending; 30 unless set, and less than 0: not at all.
	ValidAfterSeconds float64 `json:"validAfterSeconds,omitempty"`
	// MaxItems in one request; more gives 413; 200 unless set.
	MaxItems int `json:"maxItems,omitempty"`
	// TooManyItems is how a request with more than MaxItems is refused: "" with 413,
	// "named" with a 400 that names the list, "unnamed" with one that names nothing.
	TooManyItems string `json:"tooManyItems,omitempty"`
	// Poison are SSINs with which every request ends in a 500; nothing of it is stored.
	Poison []string `json:"poison,omitempty"`
	// Renumbered are persons who have another number now, by the one that is sent: answers show the new one [O-SOAP].
	Renumbered map[string]string `json:"renumbered,omitempty"`
	// RefuseDoubles is the code by which a registration is refused that it holds already; "": it stores doubles.
	RefuseDoubles string `json:"refuseDoubles,omitempty"`
	// Forbidden are enterprise numbers for which the clients may not register: 403.
	Forbidden []string `json:"forbidden,omitempty"`
	// Declarations known to the register; none: every well-formed one is.
	Declarations []string `json:"declarations,omitempty"`
	// Query is how the search behaves: "" rightly, off (404), forbidden (403),
	// ignores-filters (finds everything), finds-nothing, bad-request (400),
	// incomplete (shows no declaration), rounded (shows coordinates with two decimals).
	Query string `json:"query,omitempty"`
	// ByDeclaration is how the search by declaration behaves: "" rightly, off (404), bad-request (400: it knows persons
	// only), forbidden (403), error (500), page (200, of HTML), ignores-filters (finds everything), finds-nothing.
	ByDeclaration string `json:"byDeclaration,omitempty"`
	// QueryLagSeconds is how long after its receipt the search finds a registration.
	QueryLagSeconds float64 `json:"queryLagSeconds,omitempty"`
	// PageSize caps the pages of the search; 0: as asked.
	PageSize int `json:"pageSize,omitempty"`
	// MostFailed is how many requests of a minute may be refused (400) before the
	// next are answered with tooManyFailedRequests until that minute is over; 0: any.
	MostFailed int `json:"mostFailed,omitempty"`
	// UnnamedIssues makes a 400 not say which items are wrong.
	UnnamedIssues bool `json:"unnamedIssues,omitempty"`
	// EchoItems makes a 400 repeat the SSINs in its texts, as real problems do.
	EchoItems bool `json:"echoItems,omitempty"`
}

// Stored is one registration that the register holds.
type Stored struct {
	ID int64 `json:"id"`
	ciao.RegisterItem
	Received  time.Time `json:"received"`
	Validity  string    `json:"validity,omitempty"` // set by hand; "" goes from pending to valid
	Cancelled bool      `json:"cancelled,omitempty"`
	// Changes are what was done to it by hand or by a cancellation, in order.
	Changes []Happened `json:"changes,omitempty"`
}

// Happened is one line of a registration's history. [?]
type Happened struct {
	At       time.Time `json:"at"`
	What     string    `json:"event"` // registered, validated, judged or cancelled
	Validity string    `json:"validity,omitempty"`
}

// Key is what makes a registration: two with one key are a double.
func (s *Stored) Key() string {
	return fmt.Sprintf("%s|%s|%d|%s|%s%s", s.SSIN, s.Type, s.RegistrationDate.Instant, s.Declaration,
		s.Employer.EnterpriseNumber, s.Employer.ForeignVATNumber)
}

// Stats is what happened so far.
type Stats struct {
	Requests map[string]int `json:"requests"` // by operation, answered or not
	Busiest  map[string]int `json:"busiest"`  // by operation: the most requests within one minute
	Faults   map[Kind]int   `json:"faults"`
	Items    int            `json:"items"`   // received in register requests
	Refused  int            `json:"refused"` // of them, in answers and by 400
	Stored   int            `json:"stored"`
	Distinct int            `json:"distinct"`
	Doubles  int            `json:"doubles"` // Stored less Distinct
	Largest  int            `json:"largest"` // batch
	// Together is the highest number of register requests that were under way at once.
	Together int `json:"together"`
	// Mixed counts requests with more than one employer.
	Mixed int `json:"mixed"`
}

// Register is the simulated register. Safe for use by several goroutines.
type Register struct {
	options Options
	mux     *http.ServeMux
	closing chan struct{}
	once    sync.Once
	shift   atomic.Int64 // nanoseconds added to the clock

	mu       sync.Mutex
	clients  map[string]*rsa.PublicKey
	settings Settings
	faults   []Fault
	tokens   map[string]time.Time
	lately   map[string][]time.Time // requests of the last minute, by operation
	seen     map[string]time.Time   // jti
	stored   []Stored
	keys     map[string]int
	persons  map[string][]int // places in stored, by SSIN
	stats    Stats
	failed   []time.Time // requests that were refused, of the last minute
	running  int
	file     *os.File
}

// New makes a register and reads what its folder holds.
func New(o Options) (*Register, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.TokenLife == 0 {
		o.TokenLife = time.Hour
	}
	r := &Register{
		options: o, closing: make(chan struct{}), clients: map[string]*rsa.PublicKey{}, settings: filled(o.Settings),
		tokens: map[string]time.Time{}, seen: map[string]time.Time{}, keys: map[string]int{}, persons: map[string][]int{},
		lately: map[string][]time.Time{}, stats: Stats{Requests: map[string]int{}, Busiest: map[string]int{}, Faults: map[Kind]int{}},
	}
	for _, c := range o.Clients {
		r.clients[c.ClientID] = c.public
	}
	if err := r.load(); err != nil {
		return nil, err
	}
	r.mux = http.NewServeMux()
	r.mux.HandleFunc("POST "+TokenPath, r.counted("token", r.token))
	r.mux.HandleFunc("POST "+BasePath+ciao.PathRegister, r.counted("register", r.register))
	r.mux.HandleFunc("POST "+BasePath+ciao.PathQuery, r.counted("query", r.query))
	r.mux.HandleFunc("GET "+BasePath+ciao.PathOne, r.counted("one", r.one))
	r.mux.HandleFunc("GET "+BasePath+ciao.PathHistory, r.counted("history", r.history))
	r.mux.HandleFunc("POST "+BasePath+ciao.PathCancel, r.counted("cancel", r.cancel))
	r.admin()
	return r, nil
}

func filled(s Settings) Settings {
	if s.ValidAfterSeconds == 0 {
		s.ValidAfterSeconds = 30
	}
	if s.MaxItems == 0 {
		s.MaxItems = ciao.DefaultBatch
	}
	return s
}

func (r *Register) now() time.Time { return r.options.Now().Add(time.Duration(r.shift.Load())) }

// SetClock makes the register's time run on from now.
func (r *Register) SetClock(now time.Time) { r.shift.Store(int64(now.Sub(r.options.Now()))) }

func (r *Register) counted(operation string, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		r.stats.Requests[operation]++
		now := r.now()
		lately := slices.DeleteFunc(r.lately[operation], func(at time.Time) bool { return now.Sub(at) >= time.Minute })
		r.lately[operation] = append(lately, now)
		r.stats.Busiest[operation] = max(r.stats.Busiest[operation], len(lately)+1)
		r.mu.Unlock()
		h(w, req)
	}
}

// ServeHTTP answers one request. Only this computer is answered, and only by
// its own name: a web page elsewhere must not steer it.
func (r *Register) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Date", r.now().UTC().Format(http.TimeFormat))
	w.Header().Set("BelGov-Trace-Id", "sim-"+randomHex(8))
	if !isLoopback(req.RemoteAddr) || !isLoopback(req.Host) || req.Header.Get("Origin") != "" {
		http.Error(w, "this computer only", http.StatusForbidden)
		return
	}
	r.mux.ServeHTTP(w, req)
}

func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// Server is a register that listens.
type Server struct {
	URL   string // http://127.0.0.1:port
	Base  string // of the operations
	Token string // the token endpoint
	http  *http.Server
	reg   *Register
	done  chan error
}

// Listen starts to answer on a loopback address such as 127.0.0.1:8788; port 0
// chooses a free one. Any other address is refused.
func (r *Register) Listen(address string) (*Server, error) {
	if !isLoopback(address) {
		return nil, errors.New("the simulated register listens on this computer only, such as 127.0.0.1:8788")
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	url := "http://" + l.Addr().String()
	s := &Server{
		URL: url, Base: url + BasePath, Token: url + TokenPath, reg: r, done: make(chan error, 1),
		http: &http.Server{Handler: r, ReadHeaderTimeout: 10 * time.Second},
	}
	go func() { s.done <- s.http.Serve(l) }()
	return s, nil
}

// Wait returns the error that ended the server; nil after Close.
func (s *Server) Wait() error {
	err := <-s.done
	s.done <- err
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// Close stops answering and closes the register's file.
func (s *Server) Close() error {
	s.reg.once.Do(func() { close(s.reg.closing) })
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if s.http.Shutdown(ctx) != nil {
		s.http.Close() //nolint:errcheck // hanging requests are cut on purpose
	}
	return s.reg.Close()
}

// Close closes the register's file, if it has one.
func (r *Register) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil {
		return nil
	}
	err := r.file.Close()
	r.file = nil
	return err
}

// Add orders a fault.
func (r *Register) Add(faults ...Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = append(r.faults, faults...)
}

// Clear takes all faults back.
func (r *Register) Clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faults = nil
}

// Set changes the settings.
func (r *Register) Set(s Settings) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settings = filled(s)
}

// Revoke makes all tokens invalid.
func (r *Register) Revoke() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.tokens)
}

// Stored returns everything registered, in order of id.
func (r *Register) Stored() []Stored {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.stored)
}

// Stats returns the counts.
func (r *Register) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.stats
	s.Requests, s.Faults = map[string]int{}, map[Kind]int{}
	for k, v := range r.stats.Requests {
		s.Requests[k] = v
	}
	s.Busiest = maps.Clone(r.stats.Busiest)
	for k, v := range r.stats.Faults {
		s.Faults[k] = v
	}
	s.Stored, s.Distinct = len(r.stored), len(r.keys)
	s.Doubles = s.Stored - s.Distinct
	return s
}

// Judge sets the validity of a registration, or cancels it; false where there is none.
func (r *Register) Judge(id int64, validity string, cancelled bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := id - firstID
	if i < 0 || i >= int64(len(r.stored)) {
		return false
	}
	s := &r.stored[i]
	what := "judged"
	if cancelled && !s.Cancelled {
		what = "cancelled"
	}
	s.Validity, s.Cancelled = validity, cancelled
	s.Changes = append(slices.Clip(s.Changes), Happened{r.now().UTC(), what, validity})
	return r.keepLocked(*s) == nil
}

// Phoned is somebody who registers by phone: by the declaration's QR code or address.
type Phoned struct {
	SSIN        string               `json:"ssin"`
	Type        app.RegistrationType `json:"type"`
	Time        time.Time            `json:"time,omitzero"` // of now unless set
	Declaration string               `json:"declaration"`
	// Employer is an enterprise number.
	Employer  string  `json:"employer"`
	Latitude  float64 `json:"latitude,omitempty"`
	Longitude float64 `json:"longitude,omitempty"`
}

// Phone registers what somebody registers by phone, and gives its id. What is wrong with it is an error.
func (r *Register) Phone(p Phoned) (int64, error) {
	if p.Time.IsZero() {
		p.Time = r.now()
	}
	item := ciao.RegisterItem{
		RegistrationDate: ciao.WireTime{Instant: app.At(p.Time.Truncate(time.Second))}, SSIN: p.SSIN, Type: p.Type,
		Employer: ciao.WireEmployer{EnterpriseNumber: p.Employer}, Declaration: p.Declaration,
		PlaceOfWork: ciao.WirePlace{Coordinates: &ciao.WireCoordinates{Latitude: cmp.Or(p.Latitude, brussels.Latitude), Longitude: cmp.Or(p.Longitude, brussels.Longitude)}},
	}
	if wrong := checkItem(0, &item); len(wrong) > 0 {
		return 0, errors.New(wrong[0].Name + " " + wrong[0].Detail)
	}
	return r.Put(item)
}

// brussels is where those register by phone of whom nobody says where they are.
var brussels = app.Coordinates{Latitude: 50.8503, Longitude: 4.3517}

// Put stores an item as if someone else had registered it: another device, or
// the NSSO's own app. It gives its id.
func (r *Register) Put(item ciao.RegisterItem) (int64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.storeLocked(item)
}

// Operations --------------------------------------------------------------

const mostBody = 4 << 20

func (r *Register) register(w http.ResponseWriter, req *http.Request) {
	r.mu.Lock()
	r.running++
	r.stats.Together = max(r.stats.Together, r.running)
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		r.running--
		r.mu.Unlock()
	}()
	body, err := io.ReadAll(io.LimitReader(req.Body, mostBody))
	if err != nil || !r.authorized(w, req) {
		return
	}
	f := r.take("register")
	if r.strikeBefore(w, req, f) || r.strikeFailed(w) {
		return
	}
	items, ok := r.readItems(w, req, body)
	if !ok {
		return
	}
	answer, err := r.storeAll(items, f)
	if err != nil {
		r.problem(w, http.StatusInternalServerError, problem{Type: problemOf(500), Title: err.Error()})
		return
	}
	text, _ := json.Marshal(answer)
	r.answer(w, req, f, text)
}

// readItems checks schema, size and permission; it answers itself where something is wrong.
func (r *Register) readItems(w http.ResponseWriter, req *http.Request, body []byte) ([]ciao.RegisterItem, bool) {
	if req.Header.Get("Content-Type") != "application/json" {
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return nil, false
	}
	var in ciao.RegisterRequest
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil || bytes.Contains(body, []byte(":null")) {
		r.problem(
			w,
			http.StatusBadRequest,
			problem{Type: "urn:problem-type:belgif:badRequest", Title: "Bad Request", Detail: "the body does not fit the schema"},
		)
		return nil, false
	}
	r.mu.Lock()
	settings := r.settings
	r.stats.Items += len(in.Items)
	r.stats.Largest = max(r.stats.Largest, len(in.Items))
	r.mu.Unlock()
	if len(in.Items) > settings.MaxItems {
		r.refuseSize(w, &settings)
		return nil, false
	}
	if slices.ContainsFunc(in.Items, func(i ciao.RegisterItem) bool { return slices.Contains(settings.Poison, i.SSIN) }) {
		r.problem(w, http.StatusInternalServerError, problem{Type: problemOf(http.StatusInternalServerError), Title: "Internal Server Error"})
		return nil, false
	}
	var issues []issue
	employers := map[string]bool{}
	for i := range in.Items {
		issues = append(issues, checkItem(i, &in.Items[i])...)
		employers[in.Items[i].Employer.EnterpriseNumber+in.Items[i].Employer.ForeignVATNumber] = true
	}
	if len(in.Items) == 0 {
		issues = append(issues, issue{In: "body", Name: "items", Detail: "is empty"})
	}
	r.mu.Lock()
	if len(employers) > 1 {
		r.stats.Mixed++
	}
	if len(issues) > 0 {
		r.stats.Refused += len(issues)
		r.failed = append(r.failed, r.now())
	}
	r.mu.Unlock()
	if settings.EchoItems {
		for i := range issues {
			issues[i].Detail += " (of " + in.Items[0].SSIN + ")"
		}
	}
	if settings.UnnamedIssues && len(issues) > 0 {
		issues = []issue{{In: "body", Name: "items", Detail: "something is wrong"}}
	}
	if len(issues) > 0 {
		r.problem(w, http.StatusBadRequest, problem{Type: "urn:problem-type:belgif:badRequest", Title: "Bad Request", Issues: issues})
		return nil, false
	}
	for _, number := range settings.Forbidden {
		if employers[number] {
			r.problem(w, http.StatusForbidden, problem{Type: "urn:problem-type:belgif:missingPermission", Title: "Missing Permission",
				Detail: "not allowed for this employer"})
			return nil, false
		}
	}
	return in.Items, true
}

// refuseSize refuses a request for the number of its items.
func (r *Register) refuseSize(w http.ResponseWriter, s *Settings) {
	p := problem{Type: "urn:problem-type:belgif:badRequest", Title: "Bad Request"}
	switch s.TooManyItems {
	case "named":
		p.Issues = []issue{{In: "body", Name: "items", Detail: fmt.Sprintf("must hold at most %d elements", s.MaxItems)}}
	case "unnamed":
	default:
		r.problem(w, http.StatusRequestEntityTooLarge, problem{Type: "urn:problem-type:belgif:payloadTooLarge", Title: "Payload Too Large"})
		return
	}
	r.problem(w, http.StatusBadRequest, p)
}

// strikeFailed answers for a minute after too many requests were refused; true if it did.
func (r *Register) strikeFailed(w http.ResponseWriter) bool {
	r.mu.Lock()
	now := r.now()
	r.failed = slices.DeleteFunc(r.failed, func(at time.Time) bool { return now.Sub(at) >= time.Minute })
	most, n := r.settings.MostFailed, len(r.failed)
	var wait time.Duration
	if n > 0 {
		wait = time.Minute - now.Sub(r.failed[0])
	}
	r.mu.Unlock()
	if most == 0 || n < most {
		return false
	}
	r.tooMany(w, Fault{Kind: TooManyFailed, Seconds: max(wait.Seconds(), 1)})
	return true
}

// checkItem returns what is wrong with one item's form.
func checkItem(i int, item *ciao.RegisterItem) []issue {
	var out []issue
	bad := func(wrong bool, name string, value any, why string) {
		if wrong {
			out = append(out, issue{
				Type: "urn:problem-type:belgif:input-validation:schemaViolation", In: "body",
				Name: "items[" + strconv.Itoa(i) + "]." + name, Value: value, Detail: why,
			})
		}
	}
	ssin, err := identity.ParseSSIN(item.SSIN)
	bad(err != nil || ssin != item.SSIN, "ssin", item.SSIN, "is no SSIN")
	bad(item.RegistrationDate.Instant == 0, "registrationDate", nil, "is missing")
	bad(item.Type != app.RegisterIn && item.Type != app.RegisterOut, "type", string(item.Type), "is neither IN nor OUT")
	number, vat := item.Employer.EnterpriseNumber, item.Employer.ForeignVATNumber
	bad((number == "") == (vat == ""), "employer", nil, "needs exactly one of enterpriseNumber and foreignVatNumber")
	if number != "" {
		_, err = identity.ParseEnterprise(number)
		bad(err != nil, "employer.enterpriseNumber", number, "is no enterprise number")
	}
	c, a := item.PlaceOfWork.Coordinates, item.PlaceOfWork.Address
	bad((c == nil) == (a == nil), "placeOfWork", nil, "needs exactly one of coordinates and address")
	bad(
		c != nil && identity.CheckCoordinates(app.Coordinates{Latitude: c.Latitude, Longitude: c.Longitude}) != nil,
		"placeOfWork.coordinates",
		nil,
		"are not in Belgium",
	)
	bad(a != nil && (a.PostCode == "" || a.Municipality == "" || a.Street == ""), "placeOfWork.address", nil, "is not complete")
	_, err = identity.ParseDeclaration(item.Declaration)
	bad(err != nil, "contractualRelationshipReference", item.Declaration, "is no reference")
	return out
}

// storeAll stores what may be stored and gives the answer.
func (r *Register) storeAll(items []ciao.RegisterItem, f Fault) (any, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out ciao.RegisterAnswer
	validity := ciao.ValidityPending
	if r.settings.ValidAfterSeconds < 0 {
		validity = ciao.ValidityValid
	}
	for i := range items {
		reason := r.refusal(&items[i], i, f)
		if reason != "" {
			r.stats.Refused++
			text, _ := json.Marshal(map[string]any{"reasons": []map[string]string{{"code": reason, "description": "refused by the simulated register"}}})
			out.Items = append(out.Items, ciao.RegisterEntry{NotCreated: text})
			continue
		}
		id, err := r.storeLocked(items[i])
		if err != nil {
			return nil, err
		}
		out.Items = append(
			out.Items,
			ciao.RegisterEntry{Created: &ciao.CreatedRegistration{ID: id, Validity: validity, Remarks: json.RawMessage("[]")}},
		)
	}
	if f.Kind == WrongCount && len(out.Items) > 0 {
		out.Items = out.Items[:len(out.Items)-1]
	}
	return out, nil
}

// refusal returns why an item is not created; "" if it is.
func (r *Register) refusal(item *ciao.RegisterItem, i int, f Fault) string {
	known := r.settings.Declarations
	s := Stored{RegisterItem: *item}
	switch {
	case len(known) > 0 && !slices.Contains(known, item.Declaration):
		return "contractualRelationshipNotFound"
	case item.RegistrationDate.Time().After(r.now().Add(time.Minute)):
		return "registrationDateInFuture"
	case f.Kind == Partial && i%2 == 1:
		return "onDemand"
	case r.settings.RefuseDoubles != "" && r.keys[s.Key()] > 0:
		return r.settings.RefuseDoubles
	case f.Kind == Exists && r.keys[s.Key()] > 0:
		return "presenceRegistrationAlreadyExists"
	}
	return ""
}

// firstID is above what floating point can tell apart; ids run on from it.
const firstID = 9_007_199_254_741_000

func (r *Register) storeLocked(item ciao.RegisterItem) (int64, error) {
	s := Stored{ID: firstID + int64(len(r.stored)), RegisterItem: item, Received: r.now().UTC()}
	if err := r.keepLocked(s); err != nil {
		return 0, err
	}
	r.hold(s)
	return s.ID, nil
}

func (r *Register) hold(s Stored) {
	r.persons[s.SSIN] = append(r.persons[s.SSIN], len(r.stored))
	r.stored = append(r.stored, s)
	r.keys[s.Key()]++
}

func (r *Register) query(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(io.LimitReader(req.Body, mostBody))
	if err != nil || !r.authorized(w, req) {
		return
	}
	f := r.take("query")
	if r.strikeBefore(w, req, f) {
		return
	}
	var q ciao.QueryRequest
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&q); err != nil || q.Page < 1 || q.PageSize < 1 || (q.SSIN == "") == (q.Declaration == "") {
		r.problem(w, http.StatusBadRequest, problem{Type: "urn:problem-type:belgif:badRequest", Title: "Bad Request"})
		return
	}
	r.mu.Lock()
	settings := r.settings
	r.mu.Unlock()
	if q.Declaration != "" && settings.Query == "" {
		settings.Query = settings.ByDeclaration
	}
	switch settings.Query {
	case "off":
		r.problem(w, http.StatusNotFound, problem{Type: "urn:problem-type:belgif:resourceNotFound", Title: "Not Found"})
		return
	case "forbidden":
		r.problem(w, http.StatusForbidden, problem{Type: "urn:problem-type:belgif:missingScope", Title: "Missing Scope"})
		return
	case "bad-request":
		r.problem(w, http.StatusBadRequest, problem{Type: "urn:problem-type:belgif:badRequest", Title: "Bad Request"})
		return
	case "error":
		r.problem(w, http.StatusInternalServerError, problem{Type: problemOf(http.StatusInternalServerError), Title: "Internal Server Error"})
		return
	case "page":
		r.answer(w, req, Fault{Kind: HTMLPage}, nil)
		return
	}
	switch f.Kind {
	case LaggingSearch:
		settings.QueryLagSeconds = f.Seconds
	case BlindSearch:
		settings.Query = "finds-nothing"
	case RoundedSearch:
		settings.Query = "rounded"
	}
	text, _ := json.Marshal(r.page(q, settings))
	r.answer(w, req, f, text)
}

func (r *Register) page(q ciao.QueryRequest, s Settings) ciao.QueryAnswer {
	found := []ciao.FoundRegistration{}
	for _, stored := range r.ofPerson(q.SSIN, s.Query == "ignores-filters" || q.SSIN == "") {
		if q.Declaration != "" && stored.Declaration != q.Declaration && s.Query != "ignores-filters" {
			continue
		}
		at := stored.RegistrationDate.Instant
		shownYet := r.now().Sub(stored.Received) >= time.Duration(s.QueryLagSeconds*float64(time.Second))
		fits := at >= q.From.Instant && at <= q.To.Instant && shownYet
		if s.Query == "ignores-filters" || (fits && s.Query != "finds-nothing") {
			shown := r.shown(stored)
			switch c := shown.PlaceOfWork.Coordinates; {
			case s.Query == "incomplete":
				shown.Declaration = ""
			case s.Query == "rounded" && c != nil:
				shown.PlaceOfWork.Coordinates = &ciao.WireCoordinates{Longitude: math.Round(c.Longitude*100) / 100, Latitude: math.Round(c.Latitude*100) / 100}
			}
			found = append(found, shown)
		}
	}
	total := len(found)
	size := q.PageSize
	if s.PageSize > 0 {
		size = min(size, s.PageSize)
	}
	from := min((q.Page-1)*size, total)
	return ciao.QueryAnswer{Items: found[from:min(from+size, total)], Total: &total}
}

// ofPerson returns what is stored of a person, or of everyone.
func (r *Register) ofPerson(ssin string, everyone bool) []Stored {
	if everyone {
		return r.Stored()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]Stored, 0, len(r.persons[ssin]))
	for _, i := range r.persons[ssin] {
		out = append(out, r.stored[i])
	}
	return out
}

// byID returns one registration; false where there is none.
func (r *Register) byID(id int64) (Stored, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i := id - firstID; i >= 0 && i < int64(len(r.stored)) {
		return r.stored[i], true
	}
	return Stored{}, false
}

// shown returns a registration as the register shows it: pending, and valid after a while.
func (r *Register) shown(s Stored) ciao.FoundRegistration {
	r.mu.Lock()
	after := time.Duration(r.settings.ValidAfterSeconds * float64(time.Second))
	s.SSIN = cmp.Or(r.settings.Renumbered[s.SSIN], s.SSIN)
	r.mu.Unlock()
	validity := s.Validity
	if validity == "" {
		validity = ciao.ValidityPending
		if r.now().Sub(s.Received) >= after {
			validity = ciao.ValidityValid
		}
	}
	return ciao.FoundRegistration{ID: s.ID, RegisterItem: s.RegisterItem, Validity: validity, Remarks: json.RawMessage("[]"), Cancelled: s.Cancelled}
}

func (r *Register) one(w http.ResponseWriter, req *http.Request) {
	if !r.authorized(w, req) {
		return
	}
	f := r.take("one")
	if r.strikeBefore(w, req, f) {
		return
	}
	id, _ := strconv.ParseInt(req.PathValue("id"), 10, 64)
	if s, ok := r.byID(id); ok {
		text, _ := json.Marshal(r.shown(s))
		r.answer(w, req, f, text)
		return
	}
	r.problem(w, http.StatusNotFound, problem{Type: "urn:problem-type:belgif:resourceNotFound", Title: "Not Found"})
}

// history answers what happened to a registration. [?]
func (r *Register) history(w http.ResponseWriter, req *http.Request) {
	if !r.authorized(w, req) {
		return
	}
	f := r.take("history")
	if r.strikeBefore(w, req, f) {
		return
	}
	id, _ := strconv.ParseInt(req.PathValue("id"), 10, 64)
	s, ok := r.byID(id)
	if !ok {
		r.problem(w, http.StatusNotFound, problem{Type: "urn:problem-type:belgif:resourceNotFound", Title: "Not Found"})
		return
	}
	text, _ := json.Marshal(map[string]any{"items": r.happened(s)})
	r.answer(w, req, f, text)
}

// happened returns the whole history: what was done by hand replaces the
// validation that would have come.
func (r *Register) happened(s Stored) []Happened {
	out := []Happened{{s.Received, "registered", ciao.ValidityPending}}
	if shown := r.shown(s); s.Validity == "" && shown.Validity == ciao.ValidityValid && len(s.Changes) == 0 {
		r.mu.Lock()
		after := time.Duration(r.settings.ValidAfterSeconds * float64(time.Second))
		r.mu.Unlock()
		out = append(out, Happened{s.Received.Add(after), "validated", ciao.ValidityValid})
	}
	return append(out, s.Changes...)
}

// cancel answers a cancellation. [?] One that was cancelled already stays so.
func (r *Register) cancel(w http.ResponseWriter, req *http.Request) {
	if !r.authorized(w, req) {
		return
	}
	f := r.take("cancel")
	if r.strikeBefore(w, req, f) {
		return
	}
	id, _ := strconv.ParseInt(req.PathValue("id"), 10, 64)
	s, ok := r.byID(id)
	if !ok || !r.Judge(id, s.Validity, true) {
		r.problem(w, http.StatusNotFound, problem{Type: "urn:problem-type:belgif:resourceNotFound", Title: "Not Found"})
		return
	}
	if f.Kind == "" || f.Kind == Delay {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	r.answer(w, req, f, []byte("{}"))
}

// Answers -----------------------------------------------------------------

// problem is the Belgif form (RFC 9457).
type problem struct {
	Type          string  `json:"type"`
	Title         string  `json:"title,omitempty"`
	Status        int     `json:"status"`
	Detail        string  `json:"detail,omitempty"`
	Issues        []issue `json:"issues,omitempty"`
	RetryAfter    string  `json:"retryAfter,omitempty"`
	RetryAfterSec *int64  `json:"retryAfterSec,omitempty"`
}

type issue struct {
	Type   string `json:"type,omitempty"`
	In     string `json:"in"`
	Name   string `json:"name"`
	Value  any    `json:"value,omitempty"`
	Detail string `json:"detail,omitempty"`
}

func (r *Register) problem(w http.ResponseWriter, status int, p problem) {
	p.Status = status
	body, _ := json.Marshal(p)
	r.write(w, status, "application/problem+json", body)
}

func (r *Register) write(w http.ResponseWriter, status int, mediaType string, body []byte) {
	w.Header().Set("Content-Type", mediaType)
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that went away is its own affair
}

// Keeping -----------------------------------------------------------------

// load reads the folder's file: one JSON text per line, the last of an id counts.
func (r *Register) load() error {
	if r.options.Folder == "" {
		return nil
	}
	if err := os.MkdirAll(r.options.Folder, 0o700); err != nil {
		return fmt.Errorf("open the register's folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(r.options.Folder, "registrations.jsonl"), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("open the register's file: %w", err)
	}
	at := map[int64]int{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var s Stored
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			continue // the last line of a register that was killed while it wrote
		}
		if s.ID != firstID+int64(len(r.stored)) && s.ID >= firstID+int64(len(r.stored)) {
			f.Close() //nolint:errcheck // only read from
			return fmt.Errorf("the register's file lacks registration %d", firstID+int64(len(r.stored)))
		}
		if i, ok := at[s.ID]; ok {
			r.stored[i] = s
			continue
		}
		at[s.ID] = len(r.stored)
		r.hold(s)
	}
	err = lines.Err()
	if err == nil {
		_, err = f.WriteString("\n") // what a killed register left half-written stays a line of its own
	}
	if err != nil {
		f.Close() //nolint:errcheck // only read from
		return fmt.Errorf("read the register's file: %w", err)
	}
	r.file = f
	return nil
}

func (r *Register) keepLocked(s Stored) error {
	if r.file == nil {
		return nil
	}
	line, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("keep a registration: %w", err)
	}
	if _, err := r.file.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("keep a registration: %w", err)
	}
	return nil
}
