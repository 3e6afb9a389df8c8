package main

import (
	"context"
	"sort"

	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/authorization/union"
	"k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"
)

// A cluster and what is asked of it.
type judged struct {
	Objects  []any     `json:"objects"`
	Requests []request `json:"requests"`
	Answers  []answer  `json:"answers"`
}

// As `bartizan can --batch` reads it.
type request struct {
	User        string   `json:"user"`
	Groups      []string `json:"groups"`
	Verb        string   `json:"verb"`
	Group       string   `json:"group,omitempty"`
	Resource    string   `json:"resource,omitempty"`
	Subresource string   `json:"subresource,omitempty"`
	Namespace   string   `json:"namespace,omitempty"`
	Name        string   `json:"name,omitempty"`
	Path        string   `json:"path,omitempty"`
}

type answer struct {
	Allowed bool   `json:"allowed"`
	Reason  string `json:"reason"`
	// Subjects that may do it, as the command line writes them; only where they were asked for.
	Who []string `json:"who,omitempty"`
}

func (r request) attributes() authorizer.AttributesRecord {
	return authorizer.AttributesRecord{
		User:            &user.DefaultInfo{Name: r.User, Groups: r.Groups},
		Verb:            r.Verb,
		Namespace:       r.Namespace,
		APIGroup:        r.Group,
		Resource:        r.Resource,
		Subresource:     r.Subresource,
		Name:            r.Name,
		ResourceRequest: r.Path == "",
		Path:            r.Path,
	}
}

func judge(d *dice, requests int) (judged, error) {
	c := d.cluster()
	decider := union.New(
		authorizerfactory.NewPrivilegedGroups(user.SystemPrivilegedGroup),
		rbac.New(c, c, c, c),
	)
	locator := rbac.NewSubjectAccessEvaluator(c, c, c, c, "")
	result := judged{Objects: c.objects()}
	for at := range requests {
		asked := d.request(c)
		decision, reason, err := decider.Authorize(context.Background(), asked.attributes())
		if err != nil {
			return result, err
		}
		said := answer{Allowed: decision == authorizer.DecisionAllow, Reason: reason}
		if at%8 == 0 {
			// what cannot be resolved is left out, with an error that says so
			subjects, _ := locator.AllowedSubjects(context.Background(), asked.attributes())
			said.Who = written(subjects, asked.Namespace)
		}
		result.Requests = append(result.Requests, asked)
		result.Answers = append(result.Answers, said)
	}
	return result, nil
}

// Subjects as the command line writes them, sorted, each once.
func written(subjects []rbacv1.Subject, namespace string) []string {
	seen := map[string]bool{}
	for _, subject := range subjects {
		switch subject.Kind {
		case rbacv1.UserKind:
			seen["user:"+subject.Name] = true
		case rbacv1.GroupKind:
			seen["group:"+subject.Name] = true
		case rbacv1.ServiceAccountKind:
			// An account of a RoleBinding is of its namespace when it names none; of a ClusterRoleBinding it is nobody.
			if subject.Namespace != "" {
				seen["sa:"+subject.Namespace+"/"+subject.Name] = true
			}
		}
	}
	all := make([]string, 0, len(seen))
	for name := range seen {
		all = append(all, name)
	}
	sort.Strings(all)
	return all
}

// Roles and bindings in order of name, so that the first that allows is the same for everybody.
type cluster struct {
	clusterRoles        []*rbacv1.ClusterRole
	roles               []*rbacv1.Role
	clusterRoleBindings []*rbacv1.ClusterRoleBinding
	roleBindings        []*rbacv1.RoleBinding
}

func (c *cluster) objects() []any {
	var all []any
	for _, it := range c.clusterRoles {
		all = append(all, it)
	}
	for _, it := range c.roles {
		all = append(all, it)
	}
	for _, it := range c.clusterRoleBindings {
		all = append(all, it)
	}
	for _, it := range c.roleBindings {
		all = append(all, it)
	}
	return all
}

func (c *cluster) GetRole(_ context.Context, namespace, name string) (*rbacv1.Role, error) {
	for _, role := range c.roles {
		if role.Namespace == namespace && role.Name == name {
			return role, nil
		}
	}
	return nil, apierrors.NewNotFound(rbacv1.Resource("role"), name)
}

func (c *cluster) GetClusterRole(_ context.Context, name string) (*rbacv1.ClusterRole, error) {
	for _, role := range c.clusterRoles {
		if role.Name == name {
			return role, nil
		}
	}
	return nil, apierrors.NewNotFound(rbacv1.Resource("clusterrole"), name)
}

func (c *cluster) ListRoleBindings(_ context.Context, namespace string) ([]*rbacv1.RoleBinding, error) {
	var found []*rbacv1.RoleBinding
	for _, binding := range c.roleBindings {
		if binding.Namespace == namespace {
			found = append(found, binding)
		}
	}
	return found, nil
}

func (c *cluster) ListClusterRoleBindings(context.Context) ([]*rbacv1.ClusterRoleBinding, error) {
	return c.clusterRoleBindings, nil
}
