package segment_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/tools/repo"
)

// readSchema returns docs/segment.schema.json compiled for whole segments and for definitions, and its text.
func readSchema(t *testing.T) (content, definition *jsonschema.Schema, text []byte) {
	t.Helper()
	root, err := repo.Root()
	require.NoError(t, err)
	text, err = os.ReadFile(filepath.Join(root, "docs", "segment.schema.json"))
	require.NoError(t, err)
	parsed, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("segment.schema.json", parsed))
	content, err = compiler.Compile("segment.schema.json")
	require.NoError(t, err)
	definition, err = compiler.Compile("segment.schema.json#/$defs/definition")
	require.NoError(t, err)
	return content, definition, text
}

func validate(s *jsonschema.Schema, text []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return s.Validate(value)
}

// Every field of the Go structs is in the schema, and no other.
func TestSchemaHasTheFields(t *testing.T) {
	_, _, text := readSchema(t)
	type object struct {
		Properties map[string]any    `json:"properties"`
		Defs       map[string]object `json:"$defs"`
	}
	var schema object
	require.NoError(t, json.Unmarshal(text, &schema))
	for name, of := range map[string]any{
		"": segment.Content{}, "definition": segment.Definition{}, "condition": segment.Condition{}, "did": segment.Did{},
		"sequence": segment.Sequence{}, "step": segment.Step{}, "window": segment.Window{},
	} {
		described := schema
		if name != "" {
			described = schema.Defs[name]
		}
		var fields []string
		for i := range reflect.TypeOf(of).NumField() {
			field, _, _ := strings.Cut(reflect.TypeOf(of).Field(i).Tag.Get("json"), ",")
			fields = append(fields, field)
		}
		require.ElementsMatch(t, fields, slices.Collect(maps.Keys(described.Properties)), "%T", of)
	}
}

// definitionBlock matches definitions in documents.
var definitionBlock = regexp.MustCompile("(?ms)^```json segment\n(.*?)^```$")

func TestSchemaAcceptsAllExamples(t *testing.T) {
	content, definition, _ := readSchema(t)
	root, err := repo.Root()
	require.NoError(t, err)
	provisioned, err := filepath.Glob(filepath.Join(root, "provisioning", "segments", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, provisioned)
	for _, path := range provisioned {
		if strings.HasSuffix(path, ".table.json") {
			continue
		}
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, validate(content, text), path)
	}
	documents, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	for _, path := range documents {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, block := range definitionBlock.FindAllSubmatch(text, -1) {
			require.NoError(t, validate(definition, block[1]), "%s: %s", path, block[1])
		}
	}
}

// Whatever the program writes, program and schema accept.
func TestSchemaAcceptsWhatDecodeAccepts(t *testing.T) {
	content, definition, _ := readSchema(t)
	rapid.Check(t, func(t *rapid.T) {
		d := segment.Definition{
			Identity:         rapid.SampledFrom([]string{"", "usr.id", "usr.plan"}).Draw(t, "identity"),
			IncludeAnonymous: rapid.Bool().Draw(t, "anonymous"),
			TimeZone:         drawZone(t),
			Where:            drawCondition(t, 3),
		}
		text, err := json.Marshal(d)
		require.NoError(t, err)
		_, err = segment.Decode(text)
		require.NoError(t, err, string(text))
		require.NoError(t, validate(definition, text), string(text))
		whole, err := json.Marshal(segment.Content{ID: "x", Name: "X", Kind: segment.Dynamic, Definition: &d})
		require.NoError(t, err)
		require.NoError(t, validate(content, whole), string(whole))
	})
}

