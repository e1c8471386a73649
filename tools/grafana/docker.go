package grafana

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
)

// listenAddress is the address in the place where Grafana runs.
func (i Install) listenAddress() string {
	if i.Image != "" && !sharesHostNetwork() {
		return "0.0.0.0" // inside the container; published on 127.0.0.1 of this machine
	}
	return "127.0.0.1"
}

// DatabaseHost is what a server on 127.0.0.1 of this machine is called where Grafana runs.
func (i Install) DatabaseHost() string {
	if i.Image != "" && !sharesHostNetwork() {
		return "host.docker.internal"
	}
	return "127.0.0.1"
}

// Platform is the system its plugins are built for.
func (i Install) Platform() (goos, goarch string) {
	if i.Image != "" {
		return "linux", runtime.GOARCH
	}
	return runtime.GOOS, runtime.GOARCH
}

// dockerArguments runs an image on our configuration, with all folders at the paths they have here.
func dockerArguments(image, config string, options Options) []string {
	args := []string{"run", "--rm", "--entrypoint", "grafana"}
	if sharesHostNetwork() {
		args = append(args, "--network", "host")
	} else {
		args = append(args, "--publish", fmt.Sprintf("127.0.0.1:%d:%d", options.Port, options.Port))
	}
	if uid := os.Getuid(); uid >= 0 { // the state then belongs to whoever runs this
		args = append(args, "--user", strconv.Itoa(uid)+":"+strconv.Itoa(os.Getgid()))
	}
	for _, dir := range []string{options.Dir, options.Plugin, options.Provisioning} {
		args = append(args, "--volume", dir+":"+dir)
	}
	// The image's own variables would count more than the configuration.
	for name, path := range map[string]string{
		"GF_PATHS_DATA":         options.Dir,
		"GF_PATHS_LOGS":         filepath.Join(options.Dir, "log"),
		"GF_PATHS_PLUGINS":      filepath.Join(options.Dir, "plugins"),
		"GF_PATHS_PROVISIONING": options.Provisioning,
	} {
		args = append(args, "--env", name+"="+path)
	}
	for name := range options.Environment {
		args = append(args, "--env", name) // its value comes from docker's own environment, unseen in the process list
	}
	return append(args, image, "server", "--homepath", "/usr/share/grafana", "--config", config)
}

// sharesHostNetwork tells whether containers can use this machine's own network.
func sharesHostNetwork() bool { return runtime.GOOS == "linux" }
