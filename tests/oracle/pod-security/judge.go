package main

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

type violation struct {
	Control string `json:"control"`
	Reason  string `json:"reason"`
	Detail  string `json:"detail"`
}

// What upstream says at a level, and at which minor versions it says just that.
type verdict struct {
	Level      api.Level   `json:"level"`
	Minors     []int       `json:"minors"`
	Violations []violation `json:"violations"`
}

// A minor that no release has: rules beyond the newest are the newest.
const beyond = 99

type judge struct {
	evaluator policy.Evaluator
	minors    []int
}

// Upstream's registry, with checks that put their id before the reason: results carry none.
func newJudge() (*judge, error) {
	newest := 0
	checks := policy.DefaultChecks()
	for at := range checks {
		id := string(checks[at].ID)
		for v := range checks[at].Versions {
			versioned := &checks[at].Versions[v]
			newest = max(newest, versioned.MinimumVersion.Minor())
			original := versioned.CheckPod
			versioned.CheckPod = func(meta *metav1.ObjectMeta, spec *corev1.PodSpec) policy.CheckResult {
				result := original(meta, spec)
				result.ForbiddenReason = id + "\x00" + result.ForbiddenReason
				return result
			}
		}
	}
	evaluator, err := policy.NewEvaluator(checks, nil)
	minors := []int{beyond}
	for minor := 0; minor <= newest; minor++ {
		minors = append(minors, minor)
	}
	return &judge{evaluator: evaluator, minors: minors}, err
}

func (j *judge) violations(pod *corev1.Pod, level api.Level, version api.Version) []violation {
	found := []violation{}
	asked := api.LevelVersion{Level: level, Version: version}
	for _, result := range j.evaluator.EvaluatePod(asked, &pod.ObjectMeta, &pod.Spec) {
		if !result.Allowed {
			id, reason, _ := strings.Cut(result.ForbiddenReason, "\x00")
			found = append(found, violation{Control: id, Reason: reason, Detail: result.ForbiddenDetail})
		}
	}
	return found
}

func (j *judge) everywhere(pod *corev1.Pod) []verdict {
	var all []verdict
	for _, level := range []api.Level{api.LevelBaseline, api.LevelRestricted} {
		for _, minor := range j.minors {
			found := j.violations(pod, level, api.MajorMinorVersion(1, minor))
			same := func(v verdict) bool { return v.Level == level && slices.Equal(v.Violations, found) }
			if at := slices.IndexFunc(all, same); at >= 0 {
				all[at].Minors = append(all[at].Minors, minor)
			} else {
				all = append(all, verdict{Level: level, Minors: []int{minor}, Violations: found})
			}
		}
	}
	return all
}
