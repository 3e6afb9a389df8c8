//! Cleans up behind a test process, however it ends: a small shell waits for the end of its input, then kills what it was told
//! to kill and removes the directory. A pipe closes with its process on every Unix; a death signal would need `unsafe` here.

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use anyhow::{Context, anyhow};

use super::Result;

/// Each line is the whole list of process ids so far, so that one that we ended ourselves is not killed when its id is reused.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
pids=
while read -r line; do pids=$line; done
if [ -n "$pids" ]; then kill -9 $pids; sleep 1; fi
[ -n "$2" ] || rm -rf -- "$1"
"#;

/// Removes its directory when dropped, or when this process dies.
pub struct Janitor {
    shell: Child,
    list: Option<ChildStdin>,
}

impl Janitor {
    /// Watches over this directory. `CONTROL_PLANE_KEEP=1` leaves the directory in place, to read its logs.
    pub fn of(directory: &Path) -> Result<Self> {
        let keep = std::env::var("CONTROL_PLANE_KEEP").unwrap_or_default();
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", SCRIPT, "janitor"])
            .arg(directory)
            .arg(keep)
            .process_group(0);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut shell = command.spawn().context("starting /bin/sh")?;
        let list = shell.stdin.take();
        Ok(Self { shell, list })
    }

    /// From now on these, and no others, are killed with us.
    pub fn watch(&mut self, pids: impl IntoIterator<Item = u32>) -> Result {
        let line = pids
            .into_iter()
            .map(|pid| pid.to_string())
            .collect::<Vec<_>>()
            .join(" ");
        let list = self
            .list
            .as_mut()
            .ok_or_else(|| anyhow!("the janitor has left"))?;
        writeln!(list, "{line}").context("telling the janitor what runs")
    }
}

impl Drop for Janitor {
    fn drop(&mut self) {
        drop(self.list.take());
        let _ = self.shell.wait();
    }
}
