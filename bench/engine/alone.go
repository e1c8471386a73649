package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/footfall-analytics/footfall/bench/data"
)

// Alone starts a PostgreSQL in a folder and stores events there, of Footfall alone, which has yet to be started. It returns how many, and
// what stops and removes everything.
func Alone(ctx context.Context, dir, executable string, tail int, o data.Options) (f *Footfall, events int64, end func() error, err error) {
	store, err := StartStore(ctx, filepath.Join(dir, "postgres"))
	if err != nil {
		return nil, 0, nil, err
	}
	log, err := os.Create(filepath.Join(dir, "plugin.log"))
	end = func() error { return errors.Join(store.Stop(), os.RemoveAll(store.Dir()), log.Close()) }
	if err != nil {
		return nil, 0, nil, errors.Join(err, end())
	}
	f = &Footfall{Store: store, Executable: executable, Log: log, Tail: tail}
	if events, err = f.loadEvents(ctx, filepath.Join(dir, "events.csv"), o); err != nil {
		return nil, 0, nil, errors.Join(err, end())
	}
	return f, events, end, nil
}

func (f *Footfall) loadEvents(ctx context.Context, file string, o data.Options) (events int64, err error) {
	if events, err = data.WriteFile(file, o); err != nil {
		return 0, fmt.Errorf("make events: %w", err)
	}
	if err := f.Load(ctx, file); err != nil {
		return 0, err
	}
	return events, os.Remove(file)
}
