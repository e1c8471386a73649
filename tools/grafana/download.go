package grafana

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
)

// The official archives of Version: their address and the SHA-256 that the download page gives.
const archiveURL = "https://dl.grafana.com/grafana/release/" + Version + "/grafana_" + Version + "_36482603486_%s.tar.gz"

var archiveSums = map[string]string{
	"linux_amd64":  "6107ad27016296aac38e0d7ffa8753ab540b5541ad27e94790f771289d733235",
	"linux_arm64":  "a2a41b960ba4c25e83140484e48813730d3c81891a128439a2a9d2df6eb3840e",
	"darwin_amd64": "59d08d3ef611a49239bf3b54cd1cb1b215611a3f6cd37bb6e6abe40dda181319",
	"darwin_arm64": "248a51bcfacdb1ec642006cee46b4de44a34bcf41ddea88d96a4605e2e9d808c",
}

// reachTimeout is how long the download site may take to answer, so that nobody without a network waits.
const reachTimeout = 5 * time.Second

// download puts the official Grafana into home.
func download(ctx context.Context, home string, progress io.Writer) error {
	platform := runtime.GOOS + "_" + runtime.GOARCH
	sum, ok := archiveSums[platform]
	if !ok {
		return fmt.Errorf("there is no checked download for %s", platform)
	}
	archive, err := os.CreateTemp(filepath.Dir(home), "download-*.tar.gz")
	if err != nil {
		return err
	}
	defer func() { _ = archive.Close(); _ = os.Remove(archive.Name()) }()
	if err := fetch(ctx, fmt.Sprintf(archiveURL, platform), sum, archive, progress); err != nil {
		return err
	}
	if _, err := archive.Seek(0, io.SeekStart); err != nil {
		return err
	}
	unfinished := home + ".unfinished"
	if err := os.RemoveAll(unfinished); err != nil {
		return err
	}
	if err := unpack(archive, unfinished); err != nil {
		return fmt.Errorf("unpack Grafana: %w", err)
	}
	return os.Rename(unfinished, home)
}

// fetch writes what the address holds to target and compares its SHA-256.
func fetch(ctx context.Context, address, sum string, target, progress io.Writer) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: reachTimeout}).DialContext,
		TLSHandshakeTimeout:   reachTimeout,
		ResponseHeaderTimeout: reachTimeout,
	}}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // it was only read
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", address, response.Status)
	}
	bar := progressbar.NewOptions64(response.ContentLength, progressbar.OptionSetWriter(progress),
		progressbar.OptionSetDescription("Downloading Grafana "+Version), progressbar.OptionShowBytes(true),
		progressbar.OptionThrottle(time.Second), progressbar.OptionOnCompletion(func() { _, _ = fmt.Fprintln(progress) }))
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(target, hash, bar), response.Body); err != nil {
		return fmt.Errorf("%s: %w", address, err)
	}
	if got := hex.EncodeToString(hash.Sum(nil)); got != sum {
		return fmt.Errorf("%s has the SHA-256 %s, wanted %s", address, got, sum)
	}
	return nil
}

// unpack writes the files of a .tar.gz below dir, without the folder that the archive puts them all into.
func unpack(archive io.Reader, dir string) error {
	unzipped, err := gzip.NewReader(archive)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir) // no name in the archive leads out of it
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // nothing is written through it any more
	reader := tar.NewReader(unzipped)
	for {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		_, name, _ := strings.Cut(strings.TrimPrefix(header.Name, "./"), "/")
		if header.Typeflag != tar.TypeReg || name == "" {
			continue
		}
		if err := root.MkdirAll(filepath.FromSlash(filepath.Dir(name)), 0o755); err != nil {
			return err
		}
		file, err := root.OpenFile(filepath.FromSlash(name), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, header.FileInfo().Mode().Perm())
		if err != nil {
			return err
		}
		_, err = io.Copy(file, reader) //nolint:gosec // its SHA-256 is Grafana's
		if err := errors.Join(err, file.Close()); err != nil {
			return err
		}
	}
}