// What one refuses the other refuses as well.
func TestSchemaRefusesWhatDecodeRefuses(t *testing.T) {
	_, definition, _ := readSchema(t)
	steps := `"steps": [{"event": "page:/a"}, {"not": "page:/b"}]`
	for _, where := range []string{
		``, `{}`, `{"all": []}`, `{"any": [{}]}`, `{"not": {}}`, `{"users": ""}`, `{"users": 5}`, `{"segment": "Not an id"}`, `{"table": ""}`,
		`{"users": "events:>0", "segment": "x"}`, `{"user": "events:>0"}`,
		`{"did": {}}`, `{"did": {"event": ""}}`, `{"did": {"event": "page:/a", "atLeast": 0}}`, `{"did": {"event": "page:/a", "atMost": -1}}`,
		`{"did": {"event": "page:/a", "exactly": 1.5}}`, `{"did": {"event": "page:/a", "atLeast": 1, "atMost": 2}}`,
		`{"did": {"event": "page:/a", "exactly": 1, "atMost": 2}}`, `{"did": {"event": "page:/a", "atLeast": 2000000000}}`,
		`{"did": {"event": "page:/a", "firstTime": true}}`,
		`{"did": {"event": "page:/a", "firstTime": true, "atLeast": 1, "window": {"last": "1d"}}}`,
		`{"did": {"event": "page:/a", "window": {}}}`, `{"did": {"event": "page:/a", "window": {"last": "1 day"}}}`,
		`{"did": {"event": "page:/a", "window": {"last": "0d"}}}`, `{"did": {"event": "page:/a", "window": {"from": "yesterday"}}}`,
		`{"did": {"event": "page:/a", "window": {"last": "1d", "to": "2026-01-01"}}}`, `{"did": {"event": "page:/a", "window": {"since": "1d"}}}`,
		`{"sequence": {}}`, `{"sequence": {"steps": [{"event": "page:/a"}]}}`, `{"sequence": {"steps": [{"not": "page:/a"}, {"event": "page:/b"}]}}`,
		`{"sequence": {"steps": [{"event": "page:/a"}, {}]}}`, `{"sequence": {"steps": [{"event": "page:/a"}, {"event": "page:/a", "not": "page:/b"}]}}`,
		`{"sequence": {"steps": [{"event": "page:/a", "not": "page:/b"}, {"event": "page:/a"}]}}`,
		`{"sequence": {"steps": [` + strings.Repeat(`{"event": "page:/a"}, `, 20) + `{"event": "page:/a"}]}}`,
		`{"sequence": {` + steps + `, "scope": "visit"}}`, `{"sequence": {` + steps + `, "within": "soon"}}`,
		`{"sequence": {` + steps + `, "pending": "maybe"}}`, `{"sequence": {` + steps + `, "gap": "1d"}}`,
	} {
		text := []byte(`{"where": ` + where + `}`)
		if where == "" {
			text = []byte(`{"identity": "usr.email"}`)
		}
		_, err := segment.Decode(text)
		require.ErrorAs(t, err, &segment.Error{}, string(text))
		require.Error(t, validate(definition, text), string(text))
	}
}

func TestSchemaOfStaticAndDynamicSegments(t *testing.T) {
	content, _, _ := readSchema(t)
	for text, valid := range map[string]bool{
		`{"name": "X", "kind": "static"}`: true,
		`{"id": "x", "name": "X", "kind": "static", "identity": "usr.email", "list": ["a"], "refreshMinutes": null}`: true,
		`{"name": "X", "kind": "dynamic"}`: false,
		`{"name": "X", "kind": "dynamic", "definition": {"where": {"table": "t"}}, "list": []}`:            false,
		`{"name": "X", "kind": "static", "definition": {"where": {"table": "t"}}}`:                         false,
		`{"name": " ", "kind": "static"}`:                                                                  false,
		`{"name": "X", "kind": "frozen"}`:                                                                  false,
		`{"id": "X!", "name": "X", "kind": "static"}`:                                                      false,
		`{"name": "X", "kind": "static", "list": [""]}`:                                                    false,
		`{"name": "X", "kind": "static", "refreshMinutes": 0}`:                                             false,
		`{"name": "X", "kind": "static", "size": 3}`:                                                       false,
		`{"name": "X", "kind": "static", "list": [], "anonymousIds": ["a"]}`:                               true,
		`{"name": "X", "kind": "static", "identity": "usr.id", "anonymousIds": ["a"]}`:                     true,
		`{"name": "X", "kind": "static", "identity": "usr.email", "anonymousIds": ["a"]}`:                  false,
		`{"name": "X", "kind": "static", "anonymousIds": [""]}`:                                            false,
		`{"name": "X", "kind": "dynamic", "definition": {"where": {"table": "t"}}, "anonymousIds": ["a"]}`: false,
	} {
		require.Equal(t, valid, validate(content, []byte(text)) == nil, text)
	}
}
