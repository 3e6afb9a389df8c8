package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// What clusters and requests are made of: few words, so that they meet, and the odd ones among them.
var (
	namespaces = []string{"shop", "pay", "kube-system"}
	users      = []string{"jo", "al", "Jo", "j\u00f6", "quo\"te", "back\\slash", "tab\tbed", "zero\u200bwidth", "system:anonymous", "system:serviceaccount:shop:cart", "system:serviceaccount:pay:cart", "system:serviceaccount:shop:", "system:serviceaccount::cart", "system:node:a"}
	groups     = []string{"dev", "ops", "system:authenticated", "system:unauthenticated", "system:serviceaccounts", "system:serviceaccounts:shop", "system:nodes"}
	accounts   = []string{"cart", "default", "builder"}
	verbs      = []string{"get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "bind", "escalate", "impersonate", "approve", "use", "Get", "impersonate-on:user-info:get"}
	apiGroups  = []string{"", "apps", "rbac.authorization.k8s.io", "authentication.k8s.io", "core"}
	resources  = []string{"pods", "secrets", "deployments", "roles", "clusterroles", "nodes", "namespaces", "users", "Pods"}
	subs       = []string{"exec", "log", "scale", "status", "proxy", "token"}
	names      = []string{"a", "b", "A", "*", "a*"}
	paths      = []string{"/", "/healthz", "/healthz/etcd", "/metrics", "/metrics/cadvisor", "/api", "/api/v1", "/logs/", "*"}
	urls       = []string{"*", "/*", "/", "/healthz", "/healthz/*", "/healthz*", "/metrics", "/api**", "/api/*", "/a*z", "/logs/*"}
)

// Numbers from a seed.
type dice struct{ *rand.Rand }

func newDice(seed, at uint64) *dice {
	return &dice{rand.New(rand.NewPCG(seed, at))}
}

func (d *dice) rarely() bool { return d.IntN(6) == 0 }

func (d *dice) of(words []string) string { return words[d.IntN(len(words))] }

// Up to most words; now and then one twice, or a star among them.
func (d *dice) some(words []string, most int) []string {
	var chosen []string
	for range d.IntN(most + 1) {
		chosen = append(chosen, d.of(words))
	}
	if d.rarely() {
		chosen = append(chosen, "*")
	}
	return chosen
}

func (d *dice) resource() string {
	switch d.IntN(8) {
	case 0:
		return d.of(resources) + "/" + d.of(subs)
	case 1:
		return "*/" + d.of(subs)
	case 2:
		return d.of([]string{"pods/*", "*/*", "/", "pods/", "/exec", "pods/exec/x", "*"})
	default:
		return d.of(resources)
	}
}

func (d *dice) rule(cluster bool) rbacv1.PolicyRule {
	var rule rbacv1.PolicyRule
	rule.Verbs = d.some(verbs, 3)
	if cluster && d.IntN(4) == 0 {
		rule.NonResourceURLs = d.some(urls, 2)
		if !d.rarely() {
			return rule
		}
	}
	rule.APIGroups = d.some(apiGroups, 2)
	for range d.IntN(4) {
		rule.Resources = append(rule.Resources, d.resource())
	}
	if d.IntN(3) == 0 {
		rule.ResourceNames = d.some(names, 2)
	}
	return rule
}

func (d *dice) rules(cluster bool) []rbacv1.PolicyRule {
	var rules []rbacv1.PolicyRule
	for range d.IntN(5) {
		rules = append(rules, d.rule(cluster))
	}
	return rules
}

// Some of the rules, with some of their words.
func (d *dice) part(rules []rbacv1.PolicyRule) []rbacv1.PolicyRule {
	cut := func(words []string) []string {
		var kept []string
		for _, word := range words {
			if d.IntN(3) > 0 {
				kept = append(kept, word)
			}
		}
		return kept
	}
	var kept []rbacv1.PolicyRule
	for _, rule := range rules {
		rule.Verbs, rule.APIGroups, rule.Resources, rule.NonResourceURLs = cut(rule.Verbs), cut(rule.APIGroups), cut(rule.Resources), cut(rule.NonResourceURLs)
		kept = append(kept, rule)
	}
	return kept
}

func meta(namespace, name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: namespace, Name: name}
}

func typed(kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: kind}
}

func clusterRole(name string, rules []rbacv1.PolicyRule) rbacv1.ClusterRole {
	return rbacv1.ClusterRole{TypeMeta: typed("ClusterRole"), ObjectMeta: meta("", name), Rules: rules}
}

func (d *dice) subjects(namespaced bool) []rbacv1.Subject {
	var subjects []rbacv1.Subject
	for range d.IntN(4) {
		switch d.IntN(3) {
		case 0:
			subjects = append(subjects, rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: d.of(users)})
		case 1:
			subjects = append(subjects, rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: rbacv1.GroupKind, Name: d.of(groups)})
		default:
			// The server refuses an account without a namespace in both kinds of binding; a file may hold one.
			namespace := d.of(namespaces)
			if d.rarely() && !namespaced {
				namespace = ""
			}
			subjects = append(subjects, rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: namespace, Name: d.of(accounts)})
		}
	}
	return subjects
}

