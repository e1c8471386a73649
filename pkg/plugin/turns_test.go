package plugin

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// TestTurnsAreOfTheProcess has two data sources asked 200 queries each in three requests: no more run at once than the process
// allows, one data source leaves a turn to the other, and every query is answered right.
func TestTurnsAreOfTheProcess(t *testing.T) {
	db, other := testdb.New(t), testdb.New(t)
	storeUser(t, db, 1, "u-1")
	storeUser(t, other, 1, "u-2")
	release, releaseOther := block(t, db), block(t, other)
	var queries []backend.DataQuery
	for i := range 200 {
		queries = append(queries, dataQuery(fmt.Sprint(i), "profiles", fmt.Sprintf(`{"limit": %d}`, i+1)))
	}
	ask := func(s stored) <-chan backend.Responses {
		done := make(chan backend.Responses, 1)
		made, err := New(t.Context(), s.settings(t))
		require.NoError(t, err)
		t.Cleanup(made.(*Datasource).Dispose)
		go func() {
			response, err := made.(*Datasource).QueryData(t.Context(), &backend.QueryDataRequest{Queries: queries})
			if err == nil {
				done <- response.Responses
			}
			close(done)
		}()
		return done
	}
	asked := []<-chan backend.Responses{}
	for range answering.most / maxConcurrentQueries { // requests enough to fill all turns
		asked = append(asked, ask(storedFor(db)))
	}
	eventually(t, "the first ones run", func() bool { return running(t, db) >= min(answering.most-1, len(asked)*maxConcurrentQueries) })
	ofOther := ask(storedFor(other))
	eventually(t, "one of the other data source runs", func() bool { return running(t, other) >= 1 })
	require.LessOrEqual(t, running(t, db)+running(t, other), answering.most)
	release()
	releaseOther()
	for _, done := range asked {
		responses := <-done
		require.Len(t, responses, len(queries))
		for _, response := range responses {
			require.Equal(t, []string{"u-1"}, userIDs(t, response))
		}
	}
	responses := <-ofOther
	require.Len(t, responses, len(queries))
	for _, response := range responses {
		require.Equal(t, []string{"u-2"}, userIDs(t, response))
	}
}

// TestWaitingHasADeadline asks more than can be answered in time of a database that is slow: what had no turn is refused
// in words.
func TestWaitingHasADeadline(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	block(t, db)
	s := storedFor(db)
	s.json["statementTimeout"] = 1
	var queries []backend.DataQuery
	for i := range 100 {
		queries = append(queries, dataQuery(fmt.Sprint(i), "profiles", fmt.Sprintf(`{"limit": %d}`, i+1)))
	}
	refused := 0
	for _, response := range start(t, s).queries(t.Context(), t, queries...) {
		require.Error(t, response.Error)
		if response.Status == backend.StatusTooManyRequests {
			require.ErrorContains(t, response.Error, "Busy: at most")
			require.ErrorContains(t, response.Error, "ask fewer queries at once")
			refused++
		}
	}
	require.Greater(t, refused, 50)
}

func withConnections(most int) *Datasource {
	return &Datasource{settings: Settings{MaxOpenConns: most}}
}

func TestQuestionsLeaveConnections(t *testing.T) {
	for connections, most := range map[int]int{1: 1, 4: 4, 5: 4, 10: 8, 100: 19} {
		turns := newTurns(20, 100)
		r := turns.begin(withConnections(connections))
		for range most {
			require.NoError(t, r.take(t.Context(), false))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		require.ErrorAs(t, r.take(ctx, false), &busyError{}, connections)
		cancel()
		r.give(false, 0)
		require.NoError(t, r.take(t.Context(), false))
	}
}

// However many questions over many are asked, others are answered beside them.
func TestQuestionsOverManyLeaveTurns(t *testing.T) {
	for connections, most := range map[int]int{1: 1, 4: 3, 10: 6, 100: 15} {
		turns := newTurns(20, 100)
		r := turns.begin(withConnections(connections))
		for range most {
			require.NoError(t, r.take(t.Context(), true))
		}
		waited := make(chan error, 1)
		go func() { waited <- r.take(t.Context(), true) }()
		eventually(t, "one more waits", func() bool {
			turns.mu.Lock()
			defer turns.mu.Unlock()
			return len(turns.waiting) == 1
		})
		if connections > 1 {
			require.NoError(t, r.take(t.Context(), false), "which came later")
			r.give(false, 0)
		}
		require.Empty(t, waited)
		r.give(true, 0)
		require.NoError(t, <-waited)
		for range most {
			r.give(true, 0)
		}
		require.Empty(t, turns.running)
	}
}

func TestOnlyKnownQuestionsAreOverMany(t *testing.T) {
	for queryType := range overMany {
		require.Contains(t, Questions, queryType)
	}
}

func TestAnswersThatFillTheMemory(t *testing.T) {
	turns := newTurns(4, 100)
	a, b := withConnections(10), withConnections(10)
	old, young := turns.begin(a), turns.begin(b)
	answer := func(r *request, bytes int64) {
		require.NoError(t, r.take(t.Context(), false))
		r.give(false, bytes)
	}
	answer(young, 0) // empty answers hold nothing
	answer(old, 60)
	answer(young, 50)
	answer(old, 30) // the oldest may go on

	waited := make(chan error)
	go func() { waited <- young.take(t.Context(), false) }()
	eventually(t, "the younger waits", func() bool {
		turns.mu.Lock()
		defer turns.mu.Unlock()
		return len(turns.waiting) == 1
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	var busy busyError
	require.ErrorAs(t, young.take(ctx, false), &busy)
	require.Equal(t, ofTurns, busy.of)
	require.ErrorIs(t, busy, context.DeadlineExceeded)

	answer(old, 20)
	require.ErrorIs(t, old.take(t.Context(), false), errTooMuch)
	p, known := explain(fmt.Errorf("answer: %w", errTooMuch), nameless)
	require.True(t, known)
	require.Contains(t, p.String(), "more than 128 MB already. Ask fewer queries at once")
	old.end()
	require.NoError(t, <-waited)
	young.give(false, 0)
	young.end()
	require.Empty(t, turns.running)
	require.Empty(t, turns.holders)
	require.Empty(t, turns.waiting)
}

func TestSizeOfCountsValuesAndLetters(t *testing.T) {
	text := "twelve chars"
	frames := data.Frames{
		data.NewFrame("", data.NewField("a", nil, []*string{&text, nil}), data.NewField("b", nil, []int64{1, 2})),
		data.NewFrame("", data.NewField("c", nil, []string{text})),
	}
	require.EqualValues(t, 5*24+2*12, sizeOf(frames))
	require.Zero(t, sizeOf(nil))
}

func TestFailedAnswersGiveTheirTurnBack(t *testing.T) {
	r := answering.begin(withConnections(10))
	ctx := context.WithValue(t.Context(), requestKey{}, r)
	for range answering.most + 1 {
		_, err := inTurn(ctx, true, func() (data.Frames, error) { return nil, errors.New("broken") })
		require.EqualError(t, err, "broken")
		require.Panics(t, func() { _, _ = inTurn(ctx, true, func() (data.Frames, error) { panic("broken") }) })
	}
	r.end()
}
