package tempdir

import "syscall"

// roomInMemory is how many bytes the file system in memory takes yet: 0 where there is none.
func roomInMemory() uint64 {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err != nil {
		return 0
	}
	return fs.Bavail * uint64(fs.Bsize) //nolint:gosec // no size is negative
}
