package blocks

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// A stored column is a byte that says how its values are written, and a zstd frame of them with a checksum. Of the bytes that
// may stand there no two differ in one bit alone.
const (
	doubles = 0xF8 // IEEE 754, 8 bytes
	lines   = 0x37 // texts with line breaks between them; else the byte is the width of integers without sign: 1, 2, 4 or 8
	head    = 1
)

// maxColumn is how many bytes a column may have before it is compressed: eight for each event of a session of a million.
const maxColumn = 8 << 20

// window is as large as nearly all columns; encoders and decoders hold some of it each.
const window = 256 << 10

// Both are shared by all goroutines, which use them at once.
var (
	zip = sync.OnceValue(func() *zstd.Encoder {
		return must(zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithWindowSize(window), zstd.WithSingleSegment(true), zstd.WithEncoderCRC(true)))
	})
	unzip = sync.OnceValue(func() *zstd.Decoder {
		return must(zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderMaxWindow(maxColumn)))
	})
)

// must is for what fails by options alone, which are fixed.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// number are the values of columns, none of them negative.
type number interface{ int32 | int64 }

// encodeInts makes a column of integers, in the least width that holds them; nil where there are none, or only zeros.
func encodeInts[T number](values []T) []byte {
	var bits uint64
	for _, v := range values {
		bits |= uint64(v)
	}
	if bits == 0 {
		return nil
	}
	width := 1
	for width < 8 && bits>>(8*width) != 0 {
		width *= 2
	}
	raw := make([]byte, 0, len(values)*width)
	for _, v := range values {
		switch width {
		case 1:
			raw = append(raw, byte(v))
		case 2:
			raw = binary.LittleEndian.AppendUint16(raw, uint16(v))
		case 4:
			raw = binary.LittleEndian.AppendUint32(raw, uint32(v))
		default:
			raw = binary.LittleEndian.AppendUint64(raw, uint64(v))
		}
	}
	return compress(byte(width), raw) //nolint:gosec // at most 8
}

// encodeDoubles makes a column of floating-point numbers.
func encodeDoubles(values []float64) []byte {
	raw := make([]byte, 0, 8*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(v))
	}
	return compress(doubles, raw)
}

func compress(kind byte, raw []byte) []byte { return zip().EncodeAll(raw, []byte{kind}) }

// values are those of a column, uncompressed.
type values struct {
	kind   byte // 0: all are zeros
	width  int
	raw    []byte
	count  int
	buffer []byte // of raw
}

// decompress reads a stored column of at most so many values, into a buffer that is used again.
func (v *values) decompress(stored []byte, most int) error {
	v.kind, v.width, v.raw, v.count = 0, 0, nil, 0
	if len(stored) == 0 {
		return nil
	}
	v.kind = stored[0]
	switch v.width = int(v.kind); v.kind {
	case 1, 2, 4, 8:
	case doubles:
		v.width = 8
	case lines:
		v.width = 1
	default:
		return fmt.Errorf("is written in a way %d, which nobody knows", v.kind)
	}
	var frame zstd.Header
	if err := frame.Decode(stored[head:]); err != nil {
		return fmt.Errorf("is no zstd frame: %w", err)
	}
	if !frame.HasCheckSum {
		return errors.New("has no checksum")
	}
	size := int(min(frame.FrameContentSize, maxColumn+1))
	if !frame.HasFCS || size%v.width != 0 || size > min(most*v.width, maxColumn) {
		return fmt.Errorf("has %d bytes for at most %d values of %d", frame.FrameContentSize, most, v.width)
	}
	v.buffer = slices.Grow(v.buffer[:0], size)
	raw, err := unzip().DecodeAll(stored[head:], v.buffer[:0:size]) // bounds what it writes
	if err != nil {
		return fmt.Errorf("is damaged: %w", err)
	}
	v.raw, v.count = raw, len(raw)/v.width
	if len(raw) != size {
		return fmt.Errorf("has %d bytes, not %d", len(raw), size)
	}
	return nil
}

// ints unpacks count integers, none greater than most.
func ints[T number](v *values, to []T, count int, most uint64) ([]T, error) {
	to = slices.Grow(to[:0], count)[:count]
	switch {
	case v.kind == 0:
		clear(to)
		return to, nil
	case v.kind == doubles:
		return to, errors.New("has floating-point numbers")
	case v.kind == lines:
		return to, errors.New("has texts")
	case v.count != count:
		return to, fmt.Errorf("has %d values, not %d", v.count, count)
	}
	var greatest uint64
	switch v.width {
	case 1:
		for i, n := range v.raw {
			to[i] = T(n)
			greatest = max(greatest, uint64(n))
		}
	case 2:
		for i := range to {
			n := binary.LittleEndian.Uint16(v.raw[2*i:])
			to[i] = T(n)
			greatest = max(greatest, uint64(n))
		}
	case 4:
		for i := range to {
			n := binary.LittleEndian.Uint32(v.raw[4*i:])
			to[i] = T(n)
			greatest = max(greatest, uint64(n))
		}
	default:
		for i := range to {
			n := binary.LittleEndian.Uint64(v.raw[8*i:])
			to[i] = T(n)
			greatest = max(greatest, n)
		}
	}
	if greatest > most {
		return to, fmt.Errorf("has a value %d, the greatest is %d", greatest, most)
	}
	return to, nil
}

// double is the i-th of a column of floating-point numbers.
func (v *values) double(i int) float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(v.raw[8*i:]))
}
