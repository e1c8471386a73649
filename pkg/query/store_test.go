package query

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/devtools/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// person is a user as tests know it: the built-in attributes by id, without those that are missing.
type person struct {
	anonymous bool
	values    map[string]any // string, int64 or time.Time
	custom    map[string]any // as in JSON
}

// newPerson has what every user has.
func newPerson(id string, values map[string]any) person {
	p := person{values: map[string]any{
		"user_id":    id,
		"first_seen": time.Date(2026, 1, 1, 8, 0, 0, 0, time.UTC),
		"last_seen":  time.Date(2026, 1, 2, 8, 0, 0, 0, time.UTC),
	}}
	for _, a := range builtIn {
		if a.Type == Number {
			p.values[a.ID] = int64(0)
		}
	}
	maps.Copy(p.values, values)
	return p
}

// text is the value of an attribute as stored text, "" and false where there is none.
func (p person) text(id string) (string, bool) {
	if value, ok := p.values[id]; ok {
		text, ok := value.(string)
		return text, ok
	}
	value, ok := p.custom[id]
	if !ok || value == nil {
		return "", false
	}
	if text, ok := value.(string); ok {
		return text, true
	}
	encoded, _ := json.Marshal(value)
	return string(encoded), true
}

// storePeople replaces all users. Their keys are their positions.
func storePeople(t require.TestingT, db *pgxpool.Pool, people []person) {
	batch := &pgx.Batch{}
	batch.Queue(`delete from footfall.profiles`)
	batch.Queue(`delete from footfall.users`)
	batch.Queue(`delete from footfall.dictionary`)
	ids := map[string]int32{}
	for key, p := range people {
		kind := "usr"
		if p.anonymous {
			kind = "anonymous"
		}
		batch.Queue(`insert into footfall.users (key, kind, id, name, email) values ($1, $2, $3, $4, $5)`,
			key, kind, p.values["user_id"], p.values["user_name"], p.values["user_email"])
		queueProfile(batch, key, p, func(kind, text string) int32 {
			place := kind + ":" + text
			if ids[place] == 0 {
				ids[place] = int32(len(ids) + 1)
				batch.Queue(`insert into footfall.dictionary (id, kind, hash, value) values ($1, $2, $3, $4)`,
					ids[place], kind, uuid.NewSHA1(uuid.Nil, []byte(place)), text)
			}
			return ids[place]
		})
	}
	require.NoError(t, db.SendBatch(context.Background(), batch).Close())
}

func queueProfile(batch *pgx.Batch, key int, p person, idOf func(kind, text string) int32) {
	row := map[string]any{
		"user_key": key, "anonymous": p.anonymous, "attributes": withoutNil(p.custom),
		"first_session": key, "last_session": key, "last_session_start": p.values["last_seen"],
	}
	for _, a := range builtIn {
		value, ok := p.values[a.ID]
		switch column := strings.TrimPrefix(a.column, "p."); {
		case !ok || a.ofUsers():
		case a.dictionary != "":
			row[column] = idOf(a.dictionary, value.(string))
		default:
			row[column] = value
		}
	}
	columns := slices.Sorted(maps.Keys(row))
	var params parameters
	var places []string
	for _, column := range columns {
		places = append(places, params.add(row[column]))
	}
	batch.Queue(fmt.Sprintf(`insert into footfall.profiles (%s) values (%s)`,
		strings.Join(columns, ", "), strings.Join(places, ", ")), params.values...)
}

func withoutNil(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// asDatasource is a pool that asks as the datasource does: without prepared statements.
func asDatasource(t testing.TB, db *pgxpool.Pool) *pgxpool.Pool {
	return testdb.Connect(t, db.Config().ConnString()+"&default_query_exec_mode=exec")
}

// ask answers a question on a database, in UTC.
func ask(t require.TestingT, db *pgxpool.Pool, q Question) *data.Frame {
	answer, err := q.Prepare(Context{Location: time.UTC})
	require.NoError(t, err)
	frames, err := answer(context.Background(), db)
	require.NoError(t, err)
	require.Len(t, frames, 1)
	return frames[0]
}

// fieldValues is a field's values, nil where missing.
func fieldValues(t require.TestingT, frame *data.Frame, name string) []any {
	field, _ := frame.FieldByName(name)
	require.NotNil(t, field, name)
	list := []any{}
	for i := range field.Len() {
		value, ok := field.ConcreteAt(i)
		if !ok {
			value = nil
		}
		list = append(list, value)
	}
	return list
}
