package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

type applicationsCommand struct {
	List  applicationsListCommand  `cmd:"" help:"Show the settings of all, and what applications say for themselves."`
	Set   applicationsSetCommand   `cmd:"" help:"Change the settings of an application, or of all."`
	Reset applicationsResetCommand `cmd:"" help:"Take back what an application says for itself."`
}

type applicationsListCommand struct {
	JSON bool `help:"Print the settings as JSON."`
}

func (applicationsListCommand) Help() string {
	return `Examples:
  footfall applications list
  footfall applications list --json`
}

func (c *applicationsListCommand) Run(a *app, pool *pgxpool.Pool) error {
	list, err := store.ReadApplications(a.ctx, pool)
	if err != nil {
		return err
	}
	return listing[store.Application]{
		heads: []string{"APPLICATION", "GAP", "HASH ROUTES", "FOLD SLASH", "FOLD CASE", "DECODE", "KEEP NUMBERS"},
		cells: func(s store.Application) []string {
			return []string{
				applicationName(s.ID), gapText(s.SessionGap), yesNo(s.HashRoutes),
				yesNo(s.FoldSlash), yesNo(s.FoldCase), yesNo(s.Decode), placesText(s.KeepNumbers),
			}
		},
	}.print(a, list, c.JSON)
}

// asAll stands where an application says nothing for itself.
const asAll = "-"

func applicationName(id *string) string {
	switch {
	case id == nil:
		return "(all)"
	case *id == "":
		return "(none)"
	}
	return *id
}

func gapText(ms *int64) string {
	if ms == nil {
		return asAll
	}
	return (time.Duration(*ms) * time.Millisecond).String()
}

func yesNo(value *bool) string {
	switch {
	case value == nil:
		return asAll
	case *value:
		return "yes"
	}
	return "no"
}

func placesText(places *[]int16) string {
	if places == nil {
		return asAll
	}
	var texts []string
	for _, place := range *places {
		texts = append(texts, strconv.Itoa(int(place)))
	}
	return cmp.Or(strings.Join(texts, ","), "none")
}

type applicationsSetCommand struct {
	Application *string        `arg:"" optional:"" help:"The application.id; '' for events without one."`
	All         bool           `help:"Change the settings of all applications that say nothing else for themselves."`
	Gap         *time.Duration `placeholder:"15m" help:"For events without session.id: the pause that ends a session."`
	HashRoutes  *bool          `negatable:"" help:"A fragment that starts with / or !/ belongs to the page: /#/orders."`
	FoldSlash   *bool          `negatable:"" help:"/about/ is /about."`
	FoldCase    *bool          `negatable:"" help:"/About is /about."`
	Decode      *bool          `negatable:"" help:"/caf%C3%A9 is /café."`
	KeepNumbers *string        `placeholder:"PLACES" help:"Parts of a path whose numbers tell pages apart: 1,2 keeps those of /2024/05; all, or none."`
}

func (applicationsSetCommand) Help() string {
	return `New settings hold for new events. ` + "`footfall rebuild`" + ` applies them to old ones.

Examples:
  footfall applications set shop --hash-routes --fold-case
  footfall applications set blog --keep-numbers 1,2 --gap 30m
  footfall applications set --all --no-fold-slash`
}

func (c *applicationsSetCommand) Validate() error {
	switch {
	case c.All == (c.Application != nil):
		return fmt.Errorf("name an application, or give --all")
	case c.Gap == nil && c.HashRoutes == nil && c.FoldSlash == nil && c.FoldCase == nil && c.Decode == nil && c.KeepNumbers == nil:
		return fmt.Errorf("what? Give --gap, --hash-routes, --fold-slash, --fold-case, --decode or --keep-numbers")
	case c.Gap != nil && *c.Gap < time.Millisecond:
		return fmt.Errorf("--gap must be at least 1ms")
	}
	_, err := c.places()
	return err
}

// places reads --keep-numbers.
func (c *applicationsSetCommand) places() (*[]int16, error) {
	places := []int16{}
	switch {
	case c.KeepNumbers == nil:
		return nil, nil
	case *c.KeepNumbers == "none":
		return &places, nil
	case *c.KeepNumbers == "all":
		for place := range int16(event.MaxNumberPart) {
			places = append(places, place+1)
		}
		return &places, nil
	}
	for text := range strings.SplitSeq(*c.KeepNumbers, ",") {
		place, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || place < 1 || place > event.MaxNumberPart {
			return nil, fmt.Errorf("--keep-numbers %q: write all, none, or places from 1 to %d such as 1,2", *c.KeepNumbers, event.MaxNumberPart)
		}
		places = append(places, int16(place)) //nolint:gosec // checked above
	}
	return &places, nil
}

func (c *applicationsSetCommand) Run(a *app, pool *pgxpool.Pool) error {
	s := store.Application{ID: c.Application, HashRoutes: c.HashRoutes, FoldSlash: c.FoldSlash, FoldCase: c.FoldCase, Decode: c.Decode}
	if c.Gap != nil {
		ms := c.Gap.Milliseconds()
		s.SessionGap = &ms
	}
	var err error
	if s.KeepNumbers, err = c.places(); err != nil {
		return err
	}
	if err := store.SetApplication(a.ctx, pool, s); err != nil {
		return err
	}
	return a.printApplications(pool)
}

func (a *app) printApplications(pool *pgxpool.Pool) error {
	if err := (&applicationsListCommand{}).Run(a, pool); err != nil {
		return err
	}
	_, err := fmt.Fprintln(a.stdout, "New events follow them; `footfall rebuild` applies them to old ones.")
	return err
}

type applicationsResetCommand struct {
	Application string `arg:"" help:"The application.id; '' for events without one."`
}

func (applicationsResetCommand) Help() string {
	return `Examples:
  footfall applications reset shop`
}

func (c *applicationsResetCommand) Run(a *app, pool *pgxpool.Pool) error {
	had, err := store.ResetApplication(a.ctx, pool, c.Application)
	if err != nil {
		return err
	}
	if !had {
		return fmt.Errorf("the application %q says nothing for itself", c.Application)
	}
	return a.printApplications(pool)
}
