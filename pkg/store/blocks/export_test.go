package blocks

// Compress makes a column of any bytes.
func Compress(kind byte, raw []byte) []byte { return compress(kind, raw) }
