package plugin

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/csvfile"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment/table"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// handleTables serves reference tables; docs/api.md describes it.
func (d *Datasource) handleTables(mux *http.ServeMux) {
	mux.HandleFunc("GET /tables", requires(Viewer, respond(d, listTables)))
	mux.HandleFunc("GET /tables/{name}", requires(Viewer, respond(d, getTable)))
	mux.HandleFunc("GET /tables/{name}/rows.csv", d.requiresExport(d.exportTable))
	mux.HandleFunc("POST /tables", requires(Editor, change(d, http.StatusOK, uploadTable)))
	mux.HandleFunc("POST /tables/{name}/restore", requires(Editor, change(d, http.StatusOK, restoreTable)))
	mux.HandleFunc("POST /tables/check", requires(Editor, change(d, http.StatusOK, checkTable)))
	mux.HandleFunc("POST /tables/check/rows.csv", requires(Editor, d.exportChecked))
	mux.HandleFunc("DELETE /tables/{name}", requires(Editor, change(d, http.StatusOK, deleteTable)))
}

func listTables(r *http.Request, db store.Querier) ([]table.Table, error) {
	return table.List(r.Context(), db)
}

func getTable(r *http.Request, db store.Querier) (table.Table, error) {
	return table.Get(r.Context(), db, r.PathValue("name"))
}

func (d *Datasource) exportTable(w http.ResponseWriter, r *http.Request) {
	d.export(w, r, r.PathValue("name"), func(tx pgx.Tx, file io.Writer) error {
		return table.Export(r.Context(), tx, r.PathValue("name"), file)
	})
}

// uploadTable takes a CSV as the body, and tableOptions.
func uploadTable(r *http.Request, pool *pgxpool.Pool, by string) (table.Report, error) {
	o, err := tableOptions(r, by)
	if err != nil {
		return table.Report{}, err
	}
	return table.Upload(r.Context(), pool, r.Body, o)
}

// checkTable takes what uploadTable takes; all of the options may be missing.
func checkTable(r *http.Request, pool *pgxpool.Pool, by string) (table.Checked, error) {
	o, err := tableOptions(r, by)
	if err != nil {
		return table.Checked{}, err
	}
	return check(r, pool, o)
}

func check(r *http.Request, pool *pgxpool.Pool, o table.Options) (table.Checked, error) {
	file, err := io.ReadAll(limited(r))
	if err != nil {
		return table.Checked{}, bodyError(err)
	}
	return table.Check(r.Context(), pool, file, o)
}

// exportChecked sends the rows of a file that would be without effect, those of ?of= alone where that is given. It takes
// what checkTable takes.
func (d *Datasource) exportChecked(w http.ResponseWriter, r *http.Request) {
	d.send(w, r, "rows", func(file io.Writer) error {
		o, err := tableOptions(r, "")
		if err != nil {
			return err
		}
		o.Rejects, o.RejectsOf = file, table.Effect(r.URL.Query().Get("of"))
		switch o.RejectsOf {
		case "", table.Rejected, table.Unmatched:
		default:
			return table.Error{Problem: fmt.Sprintf("of is %q; it must be %s or %s", o.RejectsOf, table.Rejected, table.Unmatched)}
		}
		return d.write(r.Context(), func(pool *pgxpool.Pool) error {
			_, err := check(r, pool, o)
			return err
		})
	})
}

// tableOptions are ?name=, key=, identity=, file=, delimiter=, firstLine=names or row, leaveOut=true, and
// type=column:text, repeated at will.
func tableOptions(r *http.Request, by string) (table.Options, error) {
	q := r.URL.Query()
	o := table.Options{
		Name: q.Get("name"), Key: q.Get("key"), File: q.Get("file"), By: by, MaxBytes: table.MaxUpload,
		Types: map[string]filter.Type{},
	}
	var err error
	if o.Delimiter, err = csvfile.ParseDelimiter(q.Get("delimiter")); err != nil {
		return o, table.Error{Problem: err.Error()}
	}
	if text := q.Get("identity"); text != "" {
		if o.Identity, err = table.ParseIdentity(text); err != nil {
			return o, err
		}
	}
	if o.FirstLine, err = table.ParseFirstLine(q.Get("firstLine")); err != nil {
		return o, err
	}
	switch text := q.Get("leaveOut"); text {
	case "", "false":
	case "true":
		o.LeaveOut = true
	default:
		return o, table.Error{Problem: fmt.Sprintf("leaveOut is %q; it must be true or false", text)}
	}
	for _, text := range q["type"] {
		column, name, _ := strings.Cut(text, ":")
		t := filter.Type(name)
		if column == "" || t != filter.Text && t != filter.Number {
			return o, table.Error{Problem: fmt.Sprintf("type is %q; write column:text or column:number", text)}
		}
		o.Types[column] = t
	}
	return o, nil
}

func deleteTable(r *http.Request, pool *pgxpool.Pool, by string) (struct{}, error) {
	return struct{}{}, table.Delete(r.Context(), pool, r.PathValue("name"), by)
}

func restoreTable(r *http.Request, pool *pgxpool.Pool, by string) (table.Table, error) {
	if err := table.Restore(r.Context(), pool, r.PathValue("name"), by); err != nil {
		return table.Table{}, err
	}
	return table.Get(r.Context(), pool, r.PathValue("name"))
}
