//go:build ignore
// +build ignore

package main

import (
	_context "context"
	_flag "flag"
	_fmt "fmt"
	_io "io"
	_log "log"
	_os "os"
	_signal "os/signal"
	_filepath "path/filepath"
	_sort "sort"
	_strconv "strconv"
	_strings "strings"
	_syscall "syscall"
	_tabwriter "text/tabwriter"
	_time "time"
	build_mageimport "github.com/grafana/grafana-plugin-sdk-go/build"
	
)

func main() {
	// Use local types and functions in order to avoid name conflicts with additional magefiles.
	type arguments struct {
		Verbose       bool          // print out log statements
		List          bool          // print out a list of targets
		Help          bool          // print out help for a specific target
		Timeout       _time.Duration // set a timeout to running the targets
		Args          []string      // args contain the non-flag command-line arguments
	}

	parseBool := func(env string) bool {
		val := _os.Getenv(env)
		if val == "" {
			return false
		}		
		b, err := _strconv.ParseBool(val)
		if err != nil {
			_log.Printf("warning: environment variable %s is not a valid bool value: %v", env, val)
			return false
		}
		return b
	}

	parseDuration := func(env string) _time.Duration {
		val := _os.Getenv(env)
		if val == "" {
			return 0
		}		
		d, err := _time.ParseDuration(val)
		if err != nil {
			_log.Printf("warning: environment variable %s is not a valid duration value: %v", env, val)
			return 0
		}
		return d
	}
	args := arguments{}
	fs := _flag.FlagSet{}
	fs.SetOutput(_os.Stdout)

	// default flag set with ExitOnError and auto generated PrintDefaults should be sufficient
	fs.BoolVar(&args.Verbose, "v", parseBool("MAGEFILE_VERBOSE"), "show verbose output when running targets")
	fs.BoolVar(&args.List, "l", parseBool("MAGEFILE_LIST"), "list targets for this binary")
	fs.BoolVar(&args.Help, "h", parseBool("MAGEFILE_HELP"), "print out help for a specific target")
	fs.DurationVar(&args.Timeout, "t", parseDuration("MAGEFILE_TIMEOUT"), "timeout in duration parsable format (e.g. 5m30s)")
	fs.Usage = func() {
		_fmt.Fprintf(_os.Stdout, `
%s [options] [target]

Commands:
  -l    list targets in this binary
  -h    show this help

Options:
  -h    show description of a target
  -t <string>
        timeout in duration parsable format (e.g. 5m30s)
  -v    show verbose output when running targets
 `[1:], _filepath.Base(_os.Args[0]))
	}
	if err := fs.Parse(_os.Args[1:]); err != nil {
		// flag will have printed out an error already.
		return
	}
	args.Args = fs.Args()
	if args.Help && len(args.Args) == 0 {
		fs.Usage()
		return
	}
		
	var printName = func(str string) string {
	// color is ANSI color type
	type color int

	// If you add/change/remove any items in this constant,
	// you will need to run "stringer -type=color" in this directory again.
	// NOTE: Please keep the list in an alphabetical order.
	const (
		black color = iota
		red
		green
		yellow
		blue
		magenta
		cyan
		white
		brightblack
		brightred
		brightgreen
		brightyellow
		brightblue
		brightmagenta
		brightcyan
		brightwhite
	)

	// AnsiColor are ANSI color codes for supported terminal colors.
	var ansiColor = map[color]string{
		black:         "\u001b[30m",
		red:           "\u001b[31m",
		green:         "\u001b[32m",
		yellow:        "\u001b[33m",
		blue:          "\u001b[34m",
		magenta:       "\u001b[35m",
		cyan:          "\u001b[36m",
		white:         "\u001b[37m",
		brightblack:   "\u001b[30;1m",
		brightred:     "\u001b[31;1m",
		brightgreen:   "\u001b[32;1m",
		brightyellow:  "\u001b[33;1m",
		brightblue:    "\u001b[34;1m",
		brightmagenta: "\u001b[35;1m",
		brightcyan:    "\u001b[36;1m",
		brightwhite:   "\u001b[37;1m",
	}

	const colorName = "blackredgreenyellowbluemagentacyanwhitebrightblackbrightredbrightgreenbrightyellowbrightbluebrightmagentabrightcyanbrightwhite"

	var colorIndex = [...]uint8{0, 5, 8, 13, 19, 23, 30, 34, 39, 50, 59, 70, 82, 92, 105, 115, 126}

	colorToLowerString := func(i color) string {
		if i < 0 || i >= color(len(colorIndex)-1) {
			return "color(" + _strconv.FormatInt(int64(i), 10) + ")"
		}
		return colorName[colorIndex[i]:colorIndex[i+1]]
	}

	// ansiColorReset is an ANSI color code to reset the terminal color.
	const ansiColorReset = "\033[0m"

	// defaultTargetAnsiColor is a default ANSI color for colorizing targets.
	// It is set to Cyan as an arbitrary color, because it has a neutral meaning
	var defaultTargetAnsiColor = ansiColor[cyan]

	getAnsiColor := func(color string) (string, bool) {
		colorLower := _strings.ToLower(color)
		for k, v := range ansiColor {
			colorConstLower := colorToLowerString(k)
			if colorConstLower == colorLower {
				return v, true
			}
		}
		return "", false
	}

	// Terminals which  don't support color:
	//
	//	TERM=vt100
	//	TERM=cygwin
	//	TERM=xterm-mono
	var noColorTerms = map[string]bool{
		"vt100":      false,
		"cygwin":     false,
		"xterm-mono": false,
	}

	// terminalSupportsColor checks if the current console supports color output
	//
	// Supported:
	//
	//	linux, mac, or windows's ConEmu, Cmder, putty, git-bash.exe, pwsh.exe
	//
	// Not supported:
	//
	//	windows cmd.exe, powerShell.exe
	terminalSupportsColor := func() bool {
		envTerm := _os.Getenv("TERM")
		if _, ok := noColorTerms[envTerm]; ok {
			return false
		}
		return true
	}

	// enableColor reports whether the user has requested to enable a color output.
	enableColor := func() bool {
		b, _ := _strconv.ParseBool(_os.Getenv("MAGEFILE_ENABLE_COLOR"))
		return b
	}

	// targetColor returns the ANSI color which should be used to colorize targets.
	targetColor := func() string {
		s, exists := _os.LookupEnv("MAGEFILE_TARGET_COLOR")
		if exists {
			if c, ok := getAnsiColor(s); ok {
				return c
			}
		}
		return defaultTargetAnsiColor
	}

	// store the color terminal variables, so that the detection isn't repeated for each target
	var enableColorValue = enableColor() && terminalSupportsColor()
	var targetColorValue = targetColor()

	if enableColorValue {
		return _fmt.Sprintf("%s%s%s", targetColorValue, str, ansiColorReset)
	}

	return str
}


	list := func() error {
		_fmt.Println(`The targets of 'go tool mage'. What they do stands in tools.
`)
		targets := map[string]string{
			"bench": "asks Footfall, plain SQL and DuckDB the same questions and prints how long the answers took.",
			"build": "builds the plugin into dist and the command line into bin, where they are older than their sources.",
			"demo": "runs PostgreSQL with demo events, the worker and Footfall in Grafana, or else in the preview, on http://localhost:3000 until Ctrl-C.",
			"lint": "runs what reads the code only: gofmt, go vet, golangci-lint, eslint, prettier, tsc.",
			"pictures": "takes a picture of every state that tests/pictures.json lists, in both themes and three widths, into test-results/pictures.",
			"preview": "is Demo in the preview, which follows every change of the sources.",
			"test": "runs every check and every test.",
			"testE2E": "builds the plugin and tests it in Chromium, on the preview and on a Grafana where there is one.",
			"testFrontend": "runs the TypeScript part of Test.",
			"testGo": "runs the Go part of Test: on every PostgreSQL there is, with the race detector on the first.",
			"types": "writes the frontend's types of queries and resources anew from the backend's.",
			"sdk:build:backend": "build a production build for the current platform",
			"sdk:build:custom": "allows customizable back-end plugin builds for the provided os and arch.",
			"sdk:build:darwin": "builds the back-end plugin for OSX on AMD64.",
			"sdk:build:darwinARM64": "builds the back-end plugin for OSX on ARM (M1/M2).",
			"sdk:build:debug": "builds the debug version for the current platform.",
			"sdk:build:debugDarwinAMD64": "builds the debug version targeted for OSX on AMD64.",
			"sdk:build:debugDarwinARM64": "builds the debug version targeted for OSX on ARM (M1/M2).",
			"sdk:build:debugLinuxAMD64": "builds the debug version targeted for linux on AMD64.",
			"sdk:build:debugLinuxARM64": "builds the debug version targeted for linux on ARM64.",
			"sdk:build:debugMarketplace": "builds a debug version for the current platform without marketplace license checks.",
			"sdk:build:debugMarketplaceFor": "builds a debug version for the provided platform without marketplace license checks.",
			"sdk:build:debugWindowsAMD64": "builds the debug version targeted for windows on AMD64.",
			"sdk:build:generateManifestFile": "generates a manifest file for plugin submissions",
			"sdk:build:linux": "builds the back-end plugin for Linux.",
			"sdk:build:linuxARM": "builds the back-end plugin for Linux on ARM.",
			"sdk:build:linuxARM64": "builds the back-end plugin for Linux on ARM64.",
			"sdk:build:windows": "builds the back-end plugin for Windows.",
			"sdk:buildAll": "builds production executables for all supported platforms.",
			"sdk:clean": "cleans build artifacts, by deleting the dist directory.",
			"sdk:coverage": "runs backend tests and makes a coverage report.",
			"sdk:debugger": "makes a new debug build, re-launches the plugin and attaches the Delve debugger, in headless mode listening on port 3222.",
			"sdk:format": "formats the sources.",
			"sdk:lint": "audits the source style",
			"sdk:reloadPlugin": "- kills any running instances and waits for grafana to reload the plugin",
			"sdk:test": "runs backend tests.",
			"sdk:testRace": "runs backend tests with the data race detector enabled.",
			"sdk:watch": "rebuilds the plugin backend debug version when files change.",
		}

		keys := make([]string, 0, len(targets))
		for name := range targets {
			keys = append(keys, name)
		}
		_sort.Strings(keys)

		_fmt.Println("Targets:")
		w := _tabwriter.NewWriter(_os.Stdout, 0, 4, 4, ' ', 0)
		for _, name := range keys {
			_fmt.Fprintf(w, "  %v\t%v\n", printName(name), targets[name])
		}
		err := w.Flush()
		return err
	}

	var ctx _context.Context
	ctxCancel := func(){}

	// by deferring in a closure, we let the cancel function get replaced
	// by the getContext function.
	defer func() {
		ctxCancel()
	}()

	getContext := func() (_context.Context, func()) {
		if ctx == nil {
			if args.Timeout != 0 {
				ctx, ctxCancel = _context.WithTimeout(_context.Background(), args.Timeout)
			} else {
				ctx, ctxCancel = _context.WithCancel(_context.Background())
			}
		}

		return ctx, ctxCancel
	}

	runTarget := func(logger *_log.Logger, fn func(_context.Context) error) interface{} {
		var err interface{}
		ctx, cancel := getContext()
		d := make(chan interface{})
		go func() {
			defer func() {
				err := recover()
				d <- err
			}()
			err := fn(ctx)
			d <- err
		}()
		sigCh := make(chan _os.Signal, 1)
		_signal.Notify(sigCh, _syscall.SIGINT)
		select {
		case <-sigCh:
			logger.Println("cancelling mage targets, waiting up to 5 seconds for cleanup...")
			cancel()
			cleanupCh := _time.After(5 * _time.Second)

			select {
			// target exited by itself
			case err = <-d:
				return err
			// cleanup timeout exceeded
			case <-cleanupCh:
				return _fmt.Errorf("cleanup timeout exceeded")
			// second SIGINT received
			case <-sigCh:
				logger.Println("exiting mage")
				return _fmt.Errorf("exit forced")
			}
		case <-ctx.Done():
			cancel()
			e := ctx.Err()
			_fmt.Printf("ctx err: %v\n", e)
			return e
		case err = <-d:
			// we intentionally don't cancel the context here, because
			// the next target will need to run with the same _context.
			return err
		}
	}
	// This is necessary in case there aren't any targets, to avoid an unused
	// variable error.
	_ = runTarget

	handleError := func(logger *_log.Logger, err interface{}) {
		if err != nil {
			logger.Printf("Error: %+v\n", err)
			type code interface {
				ExitStatus() int
			}
			if c, ok := err.(code); ok {
				_os.Exit(c.ExitStatus())
			}
			_os.Exit(1)
		}
	}
	_ = handleError

	// Set MAGEFILE_VERBOSE so mg.Verbose() reflects the flag value.
	if args.Verbose {
		_os.Setenv("MAGEFILE_VERBOSE", "1")
	} else {
		_os.Setenv("MAGEFILE_VERBOSE", "0")
	}

	_log.SetFlags(0)
	if !args.Verbose {
		_log.SetOutput(_io.Discard)
	}
	logger := _log.New(_os.Stderr, "", 0)
	if args.List {
		if err := list(); err != nil {
			_log.Println(err)
			_os.Exit(1)
		}
		return
	}

	if args.Help {
		if len(args.Args) < 1 {
			logger.Println("no target specified")
			_os.Exit(2)
		}
		switch _strings.ToLower(args.Args[0]) {
			case "bench":
				_fmt.Println("Bench asks Footfall, plain SQL and DuckDB the same questions and prints how long the answers took. BENCH_ARGS are the benchmark's own arguments, such as \"-events 20000000 -run path\".")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage bench\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
			case "build":
				_fmt.Println("Build builds the plugin into dist and the command line into bin, where they are older than their sources.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage build\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
			case "demo":
				_fmt.Println("Demo runs PostgreSQL with demo events, the worker and Footfall in Grafana, or else in the preview, on http://localhost:3000 until Ctrl-C.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage demo\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
			case "lint":
				_fmt.Println("Lint runs what reads the code only: gofmt, go vet, golangci-lint, eslint, prettier, tsc.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage lint\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
			case "pictures":
				_fmt.Println("Pictures takes a picture of every state that tests/pictures.json lists, in both themes and three widths, into test-results/pictures.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage pictures\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
			case "preview":
				_fmt.Println("Preview is Demo in the preview, which follows every change of the sources.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage preview\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
			case "test":
				_fmt.Println("Test runs every check and every test.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage test\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
			case "teste2e":
				_fmt.Println("TestE2E builds the plugin and tests it in Chromium, on the preview and on a Grafana where there is one.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage teste2e\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
			case "testfrontend":
				_fmt.Println("TestFrontend runs the TypeScript part of Test.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage testfrontend\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
			case "testgo":
				_fmt.Println("TestGo runs the Go part of Test: on every PostgreSQL there is, with the race detector on the first.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage testgo\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
			case "types":
				_fmt.Println("Types writes the frontend's types of queries and resources anew from the backend's.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage types\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
			case "sdk:build:backend":
				_fmt.Println("Backend build a production build for the current platform")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:backend\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:build:custom":
				_fmt.Println("Custom allows customizable back-end plugin builds for the provided os and arch. Note: Cutomized builds are not officially supported by Grafana, so this option is intended for developers who need to create their own custom build targets.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:custom <os> <arch>\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:build:darwin":
				_fmt.Println("Darwin builds the back-end plugin for OSX on AMD64.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:darwin\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:build:darwinarm64":
				_fmt.Println("DarwinARM64 builds the back-end plugin for OSX on ARM (M1/M2).")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:darwinarm64\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:build:debug":
				_fmt.Println("Debug builds the debug version for the current platform.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:debug\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:build:debugdarwinamd64":
				_fmt.Println("DebugDarwinAMD64 builds the debug version targeted for OSX on AMD64.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:debugdarwinamd64\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:build:debugdarwinarm64":
				_fmt.Println("DebugDarwinARM64 builds the debug version targeted for OSX on ARM (M1/M2).")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:debugdarwinarm64\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:build:debuglinuxamd64":
				_fmt.Println("DebugLinuxAMD64 builds the debug version targeted for linux on AMD64.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:debuglinuxamd64\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:build:debuglinuxarm64":
				_fmt.Println("DebugLinuxARM64 builds the debug version targeted for linux on ARM64.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:debuglinuxarm64\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:build:debugmarketplace":
				_fmt.Println("DebugMarketplace builds a debug version for the current platform without marketplace license checks.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:debugmarketplace\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:build:debugmarketplacefor":
				_fmt.Println("DebugMarketplaceFor builds a debug version for the provided platform without marketplace license checks.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:debugmarketplacefor <os> <arch>\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:build:debugwindowsamd64":
				_fmt.Println("DebugWindowsAMD64 builds the debug version targeted for windows on AMD64.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:debugwindowsamd64\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:build:generatemanifestfile":
				_fmt.Println("GenerateManifestFile generates a manifest file for plugin submissions")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:generatemanifestfile\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:build:linux":
				_fmt.Println("Linux builds the back-end plugin for Linux.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:linux\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:build:linuxarm":
				_fmt.Println("LinuxARM builds the back-end plugin for Linux on ARM.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:linuxarm\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:build:linuxarm64":
				_fmt.Println("LinuxARM64 builds the back-end plugin for Linux on ARM64.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:linuxarm64\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:build:windows":
				_fmt.Println("Windows builds the back-end plugin for Windows.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:build:windows\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:buildall":
				_fmt.Println("BuildAll builds production executables for all supported platforms.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:buildall\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:clean":
				_fmt.Println("Clean cleans build artifacts, by deleting the dist directory.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:clean\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:coverage":
				_fmt.Println("Coverage runs backend tests and makes a coverage report.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:coverage\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:debugger":
				_fmt.Println("Debugger makes a new debug build, re-launches the plugin and attaches the Delve debugger, in headless mode listening on port 3222.  The plugin process is killed after re-building, in order to make Grafana launch the new version. Once the new version is up, we attach to it with Delve.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:debugger\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:format":
				_fmt.Println("Format formats the sources.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:format\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:lint":
				_fmt.Println("Lint audits the source style")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:lint\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:reloadplugin":
				_fmt.Println("ReloadPlugin - kills any running instances and waits for grafana to reload the plugin")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:reloadplugin\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:test":
				_fmt.Println("Test runs backend tests.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:test\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:testrace":
				_fmt.Println("TestRace runs backend tests with the data race detector enabled.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:testrace\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				case "sdk:watch":
				_fmt.Println("Watch rebuilds the plugin backend debug version when files change.")
				_fmt.Println()
				
				_fmt.Print("Usage:\n\n\tmage sdk:watch\n\n")
				var aliases []string
				if len(aliases) > 0 {
					_sort.Strings(aliases)
					_fmt.Printf("Aliases: %s\n\n", _strings.Join(aliases, ", "))
				}
				return
				default:
				logger.Printf("Unknown target: %q\n", args.Args[0])
				_os.Exit(2)
		}
	}
	if len(args.Args) < 1 {
		if err := list(); err != nil {
			logger.Println("Error:", err)
			_os.Exit(1)
		}
		return
	}
	for x := 0; x < len(args.Args); {
		target := args.Args[x]
		x++

		// resolve aliases
		switch _strings.ToLower(target) {
		
		}

		switch _strings.ToLower(target) {
		
			case "bench":
				expected := x + 0
				if expected > len(args.Args) {
					// note that expected and args at this point include the arg for the target itself
					// so we subtract 1 here to show the number of args without the target.
					logger.Printf("not enough arguments for target \"Bench\", expected %v, got %v\n", expected-1, len(args.Args)-1)
					_os.Exit(2)
				}
				if args.Verbose {
					logger.Println("Running target:", "Bench")
				}
				
				wrapFn := func(ctx _context.Context) error {
					return Bench(ctx)
				}
				ret := runTarget(logger, wrapFn)
				handleError(logger, ret)
			case "build":
				expected := x + 0
				if expected > len(args.Args) {
					// note that expected and args at this point include the arg for the target itself
					// so we subtract 1 here to show the number of args without the target.
					logger.Printf("not enough arguments for target \"Build\", expected %v, got %v\n", expected-1, len(args.Args)-1)
					_os.Exit(2)
				}
				if args.Verbose {
					logger.Println("Running target:", "Build")
				}
				
				wrapFn := func(ctx _context.Context) error {
					return Build(ctx)
				}
				ret := runTarget(logger, wrapFn)
				handleError(logger, ret)
			case "demo":
				expected := x + 0
				if expected > len(args.Args) {
					// note that expected and args at this point include the arg for the target itself
					// so we subtract 1 here to show the number of args without the target.
					logger.Printf("not enough arguments for target \"Demo\", expected %v, got %v\n", expected-1, len(args.Args)-1)
					_os.Exit(2)
				}
				if args.Verbose {
					logger.Println("Running target:", "Demo")
				}
				
				wrapFn := func(ctx _context.Context) error {
					return Demo(ctx)
				}
				ret := runTarget(logger, wrapFn)
				handleError(logger, ret)
			case "lint":
				expected := x + 0
				if expected > len(args.Args) {
					// note that expected and args at this point include the arg for the target itself
					// so we subtract 1 here to show the number of args without the target.
					logger.Printf("not enough arguments for target \"Lint\", expected %v, got %v\n", expected-1, len(args.Args)-1)
					_os.Exit(2)
				}
				if args.Verbose {
					logger.Println("Running target:", "Lint")
				}
				
				wrapFn := func(ctx _context.Context) error {
					return Lint(ctx)
				}
				ret := runTarget(logger, wrapFn)
				handleError(logger, ret)
			case "pictures":
				expected := x + 0
				if expected > len(args.Args) {
					// note that expected and args at this point include the arg for the target itself
					// so we subtract 1 here to show the number of args without the target.
					logger.Printf("not enough arguments for target \"Pictures\", expected %v, got %v\n", expected-1, len(args.Args)-1)
					_os.Exit(2)
				}
				if args.Verbose {
					logger.Println("Running target:", "Pictures")
				}
				
				wrapFn := func(ctx _context.Context) error {
					return Pictures(ctx)
				}
				ret := runTarget(logger, wrapFn)
				handleError(logger, ret)
			case "preview":
				expected := x + 0
				if expected > len(args.Args) {
					// note that expected and args at this point include the arg for the target itself
					// so we subtract 1 here to show the number of args without the target.
					logger.Printf("not enough arguments for target \"Preview\", expected %v, got %v\n", expected-1, len(args.Args)-1)
					_os.Exit(2)
				}
				if args.Verbose {
					logger.Println("Running target:", "Preview")
				}
				
				wrapFn := func(ctx _context.Context) error {
					return Preview(ctx)
				}
				ret := runTarget(logger, wrapFn)
				handleError(logger, ret)
			case "test":
				expected := x + 0
				if expected > len(args.Args) {
					// note that expected and args at this point include the arg for the target itself
					// so we subtract 1 here to show the number of args without the target.
					logger.Printf("not enough arguments for target \"Test\", expected %v, got %v\n", expected-1, len(args.Args)-1)
					_os.Exit(2)
				}
				if args.Verbose {
					logger.Println("Running target:", "Test")
				}
				
				wrapFn := func(ctx _context.Context) error {
					return Test(ctx)
				}
				ret := runTarget(logger, wrapFn)
				handleError(logger, ret)
			case "teste2e":
				expected := x + 0
				if expected > len(args.Args) {
					// note that expected and args at this point include the arg for the target itself
					// so we subtract 1 here to show the number of args without the target.
					logger.Printf("not enough arguments for target \"TestE2E\", expected %v, got %v\n", expected-1, len(args.Args)-1)
					_os.Exit(2)
				}
				if args.Verbose {
					logger.Println("Running target:", "TestE2E")
				}
				
				wrapFn := func(ctx _context.Context) error {
					return TestE2E(ctx)
				}
				ret := runTarget(logger, wrapFn)
				handleError(logger, ret)
			case "testfrontend":
				expected := x + 0
				if expected > len(args.Args) {
					// note that expected and args at this point include the arg for the target itself
					// so we subtract 1 here to show the number of args without the target.
					logger.Printf("not enough arguments for target \"TestFrontend\", expected %v, got %v\n", expected-1, len(args.Args)-1)
					_os.Exit(2)
				}
				if args.Verbose {
					logger.Println("Running target:", "TestFrontend")
				}
				
				wrapFn := func(ctx _context.Context) error {
					return TestFrontend(ctx)
				}
				ret := runTarget(logger, wrapFn)
				handleError(logger, ret)
			case "testgo":
				expected := x + 0
				if expected > len(args.Args) {
					// note that expected and args at this point include the arg for the target itself
					// so we subtract 1 here to show the number of args without the target.
					logger.Printf("not enough arguments for target \"TestGo\", expected %v, got %v\n", expected-1, len(args.Args)-1)
					_os.Exit(2)
				}
				if args.Verbose {
					logger.Println("Running target:", "TestGo")
				}
				
				wrapFn := func(ctx _context.Context) error {
					return TestGo(ctx)
				}
				ret := runTarget(logger, wrapFn)
				handleError(logger, ret)
			case "types":
				expected := x + 0
				if expected > len(args.Args) {
					// note that expected and args at this point include the arg for the target itself
					// so we subtract 1 here to show the number of args without the target.
					logger.Printf("not enough arguments for target \"Types\", expected %v, got %v\n", expected-1, len(args.Args)-1)
					_os.Exit(2)
				}
				if args.Verbose {
					logger.Println("Running target:", "Types")
				}
				
				wrapFn := func(ctx _context.Context) error {
					return Types()
				}
				ret := runTarget(logger, wrapFn)
				handleError(logger, ret)
		
		
			
				case "sdk:build:backend":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:Backend\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:Backend")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.Backend()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:build:custom":
					expected := x + 2
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:Custom\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:Custom")
					}
					
			arg0 := args.Args[x]
			x++
			arg1 := args.Args[x]
			x++
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.Custom(arg0, arg1)
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:build:darwin":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:Darwin\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:Darwin")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.Darwin()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:build:darwinarm64":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:DarwinARM64\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:DarwinARM64")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.DarwinARM64()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:build:debug":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:Debug\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:Debug")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.Debug()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:build:debugdarwinamd64":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:DebugDarwinAMD64\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:DebugDarwinAMD64")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.DebugDarwinAMD64()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:build:debugdarwinarm64":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:DebugDarwinARM64\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:DebugDarwinARM64")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.DebugDarwinARM64()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:build:debuglinuxamd64":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:DebugLinuxAMD64\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:DebugLinuxAMD64")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.DebugLinuxAMD64()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:build:debuglinuxarm64":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:DebugLinuxARM64\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:DebugLinuxARM64")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.DebugLinuxARM64()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:build:debugmarketplace":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:DebugMarketplace\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:DebugMarketplace")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.DebugMarketplace()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:build:debugmarketplacefor":
					expected := x + 2
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:DebugMarketplaceFor\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:DebugMarketplaceFor")
					}
					
			arg0 := args.Args[x]
			x++
			arg1 := args.Args[x]
			x++
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.DebugMarketplaceFor(arg0, arg1)
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:build:debugwindowsamd64":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:DebugWindowsAMD64\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:DebugWindowsAMD64")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.DebugWindowsAMD64()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:build:generatemanifestfile":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:GenerateManifestFile\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:GenerateManifestFile")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.GenerateManifestFile()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:build:linux":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:Linux\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:Linux")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.Linux()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:build:linuxarm":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:LinuxARM\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:LinuxARM")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.LinuxARM()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:build:linuxarm64":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:LinuxARM64\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:LinuxARM64")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.LinuxARM64()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:build:windows":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Build:Windows\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Build:Windows")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Build{}.Windows()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:buildall":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:BuildAll\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:BuildAll")
					}
					
				wrapFn := func(ctx _context.Context) error {
					build_mageimport.BuildAll()
					return nil
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:clean":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Clean\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Clean")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Clean()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:coverage":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Coverage\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Coverage")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Coverage()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:debugger":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Debugger\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Debugger")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Debugger()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:format":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Format\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Format")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Format()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:lint":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Lint\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Lint")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Lint()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:reloadplugin":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:ReloadPlugin\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:ReloadPlugin")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.ReloadPlugin()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:test":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Test\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Test")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Test()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:testrace":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:TestRace\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:TestRace")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.TestRace()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
				case "sdk:watch":
					expected := x + 0
					if expected > len(args.Args) {
						// note that expected and args at this point include the arg for the target itself
						// so we subtract 1 here to show the number of args without the target.
						logger.Printf("not enough arguments for target \"sdk:Watch\", expected %v, got %v\n", expected-1, len(args.Args)-1)
						_os.Exit(2)
					}
					if args.Verbose {
						logger.Println("Running target:", "sdk:Watch")
					}
					
				wrapFn := func(ctx _context.Context) error {
					return build_mageimport.Watch()
				}
				ret := runTarget(logger, wrapFn)
					handleError(logger, ret)
		default:
			logger.Printf("Unknown target specified: %q\n", target)
			_os.Exit(2)
		}
	}
}




