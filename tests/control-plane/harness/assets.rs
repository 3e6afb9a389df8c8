//! Where each program of the control plane comes from: `TEST_ASSET_<NAME>`, then `KUBEBUILDER_ASSETS/<name>`, both as
//! controller-runtime's envtest reads them (`pkg/internal/testing/process/bin_path_finder.go`), then our own build.
//!
//! Looking is cheap and builds nothing: trials are listed by it. Only [`Program::path`] builds.

use std::env;
use std::path::PathBuf;

use super::{Result, build};

/// One program of a control plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Program {
    /// The store.
    Etcd,
    /// The API server.
    ApiServer,
    /// The controllers: default accounts, endpoint slices, owners, aggregated roles.
    ControllerManager,
    /// Gives pods their node.
    Scheduler,
    /// The client of the version under test, never the one of the machine.
    Kubectl,
    /// Plays kubelets: nodes become Ready, pods Running.
    Kwok,
}

/// How much of a control plane a trial needs. An envtest archive has the first step only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// etcd, kube-apiserver, kubectl. Built-in aggregated roles such as `view` stay empty.
    Server,
    /// Also the controllers and the scheduler.
    Controllers,
    /// Also nodes on which pods run.
    Nodes,
}

impl Program {
    /// The file name, which is also what the built program goes by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Etcd => "etcd",
            Self::ApiServer => "kube-apiserver",
            Self::ControllerManager => "kube-controller-manager",
            Self::Scheduler => "kube-scheduler",
            Self::Kubectl => "kubectl",
            Self::Kwok => "kwok",
        }
    }

    /// The file to run, built first if nobody supplied it.
    pub fn path(self) -> Result<PathBuf> {
        match self.supplied() {
            Some(file) => Ok(file),
            None => Ok(build::directory()?.join(self.name())),
        }
    }

    fn supplied(self) -> Option<PathBuf> {
        let variable = format!(
            "TEST_ASSET_{}",
            self.name().to_uppercase().replace('-', "_")
        );
        let named = env::var_os(variable).map(PathBuf::from);
        let in_directory =
            || Some(PathBuf::from(env::var_os("KUBEBUILDER_ASSETS")?).join(self.name()));
        named.or_else(|| in_directory().filter(|file| file.is_file()))
    }
}

impl Needs {
    /// Every program that must exist.
    pub fn programs(self) -> &'static [Program] {
        use Program::{ApiServer, ControllerManager, Etcd, Kubectl, Kwok, Scheduler};
        match self {
            Self::Server => &[Etcd, ApiServer, Kubectl],
            Self::Controllers => &[Etcd, ApiServer, Kubectl, ControllerManager, Scheduler],
            Self::Nodes => &[Etcd, ApiServer, Kubectl, ControllerManager, Scheduler, Kwok],
        }
    }

    /// Why it cannot be had here, or nothing.
    pub fn unmet(self) -> Option<String> {
        let absent: Vec<_> = self
            .programs()
            .iter()
            .filter(|program| program.supplied().is_none())
            .collect();
        let reason = build::impossible()?;
        let first = absent.first()?.name();
        Some(format!("{reason} and no {first} in KUBEBUILDER_ASSETS"))
    }
}
