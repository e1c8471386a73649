// The backend of the Footfall datasource, started by Grafana.
package main

import (
	"os"

	// Time zones, for machines without their own.
	_ "time/tzdata"

	"github.com/grafana/grafana-plugin-sdk-go/backend/datasource"
	"github.com/grafana/grafana-plugin-sdk-go/backend/log"

	"github.com/footfall-analytics/footfall/pkg/plugin"
)

func main() {
	if err := datasource.Manage(plugin.ID, plugin.New, datasource.ManageOpts{}); err != nil {
		log.DefaultLogger.Error("The datasource's backend has ended", "error", err)
		os.Exit(1)
	}
}
