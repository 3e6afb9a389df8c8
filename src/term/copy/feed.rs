//! Feeding a text to a clipboard program, for a second at most.

use super::ClipboardError;
use crate::term::env::Env;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// How often a running program is looked at, and how many times: one second in all.
const LOOK_EVERY: Duration = Duration::from_millis(5);
const LOOKS: u32 = 200;

/// Runs a program with the text as its standard input. Quirk "clipboard daemons": wl-copy, xclip and xsel stay behind with
/// every descriptor they were given, so none is read to its end unless the program failed.
pub(in crate::term) fn feed(
    program: &'static str,
    args: &[&str],
    text: &str,
    env: &Env,
) -> Result<(), ClipboardError> {
    let path = env
        .program(program)
        .ok_or(ClipboardError::NotInstalled(program))?;
    let mut command = Command::new(path);
    command
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    for name in ["TMUX", "TMUX_PANE", "DISPLAY", "WAYLAND_DISPLAY"] {
        if let Some(value) = env.get(name) {
            command.env(name, value);
        }
    }
    let mut child = command.spawn().map_err(|why| ClipboardError::Program {
        program,
        why: why.to_string(),
    })?;
    if let Some(mut stdin) = child.stdin.take() {
        // In a thread of its own: a pipe takes 64 kB and then waits for a program that may never read.
        let text = text.to_owned();
        let writer = thread::Builder::new()
            .name("clipboard".to_owned())
            .spawn(move || {
                // A program that stops reading says so with its status.
                let _ = stdin.write_all(text.as_bytes());
            });
        writer.map_err(|why| ClipboardError::Program {
            program,
            why: why.to_string(),
        })?;
    }
    wait(program, child)
}

fn wait(program: &'static str, mut child: Child) -> Result<(), ClipboardError> {
    let failed = |why| ClipboardError::Program { program, why };
    for _ in 0..LOOKS {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => {
                let mut said = String::new();
                if let Some(errors) = child.stderr.take() {
                    let _ = errors.take(500).read_to_string(&mut said);
                }
                let line = said.lines().next().unwrap_or_default();
                let line: String = line.chars().filter(|c| !c.is_control()).collect();
                return Err(failed(if line.is_empty() {
                    status.to_string()
                } else {
                    line
                }));
            }
            Ok(None) => thread::sleep(LOOK_EVERY),
            Err(why) => return Err(failed(why.to_string())),
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    Err(failed("no answer within a second".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    /// A folder with one program, and an environment that finds it.
    fn with(program: &str, script: &str) -> (tempfile::TempDir, Env) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(program);
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        let env = Env::from_pairs([("PATH", folder.path().to_str().unwrap())]);
        (folder, env)
    }

    #[test]
    fn the_program_gets_the_text_whole() {
        let (folder, env) = with("tool", "cat > \"$(dirname \"$0\")/got\"");
        let text = "kind: Pod\n".repeat(20_000);
        feed("tool", &[], &text, &env).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("got")).unwrap(), text);
    }

    #[test]
    fn what_fails_says_why() {
        let (_folder, env) = with("tool", "echo 'usage: tool [-w]' >&2; exit 1");
        let error = feed("tool", &["-x"], "text", &env).unwrap_err().to_string();
        assert_eq!(error, "tool: usage: tool [-w]");
        let (_folder, env) = with("tool", "exit 3");
        assert_eq!(
            feed("tool", &[], "text", &env).unwrap_err().to_string(),
            "tool: exit status: 3"
        );
        assert_eq!(
            feed("absent", &[], "text", &env).unwrap_err().to_string(),
            "absent is not installed"
        );
    }

    #[test]
    fn a_program_that_hangs_is_given_a_second() {
        let (_folder, env) = with("tool", "exec sleep 30");
        let error = feed("tool", &[], &"x".repeat(200_000), &env)
            .unwrap_err()
            .to_string();
        assert_eq!(error, "tool: no answer within a second");
    }

    #[test]
    fn quirk_clipboard_daemons() {
        // The daemon keeps standard error; waiting for its end would wait for the daemon.
        let (_folder, env) = with("tool", "cat > /dev/null; sleep 5 & exit 0");
        feed("tool", &[], "text", &env).unwrap();
    }
}
