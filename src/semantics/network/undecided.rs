//! Pods of a namespace about whose traffic nobody has decided: no policy isolates them, or one for the whole namespace
//! allows everything.

use std::collections::{BTreeMap, BTreeSet};

use super::isolation::{NamespaceWide, isolating, namespace_wide};
use super::other_policies::no_other_policies;
use super::policy_types::Direction;
use crate::model::objects::network_policy::NetworkPolicy;
use crate::model::{Labels, Str};
use crate::semantics::running::{self, Running};
use crate::semantics::selectors;
use crate::view::View;

/// One direction of one namespace.
#[derive(Clone, Debug, Default)]
pub struct Undecided<'a> {
    /// Live pods that are open; where there are none, templates that are.
    pub open: Vec<Running<'a>>,
    /// How many pods, or templates, were looked at: those with the network of their node are left out.
    pub of: usize,
    /// The policy that allows everything to every pod, when that is why.
    pub allowed_by: Option<&'a NetworkPolicy>,
}

/// Finds them. A namespace whose every pod is isolated has none, whether one policy does it or many; nor has one without
/// pods. Looks up no more than the answer rests on, and notes what was blind.
pub fn undecided<'a>(view: &View<'a>, namespace: &str, direction: Direction) -> Undecided<'a> {
    let wide = view.context(|view| namespace_wide(view, namespace, direction));
    if let NamespaceWide::Denies(_) = wide {
        // Pods that are not visible are isolated as well: only the policies matter.
        let _ = isolating(view, namespace, direction).count();
        return Undecided::default();
    }
    let live = isolatable(running::live(view, namespace));
    let mut found = judge(view, namespace, direction, live);
    if found.open.is_empty() {
        found = judge(
            view,
            namespace,
            direction,
            isolatable(running::wanted(view, namespace)),
        );
    }
    if !found.open.is_empty() {
        no_other_policies(view, namespace, direction);
        if let NamespaceWide::Allows(policy) = wide {
            found.allowed_by = Some(policy);
        }
    }
    found
}

fn isolatable(running: Vec<Running<'_>>) -> Vec<Running<'_>> {
    running
        .into_iter()
        .filter(|r| !r.spec.host_network)
        .collect()
}

fn judge<'a>(
    view: &View<'a>,
    namespace: &str,
    direction: Direction,
    subjects: Vec<Running<'a>>,
) -> Undecided<'a> {
    if subjects.is_empty() {
        return Undecided::default();
    }
    let of = subjects.len();
    let policies: Vec<_> = isolating(view, namespace, direction).collect();
    let everything = matches!(
        namespace_wide(view, namespace, direction),
        NamespaceWide::Allows(_)
    );
    let keys = used_keys(&policies);
    let mut known: BTreeMap<Labels, bool> = BTreeMap::new();
    let open = subjects.into_iter().filter(|subject| {
        // Replicas differ in labels that no selector asks for: one answer serves them all.
        let labels = Labels::new(pairs(subject.labels, &keys));
        everything
            || *known.entry(labels.clone()).or_insert_with(|| {
                !policies
                    .iter()
                    .any(|p| selectors::matches(&p.pods, &labels))
            })
    });
    Undecided {
        open: open.collect(),
        of,
        allowed_by: None,
    }
}

fn used_keys<'a>(policies: &[&'a NetworkPolicy]) -> BTreeSet<&'a str> {
    let selectors = policies.iter().map(|p| &p.pods);
    let keys = selectors.flat_map(|s| {
        let labels = s.labels.iter().map(|(key, _)| &**key);
        labels.chain(s.expressions.iter().map(|e| &*e.key))
    });
    keys.collect()
}

