package filter

import (
	"fmt"
	"strings"
)

// Pages are what a page that people name can be, see store.PageRules.Named.
func (n Names) Pages(named Pattern) []Pattern {
	var list []Pattern
	for _, page := range n.PageRules.Named(named) {
		list = append(list, page)
	}
	return list
}

// pageMatch is a condition on a page's text in SQL. Contains and order take pages as they are stored.
func (c *Compiler) pageMatch(a Attribute, value string, m Match) (string, error) {
	named := patternsOf(m)
	if named == nil {
		return c.texts(a, value, m)
	}
	var exact anyOf
	var parts []string
	for _, one := range named {
		pages := c.Names.Pages(one)
		c.Asked.text(a, one, pages...)
		for _, page := range pages {
			if len(page) == 1 {
				exact = append(exact, page[0])
				continue
			}
			part, err := c.texts(a, value, page)
			if err != nil {
				return "", err
			}
			parts = append(parts, part)
		}
	}
	if exact != nil {
		part, err := c.texts(a, value, exact)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	return "(" + strings.Join(parts, " or ") + ")", nil
}

// pathOf is the raw path of an event e, which is stored where its page is another text.
const pathOf = "coalesce(e.path, (select d.value from footfall.tokens k join footfall.dictionary d on d.id = k.page where k.id = e.token))"

// path compiles a match of an event's raw path.
func (c *Compiler) path(a Attribute, m Match) (string, error) {
	c.Needs.Events = true
	if isExists(m) {
		return "(e.path is not null or e.token in " + tokenSet("k.page is not null") + ")", nil
	}
	stored, err := c.texts(a, "e.path", m)
	if err != nil {
		return "", err
	}
	same, err := c.texts(a, "d.value", m)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("case when e.path is null then e.token in %s else %s end",
		tokenSet("k.page in (select d.id from footfall.dictionary d where d.kind = 'page' and "+same+")"), stored), nil
}
