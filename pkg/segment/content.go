package segment

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
)

// DecodeContent reads what people write of a segment, and the version where one is given (0: none is). Unknown fields are
// refused. A missing refreshMinutes means DefaultRefreshMinutes; null means on demand only. Whether the rest makes sense
// is for Create and Update to say. Its errors are of type Error.
func DecodeContent(raw []byte) (Content, int, error) {
	var c struct {
		Content
		Version int `json:"version"`
	}
	c.RefreshMinutes = byDefault()
	err := decodeBody(raw, &c)
	return c.Content, c.Version, err
}

// DecodeEdited reads a segment that was read, edited and is to be written back: as DecodeContent, but the fields that only
// reading tells may stand there, and do nothing.
func DecodeEdited(raw []byte) (Content, int, error) {
	var s Segment
	s.RefreshMinutes = byDefault()
	err := decodeBody(raw, &s)
	return s.Content, s.Version, err
}

func byDefault() *int {
	minutes := DefaultRefreshMinutes
	return &minutes
}

func decodeBody(raw []byte, target any) error {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(target); err != nil {
		return inBody(describeJSON(err))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return invalid("body", "goes on after its end")
	}
	return nil
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

// Same tells whether the content says what is stored already, stored being read with its list. A list that the content
// does not have stays as it is stored.
func (c Content) Same(stored Content) bool {
	c.Identity = identityOf(c)
	stored.Identity = identityOf(stored)
	c.Definition = c.Definition.zoned()
	if c.List = normalised(c.List, c.Identity); c.List == nil {
		c.List = stored.List
	}
	if c.AnonymousIDs = normalised(c.AnonymousIDs, "usr.id"); c.AnonymousIDs == nil {
		c.AnonymousIDs = stored.AnonymousIDs
	}
	mine, err := json.Marshal(c)
	theirs, storedErr := json.Marshal(stored)
	return err == nil && storedErr == nil && bytes.Equal(mine, theirs)
}

func identityOf(c Content) string {
	if c.Kind == Static {
		return withDefault(c.Identity, "usr.id")
	}
	return c.Identity
}

// normalised is a list as it is stored: sorted, without repeats. Nil stays nil.
func normalised(list []string, identity string) []string {
	if list == nil {
		return nil
	}
	values := make([]string, len(list))
	for i, value := range list {
		values[i] = normal(value, identity)
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// normal is a value as it is stored: e-mails are without case and surrounding spaces.
func normal(value, identity string) string {
	if identity == "usr.email" {
		return strings.ToLower(strings.TrimSpace(value))
	}
	return value
}
