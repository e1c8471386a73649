package blocks_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/footfall-analytics/footfall/pkg/store/blocks"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// visits are sessions as a bucket of a shop has them: 8 events on average, of 3,000 tokens some of which are much more
// frequent, half a minute apart, three of ten clicks with a type and a target, and views with a duration.
func visits(n int) []blocks.Session {
	random := rand.New(rand.NewPCG(1, 2))
	tokens, users := rand.NewZipf(random, 1.2, 8, 2999), rand.NewZipf(random, 1.1, 50, 25_000)
	list := make([]blocks.Session, n)
	start := int64(1_790_000_000_000)
	for i := range list {
		start += int64(random.ExpFloat64() * 54_000) // 100,000 sessions a day in 16 buckets
		s := blocks.Session{User: int32(16*users.Uint64()) + 3, Key: int64(random.Uint64()), Start: start}
		s.Attributes = [packed.Attributes]int32{3, int32(800 + tokens.Uint64()%60), int32(1000 + tokens.Uint64()%300), int32(2000 + tokens.Uint64()), 14, int32(15 + i%3), int32(160 + tokens.Uint64()%12), int32(18 + i%4), int32(240 + tokens.Uint64()%30)}
		offset := int64(0)
		for at := range 8 + int(random.ExpFloat64()*4) - 4*(i%2) {
			token := int32(1 + tokens.Uint64())
			s.Tokens, s.Offsets = append(s.Tokens, token), append(s.Offsets, offset)
			switch {
			case token%10 < 3:
				s.Fields[packed.ActionType].Add(at, 20)
				s.Fields[packed.ActionTarget].Add(at, 5000+token)
			case token%10 < 6:
				s.Durations.Add(at, float64(random.IntN(60_000)))
			}
			offset += int64(random.ExpFloat64() * 30_000)
		}
		s.End = s.Start + s.Offsets[len(s.Offsets)-1]
		list[i] = s
	}
	slices.SortFunc(list, blocks.Compare)
	return list
}

func BenchmarkEncode(b *testing.B) {
	sessions := blocks.Split(visits(4096))[0]
	var block blocks.Block
	for b.Loop() {
		block = blocks.Encode(sessions)
	}
	size, core := 0, 0
	for c, column := range block.Columns {
		b.ReportMetric(float64(len(column))/float64(block.Events), blocks.Column(c).String()+"-B/event")
		if size += len(column); blocks.Of(blocks.Users, blocks.Flags, blocks.Tokens, blocks.Offsets).Has(blocks.Column(c)) {
			core += len(column)
		}
	}
	b.ReportMetric(float64(size)/float64(block.Events), "B/event")
	b.ReportMetric(float64(core)/float64(block.Events), "core-B/event")
	b.ReportMetric(float64(block.Events)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mevents/s")
}

func BenchmarkDecode(b *testing.B) {
	block := blocks.Encode(blocks.Split(visits(4096))[0])
	for name, want := range map[string]blocks.Set{
		"all": blocks.All, "tokens": blocks.Of(blocks.Tokens), "users-tokens-offsets": blocks.Of(blocks.Users, blocks.Flags, blocks.Tokens, blocks.Offsets),
	} {
		b.Run(name, func(b *testing.B) {
			var r blocks.Reader
			n := 0
			for b.Loop() {
				if err := r.Decode(&block, want); err != nil {
					b.Fatal(err)
				}
				for _, s := range r.All {
					n += len(s.Tokens)
				}
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds()/1e6, "Mevents/s")
		})
	}
}
