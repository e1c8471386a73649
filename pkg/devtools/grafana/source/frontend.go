package source

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

const nodeVersion = "18.20.8" // newer ones cannot run the source's yarn

// installTools fetches Node and the libraries that the source keeps in folders named vendor, which Go's module proxy
// leaves out.
func (b *builder) installTools(ctx context.Context, log io.Writer) error {
	node, err := nodePackage()
	if err != nil {
		return err
	}
	dir := filepath.Join(b.dir, "npm")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := run(ctx, log, dir, nil, "npm", "install", "--prefix", dir, "--ignore-scripts", "--no-audit", "--no-fund",
		"--legacy-peer-deps", node+"@"+nodeVersion, "bootstrap2@2.3.2", "flot@0.8.3", "bootstrap-tagsinput@0.7.1"); err != nil {
		return err
	}
	return b.restoreVendored()
}

func nodePackage() (string, error) {
	arch := map[string]string{"amd64": "x64", "arm64": "arm64"}[runtime.GOARCH]
	if arch == "" || (runtime.GOOS != "linux" && runtime.GOOS != "darwin") {
		return "", fmt.Errorf("there is no Node %s package for %s/%s", nodeVersion, runtime.GOOS, runtime.GOARCH)
	}
	return fmt.Sprintf("node-%s-%s", runtime.GOOS, arch), nil
}

// restoreVendored fills public/vendor. Only the old Angular panels use it; four small plugins of theirs that npm has not
// got are left empty.
func (b *builder) restoreVendored() error {
	modules := filepath.Join(b.dir, "npm", "node_modules")
	vendor := filepath.Join(b.src(), "public", "vendor")
	copies := map[string]string{
		"bootstrap/bootstrap.js":           "bootstrap2/docs/assets/js/bootstrap.js",
		"tagsinput/bootstrap-tagsinput.js": "bootstrap-tagsinput/dist/bootstrap-tagsinput.js",
	}
	for _, name := range []string{"", ".selection", ".time", ".stack", ".crosshair"} {
		copies["flot/jquery.flot"+name+".js"] = "flot/jquery.flot" + name + ".js"
	}
	for target, origin := range copies {
		text, err := os.ReadFile(filepath.Join(modules, origin))
		if err != nil {
			return err
		}
		if err := writeFile(filepath.Join(vendor, target), text); err != nil {
			return err
		}
	}
	for _, name := range []string{"stackpercent", "fillbelow", "dashes", "gauge"} {
		if err := writeFile(filepath.Join(vendor, "flot", "jquery.flot."+name+".js"), []byte("// left out\n")); err != nil {
			return err
		}
	}
	return nil
}

// The workspaces and the development packages that the production bundle is made with. All others (tests, linting,
// stories, releases) would double the installation, and some come from places that are no registry.
var (
	neededWorkspaces = []string{"data", "ui", "runtime", "schema", "e2e-selectors"}
	neededPackages   = []string{
		"@babel/runtime", "autoprefixer", "blob-polyfill", "browserslist", "copy-webpack-plugin", "css-loader",
		"css-minimizer-webpack-plugin", "esbuild", "esbuild-loader", "esbuild-plugin-browserslist", "expose-loader",
		"html-loader", "html-webpack-plugin", "mini-css-extract-plugin", "ngtemplate-loader", "postcss", "postcss-loader",
		"postcss-reporter", "postcss-scss", "react-simple-compat", "rudder-sdk-js", "sass", "sass-loader", "style-loader",
		"webpack", "webpack-cli", "webpack-manifest-plugin", "webpack-merge",
	}
)

