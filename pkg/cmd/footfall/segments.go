package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/segment/files"
)

type segmentsCommand struct {
	List    segmentsListCommand    `cmd:"" help:"Show the segments."`
	Show    segmentsShowCommand    `cmd:"" help:"Show one segment."`
	Apply   segmentsApplyCommand   `cmd:"" help:"Make or change segments and tables as files of a folder say."`
	Export  segmentsExportCommand  `cmd:"" help:"Write all segments and tables as files to a folder."`
	Refresh segmentsRefreshCommand `cmd:"" help:"Compute segments now."`
	Members segmentsMembersCommand `cmd:"" help:"Show the members of a segment."`
	Restore segmentsRestoreCommand `cmd:"" help:"Bring back a segment that was deleted."`
}

type segmentsListCommand struct {
	JSON bool `help:"Print the segments as JSON."`
}

func (segmentsListCommand) Help() string {
	return `Examples:
  footfall segments list
  footfall segments list --json | jq '.[] | select(.error)'`
}

func (c *segmentsListCommand) Run(a *app, pool *pgxpool.Pool) error {
	list, err := segment.List(a.ctx, pool)
	if err != nil {
		return err
	}
	return listing[segment.Segment]{
		heads: []string{"ID", "NAME", "KIND", "USERS", "SHARE", "COMPUTED", "NEXT", "ERROR"},
		cells: func(s segment.Segment) []string {
			return []string{
				s.ID, s.Name, string(s.Kind), users(s), shareText(s), moment(s.ComputedAt, "never"), moment(s.NextAt, "on demand"), s.Error,
			}
		},
		none: "There are no segments. Make some in Grafana or with `footfall segments apply`.",
	}.print(a, list, c.JSON)
}

func users(s segment.Segment) string {
	if s.Size == nil {
		return "-"
	}
	return grouped(*s.Size)
}

func shareText(s segment.Segment) string {
	if s.Size == nil || s.Universe == nil || *s.Universe == 0 {
		return "-"
	}
	return english.Sprintf("%.1f%%", 100*float64(*s.Size)/float64(*s.Universe))
}

func moment(t *time.Time, otherwise string) string {
	if t == nil {
		return otherwise
	}
	return t.UTC().Format(time.DateTime)
}

type segmentsShowCommand struct {
	ID   string `arg:"" name:"ID" help:"The segment's id."`
	JSON bool   `help:"Print it as JSON."`
}

func (segmentsShowCommand) Help() string {
	return `Examples:
  footfall segments show cart-dropouts
  footfall segments show cart-dropouts --json | jq .definition`
}

func (c *segmentsShowCommand) Run(a *app, pool *pgxpool.Pool) error {
	s, err := segment.Get(a.ctx, pool, c.ID)
	switch {
	case err != nil:
		return err
	case c.JSON:
		return a.printJSON(s)
	}
	return a.printSegment(s)
}

func (a *app) printSegment(s segment.Segment) error {
	facts := a.columns()
	facts.fact("id", "%s", s.ID)
	facts.fact("name", "%s", s.Name)
	facts.fact("description", "%s", s.Description)
	facts.fact("who", "%s", s.Sentence)
	facts.fact("users", "%s (%s)", users(s), shareText(s))
	if s.Matched != nil {
		facts.fact("list", "%d entries: %d match users, %d match none yet", s.Listed, *s.Matched, *s.Unmatched)
	}
	facts.fact("computed", "%s", moment(s.ComputedAt, "never"))
	if s.TookMs != nil {
		facts.fact("took", "%.0f ms", *s.TookMs)
	}
	if s.Stale && s.ComputedAt != nil {
		facts.fact("stale", "it, or what it uses, has changed since")
	}
	facts.fact("next", "%s", moment(s.NextAt, "on demand"))
	facts.fact("error", "%s", s.Error)
	facts.fact("used by", "%s", strings.Join(s.UsedBy, ", "))
	facts.fact("version", "%d, changed %s by %s", s.Version, moment(&s.ChangedAt, ""), s.ChangedBy)
	return facts.end()
}

type segmentsApplyCommand struct {
	Dir string `arg:"" name:"DIR" type:"existingdir" help:"The folder."`
}

func (segmentsApplyCommand) Help() string {
	return `The folder holds segments as ID.json (docs/segment.schema.json tells what is in them), and small reference tables as NAME.csv with NAME.table.json beside, for example {"key": "email", "identity": "usr.email"}. Files may use each other in any order. A file that says what is stored already changes nothing; what has no file is left alone. The members are computed by the worker, or by "footfall segments refresh".

Examples:
  footfall segments apply provisioning/segments
  footfall segments export backup && footfall segments apply backup`
}