func (d *dice) cluster() *cluster {
	c := &cluster{}
	for at := range 6 {
		role := clusterRole(fmt.Sprintf("role-%d", at), d.rules(true))
		c.clusterRoles = append(c.clusterRoles, &role)
	}
	for _, namespace := range namespaces {
		for at := range d.IntN(4) {
			c.roles = append(c.roles, &rbacv1.Role{TypeMeta: typed("Role"), ObjectMeta: meta(namespace, fmt.Sprintf("role-%d", at)), Rules: d.rules(false)})
		}
	}
	ref := func(kind string) rbacv1.RoleRef {
		// There are six; the others are missing.
		return rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: kind, Name: fmt.Sprintf("role-%d", d.IntN(7))}
	}
	for at := range d.IntN(7) {
		c.clusterRoleBindings = append(c.clusterRoleBindings, &rbacv1.ClusterRoleBinding{
			TypeMeta: typed("ClusterRoleBinding"), ObjectMeta: meta("", fmt.Sprintf("binding-%d", at)),
			RoleRef: ref("ClusterRole"), Subjects: d.subjects(false),
		})
	}
	for _, namespace := range namespaces {
		for at := range d.IntN(5) {
			c.roleBindings = append(c.roleBindings, &rbacv1.RoleBinding{
				TypeMeta: typed("RoleBinding"), ObjectMeta: meta(namespace, fmt.Sprintf("binding-%d", at)),
				RoleRef: ref(d.of([]string{"Role", "ClusterRole"})), Subjects: d.subjects(true),
			})
		}
	}
	return c
}

// Requests: half of them what some rule of the cluster is about, asked by somebody whom some binding names.
func (d *dice) request(c *cluster) request {
	asked := d.anything()
	if d.IntN(2) == 0 {
		return asked
	}
	namespace, ref, subjects := d.binding(c)
	if asked.Path == "" && namespace != "" {
		asked.Namespace = namespace
	}
	if len(subjects) > 0 {
		subject := subjects[d.IntN(len(subjects))]
		switch subject.Kind {
		case rbacv1.GroupKind:
			asked.Groups = append(asked.Groups, subject.Name)
		case rbacv1.UserKind:
			asked.User = subject.Name
		default:
			asked.User = "system:serviceaccount:" + subject.Namespace + ":" + subject.Name
		}
	}
	var rules []rbacv1.PolicyRule
	if role, err := c.GetClusterRole(context.Background(), ref.Name); ref.Kind == "ClusterRole" && err == nil {
		rules = role.Rules
	} else if role, err := c.GetRole(context.Background(), namespace, ref.Name); err == nil {
		rules = role.Rules
	}
	if len(rules) == 0 {
		return asked
	}
	rule := rules[d.IntN(len(rules))]
	pick := func(field *string, words []string) {
		if len(words) > 0 {
			*field = d.of(words)
		}
	}
	pick(&asked.Verb, rule.Verbs)
	if len(rule.NonResourceURLs) > 0 {
		return request{User: asked.User, Groups: asked.Groups, Verb: asked.Verb, Path: d.of(append(paths, rule.NonResourceURLs...))}
	}
	if asked.Path != "" {
		return asked
	}
	pick(&asked.Group, rule.APIGroups)
	pick(&asked.Name, rule.ResourceNames)
	if len(rule.Resources) > 0 {
		asked.Resource, asked.Subresource, _ = strings.Cut(d.of(rule.Resources), "/")
		if asked.Resource == "" || asked.Resource == "*" {
			asked.Resource = d.of(resources)
		}
	}
	return asked
}

// Any binding: where it counts, and what it binds to whom.
func (d *dice) binding(c *cluster) (string, rbacv1.RoleRef, []rbacv1.Subject) {
	all := len(c.clusterRoleBindings) + len(c.roleBindings)
	if all == 0 {
		return "", rbacv1.RoleRef{}, nil
	}
	at := d.IntN(all)
	if at < len(c.clusterRoleBindings) {
		binding := c.clusterRoleBindings[at]
		return "", binding.RoleRef, binding.Subjects
	}
	binding := c.roleBindings[at-len(c.clusterRoleBindings)]
	return binding.Namespace, binding.RoleRef, binding.Subjects
}

func (d *dice) anything() request {
	asked := request{User: d.of(users), Groups: []string{}, Verb: d.of(verbs)}
	for range d.IntN(4) {
		asked.Groups = append(asked.Groups, d.of(groups))
	}
	if d.IntN(40) == 0 {
		asked.Groups = append(asked.Groups, "system:masters")
	}
	if d.IntN(8) == 0 {
		asked.Path = d.of(paths)
		return asked
	}
	asked.Group = d.of(apiGroups)
	asked.Resource = d.of(resources)
	if d.IntN(3) == 0 {
		asked.Subresource = d.of(subs)
	}
	if d.rarely() {
		// as it may be asked for literally
		asked.Resource = d.of([]string{"*", "pods/exec", "*/*"})
	}
	if d.IntN(4) > 0 {
		asked.Namespace = d.of(append([]string{"elsewhere"}, namespaces...))
	}
	if d.IntN(2) == 0 {
		asked.Name = d.of(names)
	}
	return asked
}
