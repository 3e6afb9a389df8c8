package main

import (
	"encoding/json"
	"math/rand/v2"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	networking "k8s.io/kubernetes/pkg/apis/networking/v1"
)

// Numbers from a seed.
type dice struct{ *rand.Rand }

func newDice(seed, at uint64) *dice {
	return &dice{rand.New(rand.NewPCG(seed, at))}
}

func (d *dice) of(words []string) string { return words[d.IntN(len(words))] }

// Few words, so that they meet; the odd ones, which the API refuses, among them.
var (
	keys      = []string{"app", "tier", "app.kubernetes.io/name", "a", "A", "a_b", "-bad", "bad/", "Bad.Prefix/x", "x/y/z", ""}
	values    = []string{"one", "two", "", "A", "a.b", "-bad", "sp ace", "x_y"}
	operators = []metav1.LabelSelectorOperator{metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn, metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist, "in", ""}
)

// Mostly words that the API takes.
func (d *dice) key() string {
	if d.IntN(8) == 0 {
		return d.of(keys)
	}
	return d.of(keys[:4])
}

func (d *dice) value() string {
	if d.IntN(12) == 0 {
		return d.of(values)
	}
	return d.of(values[:3])
}

func (d *dice) selector() *metav1.LabelSelector {
	s := &metav1.LabelSelector{}
	for range d.IntN(3) {
		if s.MatchLabels == nil {
			s.MatchLabels = map[string]string{}
		}
		s.MatchLabels[d.key()] = d.value()
	}
	for range d.IntN(3) {
		r := metav1.LabelSelectorRequirement{Key: d.key(), Operator: operators[d.IntN(4)]}
		if d.IntN(16) == 0 {
			r.Operator = operators[d.IntN(len(operators))]
		}
		takes := r.Operator == metav1.LabelSelectorOpIn || r.Operator == metav1.LabelSelectorOpNotIn
		if takes != (d.IntN(16) == 0) {
			for range 1 + d.IntN(2) {
				r.Values = append(r.Values, d.value())
			}
		}
		s.MatchExpressions = append(s.MatchExpressions, r)
	}
	return s
}

type selected struct {
	Selector *metav1.LabelSelector `json:"selector"`
	Labels   []map[string]string   `json:"labels"`
	// Whether each set of labels is selected; a selector that cannot be made selects nothing.
	Selected []bool `json:"selected"`
}

func (d *dice) selected() selected {
	s := selected{Selector: d.selector()}
	made, err := metav1.LabelSelectorAsSelector(s.Selector)
	for range 10 {
		set := map[string]string{}
		for range d.IntN(4) {
			// objects hold none that the API refuses
			set[d.of(keys[:6])] = d.of([]string{"one", "two", "", "A", "a.b", "x_y"}[:3+3*(d.IntN(2))])
		}
		s.Labels = append(s.Labels, set)
		s.Selected = append(s.Selected, err == nil && made.Matches(labels.Set(set)))
	}
	return s
}

type defaulted struct {
	// As a manifest has it.
	Policy json.RawMessage `json:"policy"`
	// Directions that it isolates once the API server has read it.
	Isolates []networkingv1.PolicyType `json:"isolates"`
	// Protocols of every port of ingress, then of egress, in order.
	Protocols []string `json:"protocols"`
}

func (d *dice) rules() string {
	return d.of([]string{"null", "[]", "[{}]", `[{"ports":[{}]}]`, `[{"ports":[{"port":80},{"protocol":"UDP","port":53}]},{}]`, `[{"ports":[{"protocol":"SCTP"}]}]`})
}

func (d *dice) defaulted() defaulted {
	spec := `{"podSelector":{}`
	if d.IntN(2) == 0 {
		spec += `,"policyTypes":` + d.of([]string{"null", "[]", `["Ingress"]`, `["Egress"]`, `["Ingress","Egress"]`, `["Egress","Ingress"]`})
	}
	if d.IntN(4) > 0 {
		spec += `,"ingress":` + d.rules()
	}
	if d.IntN(4) > 0 {
		spec += `,"egress":` + d.rules()
	}
	raw := `{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"p","namespace":"shop"},"spec":` + spec + "}}"
	policy := &networkingv1.NetworkPolicy{}
	if err := json.Unmarshal([]byte(raw), policy); err != nil {
		panic(err)
	}
	scheme := runtime.NewScheme()
	if err := networking.AddToScheme(scheme); err != nil {
		panic(err)
	}
	scheme.Default(policy)
	result := defaulted{Policy: json.RawMessage(raw), Isolates: policy.Spec.PolicyTypes}
	protocols := func(ports []networkingv1.NetworkPolicyPort) {
		for _, port := range ports {
			result.Protocols = append(result.Protocols, string(*port.Protocol))
		}
	}
	for _, rule := range policy.Spec.Ingress {
		protocols(rule.Ports)
	}
	for _, rule := range policy.Spec.Egress {
		protocols(rule.Ports)
	}
	return result
}
