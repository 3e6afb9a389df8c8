//! The control plane starts, is the version that its module says, and answers.

use anyhow::ensure;
use libtest_mimic::Trial;

use crate::harness::{Cluster, Needs, Result, User, run, trial};

pub fn trials() -> Vec<Trial> {
    vec![
        trial::shared(
            "start/the_built_program_runs_against_it",
            the_built_program_runs_against_it,
        ),
        trial::shared("start/ready_and_of_one_version", ready_and_of_one_version),
        trial::own(
            "start/flags_reach_the_server",
            Needs::Server,
            &["--emulated-version=1.34"],
            flags_reach_the_server,
        ),
    ]
}

fn ready_and_of_one_version(cluster: &Cluster) -> Result {
    let ready = cluster.admin(&["get", "--raw", "/readyz?verbose"])?;
    ensure!(ready.contains("readyz check passed"), "{ready}");
    let versions: serde_json::Value =
        serde_json::from_str(&cluster.admin(&["version", "-o", "json"])?)?;
    let server = &versions["serverVersion"]["gitVersion"];
    ensure!(
        server == &versions["clientVersion"]["gitVersion"],
        "{versions}"
    );
    ensure!(
        server
            .as_str()
            .is_some_and(|version| version.starts_with("v1.")),
        "{versions}"
    );
    Ok(())
}

/// Flags that a test gives come after ours and win.
fn flags_reach_the_server(cluster: &Cluster) -> Result {
    let version = cluster.admin(&["get", "--raw", "/version"])?;
    let version: serde_json::Value = serde_json::from_str(&version)?;
    ensure!(version["emulationMinor"] == "34", "{version}");
    Ok(())
}

/// The way in for every trial of Bartizan itself: its binary, a kubeconfig, a home of its own.
fn the_built_program_runs_against_it(cluster: &Cluster) -> Result {
    let kubeconfig = std::fs::read_to_string(cluster.kubeconfig(User::Nobody))?;
    ensure!(kubeconfig.contains(cluster.server()), "{kubeconfig}");
    let mut command = cluster.bartizan(User::Nobody);
    command.arg("--version");
    run(command, "")?.success()?;
    Ok(())
}
