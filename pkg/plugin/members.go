package plugin

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// membersAnswer is a page of a segment's stored members.
type membersAnswer struct {
	Total   int64            `json:"total"` // members that the search matches
	Members []segment.Member `json:"members"`
}

const (
	defaultMembers  = 100
	maxMembers      = 10_000
	maxMembersSkip  = 1_000_000_000
	maxMemberSearch = 1024
)

// readMembers takes ?limit=&offset=&search=.
func readMembers(r *http.Request, db store.Querier) (membersAnswer, error) {
	answer := membersAnswer{Members: []segment.Member{}}
	page, err := parsePage(r)
	if err != nil {
		return answer, err
	}
	s, err := readSegment(r, db)
	if err != nil {
		return answer, err
	}
	if answer.Total, err = segment.CountMembers(r.Context(), db, s.Key, page); err != nil {
		return answer, err
	}
	return answer, segment.EachMember(r.Context(), db, s.Key, page, func(m segment.Member) error {
		answer.Members = append(answer.Members, m)
		return nil
	})
}

func parsePage(r *http.Request) (segment.MemberPage, error) {
	page := segment.MemberPage{Search: r.URL.Query().Get("search"), Limit: defaultMembers}
	if len(page.Search) > maxMemberSearch || strings.ContainsRune(page.Search, 0) {
		return page, segment.Error{Path: "search", Problem: fmt.Sprintf("is longer than %d bytes or contains a NUL character", maxMemberSearch)}
	}
	for _, number := range []struct {
		name        string
		target      *int
		least, most int
	}{{"limit", &page.Limit, 1, maxMembers}, {"offset", &page.Offset, 0, maxMembersSkip}} {
		text := r.URL.Query().Get(number.name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < number.least || n > number.most {
			return page, segment.Error{
				Path: number.name, Problem: fmt.Sprintf("is %q; it must be %d to %d", text, number.least, number.most),
			}
		}
		*number.target = n
	}
	return page, nil
}

// exportMembers streams all members, or those that ?search= matches, as CSV.
func (d *Datasource) exportMembers(w http.ResponseWriter, r *http.Request) {
	page, err := parsePage(r)
	page.Limit, page.Offset = 0, 0
	out := &startedWriter{ResponseWriter: w}
	if err == nil {
		err = d.read(r.Context(), func(tx pgx.Tx) error {
			s, err := readSegment(r, tx)
			if err != nil {
				return err
			}
			w.Header().Set("Content-Type", "text/csv; charset=utf-8")
			w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.csv"`, s.ID))
			return segment.WriteMembers(r.Context(), tx, s.Key, page, out, out.flush)
		})
	}
	switch {
	case err == nil:
	case out.sent: // too late for a status, but not for words
		backend.Logger.FromContext(r.Context()).Error("Export broke off", "path", r.URL.Path, "error", err)
		_, _ = fmt.Fprintf(w, "\"THIS EXPORT BROKE OFF AND IS NOT COMPLETE\"\n")
	default:
		w.Header().Del("Content-Disposition")
		writeError(w, r, err)
	}
}

// startedWriter knows whether something has been sent already.
type startedWriter struct {
	http.ResponseWriter
	sent bool
}

func (w *startedWriter) Write(p []byte) (int, error) {
	w.sent = w.sent || len(p) > 0
	return w.ResponseWriter.Write(p)
}

func (w *startedWriter) flush() {
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}