fn pairs(labels: &Labels, keys: &BTreeSet<&str>) -> Vec<(Str, Str)> {
    let used = labels.iter().filter(|(key, _)| keys.contains(&***key));
    used.map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sight::State;
    use crate::model::{Kind, Reason};
    use crate::semantics::testing::world;

    const PODS: &str = "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop, labels: {app: agent}}
spec: {hostNetwork: true, containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: done, namespace: shop, labels: {app: done}}
spec: {containers: [{name: c, image: i}]}
status: {phase: Succeeded}
";

    fn policy(name: &str, spec: &str) -> String {
        format!(
            "\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {{name: {name}, namespace: shop}}\nspec: {spec}\n"
        )
    }

    /// Names of open pods for ingress, and whether the answer is certain.
    fn open(yaml: &str) -> (Vec<String>, bool) {
        let world = world(yaml);
        let view = View::new(&world);
        let found = undecided(&view, "shop", Direction::Ingress);
        let names = found.open.iter().map(|r| r.holder.name.to_string());
        (names.collect(), !view.is_blind())
    }

    #[test]
    fn without_policies_all_pods_but_those_of_the_nodes_network_are_open() {
        assert_eq!(open(PODS), (vec!["db".into(), "web".into()], true));
    }

    #[test]
    fn one_policy_for_all_closes_the_namespace() {
        let deny = policy("deny", "{podSelector: {}, policyTypes: [Ingress]}");
        assert_eq!(open(&[PODS, &deny].concat()), (vec![], true));
        let egress = policy("deny", "{podSelector: {}, policyTypes: [Egress]}");
        assert_eq!(open(&[PODS, &egress].concat()).0.len(), 2);
    }

    #[test]
    fn many_policies_that_leave_no_pod_out_close_it_too() {
        let web = policy("web", "{podSelector: {matchLabels: {app: web}}}");
        assert_eq!(open(&[PODS, &web].concat()).0, ["db"]);
        let rest = policy(
            "rest",
            "{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}}",
        );
        assert_eq!(open(&[PODS, &web, &rest].concat()), (vec![], true));
    }

    #[test]
    fn a_policy_that_allows_everything_to_all_undoes_the_others() {
        let deny = policy("deny", "{podSelector: {}, policyTypes: [Ingress]}");
        let allow = policy("allow", "{podSelector: {}, ingress: [{}]}");
        assert_eq!(open(&[PODS, &deny, &allow].concat()).0, ["db", "web"]);
        let pods = policy(
            "allow",
            "{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}",
        );
        assert_eq!(open(&[PODS, &deny, &pods].concat()).0.len(), 0);
    }

    #[test]
    fn templates_count_where_no_pod_is_open() {
        let of = |replicas: &str| {
            format!(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: cart, namespace: shop}}\nspec: {{{replicas}selector: {{matchLabels: {{app: cart}}}}, template: {{metadata: {{labels: {{app: cart}}}}, spec: {{containers: [{{name: c, image: i}}]}}}}}}\n"
            )
        };
        assert_eq!(open(&of("")).0, ["cart"]);
        assert_eq!(open(&of("replicas: 2, ")).0, ["cart"]);
        assert_eq!(open(&of("replicas: 0, ")), (vec![], true));
    }

    #[test]
    fn what_is_hidden_makes_the_answer_uncertain_and_nothing_more() {
        let blind = |kinds: &[Kind], yaml: &str| {
            let mut world = world(yaml);
            for kind in kinds {
                world
                    .sight_mut()
                    .set(*kind, None, State::Blind(Reason::Forbidden));
            }
            let view = View::new(&world);
            let found = undecided(&view, "shop", Direction::Ingress);
            (found.open.len(), !view.is_blind())
        };
        assert_eq!(blind(&[Kind::NetworkPolicy], PODS), (2, false));
        assert_eq!(blind(&[Kind::Deployment], PODS), (2, true));
        let deny = policy("deny", "{podSelector: {}}");
        assert_eq!(
            blind(&[Kind::Pod, Kind::Deployment], &[PODS, &deny].concat()),
            (0, true)
        );
        assert_eq!(blind(&[Kind::CustomResourceDefinition], PODS), (2, false));
        let empty = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";
        assert_eq!(blind(&[Kind::NetworkPolicy], empty), (0, true));
    }

    #[test]
    fn policies_of_another_kind_make_it_uncertain() {
        let crd = |name: &str| {
            format!(
                "\n---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: {name}}}\n"
            )
        };
        let antrea = open(&[PODS, &crd("networkpolicies.crd.antrea.io")].concat());
        assert_eq!((antrea.0.len(), antrea.1), (2, false));
        let unused = open(&[PODS, &crd("ciliumnetworkpolicies.cilium.io")].concat());
        assert!(unused.1, "a definition without an object decides nothing");
        let object = |api: &str, kind: &str, place: &str| {
            let text = format!(
                "{PODS}\n---\napiVersion: {api}\nkind: {kind}\nmetadata: {{name: p{place}}}\nspec: {{}}\n"
            );
            open(&text).1
        };
        assert!(!object(
            "cilium.io/v2",
            "CiliumNetworkPolicy",
            ", namespace: shop"
        ));
        assert!(object(
            "cilium.io/v2",
            "CiliumNetworkPolicy",
            ", namespace: pay"
        ));
        assert!(!object(
            "cilium.io/v2",
            "CiliumClusterwideNetworkPolicy",
            ""
        ));
        let admin = |namespace: &str, rules: &str| {
            open(&format!("{PODS}\n---\napiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\nmetadata: {{name: a}}\nspec: {{priority: 1, subject: {{namespaces: {{matchLabels: {{kubernetes.io/metadata.name: {namespace}}}}}}}, {rules}: [{{action: Deny, from: [{{namespaces: {{}}}}], to: [{{namespaces: {{}}}}]}}]}}\n")).1
        };
        assert!(!admin("shop", "ingress"));
        assert!(admin("shop", "egress"), "another direction");
        assert!(admin("pay", "ingress"), "another namespace");
        let egress_only = object("k8s.ovn.org/v1", "EgressFirewall", ", namespace: shop");
        assert!(egress_only, "ingress is no matter of it");
    }
}
