// Writes objects of removed API versions, one case per line, with what Kubernetes makes of them in the versions of now:
//
//	cd test/generate/converted-kinds && go run . > ../../golden/kube/converted-kinds.jsonl
//
// Needs Go and the modules of go.mod.
package main

import (
	"encoding/json"
	"fmt"
	"log"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/extensions/install"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
)

var specs = map[string][]string{
	"Ingress": {
		`{"backend":{"serviceName":"web","servicePort":80}}`,
		`{"backend":{"serviceName":"web","servicePort":"http"},"ingressClassName":"nginx"}`,
		`{"backend":{"resource":{"apiGroup":"example.com","kind":"Bucket","name":"b"}}}`,
		`{"rules":[{"host":"a.example.com","http":{"paths":[{"path":"/","backend":{"serviceName":"a","servicePort":80}},{"path":"/b","pathType":"Exact","backend":{"serviceName":"b","servicePort":"http"}}]}}]}`,
		`{"rules":[{"host":"a.example.com"},{"http":{"paths":[{"backend":{"serviceName":"a","servicePort":"8080"}}]}}],"tls":[{"hosts":["a.example.com"],"secretName":"t"}]}`,
		`{"backend":{"serviceName":"web","servicePort":0}}`,
		`{}`,
	},
	"PodDisruptionBudget": {
		`{"minAvailable":1,"selector":{"matchLabels":{"app":"web"}}}`,
		`{"maxUnavailable":"50%","selector":{}}`,
		`{"maxUnavailable":1}`,
		`{"minAvailable":1,"selector":{"matchExpressions":[{"key":"pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match","operator":"DoesNotExist"}]}}`,
	},
}

type target struct {
	from []string
	to   schema.GroupVersion
}

var targets = map[string]target{
	"Ingress":             {[]string{"extensions/v1beta1", "networking.k8s.io/v1beta1"}, schema.GroupVersion{Group: "networking.k8s.io", Version: "v1"}},
	"PodDisruptionBudget": {[]string{"policy/v1beta1"}, schema.GroupVersion{Group: "policy", Version: "v1"}},
}

func main() {
	for _, kind := range []string{"Ingress", "PodDisruptionBudget"} {
		for _, from := range targets[kind].from {
			for _, spec := range specs[kind] {
				text := fmt.Sprintf(`{"apiVersion":%q,"kind":%q,"metadata":{"name":"web","labels":{"a":"b"}},"spec":%s}`, from, kind, spec)
				internal, err := runtime.Decode(legacyscheme.Codecs.UniversalDecoder(), []byte(text))
				if err != nil {
					log.Fatal(err)
				}
				converted, err := runtime.Encode(legacyscheme.Codecs.LegacyCodec(targets[kind].to), internal)
				if err != nil {
					log.Fatal(err)
				}
				line, err := json.Marshal(map[string]json.RawMessage{"object": json.RawMessage(text), "converted": converted})
				if err != nil {
					log.Fatal(err)
				}
				fmt.Println(string(line))
			}
		}
	}
}
