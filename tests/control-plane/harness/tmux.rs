//! A person's terminal with tmux in it, and a program inside that: what a bastion looks like. The server has a socket of
//! its own and reads nobody's settings.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use tempfile::TempDir;

use super::pty::{Pty, clipboard, command};
use super::{Cluster, Program, Result, User};

/// A program inside tmux, in a window of 80x24.
pub struct Tmux {
    /// The terminal around tmux: keys go in here, and this is what the person sees.
    pub outer: Pty,
    folder: TempDir,
}

impl Tmux {
    /// Why it cannot be had here, or nothing.
    pub fn unmet() -> Option<String> {
        let found = Command::new("tmux").arg("-V").output();
        found.is_err().then(|| "no tmux".to_owned())
    }

    /// Starts the built `bartizan` as this user of a cluster, by the kubeconfig given.
    pub fn bartizan(cluster: &Cluster, kubeconfig: &Path) -> Result<Tmux> {
        let folder = tempfile::tempdir()?;
        let socket = folder.path().join("socket");
        let mut tmux = command("tmux", &["-S"]);
        tmux.arg(&socket);
        tmux.args(["-f", "/dev/null", "new-session"]);
        tmux.arg(super::bartizan());
        tmux.arg("--kubeconfig");
        tmux.arg(kubeconfig);
        // The one setting: programs inside may reach the clipboard of the terminal around.
        tmux.args([";", "set-option", "-s", "set-clipboard", "on"]);
        tmux.env("HOME", cluster.home());
        tmux.env_remove("KUBECONFIG");
        tmux.env_remove("BARTIZAN_HOME");
        tmux.cwd(cluster.home());
        // The status line takes the 25th row.
        let outer = Pty::start(tmux, 80, 25);
        let tmux = Tmux { outer, folder };
        tmux.outer.wait_for("WHO COULD HURT THIS CLUSTER");
        let size = tmux.ask(&["display-message", "-p", "#{pane_width}x#{pane_height}"])?;
        ensure!(size.trim() == "80x24", "the window is {size}");
        Ok(tmux)
    }

    /// The text in tmux' newest buffer, letter for letter.
    pub fn buffer(&self) -> Result<String> {
        self.ask(&["show-buffer"])
    }

    /// Every text that reached the clipboard of the terminal around.
    pub fn clipboard(&self) -> Vec<String> {
        clipboard(&self.outer.bytes())
    }

    /// Types, and waits for what that brings.
    pub fn press(&mut self, keys: &str, brings: &str) {
        self.outer.send(keys);
        self.outer.wait_for(brings);
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        self.outer.screen(vt100::Screen::contents)
    }

    /// The row under the cursor of a list.
    pub fn cursor(&self) -> String {
        cursor(&self.screen())
    }

    /// Steps down until the row under the cursor holds a text.
    pub fn step_to(&mut self, wanted: &str) -> Result {
        for _ in 0..100 {
            let before = cursor(&self.screen());
            if before.contains(wanted) {
                return Ok(());
            }
            self.outer.send("j");
            self.outer
                .wait_until("the cursor one row further", |screen| {
                    cursor(&screen.contents()) != before
                });
        }
        anyhow::bail!("no row with {wanted:?} on\n{}", self.screen())
    }

    fn ask(&self, arguments: &[&str]) -> Result<String> {
        let mut tmux = Command::new("tmux");
        tmux.arg("-S").arg(self.socket()).args(arguments);
        let output = super::run(tmux, "").context("tmux")?;
        output.success()
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        // Already gone with its last program, or in need of it.
        let _ = self.ask(&["kill-server"]);
    }
}

/// The row under the cursor of a list.
fn cursor(screen: &str) -> String {
    let mut rows = screen.lines().map(str::trim_start);
    let row = rows.find_map(|row| row.strip_prefix('>'));
    row.unwrap_or_default().trim().to_owned()
}

/// Two kubeconfigs that call their context the same: the one a person looks with, and the one a person with more rights
/// pastes commands with. Returns their paths.
pub fn one_context(cluster: &Cluster, folder: &Path) -> Result<[PathBuf; 2]> {
    let mut paths = Vec::new();
    for user in [User::Viewer, User::Admin] {
        let name = user.name();
        let text = std::fs::read_to_string(cluster.kubeconfig(user))?;
        let named = text
            .replace(
                &format!("current-context: {name}\n"),
                "current-context: bastion\n",
            )
            .replace(
                &format!("- name: {name}\n  context:"),
                "- name: bastion\n  context:",
            );
        ensure!(named.matches("bastion").count() == 2, "{text}");
        let path = folder.join(format!("{name}-at-bastion"));
        std::fs::write(&path, named)?;
        paths.push(path);
    }
    paths
        .try_into()
        .map_err(|_| anyhow::anyhow!("two users, two files"))
}

/// Runs each printed command with the document printed after it, as a person would who pastes both.
pub fn paste_as(kubeconfig: &Path, home: &Path, text: &str) -> Result {
    let kubectl = Program::Kubectl.path()?;
    let mut path = kubectl
        .parent()
        .context("no folder of kubectl")?
        .as_os_str()
        .to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut pasted = 0;
    for step in text.split("\n---\n") {
        let mut lines = step.lines().filter_map(|line| line.strip_prefix("# "));
        let line = lines.find(|line| line.starts_with("kubectl "));
        let line = line.with_context(|| format!("no command in\n{step}"))?;
        eprintln!("pasted: {line}");
        let mut command = Command::new("sh");
        command.args(["-c", line]).env("PATH", &path);
        command.env("KUBECONFIG", kubeconfig).env("HOME", home);
        super::run(command, step)?
            .success()
            .with_context(|| line.to_owned())?;
        pasted += 1;
    }
    ensure!(pasted > 0, "nothing in\n{text}");
    Ok(())
}
