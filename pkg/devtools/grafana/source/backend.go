package source

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// The source, and the checksum the Go checksum database has of it.
const (
	module     = "github.com/grafana/grafana@v1.9.2-0.20230609164553-81d85ce8028d"
	moduleSum  = "h1:nEQOIzFVY/zsD915THCfkl+HIvGW+AounbAQ61ejFcs="
	commit     = "81d85ce8028d"
	wireModule = "github.com/google/wire/cmd/wire@v0.5.0"
)

// goEnvironment compiles with the Go of the source's time, which the go command fetches itself.
var goEnvironment = []string{
	"GOTOOLCHAIN=go1.20.14", "GOFLAGS=-buildvcs=false", "GOWORK=off", "GOOS=", "GOARCH=", "CGO_ENABLED=1",
}

// fetchSource copies the source out of the module cache, where it is read-only.
func (b *builder) fetchSource(ctx context.Context, log io.Writer) error {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", module)
	cmd.Dir, cmd.Stderr = b.dir, log
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("go mod download %s: %w\n%s", module, err, out)
	}
	var fetched struct{ Dir, Sum string }
	if err := json.Unmarshal(out, &fetched); err != nil {
		return fmt.Errorf("go mod download %s: %w", module, err)
	}
	if fetched.Sum != moduleSum {
		return fmt.Errorf("%s has the checksum %s, wanted %s", module, fetched.Sum, moduleSum)
	}
	if err := os.RemoveAll(b.src()); err != nil {
		return err
	}
	return os.CopyFS(b.src(), os.DirFS(fetched.Dir))
}

// generateWiring makes pkg/server/wire_gen.go, which is generated and so not in the source.
func (b *builder) generateWiring(ctx context.Context, log io.Writer) error {
	env := append(goEnvironment, "GOBIN="+b.bin())
	if err := run(ctx, log, b.dir, env, "go", "install", wireModule); err != nil {
		return err
	}
	return run(ctx, log, b.src(), goEnvironment, filepath.Join(b.bin(), "wire"), "gen", "-tags", "oss", "./pkg/server")
}

func (b *builder) compileServer(ctx context.Context, log io.Writer) error {
	flags := fmt.Sprintf("-s -w -X main.version=%s -X main.commit=%s -X main.buildBranch=HEAD", Version, commit)
	return run(ctx, log, b.src(), goEnvironment, "go", "build", "-tags", "oss", "-trimpath", "-ldflags", flags,
		"-o", filepath.Join(b.bin(), "grafana"), "./pkg/cmd/grafana")
}
