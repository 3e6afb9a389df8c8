package main

import "math/rand/v2"

// Pods as JSON: every field that a control reads, from every origin (absent, null, empty, written), at pod and container
// level, in containers of every kind, with odd letter case and values that nobody knows.
type object = map[string]any

type maker struct {
	*rand.Rand
	// How often a value is a bad one: near nothing for a pod that is meant to meet a level.
	wild float64
	// The fields that hardening asks for are mostly written, and well.
	hardened bool
}

func newMaker(seed, at uint64) *maker {
	return &maker{Rand: rand.New(rand.NewPCG(seed, at))}
}

func makePod(seed, at uint64) object {
	m := newMaker(seed, at)
	m.hardened = m.chance(0.6)
	m.wild = []float64{0, 0.01, 0.05, 0.2, 0.5}[m.IntN(5)]
	spec := object{}
	names := m.containers(spec)
	m.podFields(spec)
	m.set(spec, "securityContext", func() any { return m.podSecurity() })
	m.set(spec, "volumes", func() any { return m.many(3, m.volume) })
	meta := object{"name": "made"}
	m.set(meta, "annotations", func() any { return m.annotations(names) })
	return object{"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}
}

func (m *maker) chance(p float64) bool { return m.Float64() < p }

// A bad value now and then, a good one otherwise.
func (m *maker) pick(good, bad []any) any {
	if m.chance(m.wild) {
		return bad[m.IntN(len(bad))]
	}
	return good[m.IntN(len(good))]
}

// A field of any origin: absent, null, or what makes it.
func (m *maker) set(into object, field string, value func() any) {
	m.setOften(into, field, 0.6, value)
}

func (m *maker) setOften(into object, field string, often float64, value func() any) {
	switch {
	case m.chance(often):
		into[field] = value()
	case m.chance(0.15):
		into[field] = nil
	}
}

func (m *maker) rarely(into object, field string, value func() any) {
	m.setOften(into, field, 0.1+m.wild/2, value)
}

func (m *maker) many(most int, one func() any) []any {
	all := []any{}
	for range m.IntN(most + 1) {
		all = append(all, one())
	}
	return all
}

func words(all ...string) []any {
	made := make([]any, 0, len(all))
	for _, word := range all {
		made = append(made, word)
	}
	return made
}

func (m *maker) containers(spec object) []string {
	names := []string{"ghost"}
	list := func(least, most int, prefix string) []any {
		all := []any{}
		for at := range least + m.IntN(most-least+1) {
			container := m.container()
			name := prefix + string(rune('a'+at))
			if m.chance(m.wild / 5) {
				name = []string{"", "a", "sa\"y", "two words", "né"}[m.IntN(5)]
			}
			if name != "" || m.chance(0.5) {
				container["name"] = name
			}
			names = append(names, name)
			all = append(all, container)
		}
		return all
	}
	inits := list(0, 2, "init-")
	for _, one := range inits {
		m.rarely(one.(object), "restartPolicy", func() any { return m.pick(words("Always"), words("Never", "")) })
	}
	spec["containers"] = list(1, 2, "")
	spec["initContainers"] = inits
	if m.chance(0.3) {
		debuggers := list(0, 2, "debug-")
		for _, one := range debuggers {
			one.(object)["targetContainerName"] = "a"
		}
		spec["ephemeralContainers"] = debuggers
	}
	if len(inits) == 0 && m.chance(0.5) {
		spec["initContainers"] = nil
	}
	if m.chance(m.wild / 10) {
		delete(spec, "containers")
	}
	return names
}

func (m *maker) container() object {
	container := object{"image": "registry.example.com/app:1"}
	often := 0.5
	if m.hardened {
		often = 0.97
	}
	m.setOften(container, "securityContext", often, func() any { return m.security() })
	m.rarely(container, "ports", func() any { return m.many(2, m.port) })
	for _, probe := range []string{"livenessProbe", "readinessProbe", "startupProbe"} {
		m.rarely(container, probe, m.handler)
	}
	m.rarely(container, "lifecycle", func() any {
		lifecycle := object{}
		m.set(lifecycle, "postStart", m.handler)
		m.set(lifecycle, "preStop", m.handler)
		return lifecycle
	})
	return container
}

func (m *maker) port() any {
	port := object{"containerPort": 8080}
	m.set(port, "hostPort", func() any { return m.pick([]any{0}, []any{80, 443, 8080, 65535}) })
	return port
}

func (m *maker) handler() any {
	hosts := words("localhost", "127.0.0.1", "::1", "metadata.example.com", "Localhost", " ")
	target := func() any {
		target := object{"port": 80}
		m.set(target, "host", func() any { return m.pick(words(""), hosts) })
		return target
	}
	handler := object{}
	switch m.IntN(5) {
	case 0:
		handler["exec"] = object{"command": words("true")}
	case 1:
		handler["grpc"] = object{"port": 1}
	default:
		m.set(handler, "httpGet", target)
		m.setOften(handler, "tcpSocket", 0.3, target)
	}
	return handler
}
