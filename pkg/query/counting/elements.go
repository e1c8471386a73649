package counting

import "errors"

// Elements cuts the header off what array_send wrote. What is left is, for each element, four bytes for its length
// and then its value.
func Elements(sent []byte, size int) ([]byte, error) {
	const header, dimension = 12, 8
	switch {
	case sent == nil, len(sent) == header: // null; an empty array has no dimensions
		return nil, nil
	case len(sent) < header+dimension || (len(sent)-header-dimension)%(4+size) != 0:
		return nil, errors.New("footfall.sessions has an array that is no list of numbers")
	}
	return sent[header+dimension:], nil
}
