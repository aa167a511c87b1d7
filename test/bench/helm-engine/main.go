// Loads and renders charts (one folder per line of standard input) with Helm's own loader and engine, in one process; prints one
// line of JSON: milliseconds per chart to load, to render first and to render again.
//
//	go mod tidy && go build -o helm-engine . && GOMAXPROCS=1 ./helm-engine ROUNDS < folders
package main

import (
	"bufio"
	"encoding/json"
	"os"
	"strconv"
	"syscall"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
)

type clock struct {
	wall time.Time
	cpu  time.Duration
}

func now() clock {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return clock{time.Now(), time.Duration(usage.Utime.Nano() + usage.Stime.Nano())}
}

func render(c *chart.Chart) int {
	values := map[string]any{}
	if err := chartutil.ProcessDependencies(c, values); err != nil {
		return 0
	}
	release := common.ReleaseOptions{Name: "rel-name", Namespace: "ns-test", Revision: 1, IsInstall: true}
	all, err := util.ToRenderValues(c, values, release, common.DefaultCapabilities)
	if err != nil {
		return 0
	}
	files, err := engine.Render(c, all)
	if err != nil {
		return 0
	}
	bytes := 0
	for _, text := range files {
		bytes += len(text)
	}
	return bytes
}

func main() {
	rounds, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	start := now()
	var charts []*chart.Chart
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		c, err := loader.Load(lines.Text())
		if err != nil {
			panic(err)
		}
		charts = append(charts, c)
	}
	loaded := now()
	bytes := 0
	for _, c := range charts {
		bytes += render(c)
	}
	first := now()
	for range rounds {
		for _, c := range charts {
			render(c)
		}
	}
	end := now()
	per := func(from, to clock, times int) map[string]float64 {
		n := float64(len(charts)*times) * 1e6
		return map[string]float64{"wall": float64(to.wall.Sub(from.wall)) / n, "cpu": float64(to.cpu-from.cpu) / n}
	}
	json.NewEncoder(os.Stdout).Encode(map[string]any{
		"charts": len(charts),
		"bytes":  bytes,
		"load":   per(start, loaded, 1),
		"first":  per(loaded, first, 1),
		"warm":   per(first, end, rounds),
	})
}
