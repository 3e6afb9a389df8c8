//! Version of Kubernetes gets no more security fixes
//!
//! ## What
//! An API server of a minor version that upstream no longer supports, and nodes whose kubelet is of such a version while the
//! server is newer. How things stood is a table in this program, with the day on which it was true.
//!
//! ## Why
//! Flaws found since then stay open: nobody ports their fixes back. Vendors support their builds longer, some for a price; the
//! finding is then a step lower and says so.
//!
//! ## Fix
//! None here: the control plane goes first, one minor version at a time, then the nodes.
//!
//! ## References
//! - kubernetes.io/releases/patch-releases and kubernetes/website `data/releases/eol.yaml`
//! - kubernetes.io, Version Skew Policy

use crate::model::objects::node::Node;
use crate::model::{Reason, ServerVersion};
use crate::semantics::versions::{AS_OF, ended, is_vendor_build, oldest_supported};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "cluster-version-end-of-life",
    since: "0.1",
    threats: &[ThreatId::VulnerableApplications],
    control: "cluster-supported",
    needs: &[Kind::Node],
    rests_on: RestsOn::Presence,
    standards: &["owasp:2025/K07", "attack:T1190"],
    scope: Scope::Cluster(run),
    fix: Fix::None(
        "an upgrade is a plan, not a patch: the control plane first, one minor at a time, then the nodes",
    ),
    examples: &[
        Example::fires("apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n").with_status(
            "apiVersion: v1
kind: Node
metadata: {name: node-1}
status: {nodeInfo: {kubeletVersion: v1.33.4}}
",
        ),
        Example::fires("apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n").with_status(
            "apiVersion: v1
kind: Node
metadata: {name: node-1}
status: {nodeInfo: {kubeletVersion: v1.31.9-eks-473151a}}
",
        ),
        Example::silent("apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n").with_status(
            "apiVersion: v1
kind: Node
metadata: {name: node-1}
status: {nodeInfo: {kubeletVersion: v1.36.3}}
",
        ),
        Example::silent("apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n").with_status(
            "apiVersion: v1
kind: Node
metadata: {name: node-1}
status: {nodeInfo: {kubeletVersion: v1.37.0-rc.1}}
",
        ),
    ],
};

fn run(view: &View<'_>, out: &mut Sink) {
    let server = view.cluster().version.as_ref();
    let over = server.and_then(|version| Some((version, ended(version)?)));
    let cluster = ObjectKey::of_namespace("kube-system"); // it stands for the cluster, as its uid does
    if let Some((version, end)) = over {
        let (severity, why) = weigh(version, end, "the API server");
        out.fires(Part::Whole, severity, why)
            .on(&cluster)
            .because(Evidence::new(&cluster, "/version", version, Origin::Live));
    }
    let mut seen = false;
    for object in view.list_all(Kind::Node) {
        seen = true;
        if let Object::Node(node) = &**object
            && let Some((version, end)) = behind(node, over.map(|(server, _)| server))
        {
            let (severity, why) = weigh(&version, end, "its kubelet");
            out.fires(Part::Whole, severity, why)
                .on(&node.meta.key)
                .because(Evidence::new(
                    &node.meta.key,
                    "status.nodeInfo.kubeletVersion",
                    version,
                    Origin::Live,
                ));
        }
    }
    if server.is_none() && !seen {
        // Manifests carry no version, and no node tells one.
        view.note_blind(Missing {
            kind: Kind::Node,
            namespace: None,
            reason: Reason::NotInSource,
        });
    }
}

/// The kubelet's version, where it is out of support by itself: not where it shares the minor of a server that is too.
fn behind(
    node: &Node,
    server_over: Option<&ServerVersion>,
) -> Option<(ServerVersion, &'static str)> {
    let version = ServerVersion::parse(&node.kubelet)?;
    let end = ended(&version)?;
    let same = server_over.is_some_and(|s| (s.major, s.minor) == (version.major, version.minor));
    (!same).then_some((version, end))
}

fn weigh(version: &ServerVersion, end: &str, what: &str) -> (Severity, String) {
    let says = format!(
        "{what} is {version}: upstream's fixes ended on {end} (as of {AS_OF}, 1.{} is the oldest that gets them)",
        oldest_supported()
    );
    if is_vendor_build(version) {
        (
            Severity::Low,
            format!("{says}; its vendor may support it longer"),
        )
    } else {
        (Severity::Medium, says)
    }
}
