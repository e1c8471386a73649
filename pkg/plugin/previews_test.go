package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// previewing is a data source whose previews do not end before release.
type previewing struct {
	*Datasource
	db      *pgxpool.Pool
	release func()
}

func startPreviewing(t *testing.T) *previewing {
	t.Helper()
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	made, err := New(t.Context(), storedFor(db).settings(t))
	require.NoError(t, err)
	p := &previewing{made.(*Datasource), db, block(t, db)}
	p.previews.timeout = time.Minute
	p.previews.wait = time.Minute
	t.Cleanup(func() {
		p.release()
		p.Dispose()
	})
	return p
}

// ask previews in the name of a person, on a page of theirs; the answer comes later.
func (p *previewing) ask(t *testing.T, login, view string) <-chan *backend.CallResourceResponse {
	answer := make(chan *backend.CallResourceResponse, 1)
	ctx := t.Context()
	go func() {
		_ = p.CallResource(ctx, &backend.CallResourceRequest{
			PluginContext: backend.PluginContext{User: &backend.User{Login: login, Role: "Viewer"}},
			Method:        "POST", Path: "segments/preview", URL: "segments/preview?view=" + view, Body: []byte(`{"where": {"users": "usr.plan:pro"}}`),
		}, backend.CallResourceResponseSenderFunc(func(r *backend.CallResourceResponse) error { answer <- r; return nil }))
	}()
	return answer
}

// await takes an answer, and fails where none comes.
func await(t *testing.T, answers <-chan *backend.CallResourceResponse) *backend.CallResourceResponse {
	t.Helper()
	select {
	case answer := <-answers:
		return answer
	case <-time.After(10 * time.Second):
		require.FailNow(t, "no answer has come")
		return nil
	}
}

// began tells when each running preview's transaction began, as text.
func (p *previewing) began(t *testing.T) (list []string) {
	t.Helper()
	require.NoError(t, p.db.QueryRow(t.Context(), `
		select coalesce(array_agg(xact_start::text order by xact_start), '{}')
		  from pg_stat_activity
		 where datname = current_database() and application_name = 'footfall-datasource' and state = 'active'
		   and query like '%footfall.profiles%'`).Scan(&list))
	return list
}

func TestNewerPreviewReplacesTheOlder(t *testing.T) {
	p := startPreviewing(t)
	older := p.ask(t, "ann", "")
	eventually(t, "the older one runs", func() bool { return running(t, p.db) == 1 })
	before := p.began(t)
	newer := p.ask(t, "ann", "")
	replaced := await(t, older)
	require.Equal(t, http.StatusConflict, replaced.Status, string(replaced.Body))
	require.Contains(t, string(replaced.Body), "has asked for a newer one")
	eventually(t, "PostgreSQL works on the newer one alone", func() bool {
		now := p.began(t)
		return len(now) == 1 && now[0] != before[0]
	})
	p.release()
	answer := await(t, newer)
	require.Equal(t, http.StatusOK, answer.Status, string(answer.Body))
	var got segment.Preview
	require.NoError(t, json.Unmarshal(answer.Body, &got))
	require.EqualValues(t, 1, got.Size)
	require.Equal(t, "u-1", got.Sample[0].UserID)
	require.Empty(t, p.previews.newest)
	require.Empty(t, p.previews.running)
	require.Empty(t, p.previews.waiting)
}

func TestPreviewsOfOthersAndOtherPagesStay(t *testing.T) {
	p := startPreviewing(t)
	asked := []<-chan *backend.CallResourceResponse{p.ask(t, "ann", "one"), p.ask(t, "ann", "two"), p.ask(t, "bob", "one"), p.ask(t, "", "one")}
	eventually(t, "all run", func() bool { return running(t, p.db) == len(asked) })
	p.release()
	for _, answer := range asked {
		require.Equal(t, http.StatusOK, await(t, answer).Status)
	}
}

