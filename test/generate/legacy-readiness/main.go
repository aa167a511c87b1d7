// Makes up objects with their dependants, the same each time, and writes them (one case per line) with what Helm's legacy
// waiter says of them:
//
//	cd test/generate/legacy-readiness && go run . > ../../golden/kube/legacy-readiness.jsonl
//
// Needs Go and the modules of go.mod.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"math/rand"

	"helm.sh/helm/v4/pkg/kube"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/cli-runtime/pkg/resource"
	"k8s.io/client-go/kubernetes/fake"
)

type object = map[string]any

type legacyCase struct {
	Object     object   `json:"object"`
	Dependants []object `json:"dependants"`
	Jobs       bool     `json:"jobs"`
	Ready      bool     `json:"ready"`
	Error      string   `json:"error,omitempty"`
}

var random = rand.New(rand.NewSource(6))

func oneOf(values ...any) any { return values[random.Intn(len(values))] }
func upTo(n int) int          { return random.Intn(n + 1) }

func head(apiVersion, kind, name string, more object) object {
	metadata := object{"name": name, "namespace": "shop", "uid": "u-" + name, "generation": 2}
	for key, value := range more {
		metadata[key] = value
	}
	return object{"apiVersion": apiVersion, "kind": kind, "metadata": metadata}
}

func with(base object, spec, status object) object {
	base["spec"], base["status"] = spec, status
	return base
}

func observed(status object) object {
	status["observedGeneration"] = oneOf(2, 2, 2, 2, 2, 1)
	return status
}

func labels() object { return object{"app": "web"} }

func template(image string, hash bool) object {
	marks := labels()
	if hash {
		marks["pod-template-hash"] = "abc"
	}
	return object{"metadata": object{"labels": marks}, "spec": object{"containers": []any{object{"name": "main", "image": image, "resources": object{}}}}}
}

func ownedBy(name string) object {
	return object{"labels": labels(), "ownerReferences": []any{object{"apiVersion": "apps/v1", "kind": "X", "name": name, "uid": oneOf("u-"+name, "u-"+name, "u-"+name, "u-other"), "controller": true}}}
}

func share() any { return oneOf(0, 1, 2, "0%", "25%", "50%", "100%") }

func deployment() legacyCase {
	strategy := object{"type": "Recreate"}
	if upTo(4) > 0 {
		strategy = object{"type": "RollingUpdate", "rollingUpdate": object{"maxSurge": share(), "maxUnavailable": share()}}
	}
	spec := object{"replicas": upTo(4), "selector": object{"matchLabels": labels()}, "strategy": strategy, "template": template("web:2", false)}
	if upTo(9) == 0 {
		spec["paused"] = true
	}
	var sets []object
	for i := range upTo(3) {
		made := fmt.Sprintf("2026-01-0%dT00:00:00Z", 1+upTo(5))
		meta := ownedBy("web")
		meta["creationTimestamp"] = made
		set := head("apps/v1", "ReplicaSet", fmt.Sprintf("web-%d", i), meta)
		sets = append(sets, with(set, object{"selector": object{"matchLabels": labels()}, "template": template(oneOf("web:1", "web:2", "web:2").(string), true)},
			observed(object{"replicas": upTo(4), "readyReplicas": upTo(4)})))
	}
	return legacyCase{Object: with(head("apps/v1", "Deployment", "web", nil), spec, observed(object{})), Dependants: sets}
}

func pod(name string, meta object) object {
	conditions := []any{object{"type": oneOf("Ready", "Ready", "Ready", "PodScheduled"), "status": oneOf("True", "True", "True", "False")}}
	return with(head("v1", "Pod", name, meta), object{"containers": []any{}}, object{"phase": oneOf("Running", "Pending", "Failed", "Succeeded"), "conditions": conditions})
}

func ofPods(apiVersion, kind string) legacyCase {
	selector := any(object{"matchLabels": labels()})
	if kind == "ReplicationController" {
		selector = labels()
	}
	var pods []object
	for i := range upTo(3) {
		pods = append(pods, pod(fmt.Sprintf("p-%d", i), object{"labels": labels(), "ownerReferences": []any{object{"apiVersion": apiVersion, "kind": kind, "name": "web", "uid": "u-web", "controller": true}}}))
	}
	return legacyCase{Object: with(head(apiVersion, kind, "web", nil), object{"selector": selector}, observed(object{})), Dependants: pods}
}

