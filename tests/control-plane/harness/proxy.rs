//! Reading many lists quickly: one `kubectl proxy` for all of them, where a kubectl for each costs a tenth of a second.

use std::fmt::Write as _;
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
        let (code, answer) = self.send("GET", path, &[], "")?;
        ensure!(code == 200, "{path}: {code} {answer}");
        Ok(answer)
    }

    /// The status and the answer to a POST, with these headers beside the usual ones.
    pub fn post(
        &self,
        path: &str,
        headers: &[(&str, String)],
        body: &Value,
    ) -> Result<(u16, Value)> {
        self.send("POST", path, headers, &body.to_string())
    }

    /// The status and the answer to any request; a PATCH is a merge patch.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, String)],
        body: &str,
    ) -> Result<(u16, Value)> {
        let kind = match method {
            "PATCH" => "application/merge-patch+json",
            _ => "application/json",
        };
        let mut more = String::new();
        for (name, value) in headers {
            write!(more, "{name}: {value}\r\n")?;
        }
        let mut stream = TcpStream::connect(&self.address)?;
        // HTTP/1.0: the body ends with the connection and comes in one piece.
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: localhost\r\nAccept: application/json\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{more}\r\n{body}",
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
        let code = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        let code = code.with_context(|| format!("{path}: {head}"))?;
        let value = serde_json::from_str(body).with_context(|| format!("{path}: {answer}"))?;
        Ok((code, value))
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}
