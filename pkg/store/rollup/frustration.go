package rollup

import "github.com/footfall-analytics/footfall/pkg/store/event"

// frustrationRules derive frustrations from plain clicks and errors where the SDK reports none.
type frustrationRules struct {
	rageClicks  int
	rageWindow  int64 // ms: between neighbours of a chain, and for rageClicks of it
	errorWindow int64 // ms from a click to its error
	clickType   int32 // dictionary id of the action type "click", 0 while unknown
}

// reach is how far, in ms, an event can influence what is derived from a later one.
func (f *frustrationRules) reach() int64 { return max(f.rageWindow, f.errorWindow) }

func (f *frustrationRules) isClick(r *record) bool {
	return r.Token.Type == event.Action && f.clickType != 0 && r.ActionType == f.clickType
}

// derive sets the frustration of each token of a session; records must be all its events in event order.
func (f *frustrationRules) derive(records []*record) {
	reported := false
	for _, r := range records {
		r.Token.Frustration = r.Reported
		reported = reported || r.Reported != 0
	}
	if reported {
		return
	}
	f.deriveRage(records)
	f.deriveErrors(records)
}

// place is the view a click or an error happened in: the view's id, else the page.
type place struct {
	view int64
	page int32
}

func placeOf(r *record) place {
	if r.ViewKey != 0 {
		return place{view: r.ViewKey}
	}
	return place{page: r.Token.Page}
}

// target is what was clicked: in a place, the target's name, else the action's.
type target struct {
	place
	name     int32
	isAction bool
}

func targetOf(r *record) target {
	if r.ActionTarget != 0 {
		return target{placeOf(r), r.ActionTarget, false}
	}
	return target{placeOf(r), r.ActionName, true}
}

// deriveRage marks the first click of each chain that holds enough clicks within the window. A chain ends with a click
// on something else, or a pause.
func (f *frustrationRules) deriveRage(records []*record) {
	var chain []*record
	for _, r := range records {
		if !f.isClick(r) {
			continue
		}
		if n := len(chain); n > 0 && (targetOf(r) != targetOf(chain[n-1]) || r.TS-chain[n-1].TS > f.rageWindow) {
			chain = nil
		}
		chain = append(chain, r)
		if n := len(chain); n >= f.rageClicks && r.TS-chain[n-f.rageClicks].TS <= f.rageWindow {
			chain[0].Token.Frustration |= event.RageClick
		}
	}
}

// deriveErrors marks, for each error, the last click before it in its view and window, each click at most once.
func (f *frustrationRules) deriveErrors(records []*record) {
	lastClick := map[place]*record{}
	for _, r := range records {
		switch {
		case f.isClick(r):
			lastClick[placeOf(r)] = r
		case r.Token.Type == event.Error:
			if click := lastClick[placeOf(r)]; click != nil && r.TS-click.TS <= f.errorWindow {
				click.Token.Frustration |= event.ErrorClick
			}
		}
	}
}
