package repo

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// untold are packages whose package.json names no licence: two have the Unlicense as a file, get-document, which comes with
// @grafana/ui, has none at all.
var untold = map[string]bool{"fast-shallow-equal": true, "get-document": true, "react-universal-interface": true}

// weak are tools for tests under the MPL, which asks something of those alone who change their files.
var weak = map[string]bool{"@axe-core/playwright": true, "axe-core": true}

// The licences that a bundle under Apache 2.0 and its tools may bring. Some of Grafana's own packages are under the AGPL.
var fine = regexp.MustCompile(`^\(?(MIT|MIT-0|Apache-2\.0|ISC|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-[34]\.0|Unlicense|OFL-1\.1|Python-2\.0|MPL-2\.0 OR Apache-2\.0|MIT OR CC0-1\.0|MIT AND .*|Apache-2\.0 AND MIT)\)?$`)

func TestLicencesOfInstalledPackages(t *testing.T) {
	root, err := Root()
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, "package-lock.json"))
	require.NoError(t, err)
	var lock struct {
		Packages map[string]struct {
			License string
			Link    bool
		}
	}
	require.NoError(t, json.Unmarshal(text, &lock))
	require.Greater(t, len(lock.Packages), 500)
	for path, p := range lock.Packages {
		if p.Link || (p.License == "" && untold[filepath.Base(path)]) {
			continue
		}
		if p.License == "MPL-2.0" && weak[strings.TrimPrefix(path, "node_modules/")] {
			continue
		}
		require.Regexp(t, fine, p.License, path)
	}
}
