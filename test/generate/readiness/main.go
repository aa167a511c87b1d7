// Reads cases (one JSON object per line) and writes them with the status that kstatus computes:
//
//	cd test/generate/readiness && go run . < ../../golden/kube/readiness.jsonl > new.jsonl
//
// Needs Go and the modules of go.mod.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type statusCase struct {
	Object   map[string]any `json:"object"`
	Expected expected       `json:"expected"`
}

type expected struct {
	Message string `json:"message"`
	Status  string `json:"status"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var c struct{ Object json.RawMessage }
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			log.Fatal(err)
		}
		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON(c.Object); err != nil {
			log.Fatal(err)
		}
		result, err := status.Compute(object)
		if err != nil {
			log.Fatal(err)
		}
		text, err := json.Marshal(statusCase{object.Object, expected{result.Message, string(result.Status)}})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(text))
	}
}
