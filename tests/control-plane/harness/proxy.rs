//! Reading many lists quickly: one `kubectl proxy` for all of them, where a kubectl for each costs a tenth of a second.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, ensure};
use serde_json::Value;

use super::{Cluster, Program, Result, User};

/// A proxy that asks as admin. It ends with the value, and with the test program whatever ends that.
pub struct Proxy {
    shell: Child,
    address: String,
}

impl Proxy {
    /// Starts one.
    pub fn start(cluster: &Cluster) -> Result<Self> {
        let kubectl = Program::Kubectl.path()?;
        let mut shell = Command::new("sh")
            // The shell waits for the end of its input, which is the end of us.
            .args(["-c", "\"$0\" proxy --port=0 & read -r _; kill $!"])
            .arg(kubectl)
            .env("KUBECONFIG", cluster.kubeconfig(User::Admin))
            .env("HOME", cluster.home())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut line = String::new();
        let said = shell.stdout.take().context("no output")?;
        BufReader::new(said).read_line(&mut line)?;
        let address = line
            .trim()
            .rsplit(' ')
            .next()
            .unwrap_or_default()
            .to_owned();
        ensure!(
            address.starts_with("127.0.0.1:"),
            "kubectl proxy said {line:?}"
        );
        Ok(Self { shell, address })
    }

    /// Where it listens, without TLS and without a login.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The answer to a GET of this path.
    pub fn get(&self, path: &str) -> Result<Value> {
        let mut stream = TcpStream::connect(&self.address)?;
        // HTTP/1.0: the body ends with the connection and comes in one piece.
        write!(
            stream,
            "GET {path} HTTP/1.0\r\nHost: localhost\r\nAccept: application/json\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
        ensure!(head.split(' ').nth(1) == Some("200"), "{path}: {answer}");
        serde_json::from_str(body).with_context(|| path.to_owned())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}
