//! A subject issues itself a certificate for anybody
//!
//! ## What
//! A subject asks for a client certificate, approves its own request, and the signer of API clients signs it: for any
//! name and any group but `system:masters`.
//!
//! ## Why
//! The certificate logs in as a stronger user until it expires, a year by default. It cannot be revoked, and the request
//! that tells of it is deleted after an hour.
//!
//! ## References
//! - MITRE ATT&CK T1649, Steal or Forge Authentication Certificates
//! - kubernetes.io, Certificates and Certificate Signing Requests
//! - Stratus Red Team, k8s.persistence.create-client-certificate

use crate::threats::prelude::*;
use crate::threats::stolen_credentials::login_taken;

/// The right is one of the whole cluster: bindings of namespaces cannot give it.
const CLUSTER: &[Kind] = &[Kind::ClusterRoleBinding, Kind::ClusterRole];

const ISSUES: &[&str] = &["no-escalation-verbs", "no-client-certificates"];
const LEADS: &[&str] = &["admins-few"];

/// The story.
pub static STORY: Story = Story {
    id: "issues-certificate-for-anybody",
    since: "0.1",
    threat: ThreatId::StolenCredentials,
    goal: "cluster-admin",
    steps: &[
        StoryStep {
            title: "the subject approves its own request for the signer of clients",
            cut_by: ISSUES,
        },
        StoryStep {
            title: "the name in it comes by every right",
            cut_by: LEADS,
        },
    ],
    needs: CLUSTER,
    scope: Scope::Paths(run),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: issuer}
rules:
- {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create]}
- {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}
- {apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: [kubernetes.io/kube-apiserver-client], verbs: [approve]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: issuer}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: issuer}
subjects:
- {kind: ServiceAccount, name: issuer, namespace: ops}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: admins}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: ann}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: issuer}
rules:
- {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create]}
- {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: issuer}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: issuer}
subjects:
- {kind: ServiceAccount, name: issuer, namespace: ops}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: admins}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: ann}
",
        ),
    ],
};

/// What the first step does.
const FIRST: &[&str] = &["issue-certificate"];

fn run(survey: &Survey<'_, '_>, out: &mut Scenes) {
    let how = Walk {
        story: &STORY,
        ends: "holds every right in the cluster",
    };
    login_taken::walk(survey, out, how, &Goal::ClusterAdmin, FIRST);
}
