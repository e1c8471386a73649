package plugin

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

func TestRoles(t *testing.T) {
	require.Equal(t, NoUser, roleOf(nil))
	for name, role := range map[string]Role{
		"": Viewer, "None": Viewer, "Owner": Viewer, "Viewer": Viewer, "Editor": Editor, "Admin": Admin,
	} {
		require.Equal(t, role, roleOf(&backend.User{Role: name}), name)
	}
}

func TestRequires(t *testing.T) {
	handler := requires(Editor, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	for role, wanted := range map[string]int{"Viewer": 403, "Owner": 403, "Editor": 204, "Admin": 204} {
		request := httptest.NewRequestWithContext(backend.WithUser(t.Context(), &backend.User{Role: role}), "PUT", "/", nil)
		answer := httptest.NewRecorder()
		handler(answer, request)
		require.Equal(t, wanted, answer.Code, role)
	}
	answer := httptest.NewRecorder()
	handler(answer, httptest.NewRequestWithContext(t.Context(), "PUT", "/", nil))
	require.Equal(t, 403, answer.Code)
	require.JSONEq(t, `{"message": "only editors may do this"}`, answer.Body.String())
}
