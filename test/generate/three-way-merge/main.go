// Reads cases (one JSON object per line) and writes them with the patch that apimachinery makes of them:
//
//	cd test/generate/three-way-merge && go run . < ../../golden/kube/three-way-merge.jsonl > new.jsonl
//
// Needs Go and the modules of go.mod.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/jsonmergepatch"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"k8s.io/client-go/kubernetes/scheme"
)

type mergeCase struct {
	APIVersion string          `json:"apiVersion"`
	Kind       string          `json:"kind"`
	ThreeWay   bool            `json:"threeWay"`
	Original   json.RawMessage `json:"original"`
	Target     json.RawMessage `json:"target"`
	Live       json.RawMessage `json:"live"`
	Expected   expected        `json:"expected"`
}

type expected struct {
	Patch json.RawMessage `json:"patch,omitempty"`
	Error string          `json:"error,omitempty"`
}

func main() {
	if err := apiextensions.AddToScheme(scheme.Scheme); err != nil {
		log.Fatal(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var c mergeCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			log.Fatal(err)
		}
		patch, err := patchOf(c)
		c.Expected = expected{Patch: patch}
		if err != nil {
			c.Expected = expected{Error: err.Error()}
		}
		text, err := json.Marshal(c)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(text))
	}
}

func patchOf(c mergeCase) ([]byte, error) {
	version, err := schema.ParseGroupVersion(c.APIVersion)
	if err != nil {
		return nil, err
	}
	typed, err := scheme.Scheme.New(version.WithKind(c.Kind))
	if err != nil && c.ThreeWay {
		return jsonmergepatch.CreateThreeWayJSONMergePatch(c.Original, c.Target, c.Live)
	}
	if err != nil {
		return jsonpatch.CreateMergePatch(c.Original, c.Target)
	}
	facts, err := strategicpatch.NewPatchMetaFromStruct(typed)
	if err != nil {
		return nil, err
	}
	return strategicpatch.CreateThreeWayMergePatch(c.Original, c.Target, c.Live, facts, true)
}
