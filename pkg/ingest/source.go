package ingest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/csvfile"
)

// stdinName is how standard input is named among files.
const stdinName = "-"

// Format of a source.
type Format string

// The formats, and the value that stands for "tell by the file's name".
const (
	Auto     Format = ""
	CSV      Format = "csv"
	NDJSON   Format = "ndjson"   // or a JSON array
	CLF      Format = "clf"      // a web server's log in the common log format
	Combined Format = "combined" // the same with referrer and user agent
)

var formatBySuffix = map[string]Format{".csv": CSV, ".tsv": CSV, ".ndjson": NDJSON, ".jsonl": NDJSON, ".json": NDJSON}

// formatOf tells a file's format by its suffix, before .gz where it has that.
func formatOf(file string) (Format, error) {
	suffix := filepath.Ext(strings.TrimSuffix(strings.ToLower(file), ".gz"))
	if format, ok := formatBySuffix[suffix]; ok {
		return format, nil
	}
	return Auto, fmt.Errorf("cannot tell the format by the name %q: say --format csv, ndjson, clf or combined", file)
}

// source is an open file: decompressed, without byte order mark.
type source struct {
	io.Reader
	name    string
	close   func() error
	counted *counter
}

// openSource opens a file, or stdin for "-". Gzip is told by its first bytes.
func openSource(file string, stdin io.Reader) (*source, error) {
	s := &source{name: file, close: func() error { return nil }}
	if file == stdinName {
		s.counted = &counter{r: stdin}
	} else {
		f, err := os.Open(file) //nolint:gosec // the file the user names
		if err != nil {
			return nil, err
		}
		s.counted = &counter{r: f}
		s.close = f.Close
	}
	if err := s.decode(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, errors.Join(err, s.close()))
	}
	return s, nil
}

var gzipMagic = []byte{0x1f, 0x8b}

func (s *source) decode() error {
	buffered := bufio.NewReaderSize(s.counted, 256<<10)
	head, err := buffered.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	isGzip := bytes.Equal(head, gzipMagic)
	if strings.HasSuffix(strings.ToLower(s.name), ".gz") && len(head) > 0 && !isGzip {
		return errors.New("named .gz, but this is not gzip data")
	}
	if isGzip {
		unzipped, err := gzip.NewReader(buffered)
		if err != nil {
			return fmt.Errorf("broken gzip data: %w", err)
		}
		buffered = bufio.NewReaderSize(unzipped, 256<<10)
	}
	if err := csvfile.SkipMark(buffered); err != nil {
		return readError(err)
	}
	s.Reader = buffered
	return nil
}

// readError says what an error of the gzip reader means for the user; others speak for themselves.
func readError(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the gzip data is cut off: %w", err)
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return fmt.Errorf("broken gzip data: %w", err)
	}
	return err
}

// counter counts the bytes that were read, for the progress bar.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
