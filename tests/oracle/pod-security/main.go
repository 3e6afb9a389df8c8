// Upstream's own evaluator of the Pod Security Standards as a judge of ours.
//
//	pod-security judge [FILE]         requests, one JSON object a line: {"pod", "level", "version"}; an answer a line
//	pod-security fixtures DIRECTORY   every fixture of upstream's testdata with what upstream says of it
//	pod-security random SEED COUNT    pods made from a seed, with what upstream says of each
//	pod-security labels SEED COUNT    labels of namespaces made from a seed, with the policy they ask for
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	k8sjson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/pod-security-admission/api"
	"sigs.k8s.io/yaml"
)

type request struct {
	Pod     json.RawMessage `json:"pod"`
	Level   string          `json:"level"`
	Version string          `json:"version"`
}

type answer struct {
	Allowed    bool        `json:"allowed"`
	Violations []violation `json:"violations"`
}

// fixture and random pods: what upstream says at every level and version.
type judged struct {
	File     string          `json:"file,omitempty"`
	Pod      json.RawMessage `json:"pod"`
	Verdicts []verdict       `json:"verdicts"`
}

func main() {
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	err := run(os.Args[1:], os.Stdin, json.NewEncoder(out))
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out *json.Encoder) error {
	out.SetEscapeHTML(false)
	j, err := newJudge()
	if err != nil {
		return err
	}
	switch {
	case len(args) == 1 && args[0] == "judge":
		return answerAll(j, in, out)
	case len(args) == 2 && args[0] == "judge":
		file, err := os.Open(args[1])
		if err != nil {
			return err
		}
		defer file.Close()
		return answerAll(j, bufio.NewReader(file), out)
	case len(args) == 2 && args[0] == "fixtures":
		return fixtures(j, args[1], out)
	case len(args) == 3:
		seed, err := strconv.ParseUint(args[1], 10, 64)
		if err != nil {
			return err
		}
		count, err := strconv.Atoi(args[2])
		if err != nil {
			return err
		}
		switch args[0] {
		case "random":
			return random(j, seed, count, out)
		case "labels":
			return labels(seed, count, out)
		}
	}
	return fmt.Errorf("usage: judge [FILE] | fixtures DIRECTORY | random SEED COUNT | labels SEED COUNT")
}

func answerAll(j *judge, in io.Reader, out *json.Encoder) error {
	lines := json.NewDecoder(in)
	for {
		var asked request
		if err := lines.Decode(&asked); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		level, err := api.ParseLevel(asked.Level)
		if err != nil {
			return err
		}
		version, err := api.ParseVersion(asked.Version)
		if err != nil {
			return err
		}
		pod, err := decode(asked.Pod)
		if err != nil {
			return err
		}
		found := j.violations(pod, level, version)
		if err := out.Encode(answer{Allowed: len(found) == 0, Violations: found}); err != nil {
			return err
		}
	}
}

func fixtures(j *judge, directory string, out *json.Encoder) error {
	return filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		raw, err := yaml.YAMLToJSON(text)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(directory, path)
		if err != nil {
			return err
		}
		return write(j, name, raw, out)
	})
}

func random(j *judge, seed uint64, count int, out *json.Encoder) error {
	for at := range count {
		raw, err := json.Marshal(makePod(seed, uint64(at)))
		if err != nil {
			return err
		}
		if err := write(j, "", raw, out); err != nil {
			return err
		}
	}
	return nil
}

func write(j *judge, file string, raw []byte, out *json.Encoder) error {
	pod, err := decode(raw)
	if err != nil {
		return fmt.Errorf("%s %s: %w", file, raw, err)
	}
	return out.Encode(judged{File: file, Pod: raw, Verdicts: j.everywhere(pod)})
}

// As the API server reads a request: letter case counts, unknown fields are dropped, and a volume that has no source at all
// becomes an emptyDir (SetDefaults_Volume); upstream's fixtures rely on it.
func decode(raw []byte) (*corev1.Pod, error) {
	var pod corev1.Pod
	if err := k8sjson.Unmarshal(raw, &pod); err != nil {
		return nil, err
	}
	var written struct {
		Spec struct {
			Volumes []map[string]any `json:"volumes"`
		} `json:"spec"`
	}
	if err := k8sjson.Unmarshal(raw, &written); err != nil {
		return nil, err
	}
	for at, volume := range written.Spec.Volumes {
		delete(volume, "name")
		maps.DeleteFunc(volume, func(_ string, source any) bool { return source == nil })
		if len(volume) == 0 {
			pod.Spec.Volumes[at].EmptyDir = &corev1.EmptyDirVolumeSource{}
		}
	}
	return &pod, nil
}
