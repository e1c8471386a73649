package segment

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadListFile(t *testing.T) {
	for _, test := range []struct {
		file, identity string
		want           []string
		refusal        string
	}{
		{file: "a\n b \n\nc", want: []string{"a", "b", "c"}},
		{file: "\ufeffUser ID\na", want: []string{"a"}},
		{file: "distinct_id,email\na,a@x.org", want: []string{"a"}},
		{file: "E-Mail\nzoe@x.org", identity: "usr.email", want: []string{"zoe@x.org"}},
		{file: "user_id,user_name,user_email,last_seen\nu-1,Ann,ann@x.org,2026\nu-2,Bob\n", identity: "usr.email", want: []string{"ann@x.org"}},
		{file: "usr.id\n", want: []string{}},
		{file: "usr.email\nzoe@x.org", refusal: "the file holds usr.email, the segment is a list of usr.id"},
		{file: "Name\nzoe", identity: "usr.email", refusal: "the file holds usr.name, the segment is a list of usr.email"},
		{file: "customer,email\nc-1,zoe@x.org", want: []string{"customer", "c-1"}},
		{file: " \n", refusal: "the file is empty"},
		{file: "", refusal: "the file is empty"},
		{file: "sep=;\nUser ID;Plan\nu1;gold\n", want: []string{"u1"}},
		{file: "\ufeffsep=,\r\nPlan,E-Mail\r\ngold,zoe@x.org\r\n", identity: "usr.email", want: []string{"zoe@x.org"}},
		{file: "\"Plan\";\"User ID\"\r\ngold;u1\r\n", want: []string{"u1"}},
		{file: "Plan\tE-Mail\ngold\tzoe@x.org\n", identity: "usr.email", want: []string{"zoe@x.org"}},
		{file: "a;b\nc", want: []string{"a;b", "c"}},
		{file: "プラン,User ID,\ngold,u1,\n", want: []string{"u1"}},
		{file: "\xff\xfea\x00", refusal: "UTF-16"},
	} {
		list, err := ReadListFile(strings.NewReader(test.file), test.identity)
		if test.refusal != "" {
			require.ErrorContains(t, err, test.refusal, test.file)
			continue
		}
		require.NoError(t, err, test.file)
		require.Equal(t, test.want, list, test.file)
	}
}
