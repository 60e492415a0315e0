// SPDX-License-Identifier: Apache-2.0

// Says of each pod (JSON, one a line) what the Kubernetes library itself makes of it: a line
// "true false" is allowed at baseline, denied at restricted. As the API server does before it
// asks, a volume without a source becomes an emptyDir.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

const longestLine = 1 << 20

func isAllowed(evaluator policy.Evaluator, level api.Level, pod *corev1.Pod) bool {
	version := api.LevelVersion{Level: level, Version: api.LatestVersion()}
	results := evaluator.EvaluatePod(version, &pod.ObjectMeta, &pod.Spec)
	return policy.AggregateCheckResults(results).Allowed
}

func fillIn(pod *corev1.Pod) {
	for i := range pod.Spec.Volumes {
		source := &pod.Spec.Volumes[i].VolumeSource
		if *source == (corev1.VolumeSource{}) {
			source.EmptyDir = &corev1.EmptyDirVolumeSource{}
		}
	}
}

func main() {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks())
	if err != nil {
		log.Fatal(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, longestLine)
	for lines.Scan() {
		var pod corev1.Pod
		if err := json.Unmarshal(lines.Bytes(), &pod); err != nil {
			log.Fatalf("%v in %s", err, lines.Text())
		}
		fillIn(&pod)
		fmt.Println(isAllowed(evaluator, api.LevelBaseline, &pod), isAllowed(evaluator, api.LevelRestricted, &pod))
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
}
