package preview

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"go.yaml.in/yaml/v3"
)

// datasource is one as Grafana's API takes and gives it; secrets are taken and never given.
type datasource struct {
	ID               int64             `json:"id" yaml:"-"`
	UID              string            `json:"uid" yaml:"uid"`
	OrgID            int64             `json:"orgId" yaml:"orgId"`
	Name             string            `json:"name" yaml:"name"`
	Type             string            `json:"type" yaml:"type"`
	Access           string            `json:"access" yaml:"access"`
	URL              string            `json:"url" yaml:"url"`
	User             string            `json:"user" yaml:"user"`
	Database         string            `json:"database" yaml:"database"`
	BasicAuth        bool              `json:"basicAuth" yaml:"basicAuth"`
	IsDefault        bool              `json:"isDefault" yaml:"isDefault"`
	JSONData         map[string]any    `json:"jsonData" yaml:"jsonData"`
	SecureJSONData   map[string]string `json:"secureJsonData,omitempty" yaml:"secureJsonData"`
	SecureJSONFields map[string]bool   `json:"secureJsonFields" yaml:"-"`
	Version          int64             `json:"version" yaml:"-"`
	updated          time.Time
}

// shown is the data source without its secrets.
func (d datasource) shown() datasource {
	d.SecureJSONFields = map[string]bool{}
	for name := range d.SecureJSONData {
		d.SecureJSONFields[name] = true
	}
	d.SecureJSONData = nil
	return d
}

// settings are what the plugin's backend is told.
func (d datasource) settings() *backend.DataSourceInstanceSettings {
	jsonData, err := json.Marshal(d.JSONData)
	if err != nil {
		jsonData = nil // it came as JSON or YAML, so it can be written
	}
	return &backend.DataSourceInstanceSettings{
		ID: d.ID, UID: d.UID, Type: d.Type, Name: d.Name, URL: d.URL, User: d.User, Database: d.Database,
		JSONData: jsonData, DecryptedSecureJSONData: d.SecureJSONData, Updated: d.updated,
	}
}

// boot is the data source as Grafana tells it to its frontend.
func (d datasource) boot(meta map[string]any) map[string]any {
	return map[string]any{
		"id": d.ID, "uid": d.UID, "name": d.Name, "type": d.Type, "url": "/api/datasources/proxy/uid/" + d.UID,
		"access": d.Access, "isDefault": d.IsDefault, "jsonData": d.JSONData, "meta": meta,
	}
}

// datasources are those of the running host. Nothing of them is written to disk.
type datasources struct {
	mu    sync.Mutex
	byUID map[string]datasource
	last  int64
}

// readDatasources returns those that the provisioning folder makes, with variables filled in.
func readDatasources(provisioning string, environment map[string]string) (*datasources, error) {
	s := &datasources{byUID: map[string]datasource{}}
	paths, err := filepath.Glob(filepath.Join(provisioning, "datasources", "*.y*ml"))
	for _, path := range paths {
		var text []byte
		if text, err = os.ReadFile(path); err == nil {
			err = s.provision(text, environment)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return s, err
}

func (s *datasources) provision(text []byte, environment map[string]string) error {
	var tree yaml.Node
	if err := yaml.Unmarshal(text, &tree); err != nil {
		return err
	}
	expandScalars(&tree, func(name string) string { return cmp.Or(environment[name], os.Getenv(name)) })
	var file struct{ Datasources []datasource }
	err := tree.Decode(&file)
	for _, d := range file.Datasources {
		if err == nil {
			_, err = s.create(d)
		}
	}
	return err
}

// expandScalars fills variables in after parsing, so that no value of theirs becomes syntax.
func expandScalars(node *yaml.Node, expand func(string) string) {
	if node.Kind == yaml.ScalarNode {
		node.Value = os.Expand(node.Value, expand)
	}
	for _, child := range node.Content {
		expandScalars(child, expand)
	}
}

func (s *datasources) list() []datasource {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Values(s.byUID), func(a, b datasource) int { return cmp.Compare(a.Name, b.Name) })
}

func (s *datasources) get(uid string) (datasource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.byUID[uid]
	if !ok {
		return datasource{}, refuse(404, "Data source not found")
	}
	return d, nil
}

func (s *datasources) create(d datasource) (datasource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.Name == "" || d.Type == "" {
		return datasource{}, refuse(400, "bad request data")
	}
	s.last++
	d.ID, d.OrgID, d.Version = s.last, 1, 1
	if d.UID == "" {
		d.UID = fmt.Sprintf("preview-%d", d.ID)
	}
	for _, other := range s.byUID {
		if other.Name == d.Name {
			return datasource{}, refuse(409, "data source with the same name already exists")
		}
		if other.UID == d.UID {
			return datasource{}, refuse(409, "data source with the same uid already exists")
		}
	}
	return s.put(d), nil
}

// update changes one; secrets that are not given stay.
func (s *datasources) update(uid string, d datasource) (datasource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.byUID[uid]
	if !ok {
		return datasource{}, refuse(404, "Data source not found")
	}
	secrets := maps.Clone(old.SecureJSONData)
	if secrets == nil {
		secrets = map[string]string{}
	}
	maps.Copy(secrets, d.SecureJSONData)
	d.ID, d.UID, d.OrgID, d.Version, d.SecureJSONData = old.ID, old.UID, old.OrgID, old.Version+1, secrets
	return s.put(d), nil
}

func (s *datasources) delete(uid string) (datasource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.byUID[uid]
	if !ok {
		return datasource{}, refuse(404, "Data source not found")
	}
	delete(s.byUID, uid)
	return d, nil
}

// put stores one; there is one default at most.
func (s *datasources) put(d datasource) datasource {
	d.Access = cmp.Or(d.Access, "proxy")
	if d.JSONData == nil {
		d.JSONData = map[string]any{}
	}
	d.updated = time.Now()
	if d.IsDefault {
		for uid, other := range s.byUID {
			other.IsDefault = false
			s.byUID[uid] = other
		}
	}
	s.byUID[d.UID] = d
	return d
}
