//! A world from files is closed: what a cluster's own controllers would have written is there, and says where it comes from.

use bartizan::engine::Engine;
use bartizan::model::{Finding, Origin};
use bartizan::semantics::closed::complete;
use bartizan::source::files;
use jiff::Timestamp;

const PARTS: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: part, labels: {aggregate-to-ops: 'true'}}
rules:
- {apiGroups: [''], resources: [secrets], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ops}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ops}
subjects: [{kind: User, apiGroup: rbac.authorization.k8s.io, name: jo}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ops}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {aggregate-to-ops: 'true'}}]}
rules: ";

/// The same, as an API server holds it after the controller came by.
const FILLED: &str = "[{apiGroups: [''], resources: [secrets], verbs: [get, list]}]";

fn readers(manifest: &str) -> Vec<Finding> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("rbac.yaml"), manifest).unwrap();
    let paths = [folder.path().to_path_buf()];
    let loaded = files::load(&paths, "default", complete);
    assert_eq!(loaded.problems, []);
    let mut engine = Engine::default();
    engine.apply(files::batch(loaded), Timestamp::UNIX_EPOCH);
    engine.findings("secrets-readable")
}

#[test]
fn a_manifest_of_an_aggregated_role_holds_what_the_controller_would_fill_in() {
    let found = readers(&format!("{PARTS}[]"));
    let [finding] = &found[..] else {
        panic!("{found:?}")
    };
    let rule = finding
        .evidence
        .iter()
        .find(|e| &*e.object.name == "ops" && &*e.path == "rules[0]")
        .unwrap();
    assert_eq!(rule.origin, Origin::Inherited, "{rule:?}");
}

#[test]
fn a_role_that_came_filled_is_told_in_the_same_way_and_once() {
    let same = |manifest: &str| {
        let found = readers(manifest);
        let plain = |f: &Finding| (f.id.clone(), f.severity, f.evidence.clone());
        found.iter().map(plain).collect::<Vec<_>>()
    };
    let filled = same(&format!("{PARTS}{FILLED}"));
    assert_eq!(filled, same(&format!("{PARTS}[]")));
}
