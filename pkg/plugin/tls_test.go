package plugin

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  string
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign,
	}
	a := &authority{cert: template}
	a.pem, _, a.key = a.sign(t, template)
	a.cert, _ = x509.ParseCertificate(decodePEM(a.pem))
	return a
}

// sign returns certificate and key as PEM; the first one is signed by itself.
func (a *authority) sign(t *testing.T, template *x509.Certificate) (string, string, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template.SerialNumber = big.NewInt(time.Now().UnixNano())
	template.NotBefore = time.Now().Add(-time.Hour)
	if template.NotAfter.IsZero() {
		template.NotAfter = time.Now().Add(time.Hour)
	}
	signer := a.key
	if signer == nil {
		signer = key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &key.PublicKey, signer)
	require.NoError(t, err)
	encodedKey, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return encodePEM("CERTIFICATE", der), encodePEM("PRIVATE KEY", encodedKey), key
}

func encodePEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func decodePEM(text string) []byte {
	block, _ := pem.Decode([]byte(text))
	return block.Bytes
}

// useCertificate makes a server speak TLS with a certificate, at once. It writes the files through SQL, as the server's
// own account.
func useCertificate(t *testing.T, db *pgxpool.Pool, cert, key, clientCA string) {
	t.Helper()
	// Every file has a new name, since the server would not notice the same one's new content.
	id := time.Now().UnixNano()
	for name, content := range map[string]string{"ssl_cert_file": cert, "ssl_key_file": key, "ssl_ca_file": clientCA} {
		file := ""
		if content != "" {
			file = fmt.Sprintf("%s_%d.pem", name, id)
			writeServerFile(t, db, file, content)
		}
		_, err := db.Exec(t.Context(), fmt.Sprintf(`alter system set %s = '%s'`, name, file))
		require.NoError(t, err)
	}
	_, err := db.Exec(t.Context(), `alter system set ssl = on`)
	require.NoError(t, err)
	_, err = db.Exec(t.Context(), `select pg_reload_conf()`)
	require.NoError(t, err)
	eventually(t, "the server has read the certificate", func() bool {
		var file, on string
		require.NoError(t, db.QueryRow(t.Context(), `select current_setting('ssl_cert_file'), current_setting('ssl')`).Scan(&file, &on))
		return on == "on" && file == fmt.Sprintf("ssl_cert_file_%d.pem", id)
	})
}

func writeServerFile(t *testing.T, db *pgxpool.Pool, file, content string) {
	t.Helper()
	_, err := db.Exec(t.Context(), fmt.Sprintf(
		`copy (select unnest(string_to_array('%s', E'\n'))) to program 'umask 077; cat > "%s"'`, content, file))
	require.NoError(t, err)
}

func TestTLS(t *testing.T) {
	cluster := testdb.Cluster(t)
	db := testdb.Connect(t, cluster.DSN)
	known, other := newAuthority(t), newAuthority(t)
	cert, key, _ := known.sign(t, &x509.Certificate{DNSNames: []string{"localhost"}})
	useCertificate(t, db, cert, key, "")

	config, err := pgx.ParseConfig(cluster.DSN)
	require.NoError(t, err)
	port := fmt.Sprint(config.Port)
	for _, c := range []struct{ name, mode, host, serverName, ca, problem string }{
		{name: "plain", mode: "disable", host: "127.0.0.1"},
		{name: "require checks nothing", mode: "require", host: "127.0.0.1"},
		{name: "require with a root checks it", mode: "require", host: "127.0.0.1", ca: other.pem,
			problem: "The server's certificate is not signed by a known authority. Paste"},
		{name: "verify-ca ignores the name", mode: "verify-ca", host: "127.0.0.1", ca: known.pem},
		{name: "verify-ca", mode: "verify-ca", host: "127.0.0.1", ca: other.pem,
			problem: "The server's certificate is not signed by a known authority. Paste"},
		{name: "verify-ca by the system's roots", mode: "verify-ca", host: "127.0.0.1",
			problem: "The server's certificate is not signed by a known authority. Paste"},
		{name: "verify-full", mode: "verify-full", host: "localhost", ca: known.pem},
		{name: "verify-full, other authority", mode: "verify-full", host: "localhost", ca: other.pem,
			problem: "The server's certificate is not signed by a known authority. Paste"},
		{name: "verify-full, other name", mode: "verify-full", host: "127.0.0.1", ca: known.pem,
			problem: "The server's certificate is for another name"},
		{name: "verify-full, name given", mode: "verify-full", host: "127.0.0.1", serverName: "localhost", ca: known.pem},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := storedForConfig(config)
			s.url = net.JoinHostPort(c.host, port)
			s.json["sslmode"], s.json["tlsServerName"], s.secure["tlsCACert"] = c.mode, c.serverName, c.ca
			requireHealth(t, s, c.problem)
		})
	}

	t.Run("expired", func(t *testing.T) {
		cert, key, _ := known.sign(t, &x509.Certificate{DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(-time.Minute)})
		useCertificate(t, db, cert, key, "")
		s := storedForConfig(config)
		s.json["sslmode"], s.secure["tlsCACert"] = "verify-ca", known.pem
		requireHealth(t, s, "The server's certificate is not valid: x509: certificate has expired")
	})

	t.Run("client certificate", func(t *testing.T) {
		useCertificate(t, db, cert, key, known.pem)
		clientCert, clientKey, _ := known.sign(t, &x509.Certificate{
			Subject: pkix.Name{CommonName: config.User}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		})
		writeServerFile(t, db, "pg_hba.conf", "hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-full\n")
		_, err := db.Exec(t.Context(), `select pg_reload_conf()`)
		require.NoError(t, err)
		s := storedForConfig(config)
		s.json["sslmode"] = "require"
		eventually(t, "pg_hba.conf is read", func() bool {
			return start(t, s).health(t).Status == backend.HealthStatusError
		})
		requireHealth(t, s, "Give a TLS/SSL client certificate")
		s.json["sslmode"] = "disable"
		requireHealth(t, s, "Set TLS/SSL mode to require, verify-ca or verify-full")
		s.json["sslmode"] = "verify-ca"
		s.secure = map[string]string{
			"password": config.Password, "tlsCACert": known.pem, "tlsClientCert": clientCert, "tlsClientKey": clientKey,
		}
		requireHealth(t, s, "")
	})
}

// requireHealth wants the problem, or "" for none.
func requireHealth(t *testing.T, s stored, problem string) {
	t.Helper()
	result := start(t, s).health(t)
	if problem == "" {
		require.Equal(t, backend.HealthStatusOk, result.Status, result.Message)
		return
	}
	require.Equal(t, backend.HealthStatusError, result.Status)
	require.Contains(t, result.Message, problem)
}
