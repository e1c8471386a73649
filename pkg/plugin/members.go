package plugin

import (
	"fmt"
	"io"
	"mime"
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
	if err != nil {
		writeError(w, r, err)
		return
	}
	page.Limit, page.Offset = 0, 0
	d.export(w, r, r.PathValue("id"), func(tx pgx.Tx, file io.Writer) error {
		s, err := readSegment(r, tx)
		if err != nil {
			return err
		}
		return segment.WriteMembers(r.Context(), tx, s.Key, page, file)
	})
}

// export streams a CSV file of that name.
func (d *Datasource) export(w http.ResponseWriter, r *http.Request, name string, write func(pgx.Tx, io.Writer) error) {
	d.send(w, r, name, func(file io.Writer) error {
		return d.read(r.Context(), func(tx pgx.Tx) error { return write(tx, file) })
	})
}

// send is export of what is not read in one transaction.
func (d *Datasource) send(w http.ResponseWriter, r *http.Request, name string, write func(io.Writer) error) {
	file := &fileWriter{ResponseWriter: w, name: name + ".csv"}
	err := write(file)
	switch {
	case err == nil:
	case file.sent: // too late for a status, but not for words
		backend.Logger.FromContext(r.Context()).Error("Export broke off", "path", r.URL.Path, "error", err)
		_, _ = fmt.Fprintf(w, "\"THIS EXPORT BROKE OFF AND IS NOT COMPLETE\"\n")
	default:
		writeError(w, r, err)
	}
}

// fileWriter sends a file in parts, so that the whole is never in memory.
type fileWriter struct {
	http.ResponseWriter
	name    string
	sent    bool
	pending int // bytes
}

const partSize = 256 << 10

func (w *fileWriter) Write(p []byte) (int, error) {
	if !w.sent {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": w.name}))
		w.sent = true
	}
	n, err := w.ResponseWriter.Write(p)
	if w.pending += n; w.pending >= partSize {
		w.pending = 0
		if f, ok := w.ResponseWriter.(http.Flusher); ok {
			f.Flush()
		}
	}
	return n, err
}
