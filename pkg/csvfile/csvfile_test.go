package csvfile

import (
	"bufio"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSeparatorLine(t *testing.T) {
	for text, want := range map[string]struct {
		separator rune
		rest      string
	}{
		"sep=;\na;b\n":             {';', "a;b\n"},
		"SEP=|\r\na|b\n":           {'|', "a|b\n"},
		"\"sep=,\"\na,b\n":         {',', "a,b\n"},
		"sep=\t\na\tb\n":           {'\t', "a\tb\n"},
		"sep=,,,\na,b,c\n":         {',', "a,b,c\n"},
		"sep=;":                    {';', ""},
		"sep=;;a\n":                {0, "sep=;;a\n"},
		"sep=\na\n":                {0, "sep=\na\n"},
		"separator,b\n":            {0, "separator,b\n"},
		"":                         {0, ""},
		"a,sep=;\n":                {0, "a,sep=;\n"},
		strings.Repeat("a,", 1000): {0, strings.Repeat("a,", 1000)},
	} {
		r := bufio.NewReader(strings.NewReader(text))
		separator, err := ReadSeparator(r)
		require.NoError(t, err, text)
		require.Equal(t, want.separator, separator, text)
		rest, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, want.rest, string(rest), text)
	}
}

func TestMarks(t *testing.T) {
	for text, want := range map[string]string{"\ufeffa,b": "a,b", "a": "a", "": "", "\ufeff": ""} {
		r := bufio.NewReader(strings.NewReader(text))
		require.NoError(t, SkipMark(r))
		rest, err := io.ReadAll(r)
		require.NoError(t, err)
		require.Equal(t, want, string(rest))
	}
	for _, text := range []string{"\xff\xfea\x00", "\xfe\xff\x00a"} {
		require.ErrorIs(t, SkipMark(bufio.NewReader(strings.NewReader(text))), ErrUTF16)
	}
}

func TestParseDelimiter(t *testing.T) {
	for text, want := range map[string]rune{"": 0, "tab": '\t', `\t`: '\t', ";": ';', "¦": '¦'} {
		got, err := ParseDelimiter(text)
		require.NoError(t, err)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{";;", `"`, "\n", "semicolon", "\xff", "\x00"} {
		_, err := ParseDelimiter(text)
		require.ErrorContains(t, err, "one character", text)
	}
}

func TestFit(t *testing.T) {
	header := []string{"a", "b", " "}
	for _, test := range []struct {
		row, want string
		fits      bool
	}{
		{"1,2,", "1,2,", true},
		{"1,2,3", "1,2,3", true},
		{"1,2", "1,2,", true},
		{"1,2,3,,", "1,2,3", true},
		{"1,2,3,,x", "", false},
		{"1", "", false},
	} {
		cells, fits := Fit(strings.Split(test.row, ","), header)
		require.Equal(t, test.fits, fits, test.row)
		if fits {
			require.Equal(t, test.want, strings.Join(cells, ","))
		}
	}
}
