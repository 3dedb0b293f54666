package ciao_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"klokkast/app"
	"klokkast/app/ciao"
	"klokkast/app/ciao/register"
)

func contract(t testing.TB) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromFile("contract/presence-registration.yaml")
	if err == nil {
		err = doc.Validate(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestEveryPartOfTheContractSaysHowSureItIs: nobody takes an assumption for the NSSO's word.
func TestEveryPartOfTheContractSaysHowSureItIs(t *testing.T) {
	doc := contract(t)
	sure := func(what string, extensions map[string]any) {
		t.Helper()
		if mark, _ := extensions["x-sure"].(string); !slices.Contains([]string{"official", "third-party", "assumed"}, mark) {
			t.Errorf("%s: x-sure is %q", what, mark)
		}
	}
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			sure(method+" "+path, operation.Extensions)
		}
	}
	for name, schema := range doc.Components.Schemas {
		sure(name, schema.Value.Extensions)
		for property, of := range schema.Value.Properties {
			sure(name+"."+property, of.Value.Extensions)
		}
	}
}

// TestTheContractHasTheAddressesOfTheWire: one file of names, one document beside it.
func TestTheContractHasTheAddressesOfTheWire(t *testing.T) {
	doc := contract(t)
	var operations []string
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			operations = append(operations, method+" "+doc.Servers[0].URL+path)
		}
	}
	slices.Sort(operations)
	base := ciao.ProductionBase
	want := []string{
		"GET " + base + ciao.PathOne,
		"POST " + ciao.TokenURL,
		"POST " + base + ciao.PathQuery,
		"POST " + base + ciao.PathCancel,
		"GET " + base + ciao.PathHistory,
		"POST " + base + ciao.PathRegister,
	}
	slices.Sort(want)
	if !slices.Equal(operations, want) {
		t.Errorf("contract: %v\nwire: %v", operations, want)
	}
	if got := strings.TrimSuffix(ciao.SimulationBase, "/presenceRegistration/v1"); got != doc.Servers[1].URL {
		t.Errorf("simulation at %s, in the contract %s", got, doc.Servers[1].URL)
	}
}

// checked is a register behind which every request and answer is held against the contract.
type checked struct {
	t      testing.TB
	router routers.Router
	next   http.Handler
	mu     sync.Mutex
	seen   map[string]int // operation and status
}

func newChecked(t testing.TB, next http.Handler) *checked {
	doc := contract(t)
	doc.Servers = openapi3.Servers{{URL: "/REST"}}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	return &checked{t: t, router: router, next: next, seen: map[string]int{}}
}

func (c *checked) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		c.t.Error(err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	req.Body = io.NopCloser(bytes.NewReader(body))
	route, params, err := c.router.FindRoute(req)
	if err != nil {
		c.t.Errorf("%s %s: %v", req.Method, req.URL.Path, err)
		return
	}
	options := &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true}
	asked := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route, Options: options}
	if err := openapi3filter.ValidateRequest(req.Context(), asked); err != nil {
		c.t.Errorf("request %s: %v", route.Operation.OperationID, err)
	}
	if req.URL.RawQuery != "" || len(req.Header["Idempotency-Key"]) > 0 {
		c.t.Errorf("%s: a query or a header that no request has", route.Operation.OperationID)
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	answer := httptest.NewRecorder()
	c.next.ServeHTTP(answer, req)
	result := &openapi3filter.ResponseValidationInput{RequestValidationInput: asked, Status: answer.Code, Header: answer.Header(), Options: options}
	result.SetBodyBytes(answer.Body.Bytes())
	if err := openapi3filter.ValidateResponse(req.Context(), result); err != nil {
		c.t.Errorf("answer %d of %s: %v", answer.Code, route.Operation.OperationID, err)
	}
	c.seen[route.Operation.OperationID+" "+http.StatusText(answer.Code)]++
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

// TestClientAndSimulatedRegisterKeepTheContract: whole conversations, good and bad.
func TestClientAndSimulatedRegisterKeepTheContract(t *testing.T) {
	reg, err := register.New(register.Options{Clients: []register.Credentials{keys(t)}, Settings: register.Settings{Forbidden: []string{"0206731645"}}})
	if err != nil {
		t.Fatal(err)
	}
	watched := newChecked(t, reg)
	server := httptest.NewServer(watched)
	defer server.Close()
	c := newClient(t, server.URL+register.BasePath, server.URL+register.TokenPath, ciao.ClientOptions{})
	ctx := t.Context()

	entries, o := c.Register(ctx, one(), nil)
	if o.Code != "" || entries[0].Created == nil {
		t.Fatalf("register: %v", o)
	}
	found, complete, o := c.Query(ctx, ciao.Question{SSIN: one()[0].SSIN, From: one()[0].At.Add(-7e12), To: one()[0].At.Add(7e12)})
	if o.Code != "" || !complete || len(found) != 1 {
		t.Errorf("query: %d found, complete %t, %v", len(found), complete, o)
	}
	day := one()[0].At.DateIn(app.Belgium())
	found, complete, o = c.QueryDeclaration(ctx, ciao.DeclarationQuestion{Declaration: one()[0].Declaration, Days: app.Days{From: day, To: day}})
	if o.Code != "" || !complete || len(found) != 1 {
		t.Errorf("query by declaration: %d found, complete %t, %v", len(found), complete, o)
	}
	if _, o := c.One(ctx, entries[0].Created.ID); o.Code != "" {
		t.Errorf("one: %v", o)
	}
	authorised, _ := http.NewRequestWithContext(
		ctx,
		http.MethodGet,
		server.URL+register.BasePath+strings.Replace(ciao.PathHistory, "{id}", fmt.Sprint(entries[0].Created.ID), 1),
		nil,
	)
	if answer, err := server.Client().Do(authorised); err != nil || answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("history without a token: %v", err)
	}
	byAddress := one()
	byAddress[0].Place = app.Place{Address: &app.Address{Street: "Wetstraat", HouseNumber: "16", PostCode: "1000", Municipality: "Brussel"}}
	byAddress[0].Enterprise, byAddress[0].ForeignVAT = "", "NL123456789B01"
	_, _ = c.Register(ctx, byAddress, nil)
	wrong := one()
	wrong[0].Declaration = "1Y1003SQ5VSSA" // well formed, and refused by the answer or as a whole
	reg.Set(register.Settings{Declarations: []string{"1Y1003SQ5VSSZ"}, Forbidden: []string{"0206731645"}})
	_, _ = c.Register(ctx, wrong, nil)
	forbidden := one()
	forbidden[0].Enterprise = "0206731645"
	_, _ = c.Register(ctx, forbidden, nil)
	_, _ = c.One(ctx, 1)
	for _, kind := range []register.Kind{register.TooMany, register.TooManyFailed, register.Unavailable, register.ExpiredToken, register.RefuseUnnamed, register.Partial, register.ErrorBefore} {
		reg.Add(register.Fault{Kind: kind, Times: 1, Seconds: 2})
		_, _ = c.Register(ctx, one(), nil)
	}
	for _, want := range []string{"token OK", "register OK", "query OK", "one OK", "one Not Found", "register Bad Request", "register Forbidden",
		"register Too Many Requests", "register Service Unavailable", "history Unauthorized", "register Unauthorized", "register Internal Server Error"} {
		if watched.seen[want] == 0 {
			t.Errorf("nobody heard %q: %v", want, watched.seen)
		}
	}
}
