package table

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestNormaliseName(t *testing.T) {
	for name, want := range map[string]string{
		"email": "email", " E-Mail ": "e_mail", "23Two_three": "two_three", "_x": "x", "Customer Since (year)": "customer_since__year_",
		"Größe": "gr__e", "№ 1 list": "list", "a\tb": "a_b", strings.Repeat("a", 56): strings.Repeat("a", 56),
	} {
		got, err := NormaliseName(name)
		require.NoError(t, err, name)
		require.Equal(t, want, got)
	}
	for name, problem := range map[string]string{
		"": "no letter", "  ": "no letter", "42": "no letter", "日本": "no letter", strings.Repeat("a", 57): "more than 56 characters",
	} {
		_, err := NormaliseName(name)
		require.ErrorContains(t, err, problem, name)
	}
}

func TestNormaliseColumns(t *testing.T) {
	for header, want := range map[string]string{
		"fileid,fileid":               "fileid1,fileid2",
		"ID,id, id ":                  "id1,id2,id3",
		"a,a,a2,b":                    "a1,a3,a2,b",
		"a1,a,a":                      "a1,a2,a3",
		"a1,a,a,a1":                   "a11,a2,a3,a12",
		"a1,a1,a,a,a,a,a,a,a,a,a,a,a": "a11,a12,a2,a3,a4,a5,a6,a7,a8,a9,a10,a13,a14",
		"User Id,user-id":             "user_id1,user_id2",
		"id,プラン,№ 7,":                 "id,column_2,column_3,column_4",
		"日本,column_1":                 "column_11,column_12",
	} {
		got, err := normaliseColumns(strings.Split(header, ","))
		require.NoError(t, err)
		require.Equal(t, want, strings.Join(got, ","), header)
	}
	long := strings.Repeat("a", 56)
	_, err := normaliseColumns([]string{long, long})
	require.ErrorContains(t, err, "line 1: the name \""+long+"1\" has more than 56 characters")
}

// Names are what the rules say, all different, and stay as they are when they come again.
func TestColumnNamesProperty(t *testing.T) {
	allowed := regexp.MustCompile(`^[a-z][a-z0-9_]{0,55}$`)
	rapid.Check(t, func(t *rapid.T) {
		header := rapid.SliceOfN(rapid.StringMatching(`[ab12 _É]{0,4}[a-bA]{1,2}[12]?`), 1, 8).Draw(t, "header")
		names, err := normaliseColumns(header)
		require.NoError(t, err)
		seen := map[string]bool{}
		for i, name := range names {
			require.Regexp(t, allowed, name)
			require.False(t, seen[name], "%q of %q", name, header)
			seen[name] = true
			base, err := NormaliseName(header[i])
			require.NoError(t, err)
			require.Regexp(t, "^"+base+"[0-9]*$", name)
		}
		again, err := normaliseColumns(names)
		require.NoError(t, err)
		require.Equal(t, names, again)
	})
}

func TestCheckMeanings(t *testing.T) {
	for name, column := range map[string]string{"usr": "plan", "attributes": "price", "geo": "city", "view": "name"} {
		require.ErrorContains(t, checkMeanings(name, []string{column}), fmt.Sprintf("%s.%s already means", name, column))
	}
	require.NoError(t, checkMeanings("premium", []string{"email", "tier"}))
}
