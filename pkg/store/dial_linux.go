package store

import "syscall"

// limitUnacknowledged sets TCP_USER_TIMEOUT: keepalives are not sent while something is under way. What it cannot have, it
// goes without.
func limitUnacknowledged(socket uintptr) {
	const tcpUserTimeout = 0x12
	_ = syscall.SetsockoptInt(int(socket), syscall.IPPROTO_TCP, tcpUserTimeout, int(goneAfter.Milliseconds()))
}
