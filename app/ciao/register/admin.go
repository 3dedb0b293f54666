package register

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// admin adds the addresses by which another process steers the register:
//
//	POST   /_sim/faults         a JSON list of Fault: adds them
//	GET    /_sim/faults         those that still wait
//	DELETE /_sim/faults         takes all back
//	PUT    /_sim/settings       a JSON Settings: replaces them
//	GET    /_sim/settings
//	GET    /_sim/stats          Stats
//	GET    /_sim/registrations  a JSON list of Stored
//	GET    /_sim/client         its first client, with its made-up private key
//	POST   /_sim/clock?now=…    sets its clock (RFC 3339): a demo has a time of its own
//	POST   /_sim/revoke         makes all tokens invalid
//	POST   /_sim/phone          a JSON list of Phoned: people register by phone; the answer has their ids
//	POST   /_sim/judge?id=…&validity=…&cancelled=true
func (r *Register) admin() {
	r.mux.HandleFunc("POST "+AdminPath+"faults", func(w http.ResponseWriter, req *http.Request) {
		var faults []Fault
		if !readAdmin(w, req, &faults) {
			return
		}
		for _, f := range faults {
			if !slices.Contains(kinds(), f.Kind) {
				http.Error(w, "unknown kind of fault "+strconv.Quote(string(f.Kind)), http.StatusBadRequest)
				return
			}
		}
		r.Add(faults...)
		w.WriteHeader(http.StatusNoContent)
	})
	r.mux.HandleFunc("GET "+AdminPath+"faults", func(w http.ResponseWriter, _ *http.Request) {
		r.mu.Lock()
		faults := slices.Clone(r.faults)
		r.mu.Unlock()
		r.show(w, faults)
	})
	r.mux.HandleFunc("DELETE "+AdminPath+"faults", func(w http.ResponseWriter, _ *http.Request) {
		r.Clear()
		w.WriteHeader(http.StatusNoContent)
	})
	r.mux.HandleFunc("PUT "+AdminPath+"settings", func(w http.ResponseWriter, req *http.Request) {
		var s Settings
		if readAdmin(w, req, &s) {
			r.Set(s)
			w.WriteHeader(http.StatusNoContent)
		}
	})
	r.mux.HandleFunc("GET "+AdminPath+"settings", func(w http.ResponseWriter, _ *http.Request) {
		r.mu.Lock()
		s := r.settings
		r.mu.Unlock()
		r.show(w, s)
	})
	r.mux.HandleFunc("GET "+AdminPath+"stats", func(w http.ResponseWriter, _ *http.Request) { r.show(w, r.Stats()) })
	r.mux.HandleFunc("GET "+AdminPath+"registrations", func(w http.ResponseWriter, _ *http.Request) { r.show(w, r.Stored()) })
	r.mux.HandleFunc("GET "+AdminPath+"client", func(w http.ResponseWriter, req *http.Request) {
		if len(r.options.Clients) == 0 {
			http.NotFound(w, req)
			return
		}
		c := r.options.Clients[0]
		r.show(w, map[string]string{"clientId": c.ClientID, "privateKey": string(c.PrivateKey)})
	})
	r.mux.HandleFunc("POST "+AdminPath+"clock", func(w http.ResponseWriter, req *http.Request) {
		now, err := time.Parse(time.RFC3339, req.FormValue("now"))
		if err != nil {
			http.Error(w, "now: want RFC 3339", http.StatusBadRequest)
			return
		}
		r.SetClock(now)
		w.WriteHeader(http.StatusNoContent)
	})
	r.mux.HandleFunc("POST "+AdminPath+"revoke", func(w http.ResponseWriter, _ *http.Request) {
		r.Revoke()
		w.WriteHeader(http.StatusNoContent)
	})
	r.mux.HandleFunc("POST "+AdminPath+"phone", func(w http.ResponseWriter, req *http.Request) {
		var people []Phoned
		if !readAdmin(w, req, &people) {
			return
		}
		ids := []int64{}
		for _, p := range people {
			id, err := r.Phone(p)
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			ids = append(ids, id)
		}
		r.show(w, ids)
	})
	r.mux.HandleFunc("POST "+AdminPath+"judge", func(w http.ResponseWriter, req *http.Request) {
		id, err := strconv.ParseInt(req.FormValue("id"), 10, 64)
		if err != nil || !r.Judge(id, req.FormValue("validity"), req.FormValue("cancelled") == "true") {
			http.NotFound(w, req)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

func readAdmin(w http.ResponseWriter, req *http.Request, v any) bool {
	d := json.NewDecoder(http.MaxBytesReader(w, req.Body, 1<<20))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func (r *Register) show(w http.ResponseWriter, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	r.write(w, http.StatusOK, "application/json", body)
}
