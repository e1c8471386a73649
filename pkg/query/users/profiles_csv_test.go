package users

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/query"
	reference "github.com/footfall-analytics/footfall/pkg/segment/table"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// The file has every user that the list has, page after page, in the list's order and with its values.
func TestProfilesCSVIsTheWholeList(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		history.Load(t, db, history.Rows(t))
		c := questions.Context()
		q, _ := drawProfiles(t)
		var file strings.Builder
		require.NoError(t, q.WriteCSV(t.Context(), reader, c, &file))
		rows, err := csv.NewReader(strings.NewReader(file.String())).ReadAll()
		require.NoError(t, err)

		list := *q
		list.Limit, list.Offset, list.IncludeTotal = maxProfiles, 0, true
		frame := questions.AskOne(t, reader, c, &list)
		require.Equal(t, q.Columns, rows[0])
		require.Equal(t, frame.Meta.Custom, map[string]any{"total": int64(len(rows) - 1)})
		for i, row := range rows[1:] {
			for j, cell := range row {
				require.Equal(t, plainCell(frame.Fields[j], i), reference.Unguard(cell), q.Columns[j])
			}
		}
	})
}

func plainCell(field *data.Field, row int) string {
	value, ok := field.ConcreteAt(row)
	switch at, isTime := value.(time.Time); {
	case !ok:
		return ""
	case isTime:
		return at.UTC().Format(time.RFC3339Nano)
	}
	if text, isText := value.(string); isText {
		return text
	}
	return strings.ReplaceAll(inEnglish.Sprintf("%v", value), ",", "")
}

func TestProfilesCSVRefuses(t *testing.T) {
	db := testdb.New(t)
	var file strings.Builder
	err := (&Profiles{Columns: []string{"page"}}).WriteCSV(t.Context(), db, questions.Context(), &file)
	require.ErrorContains(t, err, `options.columns[0] is "page", an attribute of events`)
	require.ErrorAs(t, err, &query.InvalidError{})
	require.Empty(t, file.String(), "before the first byte")
}

func TestProfilesCSVWithoutEmails(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	c := questions.ShopContext()
	q := &Profiles{Columns: []string{"user_id", "user_email", "last_country", "sessions"}, Sort: query.Sort{Column: "user_id"}}
	var file strings.Builder
	require.NoError(t, q.WriteCSV(t.Context(), db, c, &file))
	require.Equal(t, "user_id,user_email,last_country,sessions\nu-1,ann@example.com,DE,2\nu-2,,US,1\nu-3,,DE,1\n", file.String())
	c.HideEmails = true
	file.Reset()
	require.NoError(t, q.WriteCSV(t.Context(), db, c, &file))
	require.NotContains(t, file.String(), "@")
}
