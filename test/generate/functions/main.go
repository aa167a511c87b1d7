// Records what the functions of Helm 4.3.1's templates are and do.
//
//	go run . names > ../../golden/functions/names.txt
//	go run . record ../../golden/functions/*.jsonl
//
// `names` prints one line per function: where it comes from, its name, its Go type. `record` runs the template of each line
// over values.json beside the file and rewrites the line with its output or error.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"text/template"
	_ "unsafe"

	"github.com/Masterminds/sprig/v3"
	_ "helm.sh/helm/v4/pkg/engine"
)

//go:linkname helmFunctions helm.sh/helm/v4/pkg/engine.funcMap
func helmFunctions() template.FuncMap

type recorded struct {
	Template string  `json:"template"`
	Output   *string `json:"output,omitempty"`
	Error    string  `json:"error,omitempty"`
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "names" {
		names()
		return
	}
	if len(os.Args) > 2 && os.Args[1] == "record" {
		for _, path := range os.Args[2:] {
			record(path)
		}
		return
	}
	fmt.Fprintln(os.Stderr, "usage: names | record FILE...")
	os.Exit(1)
}

func names() {
	fromSprig := sprig.TxtFuncMap()
	lines := []string{}
	for name, function := range helmFunctions() {
		source := "Helm 4.3.1"
		if known, ok := fromSprig[name]; ok && reflect.ValueOf(known).Pointer() == reflect.ValueOf(function).Pointer() {
			source = "sprig 3.3.0"
		}
		lines = append(lines, fmt.Sprintf("%s\t%s\t%s", name, strings.TrimPrefix(reflect.TypeOf(function).String(), "func"), source))
	}
	sort.Strings(lines)
	fmt.Println(strings.Join(lines, "\n"))
}

func record(path string) {
	values := map[string]any{}
	check(json.Unmarshal(read(filepath.Join(filepath.Dir(path), "values.json")), &values))
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	lines := bufio.NewScanner(bytes.NewReader(read(path)))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var line recorded
		check(json.Unmarshal(lines.Bytes(), &line))
		check(encoder.Encode(run(line.Template, values)))
	}
	check(os.WriteFile(path, out.Bytes(), 0o644))
}

func run(text string, values map[string]any) recorded {
	result := recorded{Template: text}
	parsed, err := template.New("x").Option("missingkey=zero").Funcs(helmFunctions()).Parse(text)
	var out strings.Builder
	if err == nil {
		err = parsed.Execute(&out, map[string]any{"Values": copied(values)})
	}
	if err != nil {
		result.Error = err.Error()
		return result
	}
	output := out.String()
	result.Output = &output
	return result
}

func copied(values map[string]any) map[string]any {
	text, err := json.Marshal(values)
	check(err)
	result := map[string]any{}
	check(json.Unmarshal(text, &result))
	return result
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	check(err)
	return data
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
