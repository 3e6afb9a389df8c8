//! Edits of roles and bindings, printed and applied.

use bartizan::fix::apply::{Objects, run};
use bartizan::model::Subject;
use bartizan::model::change::{Edit, RuleEdit};
use bartizan::model::objects::access::Rule;

use crate::fix_edit::{check, planned, text, yaml};

const BINDING: &str = "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: runner, namespace: ci}
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: dev}
- {kind: ServiceAccount, name: runner, namespace: ci}
";

#[test]
fn every_entry_of_a_subject_goes() {
    let plan = check(
        BINDING,
        &[Edit::RemoveSubject(Subject::account("ci", "runner"))],
        "- op: test
  path: /subjects/2/kind
  value: ServiceAccount
- op: test
  path: /subjects/2/name
  value: runner
- op: test
  path: /subjects/2/namespace
  value: ci
- op: test
  path: /subjects/0/kind
  value: ServiceAccount
- op: test
  path: /subjects/0/name
  value: runner
- op: test
  path: /subjects/0/namespace
  value: ci
- op: remove
  path: /subjects/2
- op: remove
  path: /subjects/0
",
        &BINDING.replace(
            "- {kind: ServiceAccount, name: runner, namespace: ci}\n",
            "",
        ),
    );
    assert_eq!(
        plan.steps[0].command,
        "kubectl patch clusterrolebinding ci --type json --patch-file fix.yaml"
    );
    let both = planned(
        BINDING,
        &[
            Edit::RemoveSubject(Subject::account("ci", "runner")),
            Edit::RemoveSubject(Subject::Group(text("dev"))),
        ],
    );
    let mut objects = Objects::from([(both.steps[0].target.clone(), yaml(BINDING))]);
    run(&both.steps, &mut objects).unwrap();
    assert_eq!(objects[&both.steps[0].target]["subjects"], yaml("[]"));
    let changed = yaml(&BINDING.replace("name: dev", "name: ops"));
    let mut objects = Objects::from([(both.steps[0].target.clone(), changed)]);
    assert!(
        run(&both.steps, &mut objects).is_err(),
        "the object is another one now"
    );
}

const ROLE: &str = "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
- {apiGroups: [''], resources: [pods], verbs: [get, list]}
- {apiGroups: [''], resources: [secrets], verbs: ['*']}
- {apiGroups: [''], resources: [secrets], resourceNames: [a], verbs: [get]}
";

fn rule(resource: &str, verbs: &[&str], names: &[&str]) -> Box<Rule> {
    Box::new(Rule {
        verbs: verbs.iter().map(|v| text(v)).collect(),
        groups: Box::new([text("")]),
        resources: Box::new([text(resource)]),
        names: names.iter().map(|n| text(n)).collect(),
        urls: Box::default(),
    })
}

#[test]
fn rules_are_named_by_their_content() {
    let all = rule("secrets", &["*"], &[]);
    let named = rule("secrets", &["get"], &["a"]);
    check(
        ROLE,
        &[
            Edit::Rule(1, RuleEdit::Remove(all)),
            Edit::Rule(
                2,
                RuleEdit::Replace(named.clone(), rule("secrets", &["get"], &["b"])),
            ),
        ],
        "- op: test
  path: /rules/1
  value:
    apiGroups:
    - \"\"
    resources:
    - secrets
    verbs:
    - \"*\"
- op: remove
  path: /rules/1
- op: test
  path: /rules/1
  value:
    apiGroups:
    - \"\"
    resourceNames:
    - a
    resources:
    - secrets
    verbs:
    - get
- op: replace
  path: /rules/1
  value:
    apiGroups:
    - \"\"
    resourceNames:
    - b
    resources:
    - secrets
    verbs:
    - get
",
        &ROLE
            .replace(
                "- {apiGroups: [''], resources: [secrets], verbs: ['*']}\n",
                "",
            )
            .replace("[a]", "[b]"),
    );
}

/// A rule that falls apart: the first part takes its place, the others stand behind it, and the way back takes them out.
#[test]
fn parts_of_a_rule_stand_in_its_place() {
    let now = rule("secrets", &["*"], &[]);
    let parts = [
        *rule("secrets", &["create"], &[]),
        *rule("secrets", &["get"], &["a"]),
    ];
    let before = "- {apiGroups: [''], resources: [secrets], verbs: ['*']}\n";
    let plan = check(
        ROLE,
        &[Edit::Rule(1, RuleEdit::Split(now, Box::new(parts)))],
        "- op: test
  path: /rules/1
  value:
    apiGroups:
    - \"\"
    resources:
    - secrets
    verbs:
    - \"*\"
- op: replace
  path: /rules/1
  value:
    apiGroups:
    - \"\"
    resources:
    - secrets
    verbs:
    - create
- op: add
  path: /rules/2
  value:
    apiGroups:
    - \"\"
    resourceNames:
    - a
    resources:
    - secrets
    verbs:
    - get
",
        &ROLE.replace(
            before,
            "- {apiGroups: [''], resources: [secrets], verbs: [create]}
- {apiGroups: [''], resources: [secrets], resourceNames: [a], verbs: [get]}
",
        ),
    );
    let step = &plan.steps[0];
    let (_, undo) = step.way_back.split_once(" -p ").unwrap();
    let undone = bartizan::fix::Step {
        yaml: undo.trim_matches('\'').to_owned(),
        ..step.clone()
    };
    let mut objects = Objects::from([(step.target.clone(), yaml(ROLE))]);
    run(&plan.steps, &mut objects).unwrap();
    run(&[undone], &mut objects).unwrap();
    assert_eq!(objects[&step.target], yaml(ROLE));
}
