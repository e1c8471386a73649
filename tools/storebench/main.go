// Command storebench asks what the users page asks, of a store that is there. docs/benchmarks.md has figures and how they came
// about; what Footfall is compared with, and how fast a store takes events, `go tool mage bench` measures.
//
//	go run ./tools/storebench users -dsn postgres://...
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := errors.New("say users, and -dsn with the store's address")
	if len(os.Args) > 1 && os.Args[1] == "users" {
		err = measureUsers(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "storebench:", err)
		os.Exit(1)
	}
}