// Three people whose every letter asks for a preview: whoever is slow, the last one of each is answered, and nobody is
// refused.
func TestThreePeopleType(t *testing.T) {
	p := startPreviewing(t)
	const letters = 10
	people := []string{"ann", "bob", "eve"}
	answers := make(chan *backend.CallResourceResponse)
	for range letters {
		for _, login := range people {
			asked := p.ask(t, login, "")
			go func() { answers <- <-asked }()
		}
	}
	for range len(people) * (letters - 1) {
		replaced := await(t, answers)
		require.Equal(t, http.StatusConflict, replaced.Status, string(replaced.Body))
	}
	eventually(t, "one of each runs", func() bool { return running(t, p.db) == len(people) })
	p.release()
	for range people {
		require.Equal(t, http.StatusOK, await(t, answers).Status)
	}
}

func TestPreviewsBeyondTheMostWait(t *testing.T) {
	p := startPreviewing(t)
	var asked []<-chan *backend.CallResourceResponse
	for i := range maxPreviews {
		asked = append(asked, p.ask(t, fmt.Sprint("user-", i), ""))
	}
	eventually(t, "as many run as may", func() bool { return running(t, p.db) == maxPreviews })
	p.previews.wait = time.Millisecond
	refused := await(t, p.ask(t, "late", ""))
	require.Equal(t, http.StatusTooManyRequests, refused.Status)
	require.Contains(t, string(refused.Body), "Busy: as many previews are computed as may be at once, 4, and 3 of one person, and none ended within 1ms")

	p.previews.wait = time.Minute
	late := p.ask(t, "late", "")
	eventually(t, "the late one waits", func() bool {
		p.previews.mu.Lock()
		defer p.previews.mu.Unlock()
		return len(p.previews.newest) == maxPreviews+1
	})
	require.Equal(t, maxPreviews, running(t, p.db))
	p.release()
	for _, answer := range append(asked, late) {
		require.Equal(t, http.StatusOK, await(t, answer).Status)
	}
}

// TestOnePersonLeavesASlot: whoever has many pages open waits for the own ones, and others do not wait for them.
func TestOnePersonLeavesASlot(t *testing.T) {
	p := startPreviewing(t)
	var asked []<-chan *backend.CallResourceResponse
	for i := range 2 * maxPreviews {
		asked = append(asked, p.ask(t, "ann", fmt.Sprint("page-", i)))
	}
	eventually(t, "all but one run or wait", func() bool {
		p.previews.mu.Lock()
		defer p.previews.mu.Unlock()
		return len(p.previews.waiting) == maxPreviews+1 && p.previews.running["ann"] == maxPreviews-1
	})
	asked = append(asked, p.ask(t, "bob", ""))
	eventually(t, "the other's runs", func() bool { return running(t, p.db) == maxPreviews })
	p.release()
	for _, answer := range asked {
		require.Equal(t, http.StatusOK, await(t, answer).Status)
	}
	require.Empty(t, p.previews.running)
}

func TestPreviewsLeaveConnectionsToQuestions(t *testing.T) {
	for connections, most := range map[int]int{0: 1, 1: 1, 3: 1, 4: 2, 8: 4, 1000: 4} {
		require.Equal(t, most, newPreviews(connections).most, connections)
	}
}

func TestPreviewsEndInTime(t *testing.T) {
	p := startPreviewing(t)
	p.previews.timeout = 50 * time.Millisecond
	got := await(t, p.ask(t, "ann", ""))
	require.Equal(t, http.StatusGatewayTimeout, got.Status)
	require.Contains(t, string(got.Body), "The preview took longer than 50ms and was stopped")
}

// TestCancelledPreviewEnds: whoever leaves the page stops the preview in PostgreSQL and makes room.
func TestCancelledPreviewEnds(t *testing.T) {
	db := testdb.New(t)
	block(t, db)
	c := start(t, storedFor(db)).as("Viewer")
	ctx, cancel := context.WithCancel(t.Context())
	go c.send(ctx, t, "POST", "segments/preview", `{"where": {"users": "sessions:>0"}}`)
	eventually(t, "it runs", func() bool { return running(t, db) == 1 })
	cancel()
	eventually(t, "it ends in PostgreSQL", func() bool { return running(t, db) == 0 })
}