func daemonSet() legacyCase {
	strategy := object{"type": "OnDelete"}
	if upTo(4) > 0 {
		strategy = object{"type": "RollingUpdate", "rollingUpdate": object{"maxUnavailable": share()}}
	}
	status := object{"desiredNumberScheduled": upTo(3), "updatedNumberScheduled": upTo(3), "numberReady": upTo(3)}
	if upTo(2) > 0 {
		status["updatedNumberScheduled"] = status["desiredNumberScheduled"]
	}
	return legacyCase{Object: with(head("apps/v1", "DaemonSet", "web", nil), object{"updateStrategy": strategy}, observed(status))}
}

func statefulSet() legacyCase {
	strategy := object{"type": oneOf("OnDelete", "RollingUpdate", "RollingUpdate", "RollingUpdate")}
	if upTo(1) > 0 {
		strategy["rollingUpdate"] = object{"partition": upTo(2)}
	}
	spec := object{"updateStrategy": strategy}
	if upTo(4) > 0 {
		spec["replicas"] = upTo(3)
	}
	status := object{"updatedReplicas": upTo(3), "readyReplicas": upTo(3), "currentRevision": oneOf("a", "b"), "updateRevision": "b"}
	return legacyCase{Object: with(head("apps/v1", "StatefulSet", "web", nil), spec, observed(status))}
}

func service() legacyCase {
	spec := object{"type": oneOf("ClusterIP", "LoadBalancer", "LoadBalancer", "ExternalName", "NodePort"), "clusterIP": oneOf("", "None", "10.0.0.1", "10.0.0.1")}
	if upTo(2) == 0 {
		spec["externalIPs"] = oneOf([]any{}, []any{"1.2.3.4"})
	}
	status := object{}
	if upTo(1) == 0 {
		status["loadBalancer"] = oneOf(object{}, object{"ingress": []any{object{"ip": "1.2.3.4"}}})
	}
	return legacyCase{Object: with(head("v1", "Service", "web", nil), spec, status)}
}

func claim() legacyCase {
	return legacyCase{Object: with(head("v1", "PersistentVolumeClaim", "web", nil), object{}, object{"phase": oneOf("Bound", "Pending", "Lost")})}
}

func job() legacyCase {
	spec := object{"backoffLimit": upTo(2), "template": template("web", false)}
	if upTo(2) > 0 {
		spec["completions"] = upTo(2)
	}
	return legacyCase{Object: with(head("batch/v1", "Job", "web", nil), spec, object{"failed": upTo(2), "succeeded": upTo(2)}), Jobs: upTo(2) > 0}
}

func typed(from object) runtime.Object {
	into := map[string]runtime.Object{
		"Deployment": &appsv1.Deployment{}, "ReplicaSet": &appsv1.ReplicaSet{}, "DaemonSet": &appsv1.DaemonSet{}, "StatefulSet": &appsv1.StatefulSet{},
		"ReplicationController": &corev1.ReplicationController{}, "Pod": &corev1.Pod{}, "Service": &corev1.Service{},
		"PersistentVolumeClaim": &corev1.PersistentVolumeClaim{}, "Job": &batchv1.Job{},
	}[from["kind"].(string)]
	text, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		log.Fatal(err)
	}
	return into
}

func main() {
	makers := []func() legacyCase{
		deployment, deployment, deployment, daemonSet, statefulSet, service, claim, job,
		func() legacyCase { return ofPods("apps/v1", "ReplicaSet") },
		func() legacyCase { return ofPods("v1", "ReplicationController") },
		func() legacyCase { return legacyCase{Object: pod("web", nil)} },
	}
	for i := range 330 {
		c := makers[i%len(makers)]()
		objects := []runtime.Object{typed(c.Object)}
		for _, one := range c.Dependants {
			objects = append(objects, typed(one))
		}
		checker := kube.NewReadyChecker(fake.NewSimpleClientset(objects...), kube.PausedAsReady(true), kube.CheckJobs(c.Jobs))
		ready, err := checker.IsReady(context.Background(), &resource.Info{Namespace: "shop", Name: "web", Object: objects[0]})
		c.Ready = ready
		if err != nil {
			c.Error = err.Error()
		}
		text, err := json.Marshal(c)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(text))
	}
}
