package main

import (
	"encoding/json"

	"k8s.io/pod-security-admission/api"
)

type labelled struct {
	Labels  map[string]string `json:"labels"`
	Enforce mode              `json:"enforce"`
	Audit   mode              `json:"audit"`
	Warn    mode              `json:"warn"`
	Invalid []string          `json:"invalid"`
}

type mode struct {
	Level   api.Level `json:"level"`
	Version string    `json:"version"`
}

var (
	levelWords = []string{"privileged", "baseline", "restricted", "Baseline", "", "none", "restricted "}

	versionWords = []string{
		"latest", "v1.0", "v1.8", "v1.36", "v1.99", "v1.4294967296", "v1.9223372036854775807",
		"v1.9223372036854775808", "v1.036", "1.36", "v1", "v2.1", "v1.36.1", "Latest", "", "v1.+3", "v1.-1",
	}
)

// Labels of namespaces against upstream's own reading, in a cluster whose default is privileged.
func labels(seed uint64, count int, out *json.Encoder) error {
	open := api.LevelVersion{Level: api.LevelPrivileged, Version: api.LatestVersion()}
	defaults := api.Policy{Enforce: open, Audit: open, Warn: open}
	for at := range count {
		m := newMaker(seed, uint64(at))
		row := labelled{Labels: map[string]string{}, Invalid: []string{}}
		for _, label := range []string{api.EnforceLevelLabel, api.AuditLevelLabel, api.WarnLevelLabel} {
			m.maybe(row.Labels, label, levelWords, 3)
			m.maybe(row.Labels, label+"-version", versionWords, 7)
		}
		policy, errs := api.PolicyToEvaluate(row.Labels, defaults)
		row.Enforce, row.Audit, row.Warn = inWords(policy.Enforce), inWords(policy.Audit), inWords(policy.Warn)
		for _, err := range errs {
			row.Invalid = append(row.Invalid, err.Field)
		}
		if err := out.Encode(row); err != nil {
			return err
		}
	}
	return nil
}

func inWords(lv api.LevelVersion) mode {
	return mode{Level: lv.Level, Version: lv.Version.String()}
}

// Mostly one of the first words, which are valid; often no label at all.
func (m *maker) maybe(into map[string]string, label string, words []string, valid int) {
	switch {
	case m.chance(0.4):
	case m.chance(0.75):
		into[label] = words[m.IntN(valid)]
	default:
		into[label] = words[m.IntN(len(words))]
	}
}
