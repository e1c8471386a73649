package demo

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadSettings(t *testing.T) {
	read := func(variables map[string]string) (Settings, error) {
		return readSettings(func(name string) (string, bool) { text, ok := variables[name]; return text, ok })
	}
	settings, err := read(nil)
	require.NoError(t, err)
	require.Equal(t, 3000, settings.Port)
	require.Positive(t, settings.Users)

	settings, err = read(map[string]string{"FOOTFALL_DEMO_PORT": "3001", "FOOTFALL_DEMO_USERS": "0", "FOOTFALL_DEMO_DAYS": "7"})
	require.NoError(t, err)
	require.Equal(t, Settings{Port: 3001, Users: 0, Days: 7}, settings)

	for name, text := range map[string]string{"FOOTFALL_DEMO_PORT": "70000", "FOOTFALL_DEMO_USERS": "-1", "FOOTFALL_DEMO_DAYS": "many"} {
		_, err := read(map[string]string{name: text})
		require.ErrorContains(t, err, name)
		require.ErrorContains(t, err, text)
	}
}
