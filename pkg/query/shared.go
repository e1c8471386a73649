package query

import (
	"sync"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// Shared are users whom several questions depend on, such as those of one request, so that a page's list, total and facets find
// them once. All see them as they were when the first of the questions asked. In nil nothing is shared.
type Shared struct {
	mutex sync.Mutex
	found map[string]func() (whom, error)
}

// whom are the users found, as lists of keys in order, by the statements that were run for it.
type whom struct {
	keys     [][]int32
	executed []store.Statement
}

// once returns what the first question has found that used this key. Others wait for it, and look themselves where it fails: it may
// have been given up alone.
func (s *Shared) once(key string, find func() (whom, error)) (whom, error) {
	if s == nil {
		return find()
	}
	s.mutex.Lock()
	one, known := s.found[key]
	if !known {
		one = sync.OnceValues(find)
		if s.found == nil {
			s.found = map[string]func() (whom, error){}
		}
		s.found[key] = one
	}
	s.mutex.Unlock()
	if who, err := one(); err == nil || !known {
		return who, err
	}
	return find()
}
