package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// TestJSONArrayIsItsLines: an array gives the records that its elements give as lines, however it is laid out.
func TestJSONArrayIsItsLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines, array bytes.Buffer
		space := rapid.SampledFrom([]string{"", " ", "\n", "\r\n\t"})
		array.WriteString(space.Draw(t, "space") + "[")
		for i, texts := range rapid.SliceOfN(rapid.MapOfN(rapid.StringMatching(`[a-z]{1,3}`), anyText, 0, 4), 0, 6).Draw(t, "objects") {
			object := map[string]any{"list": []any{1, texts, "]"}}
			for name, text := range texts {
				object[name] = text
			}
			line, err := json.Marshal(object)
			require.NoError(t, err)
			lines.Write(append(line, '\n'))
			if i > 0 {
				array.WriteString("," + space.Draw(t, "space"))
			}
			if rapid.Bool().Draw(t, "indented") {
				require.NoError(t, json.Indent(&array, line, "", "  "))
			} else {
				array.Write(line)
			}
			array.WriteString(space.Draw(t, "space"))
		}
		array.WriteString("]" + space.Draw(t, "space"))
		require.Equal(t, readAll(t, newNDJSONReader(&lines, nil)), readAll(t, newNDJSONReader(&array, nil)))
	})
}

func TestJSONArray(t *testing.T) {
	pool := testdb.New(t)
	const good = `{"ts":"2026-05-17T10:00:00Z","type":"view"}`
	for name, test := range map[string]struct {
		file         string
		taken        int64
		refused, err string
	}{
		"bad element":     {"\n[" + good + ",\n{\"ts\":},\n" + good + "]", 2, "3: : broken JSON", ""},
		"no object":       {"[" + good + ",\n7\n]", 1, "2: : not a JSON object, but number", ""},
		"wrong bracket":   {"[" + good + `,{"a":1],` + good + "]", 2, "1: : broken JSON", ""},
		"broad element":   {"[" + good + `,{"a":"` + strings.Repeat("x", 17<<20) + `"},` + good + "]", 2, "1: : an element of more than 16 MB", ""},
		"two arrays":      {"[" + good + "]\n[" + good + ",]", 2, "", ""},
		"empty":           {"[]", 0, "", ""},
		"cut off":         {"[" + good + ",\n", 1, "", "after line 2: the array is cut off, its ] is missing"},
		"cut in element":  {"[" + good + ",\n" + good[:20], 1, "", "after line 2: the array is cut off in an element that begins on line 2"},
		"more behind":     {"[" + good + "]\n" + good, 1, "", "after line 2: something follows the end of the array"},
		"several lines":   {"{\n\"ts\": 1}", 0, "1: : broken JSON: the object does not end on its line; write one object a line", ""},
		"not an array":    {"\n\n" + good + "\n[1]\n", 1, "4: : not a JSON object, but array", ""},
		"broken encoding": {"[" + good + ",\n{\"ts\":\"\xff\"}]", 1, "2: ts: \"\ufffd\" is not UTF-8", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var refused []string
			file := write(t, "a.json", test.file)
			report, err := Import(context.Background(), pool, []string{file}, Options{OnRefusal: collect(&refused)})
			if test.err == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, test.err)
			}
			require.Equal(t, test.taken, report.Taken)
			require.Contains(t, strings.Join(refused, "\n"), test.refused)
		})
	}
}
