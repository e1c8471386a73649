package plugin

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"sync/atomic"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend/proxy"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// socks is a SOCKS 5 proxy without authentication that counts its connections.
type socks struct {
	address     string
	connections atomic.Int32
}

func newSocks(t *testing.T) *socks {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	s := &socks{address: listener.Addr().String()}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.connections.Add(1)
			go serveSocks(conn)
		}
	}()
	return s
}

// serveSocks follows RFC 1928 for CONNECT to a name or an IPv4 address.
func serveSocks(client net.Conn) {
	defer client.Close() //nolint:errcheck // a test's connection
	head := make([]byte, 2)
	if _, err := io.ReadFull(client, head); err != nil {
		return
	}
	_, _ = io.CopyN(io.Discard, client, int64(head[1]))
	_, _ = client.Write([]byte{5, 0})
	request := make([]byte, 4)
	if _, err := io.ReadFull(client, request); err != nil {
		return
	}
	length := []byte{net.IPv4len}
	if request[3] == 3 {
		_, _ = io.ReadFull(client, length)
	}
	target := make([]byte, int(length[0])+2)
	_, _ = io.ReadFull(client, target)
	host := string(target[:length[0]])
	if request[3] == 1 {
		host = net.IP(target[:length[0]]).String()
	}
	server, err := net.DialTCP("tcp", nil, &net.TCPAddr{IP: net.ParseIP(host), Port: int(binary.BigEndian.Uint16(target[length[0]:]))})
	if err != nil {
		return
	}
	defer server.Close() //nolint:errcheck // a test's connection
	_, _ = client.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	go func() { _, _ = io.Copy(server, client); _ = server.CloseWrite() }()
	_, _ = io.Copy(client, server)
}

func TestSecureSocksProxy(t *testing.T) {
	db := testdb.New(t)
	s, err := ParseSettings(t.Context(), storedFor(db).settings(t))
	require.NoError(t, err)
	off, err := proxyDial(proxy.New(nil), s)
	require.NoError(t, err)
	require.Nil(t, off)

	server := newSocks(t)
	dial, err := proxyDial(proxy.New(&proxy.Options{
		Enabled: true, ClientCfg: &proxy.ClientCfg{ProxyAddress: server.address, AllowInsecure: true},
	}), s)
	require.NoError(t, err)
	pool, err := newPool(t.Context(), s, dial)
	require.NoError(t, err)
	defer pool.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		eventually(t, "the query runs", func() bool { return sleeping(t, db) == 1 })
		cancel()
	}()
	err = readOnly(ctx, pool, s.StatementTimeout, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `select pg_sleep(60) /* via proxy */`)
		return err
	})
	require.Error(t, err)
	eventually(t, "the query is cancelled through the proxy", func() bool { return sleeping(t, db) == 0 })
	require.GreaterOrEqual(t, server.connections.Load(), int32(2), "one to ask, one to cancel")
}

func sleeping(t *testing.T, db *pgxpool.Pool) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRow(context.Background(), `
select count(*) from pg_stat_activity where state = 'active' and query like '%/* via ' || 'proxy */%'`).Scan(&n))
	return n
}
