package store

// OrNull is how the store has a text that may be missing: null, never "".
func OrNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
