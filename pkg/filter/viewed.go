package filter

import "fmt"

// The pages that a session was entered and left at are those of its first and of its last view that has a page.
var (
	firstViewed = viewedPage("1", "e.ts, e.seq nulls first, e.event_key")
	lastViewed  = viewedPage("cardinality(s.pages)", "e.ts desc, e.seq desc nulls last, e.event_key desc")
)

// viewedSQL is such a page of session s as it is stored; null where none was viewed. Of a session that is longer than its
// arrays only the events know all.
const viewedSQL = `case when s.truncated then (
       select k.page
         from footfall.events e
         join footfall.tokens k on k.id = e.token and k.type = 'view' and k.page is not null
        where e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
        order by %[2]s
        limit 1) else s.pages[%[1]s] end`

func viewedPage(place, order string) string { return fmt.Sprintf(viewedSQL, place, order) }

// shownSQL is what a stored page is shown as.
const shownSQL = `(
       select coalesce((select k.page_group from footfall.tokens k where k.page = viewed.page and k.page_group is not null limit 1),
                       viewed.page)
         from (select %s as page) viewed)`

func shown(stored string) string { return fmt.Sprintf(shownSQL, stored) }

// viewed compiles a match of the page that session s was entered or left at: that of its view.
func (c *Compiler) viewed(a Attribute, m Match) (string, error) {
	c.Needs.Sessions = true
	if isExists(m) {
		return a.viewed + " is not null", nil
	}
	condition, err := c.tokenPage(a, m)
	return fmt.Sprintf("%s in (select k.page from footfall.tokens k where %s)", a.viewed, condition), err
}

// IsViewed is true for the pages that sessions were entered and left at; last for the latter.
func (a Attribute) IsViewed() (is, last bool) { return a.viewed != "", a.viewed == lastViewed }

// viewedOf is the one attribute that a node speaks of, if it is the page that sessions were entered or left at.
func (c *Compiler) viewedOf(n Node) (Attribute, bool) {
	return c.onlyAttribute(n, func(a Attribute) bool { return a.viewed != "" })
}

// ofPage says of the page of a token what a node of viewedOf says of that of a view.
func ofPage(n Node) Node {
	each := func(nodes []Node) []Node {
		list := make([]Node, len(nodes))
		for i, node := range nodes {
			list[i] = ofPage(node)
		}
		return list
	}
	switch n := n.(type) {
	case And:
		return And{Nodes: each(n.Nodes)}
	case Or:
		return Or{Nodes: each(n.Nodes)}
	case Not:
		return Not{Node: ofPage(n.Node)}
	case Term:
		n.Name = "page"
		return n
	}
	return n
}
