//! How a control plane starts: files, servers, controllers, rights, nodes, in this order.

use std::fs;
use std::net::TcpStream;
use std::time::Duration;

use anyhow::ensure;

use super::authority::Authority;
use super::flags::{self, Addresses};
use super::processes::Processes;
use super::{Cluster, Needs, Program, Result, User, eventually, secrets, users};

impl Cluster {
    /// Starts a control plane of these programs, with these flags for its API server.
    pub fn start_with(needs: Needs, flags: &[&str]) -> Result<Self> {
        let directory = tempfile::Builder::new()
            .prefix("bartizan-control-plane-")
            .tempdir()?
            .keep();
        let processes = Processes::in_directory(&directory)?;
        let mut cluster = Self {
            directory,
            server: String::new(),
            processes,
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

    fn write_files(&self) -> Result {
        let write = |name: &str, text: &str| fs::write(self.directory.join(name), text);
        fs::create_dir(self.home())?;
        fs::create_dir(self.directory.join("pki"))?;
        write("pki/sa.key", &secrets::signing_key()?)?;
        let clients = Authority::new("clients")?.pair;
        write("pki/clients.crt", &clients.text)?;
        write("pki/clients.key", &clients.key)?;
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
            self.processes.kill_all();
        }
    }

    /// Waits until the API server says that it is ready; ends early, with its last words, if it or etcd has died.
    pub(super) fn await_server(&self) -> Result {
        let mut dead = Vec::new();
        eventually(
            "the API server to be ready",
            Duration::from_secs(120),
            || {
                dead = self.processes.casualties();
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

    fn launch(&self, program: Program, arguments: Vec<String>) -> Result {
        self.processes.launch(program, arguments, &self.directory)
    }
}
