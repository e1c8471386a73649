package segment

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// DecodeContent reads what people write of a segment, and of an update the version it is based on (0: none is given).
// Unknown fields are refused. A missing refreshMinutes means DefaultRefreshMinutes; null means on demand only. Whether
// the rest makes sense is for Create and Update to say. Its errors are of type Error.
func DecodeContent(raw []byte) (Content, int, error) {
	byDefault := DefaultRefreshMinutes
	var c struct {
		Content
		Version int `json:"version"`
	}
	c.RefreshMinutes = &byDefault
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&c); err != nil {
		return c.Content, 0, inBody(describeJSON(err))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return c.Content, 0, invalid("body", "goes on after its end")
	}
	return c.Content, c.Version, nil
}

// inBody names the place of a mistake as the sender knows it.
func inBody(err error) error {
	wrong := Error{}
	if !errors.As(err, &wrong) {
		return err
	}
	if wrong.Path == "definition" {
		return Error{"body", wrong.Problem}
	}
	return Error{strings.TrimPrefix(wrong.Path, "Content."), wrong.Problem}
}