// trimWorkspaces cuts the package.json files down to what the bundle needs.
func (b *builder) trimWorkspaces(context.Context, io.Writer) error {
	err := editPackage(b.src(), func(p packageJSON) {
		p["scripts"] = map[string]any{}
		p.keep("devDependencies", neededPackages)
		// Its own version is not on npm.
		p.section("dependencies")["xlsx"] = "0.18.5"
		for name := range p.section("resolutions") {
			if strings.Contains(name, "storybook") || strings.Contains(name, "rushstack") {
				delete(p.section("resolutions"), name)
			}
		}
		var folders []string
		for _, name := range neededWorkspaces {
			folders = append(folders, "packages/grafana-"+name)
		}
		p.section("workspaces")["packages"] = folders
	})
	if err != nil {
		return err
	}
	for _, name := range neededWorkspaces {
		err := editPackage(filepath.Join(b.src(), "packages", "grafana-"+name), func(p packageJSON) {
			p["scripts"] = map[string]any{}
			p.keep("devDependencies", []string{"react", "react-dom"})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// packageJSON is the contents of a package.json.
type packageJSON map[string]any

// section returns an object of the file, to read and change.
func (p packageJSON) section(name string) map[string]any {
	section, ok := p[name].(map[string]any)
	if !ok {
		section = map[string]any{}
		p[name] = section
	}
	return section
}

// keep removes all entries of a section but the given ones.
func (p packageJSON) keep(section string, names []string) {
	kept := map[string]any{}
	for _, name := range names {
		if value, ok := p.section(section)[name]; ok {
			kept[name] = value
		}
	}
	p[section] = kept
}

func editPackage(dir string, edit func(packageJSON)) error {
	path := filepath.Join(dir, "package.json")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var p packageJSON
	if err := json.Unmarshal(text, &p); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	edit(p)
	text, err = json.MarshalIndent(p, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, text, 0o644)
}

// installPackages runs the yarn that the source brings along, against npm's configured registry.
func (b *builder) installPackages(ctx context.Context, log io.Writer) error {
	// One package comes from its git host, but the source holds a copy; yarn looks for it under this other name.
	cache := filepath.Join(b.src(), ".yarn", "cache", "tether-drop-https-3382d2649f-")
	text, err := os.ReadFile(cache + "a10a7337d5.zip")
	if err != nil {
		return err
	}
	if err := os.WriteFile(cache+"8.zip", text, 0o644); err != nil {
		return err
	}
	env, err := registryEnvironment(ctx)
	if err != nil {
		return err
	}
	env = append(env, "YARN_ENABLE_IMMUTABLE_INSTALLS=false", "YARN_ENABLE_SCRIPTS=false", "YARN_ENABLE_TELEMETRY=0",
		"YARN_ENABLE_PROGRESS_BARS=false", "YARN_ENABLE_MIRROR=false")
	return b.yarn(ctx, log, env, "install")
}

// registryEnvironment tells yarn which registry npm uses.
func registryEnvironment(ctx context.Context) ([]string, error) {
	out, err := exec.CommandContext(ctx, "npm", "config", "get", "registry").Output()
	if err != nil {
		return nil, fmt.Errorf("npm config get registry: %w", err)
	}
	registry, err := url.Parse(strings.TrimSuffix(strings.TrimSpace(string(out)), "/"))
	if err != nil {
		return nil, fmt.Errorf("npm's registry: %w", err)
	}
	env := []string{"YARN_NPM_REGISTRY_SERVER=" + registry.String()}
	if registry.Scheme == "http" {
		env = append(env, "YARN_UNSAFE_HTTP_WHITELIST="+registry.Hostname())
	}
	return env, nil
}

// bundleWeb runs the source's production bundle, without source maps and without a cache for a next time.
func (b *builder) bundleWeb(ctx context.Context, log io.Writer) error {
	env := []string{"NODE_ENV=production", "NODE_OPTIONS=--max-old-space-size=6000"}
	if err := b.yarn(ctx, log, env, "run", "webpack", "--config", "scripts/webpack/webpack.prod.js",
		"--no-devtool", "--no-cache"); err != nil {
		return err
	}
	_, err := os.Stat(filepath.Join(b.src(), "public", "views", "index.html"))
	return err
}

// yarn runs with the Node of the source's time first on the PATH.
func (b *builder) yarn(ctx context.Context, log io.Writer, env []string, args ...string) error {
	node, err := nodePackage()
	if err != nil {
		return err
	}
	bin := filepath.Join(b.dir, "npm", "node_modules", node, "bin")
	env = append(env, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"),
		"YARN_GLOBAL_FOLDER="+filepath.Join(b.dir, "yarn"))
	yarn := filepath.Join(b.src(), ".yarn", "releases", "yarn-3.4.1.cjs")
	return run(ctx, log, b.src(), env, filepath.Join(bin, "node"), append([]string{yarn}, args...)...)
}

func writeFile(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, text, 0o644)
}
