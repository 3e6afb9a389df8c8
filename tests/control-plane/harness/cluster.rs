//! One control plane: what a trial may ask of it. How it starts is in `startup`.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::anyhow;

use super::processes::Processes;
use super::{Needs, Result, User, eventually};

/// A running control plane. Dropping it kills its processes and removes its directory.
pub struct Cluster {
    pub(super) directory: PathBuf,
    pub(super) server: String,
    pub(super) processes: Processes,
}

static SHARED: OnceLock<Result<Cluster, String>> = OnceLock::new();

impl Cluster {
    /// The one that all trials share which leave no trace outside their own namespaces. It runs every program.
    pub fn shared() -> Result<&'static Self> {
        let started = SHARED.get_or_init(|| Self::start(&[]).map_err(|error| format!("{error:#}")));
        started
            .as_ref()
            .map_err(|error| anyhow!("the shared control plane did not start: {error}"))
    }

    /// Ends the shared one, if it was ever started: a static is not dropped.
    pub fn end_shared() {
        if let Some(Ok(cluster)) = SHARED.get() {
            cluster.processes.end();
        }
    }

    /// A control plane of one's own, with nodes, and with these flags for its API server.
    pub fn start(flags: &[&str]) -> Result<Self> {
        Self::start_with(Needs::Nodes, flags)
    }

    /// Where the API server answers, as `https://127.0.0.1:PORT`.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// The kubeconfig of this user.
    pub fn kubeconfig(&self, user: User) -> PathBuf {
        user.kubeconfig(&self.directory)
    }

    /// A new namespace in which pods may be created.
    pub fn add_namespace(&self, name: &str) -> Result {
        self.admin(&["create", "namespace", name])?;
        self.await_account(name)
    }

    /// Waits for the account `default` of a namespace: pods are refused until the controllers have made it.
    pub fn await_account(&self, namespace: &str) -> Result {
        eventually(
            &format!("the default account of {namespace}"),
            Duration::from_secs(30),
            || {
                let found = self.kubectl(
                    User::Admin,
                    &["get", "serviceaccount", "default", "-n", namespace],
                )?;
                found.success().map(Some)
            },
        )?;
        Ok(())
    }

    /// Adds Nodes, named `node-1` and so on. They are Ready, and run pods, where kwok runs.
    pub fn add_nodes(&self, count: u8) -> Result {
        let node = |number| {
            format!(
                "---
apiVersion: v1
kind: Node
metadata:
  name: node-{number}
  labels: {{kubernetes.io/hostname: node-{number}, kubernetes.io/os: linux, kubernetes.io/arch: amd64}}
  annotations: {{control-plane.test/address: 172.30.0.{number}}}
"
            )
        };
        self.apply(&(1..=count).map(node).collect::<String>())?;
        Ok(())
    }

    /// The home directory of every command that runs against this cluster.
    pub fn home(&self) -> PathBuf {
        self.directory.join("home")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.processes.end();
    }
}
