// Helm's engine and Helm's command line over many cases in one process: a case per line of standard input in, an answer per line out.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	helmcmd "helm.sh/helm/v4/pkg/cmd"
	"helm.sh/helm/v4/pkg/engine"
)

// A question has either a working folder and arguments of helm, or a template with what stands beside it in a chart called t.
type question struct {
	Folder   string            `json:"folder"`
	Args     []string          `json:"args"`
	Template string            `json:"template"`
	Values   string            `json:"values"`
	Defines  *string           `json:"defines"`
	Files    map[string]string `json:"files"`
}

type answer struct {
	Output string `json:"output"`
	Error  string `json:"error,omitempty"`
	// Standard error of a command that succeeded.
	Warnings string `json:"warnings,omitempty"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			encoder.Encode(ask(line))
			out.Flush()
		}
		if err != nil {
			return
		}
	}
}

func ask(line []byte) (result answer) {
	defer func() {
		if problem := recover(); problem != nil {
			result = answer{Error: fmt.Sprintf("panic: %v", problem)}
		}
	}()
	var q question
	if err := json.Unmarshal(line, &q); err != nil {
		return answer{Error: err.Error()}
	}
	if len(q.Args) > 0 {
		return command(q)
	}
	return template(q)
}

func template(q question) answer {
	files := []*archive.BufferedFile{
		{Name: "Chart.yaml", Data: []byte("apiVersion: v2\nname: t\nversion: 0.1.0\n")},
		{Name: "values.yaml", Data: []byte(q.Values)},
		{Name: "templates/x.yaml", Data: []byte(q.Template)},
	}
	if q.Defines != nil {
		files = append(files, &archive.BufferedFile{Name: "templates/_helpers.tpl", Data: []byte(*q.Defines)})
	}
	for name, text := range q.Files {
		files = append(files, &archive.BufferedFile{Name: name, Data: []byte(text)})
	}
	chart, err := loader.LoadFiles(files)
	if err != nil {
		return answer{Error: err.Error()}
	}
	values := map[string]any{}
	if err := chartutil.ProcessDependencies(chart, values); err != nil {
		return answer{Error: err.Error()}
	}
	release := common.ReleaseOptions{Name: "rel", Namespace: "ns", Revision: 1, IsInstall: true}
	all, err := util.ToRenderValues(chart, values, release, common.DefaultCapabilities.Copy())
	if err != nil {
		return answer{Error: err.Error()}
	}
	rendered, err := engine.Render(chart, all)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Output: rendered["t/templates/x.yaml"]}
}

func command(q question) answer {
	if err := os.Chdir(q.Folder); err != nil {
		return answer{Error: err.Error()}
	}
	errors, err := os.Create(filepath.Join(os.TempDir(), fmt.Sprintf("flotilla-oracle-%d", os.Getpid())))
	if err != nil {
		return answer{Error: err.Error()}
	}
	stderr := os.Stderr
	os.Stderr = errors
	defer func() {
		os.Stderr = stderr
		errors.Close()
		os.Remove(errors.Name())
	}()
	os.Args = append([]string{"helm"}, q.Args...)
	var out bytes.Buffer
	cmd, err := helmcmd.NewRootCmd(&out, q.Args, helmcmd.SetupLogging)
	if err != nil {
		return answer{Error: err.Error()}
	}
	cmd.SetArgs(q.Args)
	cmd.SetErr(errors)
	err = cmd.Execute()
	said, _ := os.ReadFile(errors.Name())
	if err != nil {
		return answer{Output: out.String(), Error: strings.TrimSpace(string(said))}
	}
	return answer{Output: out.String(), Warnings: string(said)}
}
