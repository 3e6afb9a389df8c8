//! One control plane, from its start to its end.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use anyhow::{Context, anyhow, ensure};

use super::flags::{self, Addresses};
use super::janitor::Janitor;
use super::process::Process;
use super::{Needs, Program, Result, User, eventually, secrets, users};

/// A running control plane. Dropping it kills its processes and removes its directory.
pub struct Cluster {
    directory: PathBuf,
    server: String,
    running: Mutex<Running>,
}

/// What has to end with the cluster. The janitor goes last: it removes the directory.
struct Running {
    processes: Vec<Process>,
    janitor: Option<Janitor>,
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
            cluster.end();
        }
    }

    /// A control plane of one's own, with nodes, and with these flags for its API server.
    pub fn start(flags: &[&str]) -> Result<Self> {
        Self::start_with(Needs::Nodes, flags)
    }

    /// The same with fewer programs.
    pub fn start_with(needs: Needs, flags: &[&str]) -> Result<Self> {
        let directory = tempfile::Builder::new()
            .prefix("bartizan-control-plane-")
            .tempdir()?
            .keep();
        let janitor = Janitor::of(&directory)?;
        let running = Mutex::new(Running {
            processes: Vec::new(),
            janitor: Some(janitor),
        });
        let mut cluster = Self {
            directory,
            server: String::new(),
            running,
        };
        cluster.write_files()?;
        cluster.start_servers(flags)?;
        if needs >= Needs::Controllers {
            cluster.launch(
                Program::ControllerManager,
                flags::controller_manager(&cluster.directory),
            )?;
            cluster.launch(Program::Scheduler, flags::scheduler(&cluster.directory))?;
        }
        cluster.apply(&users::rights()?)?;
        if needs >= Needs::Nodes {
            cluster.launch(Program::Kwok, flags::kwok(&cluster.directory))?;
            cluster.add_nodes(3)?;
        }
        if needs >= Needs::Controllers {
            cluster.await_controllers()?;
        }
        Ok(cluster)
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

    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// Does something to one of the processes, and then tells the janitor who is left.
    pub(super) fn with_process<T>(
        &self,
        program: Program,
        act: impl FnOnce(&mut Process) -> Result<T>,
    ) -> Result<T> {
        let mut running = self.running();
        let process = running
            .processes
            .iter_mut()
            .find(|process| process.program() == program);
        let result = act(process.ok_or_else(|| anyhow!("{} does not run here", program.name()))?)?;
        running.tell_janitor()?;
        Ok(result)
    }

    /// Waits until the API server says that it is ready; ends early, with its last words, if it or etcd has died.
    pub(super) fn await_server(&self) -> Result {
        let mut dead = Vec::new();
        eventually(
            "the API server to be ready",
            Duration::from_secs(120),
            || {
                dead = self.casualties();
                if !dead.is_empty() {
                    return Ok(Some(()));
                }
                TcpStream::connect(self.server.trim_start_matches("https://"))?; // kubectl takes longer to find out
                self.admin(&["get", "--raw", "/readyz"]).map(|_| Some(()))
            },
        )?;
        ensure!(dead.is_empty(), "ended early: {}", dead.concat());
        Ok(())
    }

    /// The last words of every process that has ended though nobody ended it.
    pub(super) fn casualties(&self) -> Vec<String> {
        let mut running = self.running();
        let dead = running
            .processes
            .iter_mut()
            .filter_map(|process| process.running().is_none().then(|| process.last_words()));
        dead.collect()
    }

    fn write_files(&self) -> Result {
        let write = |name: &str, text: &str| fs::write(self.directory.join(name), text);
        fs::create_dir(self.home())?;
        fs::create_dir(self.directory.join("pki"))?;
        write("pki/sa.key", &secrets::signing_key()?)?;
        write("audit-policy.json", flags::AUDIT_POLICY)?;
        write("stages.yaml", include_str!("../stages.yaml"))?;
        Ok(())
    }

    /// Starts etcd and the API server; on other ports where somebody else took one in between.
    fn start_servers(&mut self, flags: &[&str]) -> Result {
        let extra: Vec<_> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        let mut attempts = 3;
        loop {
            let addresses = Addresses::free()?;
            self.server.clone_from(&addresses.server);
            users::write_logins(&addresses.server, &self.directory)?;
            self.launch(Program::Etcd, flags::etcd(&addresses, &self.directory))?;
            self.launch(
                Program::ApiServer,
                flags::api_server(&addresses, &self.directory, &extra),
            )?;
            let Err(error) = self.await_server() else {
                return Ok(());
            };
            attempts -= 1;
            if attempts == 0 || !format!("{error:#}").contains("address already in use") {
                return Err(error);
            }
            self.running().kill_all();
        }
    }

    fn launch(&self, program: Program, arguments: Vec<String>) -> Result {
        let process = Process::start(program, arguments, &self.directory)?;
        let mut running = self.running();
        running.processes.push(process);
        running.tell_janitor()
    }

    /// The built-in role `view` is empty until a controller has collected its parts.
    fn await_controllers(&self) -> Result {
        eventually(
            "the rules of the ClusterRole view",
            Duration::from_secs(30),
            || {
                let view = self.get(&["clusterrole", "view"])?;
                Ok(view["rules"]
                    .as_array()
                    .is_some_and(|rules| !rules.is_empty())
                    .then_some(()))
            },
        )?;
        self.await_account("default")
            .and_then(|()| self.await_account(User::NAMESPACE))
    }

    fn end(&self) {
        let mut running = self.running();
        running.kill_all();
        drop(running.janitor.take());
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.end();
    }
}

impl Running {
    fn tell_janitor(&mut self) -> Result {
        let pids: Vec<_> = self
            .processes
            .iter_mut()
            .filter_map(Process::running)
            .collect();
        self.janitor
            .as_mut()
            .context("the cluster has ended")?
            .watch(pids)
    }

    /// An error here means that it had ended already.
    fn kill_all(&mut self) {
        for mut process in self.processes.drain(..).rev() {
            let _ = process.kill();
        }
        let _ = self.tell_janitor();
    }
}
