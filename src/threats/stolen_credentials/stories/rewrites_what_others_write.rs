//! A subject has what others write rewritten
//!
//! ## What
//! A subject may make or change mutating webhooks: the API server then sends every object that anybody writes, roles and
//! bindings of administrators included, to an address of the subject's choice, and stores what comes back.
//!
//! ## Why
//! A binding that an administrator makes for somebody else becomes one for the attacker. The same right switches off the
//! controls that are webhooks themselves.
//!
//! ## References
//! - MITRE ATT&CK T1546, Event Triggered Execution
//! - Microsoft Threat Matrix for Kubernetes, MS-TA9015 Malicious admission controller
//! - Kubernetes SIG Security, Admission Control Threat Model

use crate::threats::prelude::*;
use crate::threats::stolen_credentials::login_taken;

/// The right is one of the whole cluster: bindings of namespaces cannot give it.
const CLUSTER: &[Kind] = &[Kind::ClusterRoleBinding, Kind::ClusterRole];

const WRITES: &[&str] = &["no-escalation-verbs", "no-wildcards"];
const LEADS: &[&str] = &["admins-few"];

/// The story.
pub static STORY: Story = Story {
    id: "rewrites-what-others-write",
    since: "0.1",
    threat: ThreatId::StolenCredentials,
    goal: "cluster-admin",
    steps: &[
        StoryStep {
            title: "the subject writes mutating webhooks",
            cut_by: WRITES,
        },
        StoryStep {
            title: "what it is sent leads to every right",
            cut_by: LEADS,
        },
    ],
    needs: CLUSTER,
    scope: Scope::Paths(run),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: hooks}
rules:
- {apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: hooks}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: hooks}
subjects:
- {kind: ServiceAccount, name: hooks, namespace: ops}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: hooks}
rules:
- {apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: hooks}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: hooks}
subjects:
- {kind: ServiceAccount, name: hooks, namespace: ops}
",
        ),
    ],
};

/// What the first step does.
const FIRST: &[&str] = &["rewrite-objects"];

fn run(survey: &Survey<'_, '_>, out: &mut Scenes) {
    let how = Walk {
        story: &STORY,
        ends: "holds every right in the cluster",
    };
    login_taken::walk(survey, out, how, &Goal::ClusterAdmin, FIRST);
}
