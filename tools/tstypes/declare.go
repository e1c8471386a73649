package tstypes

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

const module = "github.com/footfall-analytics/footfall/pkg/"

// prefixes of the names of types, by package; a name that begins with it already stays as it is.
var prefixes = map[string]string{
	"plugin": "", "query": "", "query/activity": "", "query/explorer": "", "query/pathways": "", "query/segments": "", "query/top": "",
	"query/users": "", "filter": "", "segment": "Segment", "segment/table": "Table", "segment/deleted": "Segment", "store": "Store",
}

// renamed are types whose own name says too little outside of their package.
var renamed = map[string]string{
	"query.Members": "SegmentRef", "query.Person": "UserSelection", "users.Suggestion": "AttributeValue",
	"explorer.Over": "ExplorerOver", "explorer.Format": "ExplorerFormat", "explorer.Interval": "ExplorerInterval",
	"filter.Level": "AttributeLevel", "filter.Operator": "FilterOperator", "filter.Type": "AttributeType",
}

// written are types whose JSON is not that of their fields.
var written = map[string]string{
	"json.RawMessage": "unknown", "time.Time": "string", "query.Members": "string | SegmentDefinition",
	"explorer.FacetLimit": "number | string",
}

var basics = map[types.BasicInfo]string{types.IsString: "string", types.IsNumeric: "number", types.IsBoolean: "boolean"}

// generator declares the types that it is asked for, and those that they speak of.
type generator struct {
	packages map[string]*packages.Package // by path below pkg
	comments map[token.Pos]string         // of types and fields, by the place of their name
	lenient  map[types.Object]bool        // structs whose fields may all be left out
	names    map[types.Object]string      // in TypeScript
	declared map[string]string            // texts by that name
	errs     []error
}

func load(root string) (*generator, error) {
	g := &generator{
		packages: map[string]*packages.Package{}, comments: map[token.Pos]string{}, lenient: map[types.Object]bool{},
		names: map[types.Object]string{}, declared: map[string]string{},
	}
	var paths []string
	for path := range prefixes {
		paths = append(paths, module+path)
	}
	list, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax, Dir: root}, paths...)
	for _, p := range list {
		for _, wrong := range p.Errors {
			g.errs = append(g.errs, wrong)
		}
		g.packages[strings.TrimPrefix(p.PkgPath, module)] = p
		for _, file := range p.Syntax {
			ast.Inspect(file, g.readComments)
		}
	}
	return g, err
}

// readComments takes the comment before a type or field, or else the one after it in its line.
func (g *generator) readComments(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GenDecl:
		for _, spec := range n.Specs {
			if t, ok := spec.(*ast.TypeSpec); ok {
				g.comments[t.Name.Pos()] = cmp.Or(t.Doc.Text(), n.Doc.Text())
			}
		}
	case *ast.Field:
		for _, name := range n.Names {
			g.comments[name.Pos()] = cmp.Or(n.Doc.Text(), n.Comment.Text())
		}
	}
	return true
}

// reference is a type as a field has it. A named one is declared.
func (g *generator) reference(t types.Type) string {
	switch t := t.(type) {
	case *types.Basic:
		for info, text := range basics {
			if t.Info()&info != 0 {
				return text
			}
		}
	case *types.Pointer:
		return g.reference(t.Elem()) + " | null"
	case *types.Slice:
		of := g.reference(t.Elem())
		if strings.Contains(of, " ") {
			return "Array<" + of + ">"
		}
		return of + "[]"
	case *types.Named:
		return g.named(t.Obj())
	}
	return g.unknown(t)
}

func (g *generator) unknown(t types.Type) string {
	g.errs = append(g.errs, fmt.Errorf("no way is known to say %s in TypeScript", t))
	return "unknown"
}

func (g *generator) named(o *types.TypeName) string {
	qualified := o.Pkg().Name() + "." + o.Name()
	prefix, isOurs := prefixes[strings.TrimPrefix(o.Pkg().Path(), module)]
	marshal, _, _ := types.LookupFieldOrMethod(types.NewPointer(o.Type()), true, o.Pkg(), "MarshalJSON")
	own := written[qualified]
	switch {
	case !isOurs && own != "":
		return own
	case !isOurs, marshal != nil && own == "":
		return g.unknown(o.Type())
	}
	name := cmp.Or(g.names[o], renamed[qualified], prefix+strings.TrimPrefix(upperFirst(o.Name()), prefix))
	if _, taken := g.declared[name]; taken {
		if g.names[o] != name {
			g.errs = append(g.errs, fmt.Errorf("another type than %s is called %s already", o.Type(), name))
		}
		return name
	}
	g.names[o], g.declared[name] = name, "" // a type may speak of itself
	text := "export type " + name + " = " + own + ";\n"
	if own == "" {
		text = g.declaration(o, name)
	}
	g.declared[name] = comment(g.comments[o.Pos()], "") + text
	return name
}

func upperFirst(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

func (g *generator) declaration(o *types.TypeName, name string) string {
	structure, isStruct := o.Type().Underlying().(*types.Struct)
	if !isStruct {
		values := constants(o)
		if len(values) == 0 {
			values = append(values, g.reference(o.Type().Underlying()))
		}
		return "export type " + name + " = " + strings.Join(values, " | ") + ";\n"
	}
	bases, fields := g.fields(structure, g.lenient[o])
	if len(bases)+len(fields) == 0 {
		return "export type " + name + " = Record<never, never>;\n"
	}
	if len(bases) > 0 {
		name += " extends " + strings.Join(bases, ", ")
	}
	body := "{}\n"
	if len(fields) > 0 {
		body = "{\n" + strings.Join(fields, "") + "}\n"
	}
	return "export interface " + name + " " + body
}

// constants are the values of a type's constants, in the order in which they are written down.
func constants(o *types.TypeName) []string {
	scope := o.Pkg().Scope()
	var list []*types.Const
	for _, name := range scope.Names() {
		if c, ok := scope.Lookup(name).(*types.Const); ok && c.Type() == o.Type() {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *types.Const) int { return cmp.Compare(a.Pos(), b.Pos()) })
	values := make([]string, len(list))
	for i, c := range list {
		values[i] = strings.ReplaceAll(c.Val().ExactString(), `"`, "'")
	}
	return values
}

// fields are those that JSON has, and what else is embedded.
func (g *generator) fields(t *types.Struct, lenient bool) (bases, fields []string) {
	for i := range t.NumFields() {
		f := t.Field(i)
		name, options, _ := strings.Cut(reflect.StructTag(t.Tag(i)).Get("json"), ",")
		switch {
		case f.Embedded():
			g.lenient[f.Type().(*types.Named).Obj()] = lenient
			bases = append(bases, g.reference(f.Type()))
		case f.Exported() && name != "-":
			of, mark := g.reference(f.Type()), ""
			if options != "" { // omitempty or omitzero
				of = strings.TrimSuffix(of, " | null")
			}
			if options != "" || lenient {
				mark = "?"
			}
			fields = append(fields, comment(g.comments[f.Pos()], "  ")+"  "+cmp.Or(name, f.Name())+mark+": "+of+";\n")
		}
	}
	return bases, fields
}

func comment(text, indent string) string {
	text = strings.ReplaceAll(strings.TrimSpace(text), "*/", `*\/`)
	switch {
	case text == "":
		return ""
	case !strings.Contains(text, "\n"):
		return indent + "/** " + text + " */\n"
	}
	return indent + "/**\n" + indent + " * " + strings.ReplaceAll(text, "\n", "\n"+indent+" * ") + "\n" + indent + " */\n"
}
