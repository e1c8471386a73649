package main

import (
	"errors"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store/rollup"
)

type attributesCommand struct {
	List   attributesListCommand   `cmd:"" help:"Show which attributes of events are packed, and how far that has come."`
	Pack   attributesPackCommand   `cmd:"" help:"Have the worker pack attributes, so that questions over many events answer sooner."`
	Unpack attributesUnpackCommand `cmd:"" help:"Remove what is packed of attributes. Their events stay."`
}

type attributesListCommand struct {
	JSON bool `help:"Print the attributes as JSON."`
}

func (attributesListCommand) Help() string {
	return `Examples:
  footfall attributes list
  footfall attributes list --json | jq '.[].name'`
}

func (c *attributesListCommand) Run(a *app, pool *pgxpool.Pool) error {
	list, err := rollup.PackedAttributes(a.ctx, pool)
	if err != nil {
		return err
	}
	return listing[rollup.PackedAttribute]{
		heads: []string{"ATTRIBUTE", "BLOCKS", "PACKED", "TOO LONG", "BYTES"},
		cells: func(p rollup.PackedAttribute) []string {
			return []string{p.Name, grouped(p.Blocks), grouped(p.Packed), grouped(p.TooLong), grouped(p.Bytes)}
		},
		none: "No attribute is packed: questions read the events. Pack one with `footfall attributes pack`.",
	}.print(a, list, c.JSON)
}

type attributesPackCommand struct {
	Names []string `arg:"" name:"NAME" sep:"none" help:"As events say them, such as price or cart.total."`
}

func (attributesPackCommand) Help() string {
	return `Averages, percentiles and groups of an attribute over millions of events read what is packed beside blocks of sessions, many times sooner than the events. The worker packs it of blocks that are there, from new to old, and of each new one. At most 50 attributes are packed.

Examples:
  footfall attributes pack price
  footfall attributes pack cart.total release`
}

func (c *attributesPackCommand) Run(a *app, pool *pgxpool.Pool) error {
	for _, name := range c.Names {
		if err := rollup.PackAttribute(a.ctx, pool, name); err != nil {
			return err
		}
	}
	return (&attributesListCommand{}).Run(a, pool)
}

type attributesUnpackCommand struct {
	Names []string `arg:"" name:"NAME" sep:"none" help:"Of attributes that are packed."`
}

func (attributesUnpackCommand) Help() string {
	return `Examples:
  footfall attributes unpack price`
}

func (c *attributesUnpackCommand) Run(a *app, pool *pgxpool.Pool) error {
	var errs []error
	for _, name := range c.Names {
		errs = append(errs, rollup.UnpackAttribute(a.ctx, pool, name))
	}
	return errors.Join(append(errs, (&attributesListCommand{}).Run(a, pool))...)
}
