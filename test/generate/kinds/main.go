// Writes built-in-kinds.generated.ts, merge-types.generated.ts and deprecated-kinds.generated.ts of src/kinds from the struct tags, client
// markers and lifecycle methods of k8s.io/api:
//
//	cd test/generate/kinds && go run . ../../../src/kinds
//
// Needs Go and the modules of go.mod; the output depends on their versions alone.
package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"sort"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
)

const version = "0.37.1"

// markers of one type: whether it is served on its own, and whether in namespaces.
type marked struct{ served, namespaced bool }

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: go run . <output folder>")
	}
	write(filepath.Join(os.Args[1], "deprecated-kinds.generated.ts"), deprecatedFile())
	if err := apiextensions.AddToScheme(scheme.Scheme); err != nil {
		log.Fatal(err)
	}
	markers := map[string]marked{}
	readMarkers("k8s.io/api", markers)
	readMarkers("k8s.io/apiextensions-apiserver/pkg/apis", markers)
	kinds, roots := servedKinds(markers)
	write(filepath.Join(os.Args[1], "built-in-kinds.generated.ts"), kindsFile(kinds))
	write(filepath.Join(os.Args[1], "merge-types.generated.ts"), typesFile(roots))
}

func write(path, content string) {
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		log.Fatal(err)
	}
}

