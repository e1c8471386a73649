// Package compose holds docker-compose.yml to what the rest of the project says.
package compose

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/tools/grafana"
	"github.com/footfall-analytics/footfall/tools/manifest"
	"github.com/footfall-analytics/footfall/tools/repo"
)

// load reads the file with its variables set as given, and returns it with the project's folder.
func load(t *testing.T, variables ...string) (*types.Project, string) {
	t.Helper()
	root, err := repo.Root()
	require.NoError(t, err)
	options, err := cli.NewProjectOptions([]string{filepath.Join(root, "docker-compose.yml")},
		cli.WithWorkingDirectory(root), cli.WithEnv(variables))
	require.NoError(t, err)
	project, err := options.LoadProject(context.Background())
	require.NoError(t, err)
	return project, root
}

func TestImagesAndTheirOverrides(t *testing.T) {
	project, _ := load(t)
	require.Equal(t, "postgres:18", project.Services["postgres"].Image)
	require.Equal(t, "grafana/grafana:"+grafana.Version, project.Services["grafana"].Image)

	project, _ = load(t, "GRAFANA_VERSION=10.1.0", "POSTGRES_VERSION=15")
	require.Equal(t, "postgres:15", project.Services["postgres"].Image)
	require.Equal(t, "grafana/grafana:10.1.0", project.Services["grafana"].Image)
}

func TestPortsAreOfThisMachineOnly(t *testing.T) {
	project, _ := load(t)
	published := map[string]string{}
	for name, service := range project.Services {
		for _, port := range service.Ports {
			require.Equal(t, "127.0.0.1", port.HostIP, name)
			published[name] = port.Published
		}
	}
	require.Equal(t, map[string]string{"postgres": "5432", "grafana": "3000"}, published)

	project, _ = load(t, "FOOTFALL_DEMO_PORT=3001", "POSTGRES_PORT=5433")
	require.Equal(t, "3001", project.Services["grafana"].Ports[0].Published)
	require.Equal(t, "5433", project.Services["postgres"].Ports[0].Published)
}

func TestMountsExist(t *testing.T) {
	project, root := load(t)
	mounts := map[string]string{}
	for _, volume := range project.Services["grafana"].Volumes {
		mounts[volume.Source] = volume.Target
	}
	require.Equal(t, map[string]string{
		filepath.Join(root, "dist"):         "/var/lib/grafana/plugins/footfall-analytics-app",
		filepath.Join(root, "provisioning"): "/etc/grafana/provisioning",
		"grafana":                           "/var/lib/grafana",
	}, mounts)
	segments := project.Services["segments"]
	require.Len(t, segments.Volumes, 1)
	require.Equal(t, filepath.Join(root, "provisioning", "segments"), segments.Volumes[0].Source)
	require.Equal(t, segments.Volumes[0].Target, segments.Command[len(segments.Command)-1])
	// Since 18 the image keeps its data in a folder of the version below this one.
	require.Equal(t, "/var/lib/postgresql", project.Services["postgres"].Volumes[0].Target)
	for _, dir := range []string{"provisioning/datasources", "provisioning/plugins", "provisioning/segments"} {
		require.DirExists(t, filepath.Join(root, dir))
	}
}

func TestAllPluginsMayBeLoaded(t *testing.T) {
	project, root := load(t)
	var ids []string
	err := filepath.WalkDir(filepath.Join(root, "src"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Name() != "plugin.json" {
			return err
		}
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		var plugin struct{ ID string }
		require.NoError(t, json.Unmarshal(text, &plugin))
		ids = append(ids, plugin.ID)
		return nil
	})
	require.NoError(t, err)
	allowed := *project.Services["grafana"].Environment["GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS"]
	require.ElementsMatch(t, ids, strings.Split(allowed, ","))
}

func TestHomePageIsTheDemos(t *testing.T) {
	project, _ := load(t)
	require.Equal(t, manifest.HomePage, *project.Services["grafana"].Environment["GF_USERS_HOME_PAGE"])
}

// The provisioning files and docker-compose.yml must agree on the variables, in both directions.
func TestProvisioningGetsItsVariables(t *testing.T) {
	project, root := load(t)
	text, err := os.ReadFile(filepath.Join(root, "provisioning", "datasources", "footfall.yaml"))
	require.NoError(t, err)
	var wanted []string
	for _, match := range regexp.MustCompile(`\$(FOOTFALL_\w+)`).FindAllStringSubmatch(string(text), -1) {
		wanted = append(wanted, match[1])
	}
	var given []string
	for name := range project.Services["grafana"].Environment {
		if strings.HasPrefix(name, "FOOTFALL_") {
			given = append(given, name)
		}
	}
	require.NotEmpty(t, wanted)
	require.ElementsMatch(t, wanted, given)
}

func TestEverybodyUsesTheSameDatabase(t *testing.T) {
	project, _ := load(t, "FOOTFALL_DB_PASSWORD=other")
	database := project.Services["postgres"].Environment
	require.Equal(t, "other", *database["POSTGRES_PASSWORD"])
	user, name := *database["POSTGRES_USER"], *database["POSTGRES_DB"]
	for _, service := range []string{"setup", "segments", "worker"} {
		require.Equal(t, "postgres://"+user+":other@postgres:5432/"+name+"?sslmode=disable",
			*project.Services[service].Environment["FOOTFALL_DSN"], service)
	}
	datasource := project.Services["grafana"].Environment
	require.Equal(t, "postgres:5432", *datasource["FOOTFALL_DB_HOST"])
	require.Equal(t, name, *datasource["FOOTFALL_DB_NAME"])
	require.Equal(t, user, *datasource["FOOTFALL_DB_USER"])
	require.Equal(t, "other", *datasource["FOOTFALL_DB_PASSWORD"])
}

func TestSetupComesFirst(t *testing.T) {
	project, root := load(t)
	require.Equal(t, types.ServiceConditionHealthy, project.Services["setup"].DependsOn["postgres"].Condition)
	for _, service := range []string{"segments", "worker", "grafana"} {
		require.Equal(t, types.ServiceConditionCompletedSuccessfully,
			project.Services[service].DependsOn["setup"].Condition, service)
	}
	command := strings.Join(project.Services["setup"].Command, " ")
	require.Contains(t, command, "footfall migrate &&")
	require.Contains(t, command, "footfall demo --users 1000 --days 60")
	require.Equal(t, types.ShellCommand{"footfall", "work"}, project.Services["worker"].Command)
	require.DirExists(t, filepath.Join(root, "pkg", "cmd", "footfall"))
}

// The image that builds the command line must have the Go that go.mod asks for.
func TestGoVersion(t *testing.T) {
	project, root := load(t)
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(string(text))
	require.Len(t, version, 2)
	dockerfile := strings.Split(project.Services["setup"].Build.DockerfileInline, "\n")
	require.True(t, slices.ContainsFunc(dockerfile, func(line string) bool {
		return strings.HasPrefix(line, "FROM golang:"+version[1]+"-alpine")
	}), dockerfile)
}
