package filter

import (
	"fmt"
	"regexp"
)

// versionName matches names of custom attributes that hold versions: app_version, sdk.version, appVersion.
var versionName = regexp.MustCompile(`(?i:(^|[^a-z])version$)|[a-z0-9]Version$`)

// IsVersion is true for attributes whose values are versions, which compare part by part: 1.10 comes after 1.9.
func (a Attribute) IsVersion() bool {
	if a.IsCustom() {
		return versionName.MatchString(a.custom)
	}
	return a.Dictionary == "os_version" || a.Dictionary == "browser_version"
}

// isVersion matches, in Go and in SQL, what begins as a version does.
const isVersion = `^[vV]?[0-9]`

var versionPattern = regexp.MustCompile(isVersion)

// versionSQL makes a row of a version that sorts part by part: its numbers, where missing ones are zeros; whether it is a
// release, which comes after what goes on with a hyphen or a letter; that, without its numbers; and these. What follows a
// plus or a space does not count.
const versionSQL = `(string_to_array(regexp_replace(replace(%[1]s, '_', '.'), '(\.0+)+$', ''), '.')::numeric[], %[2]s = '',
 regexp_replace(%[2]s, '[0-9]+', '#', 'g') collate "C",
 string_to_array(btrim(regexp_replace(%[2]s, '[^0-9]+', '.', 'g'), '.'), '.')::numeric[])`

func versionOf(value string) string {
	return fmt.Sprintf(versionSQL,
		fmt.Sprintf(`substring(%s from '^[vV]?([0-9]+(?:[._][0-9]+)*)')`, value),
		fmt.Sprintf(`coalesce(substring(%s from '^[vV]?[0-9]+(?:[._][0-9]+)*[._]?([-a-zA-Z][^ +]*)'), '')`, value))
}

// compareVersions is not true of what is no version.
func compareVersions(value, operator, wanted string) string {
	return fmt.Sprintf("case when %s ~ '%s' then %s %s %s end", value, isVersion, versionOf(value), operator, versionOf(wanted+"::text"))
}