func (c *segmentsApplyCommand) Run(a *app, pool *pgxpool.Pool) error {
	return files.Apply(a.ctx, pool, c.Dir, commandLineUser(), func(file, outcome string) {
		fmt.Fprintf(a.stdout, "%-9s  %s\n", outcome, file)
	})
}

type segmentsExportCommand struct {
	Dir string `arg:"" name:"DIR" help:"The folder; it is made if it is missing, and files of the same names are overwritten."`
}

func (segmentsExportCommand) Help() string {
	return `Writes what "footfall segments apply" reads. Applied to an empty store the files make the same segments and tables.

Examples:
  footfall segments export provisioning/segments`
}

func (c *segmentsExportCommand) Run(a *app, pool *pgxpool.Pool) error {
	return files.Export(a.ctx, pool, c.Dir, func(file string) { fmt.Fprintln(a.stdout, file) })
}

type segmentsRefreshCommand struct {
	IDs []string `arg:"" optional:"" name:"ID" help:"Segments to compute; all where none is given."`
}

func (segmentsRefreshCommand) Help() string {
	return `Examples:
  footfall segments refresh
  footfall segments refresh cart-dropouts premium`
}

func (c *segmentsRefreshCommand) Run(a *app, pool *pgxpool.Pool) error {
	ids, err := c.IDs, error(nil)
	if len(ids) == 0 {
		if ids, err = segment.RefreshOrder(a.ctx, pool); err != nil {
			return err
		}
	}
	var failed []error
	for _, id := range ids {
		if err := a.refresh(pool, id); err != nil {
			failed = append(failed, fmt.Errorf("segment %s: %w", id, err))
		}
		if a.ctx.Err() != nil {
			break
		}
	}
	return errors.Join(failed...)
}

func (a *app) refresh(pool *pgxpool.Pool, id string) error {
	if err := segment.Refresh(a.ctx, pool, id); err != nil {
		return err
	}
	s, err := segment.Get(a.ctx, pool, id)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s: %s users (%s) in %.0f ms\n", id, users(s), shareText(s), *s.TookMs)
	return nil
}

type segmentsMembersCommand struct {
	ID  string `arg:"" name:"ID" help:"The segment's id."`
	CSV bool   `name:"csv" help:"Print CSV, to be opened as a spreadsheet or uploaded as a table or list."`
}

func (segmentsMembersCommand) Help() string {
	return `Shows the members of the last computation, those seen last first. In CSV, cells that start with = + - @ get an apostrophe in front, so that spreadsheets do not execute them; uploading removes it.

Examples:
  footfall segments members cart-dropouts
  footfall segments members cart-dropouts --csv > dropouts.csv`
}

func (c *segmentsMembersCommand) Run(a *app, pool *pgxpool.Pool) error {
	s, err := segment.Get(a.ctx, pool, c.ID)
	if err != nil {
		return err
	}
	if s.ComputedAt == nil {
		fmt.Fprintf(a.stderr, "Segment %s has not been computed yet; `footfall segments refresh %s` does it\n", c.ID, c.ID)
	}
	if c.CSV {
		return segment.WriteMembers(a.ctx, pool, s.Key, segment.MemberPage{}, a.stdout)
	}
	out := a.columns("USER ID", "NAME", "E-MAIL", "LAST SEEN")
	err = segment.EachMember(a.ctx, pool, s.Key, segment.MemberPage{}, func(m segment.Member) error {
		out.row(m.UserID, orEmpty(m.Name), orEmpty(m.Email), moment(&m.LastSeen, ""))
		return nil
	})
	return errors.Join(err, out.end())
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

type segmentsRestoreCommand struct {
	ID string `arg:"" name:"ID" help:"The id of a segment that was deleted."`
}

func (segmentsRestoreCommand) Help() string {
	return `Brings the segment back as it was, with its list, members and sizes, up to 30 days after its deletion. Refused where there is a segment of this id again, or where it names a segment or table that is gone.

Examples:
  footfall segments restore cart-dropouts`
}

func (c *segmentsRestoreCommand) Run(a *app, pool *pgxpool.Pool) error {
	if err := segment.Restore(a.ctx, pool, c.ID, commandLineUser()); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "Segment %s is back.\n", c.ID)
	return nil
}
