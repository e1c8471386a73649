package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// version is set by the build: -ldflags "-X main.version=1.2.3".
var version string

type versionCommand struct{}

func (versionCommand) Run(a *app) error {
	shown := version
	if info, ok := debug.ReadBuildInfo(); shown == "" && ok {
		shown = info.Main.Version
	}
	_, err := fmt.Fprintf(a.stdout, "footfall %s, schema version %d, %s\n", shown, store.SchemaVersion, runtime.Version())
	return err
}
