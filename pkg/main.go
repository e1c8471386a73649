// The backend of the Footfall datasource, started by Grafana.
package main

import (
	"math"
	"os"
	"runtime/debug"

	// Time zones, for machines without their own.
	_ "time/tzdata"

	"github.com/grafana/grafana-plugin-sdk-go/backend/datasource"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"

	"github.com/footfall-analytics/footfall/pkg/plugin"
)

// softLimit is where the garbage collector begins to work harder: answers come and go, and at its default it would let
// the heap grow to twice what they hold. In bytes.
const softLimit = 256 << 20

func main() {
	if debug.SetMemoryLimit(-1) == math.MaxInt64 { // nobody has set another by GOMEMLIMIT
		debug.SetMemoryLimit(softLimit)
	}
	if err := datasource.Manage(plugin.ID, plugin.New, datasource.ManageOpts{}); err != nil {
		log.DefaultLogger.Error("The datasource's backend has ended", "error", err)
		os.Exit(1)
	}
}