// readMarkers finds +genclient comments: markers["k8s.io/api/core/v1.Pod"].
func readMarkers(packages string, into map[string]marked) {
	parts := strings.SplitN(packages, "/", 3)
	module := strings.Join(parts[:2], "/")
	output, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil {
		log.Fatal(err)
	}
	root := strings.TrimSpace(string(output))
	err = filepath.WalkDir(root+strings.TrimPrefix(packages, module), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Base(path) != "types.go" {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		in := module + strings.TrimPrefix(filepath.Dir(path), root)
		for _, declaration := range file.Decls {
			readDeclaration(in, declaration, file, into)
		}
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
}

// Markers may stand in a comment of their own above the doc text, so all comments between two declarations count.
func readDeclaration(in string, declaration ast.Decl, file *ast.File, into map[string]marked) {
	general, ok := declaration.(*ast.GenDecl)
	if !ok || general.Tok != token.TYPE {
		return
	}
	after := token.Pos(0)
	for _, other := range file.Decls {
		if other.End() < general.Pos() && other.End() > after {
			after = other.End()
		}
	}
	text := ""
	for _, comment := range file.Comments {
		if comment.Pos() > after && comment.End() < general.TokPos {
			for _, line := range comment.List {
				text += line.Text + "\n"
			}
		}
	}
	for _, spec := range general.Specs {
		name := spec.(*ast.TypeSpec).Name.Name
		if strings.Contains(text, "+genclient\n") {
			into[in+"."+name] = marked{true, !strings.Contains(text, "+genclient:nonNamespaced")}
		}
	}
}

type kind struct {
	apiVersion, name, plural string
	namespaced               bool
}

func servedKinds(markers map[string]marked) ([]kind, map[string]reflect.Type) {
	kinds := []kind{{"apiregistration.k8s.io/v1", "APIService", "apiservices", false}}
	roots := map[string]reflect.Type{}
	for gvk, t := range scheme.Scheme.AllKnownTypes() {
		found, ok := markers[t.PkgPath()+"."+t.Name()]
		if !ok || !found.served || gvk.Version == "__internal" {
			continue
		}
		plural, _ := meta.UnsafeGuessKindToResource(gvk)
		kinds = append(kinds, kind{apiVersion(gvk), gvk.Kind, plural.Resource, found.namespaced})
		roots[apiVersion(gvk)+"/"+gvk.Kind] = t
	}
	sort.Slice(kinds, func(i, j int) bool {
		if kinds[i].apiVersion != kinds[j].apiVersion {
			return kinds[i].apiVersion < kinds[j].apiVersion
		}
		return kinds[i].name < kinds[j].name
	})
	return kinds, roots
}

func apiVersion(gvk schema.GroupVersionKind) string { return gvk.GroupVersion().String() }

func kindsFile(kinds []kind) string {
	byVersion := map[string][]string{}
	var versions []string
	for _, k := range kinds {
		if byVersion[k.apiVersion] == nil {
			versions = append(versions, k.apiVersion)
		}
		scope := ""
		if !k.namespaced {
			scope = "!"
		}
		byVersion[k.apiVersion] = append(byVersion[k.apiVersion], k.name+" "+k.plural+scope)
	}
	text := header("k8s.io/api "+version+": the types marked +genclient, and the aggregator's APIService") + `/** By apiVersion: kinds with their plurals, ` + "`!`" + ` after those without a namespace. */
export const BUILT_IN_KINDS: Readonly<Record<string, string>> = {
`
	for _, v := range versions {
		text += fmt.Sprintf("  '%s': '%s',\n", v, strings.Join(byVersion[v], ", "))
	}
	return text + "}\n"
}

type deprecated interface{ APILifecycleDeprecated() (int, int) }
type removed interface{ APILifecycleRemoved() (int, int) }
type replaced interface {
	APILifecycleReplacement() schema.GroupVersionKind
}

// deprecatedFile lists the kinds that tell when they went out of use.
func deprecatedFile() string {
	var lines []string
	for gvk, t := range scheme.Scheme.AllKnownTypes() {
		object := reflect.New(t).Interface()
		d, ok := object.(deprecated)
		if !ok {
			continue
		}
		major, minor := d.APILifecycleDeprecated()
		if major == 0 && minor == 0 {
			continue
		}
		line := fmt.Sprintf("%d.%d", major, minor)
		if r, ok := object.(removed); ok {
			if major, minor := r.APILifecycleRemoved(); major != 0 || minor != 0 {
				line += fmt.Sprintf(" %d.%d", major, minor)
			}
		}
		if r, ok := object.(replaced); ok {
			if next := r.APILifecycleReplacement(); !next.Empty() {
				line += fmt.Sprintf(" %s %s", apiVersion(next), next.Kind)
			}
		}
		lines = append(lines, fmt.Sprintf("  '%s %s': '%s',\n", apiVersion(gvk), gvk.Kind, line))
	}
	sort.Strings(lines)
	return header("the lifecycle methods of the types of k8s.io/api "+version) +
		"/** By `apiVersion kind`: the Kubernetes version that deprecates it, the one without it, and the kind to use instead, with blanks between. */\n" +
		"export const DEPRECATED_KINDS: Readonly<Record<string, string>> = {\n" + strings.Join(lines, "") + "}\n"
}

func header(source string) string {
	return "// Generated by test/generate/kinds; do not edit.\n// Source: " + source + "\n\n"
}

// field of a struct as a strategic merge sees it; a type without such fields is the empty name.
type field struct{ name, element, strategy, key string }

type collector struct {
	names  map[reflect.Type]string
	tables map[string]string
	byText map[string]string
}

func typesFile(roots map[string]reflect.Type) string {
	c := collector{map[reflect.Type]string{}, map[string]string{}, map[string]string{}}
	var keys []string
	for key := range roots {
		keys = append(keys, key)
	}
	sort.Slice(keys, func(i, j int) bool {
		if a, b := rank(keys[i]), rank(keys[j]); a != b {
			return a < b
		}
		return keys[i] < keys[j]
	})
	byRoot := map[string][]string{}
	for _, key := range keys {
		name := c.table(roots[key])
		byRoot[name] = append(byRoot[name], key)
	}
	text := header("struct tags patchStrategy and patchMergeKey of k8s.io/api "+version) +
		"/** By the table of its fields: the kinds that a strategic merge knows, as `apiVersion/kind`. */\nexport const MERGE_ROOTS: Readonly<Record<string, string>> = {\n"
	for _, name := range sorted(byRoot) {
		sort.Strings(byRoot[name])
		text += fmt.Sprintf("  %s: '%s',\n", name, strings.Join(byRoot[name], " "))
	}
	text += "}\n\n/** By name: the fields that lead to or carry merge facts, each `field element strategy key`; `-` for nothing. Fields that are not listed are replaced or merged plainly. */\n" +
		"export const MERGE_TYPES: Readonly<Record<string, string>> = {\n"
	for _, name := range sorted(c.tables) {
		text += fmt.Sprintf("  %s: '%s',\n", name, c.tables[name])
	}
	return text + "}\n"
}

// rank puts well-known kinds first: they give shared tables their names.
func rank(key string) int {
	switch {
	case strings.Contains(key, "alpha") || strings.Contains(key, "beta"):
		return 3
	case strings.HasPrefix(key, "v1/"):
		return 0
	case strings.HasPrefix(key, "apps/") || strings.HasPrefix(key, "batch/"):
		return 1
	}
	return 2
}

func sorted[V any](m map[string]V) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

// table gives the name of the table of t's fields, "" when there is nothing to tell of t.
func (c *collector) table(t reflect.Type) string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return ""
	}
	if name, done := c.names[t]; done {
		return name
	}
	c.names[t] = "" // recursive types (JSONSchemaProps) end here
	fields := c.fields(t)
	if len(fields) == 0 {
		return ""
	}
	var lines []string
	for _, f := range fields {
		lines = append(lines, strings.TrimRight(strings.Join([]string{f.name, dash(f.element), dash(f.strategy), dash(f.key)}, " "), " -"))
	}
	text := strings.Join(lines, ", ")
	name, known := c.byText[text]
	if !known {
		name = c.free(t.Name())
		c.byText[text] = name
		c.tables[name] = text
	}
	c.names[t] = name
	return name
}

func (c *collector) free(name string) string {
	for i, candidate := 2, name; ; i++ {
		if _, taken := c.tables[candidate]; !taken {
			return candidate
		}
		candidate = fmt.Sprintf("%s%d", name, i)
	}
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func (c *collector) fields(t reflect.Type) []field {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var fields []field
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			fields = append(fields, c.fields(f.Type)...)
			continue
		}
		if name == "" || name == "-" || !f.IsExported() {
			continue
		}
		found := field{name, "", f.Tag.Get("patchStrategy"), f.Tag.Get("patchMergeKey")}
		// A list without a strategy is replaced whole, so what its elements are does not matter.
		if strings.HasPrefix(found.strategy, "merge") || (f.Type.Kind() != reflect.Slice && found.strategy != "replace") {
			found.element = c.table(f.Type)
		}
		if found.element != "" || found.strategy != "" {
			fields = append(fields, found)
		}
	}
	return fields
}
