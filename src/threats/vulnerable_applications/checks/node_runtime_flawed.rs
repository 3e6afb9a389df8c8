//! Container runtime of a node has a known way out
//!
//! ## What
//! Nodes whose container runtime is of a release with a flaw that lets an image or a pod out of its container, by the
//! version in the node's status. The table is short, was read by a person, and says its day. It knows upstream's releases: a
//! build with a vendor's suffix may be mended and weighs less. A scanner of the node's packages says more.
//!
//! ## Why
//! Whatever its `securityContext` says, a container is as good as its runtime. With CVE-2026-53488 a label in an image that
//! somebody pulls is a command that root runs on the node.
//!
//! ## Fix
//! None is printed: a runtime is brought up to date with its node, by the image of the machine or its packages. Until then
//! let the cluster pull from registries that you trust only.
//!
//! ## References
//! - containerd GHSA-xhf5-7wjv-pqxp (CVE-2026-53488); CVE-2022-23648

use crate::semantics::runtimes::{AS_OF, Flaw, Runtime};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "node-runtime-flawed",
    since: "0.1",
    threats: &[
        ThreatId::VulnerableApplications,
        ThreatId::MaliciousContainer,
    ],
    control: "components-maintained",
    needs: &[Kind::Node],
    rests_on: RestsOn::Presence,
    standards: &["attack:T1611", "owasp:2025/K07", "kubescape:C-0087"],
    scope: Scope::Cluster(run),
    fix: Fix::None(
        "a runtime comes up to date with its node: replace the machine's image or its packages, node by node",
    ),
    examples: &[
        Example::fires("apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n").with_status(
            "apiVersion: v1
kind: Node
metadata: {name: node-1}
status: {nodeInfo: {containerRuntimeVersion: 'containerd://2.1.5'}}
",
        ),
        Example::fires("apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n").with_status(
            "apiVersion: v1
kind: Node
metadata: {name: node-1}
status: {nodeInfo: {containerRuntimeVersion: 'containerd://1.7.27-k3s1'}}
",
        ),
        Example::fires("apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n").with_status(
            "apiVersion: v1
kind: Node
metadata: {name: node-1}
status: {nodeInfo: {containerRuntimeVersion: 'containerd://1.5.2'}}
",
        ),
        Example::silent("apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n").with_status(
            "apiVersion: v1
kind: Node
metadata: {name: node-1}
status: {nodeInfo: {containerRuntimeVersion: 'containerd://2.3.2'}}
",
        ),
        Example::silent("apiVersion: v1\nkind: Node\nmetadata: {name: node-1}\n").with_status(
            "apiVersion: v1
kind: Node
metadata: {name: node-1}
status: {nodeInfo: {containerRuntimeVersion: 'cri-o://1.36.1'}}
",
        ),
    ],
};

/// Nodes cited: a hundred say no more.
const SHOWN: usize = 3;

fn run(view: &View<'_>, out: &mut Sink) {
    let mut found: Vec<(&Str, ObjectKey, &'static Flaw, Severity)> = Vec::new();
    for object in view.list_all(Kind::Node) {
        let Object::Node(node) = &**object else {
            continue;
        };
        let runtime = Runtime::parse(&node.runtime);
        if let Some((runtime, flaw)) = runtime.and_then(|r| Some((r, r.flaw()?))) {
            let severity = if runtime.is_vendor_build() {
                Severity::Medium
            } else {
                Severity::High
            };
            found.push((&node.runtime, node.meta.key.clone(), flaw, severity));
        }
    }
    // Of equals the first one is named.
    let Some((_, _, flaw, severity)) = found.iter().rev().max_by_key(|(.., severity)| severity)
    else {
        return;
    };
    let nodes = match found.len() {
        1 => "1 node".to_owned(),
        n => format!("{n} nodes"),
    };
    let vendor = if *severity == Severity::Medium {
        "; its vendor may have mended it under the same number"
    } else {
        ""
    };
    let why = format!(
        "on {nodes} {} ({}, as of {AS_OF}){vendor}",
        flaw.does, flaw.id
    );
    let cluster = ObjectKey::of_namespace("kube-system"); // it stands for the cluster, as its uid does
    let draft = out.fires(Part::Whole, *severity, why);
    draft.on(&cluster);
    let cited = found.iter().filter(|(.., s)| s == severity).take(SHOWN);
    for (runtime, node, ..) in cited {
        let path = "status.nodeInfo.containerRuntimeVersion";
        draft.because(Evidence::new(node, path, *runtime, Origin::Live));
    }
}
