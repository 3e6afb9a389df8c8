//! The way up by keys alone: a workload of kubernetes-goat is hardened to `restricted` with one key, the commands are
//! pasted as printed, the pane turns, the namespace is raised with the same key, and then the server holds it to that.

use std::path::Path;

use anyhow::{Context as _, ensure};
use libtest_mimic::Trial;

use crate::harness::{Cluster, Result, Tmux, User, one_context, paste_as, trial};

const NAMESPACE: &str = "big-monolith";
const WORKLOAD: &str = "hunger-check-deployment";

pub fn trials() -> Vec<Trial> {
    vec![trial::with_corpora_in_tmux(
        "climb/a_workload_and_its_namespace_reach_restricted_by_keys",
        a_workload_and_its_namespace,
    )]
}

fn a_workload_and_its_namespace(cluster: &Cluster) -> Result {
    cluster.add_nodes(2)?;
    cluster.apply_corpus("kubernetes-goat")?;
    let folder = tempfile::tempdir()?;
    let [viewer, admin] = one_context(cluster, folder.path())?;
    let mut tmux = Tmux::bartizan(cluster, &viewer)?;

    // The ladder of the namespace, and the workload that stands in its way.
    tmux.press("4", "Controls that fail");
    tmux.press("v", "namespaces");
    tmux.press("j\r", NAMESPACE);
    tmux.step_to(NAMESPACE)?;
    tmux.press("P", "restricted");
    tmux.step_to("restricted")?;
    tmux.outer.wait_until("whom it refuses", |screen| {
        screen.contents().contains("1 workload refused")
    });
    tmux.press("l", "▾ restricted");
    tmux.step_to(WORKLOAD)?;
    tmux.press("\r", "controls between");

    // One key, one paste, and the workload's own ladder turns.
    let mut copies = Vec::new();
    tmux.press("g", "restricted");
    harden(&mut tmux, cluster, &admin, &mut copies)?;
    tmux.outer.wait_for("meets restricted already");
    tmux.press("\x1b", "and restricted");
    tmux.outer.wait_until("the workload to be there", |screen| {
        met(&screen.contents(), "restricted")
    });

    // Back up: nothing stands in the way any more, so the same key raises the namespace.
    tmux.press("\x1b", "could today");
    tmux.outer
        .wait_until("the namespace to be raisable", |screen| {
            met(&screen.contents(), "restricted")
        });
    tmux.press("g", "restricted");
    harden(&mut tmux, cluster, &admin, &mut copies)?;
    tmux.outer.wait_for("enforces restricted already");
    tmux.press("\x1b", "and restricted");
    tmux.outer.wait_until("the pane to turn", |screen| {
        let text = screen.contents();
        text.lines()
            .any(|line| line.contains("restricted") && line.contains("enforced"))
    });
    ensure!(copies.len() == 2, "{copies:#?}");
    refuses_what_was(cluster)
}

/// Copies what the row under the cursor offers and pastes it.
fn harden(tmux: &mut Tmux, cluster: &Cluster, admin: &Path, copies: &mut Vec<String>) -> Result {
    tmux.press("y", "sent to clipboard (tmux");
    let text = tmux.buffer()?;
    ensure!(copies.last() != Some(&text), "copied again:\n{text}");
    paste_as(admin, &cluster.home(), &text)?;
    copies.push(text);
    Ok(())
}

fn met(screen: &str, level: &str) -> bool {
    let mut lines = screen.lines();
    lines.any(|line| line.contains(level) && line.contains("met"))
}

/// The server holds the namespace to it: a pod as it was before is refused.
fn refuses_what_was(cluster: &Cluster) -> Result {
    let pod = format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: old, namespace: {NAMESPACE}}}, spec: {{containers: [{{name: x, image: 'registry.example.com/x:1'}}]}}}}"
    );
    let output = cluster.kubectl_stdin(User::Admin, &["create", "-f", "-"], &pod)?;
    ensure!(
        output.stderr.contains("violates PodSecurity \"restricted"),
        "{}",
        output.stderr
    );
    let found = cluster.get(&["deploy", WORKLOAD, "-n", NAMESPACE])?;
    let template = found.pointer("/spec/template/spec/containers/0/securityContext");
    let template = template.context("a security context")?;
    ensure!(
        template["allowPrivilegeEscalation"] == false,
        "{template:#}"
    );
    Ok(())
}
