package plugin

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
)

// config returns nil where TLS is off. Its errors are of type SettingsError.
func (t TLSSettings) config(host string) (*tls.Config, error) {
	if t.Mode == "disable" {
		return nil, nil
	}
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: withDefault(t.ServerName, host)}
	if t.CACert != "" {
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM([]byte(t.CACert)) {
			return nil, SettingsError{"TLS/SSL root certificate", "holds no certificate; paste a PEM text that starts with -----BEGIN CERTIFICATE-----"}
		}
	}
	if t.ClientCert != "" || t.ClientKey != "" {
		pair, err := t.clientCertificate()
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	switch t.Mode {
	case "verify-full":
	case "verify-ca":
		verifyChainOnly(config)
	case "require":
		// As libpq does: who gives a root certificate wants it used.
		if config.RootCAs != nil {
			verifyChainOnly(config)
		} else {
			config.InsecureSkipVerify = true // what the mode means
		}
	default:
		return nil, SettingsError{"TLS/SSL mode", fmt.Sprintf("is %q; it must be disable, require, verify-ca or verify-full", t.Mode)}
	}
	return config, nil
}

func (t TLSSettings) clientCertificate() (tls.Certificate, error) {
	const field = "TLS/SSL client certificate"
	if t.ClientCert == "" || t.ClientKey == "" {
		return tls.Certificate{}, SettingsError{field, "and client key belong together; give both or neither"}
	}
	pair, err := tls.X509KeyPair([]byte(t.ClientCert), []byte(t.ClientKey))
	if err != nil {
		return tls.Certificate{}, SettingsError{field, "or its key cannot be used: " + err.Error()}
	}
	return pair, nil
}

// verifyChainOnly checks the server's certificate against the roots, but not the name in it. crypto/tls has no switch
// for that alone: its own check goes off and the same check without a name runs instead, on resumed sessions too.
func verifyChainOnly(config *tls.Config) {
	roots := config.RootCAs
	config.InsecureSkipVerify = true // verified below
	config.VerifyConnection = func(state tls.ConnectionState) error {
		if len(state.PeerCertificates) == 0 {
			return errors.New("the server sent no certificate")
		}
		options := x509.VerifyOptions{Roots: roots, Intermediates: x509.NewCertPool()}
		for _, certificate := range state.PeerCertificates[1:] {
			options.Intermediates.AddCert(certificate)
		}
		_, err := state.PeerCertificates[0].Verify(options)
		return err
	}
}
