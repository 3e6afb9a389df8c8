//! Programs that the product gives the terminal to: the person's editor and pager, and a login helper that a kubeconfig
//! names, which is shown before it runs.

use crate::product_stage::{BINARY, Explorer, SOON, assert_given_back, with_home};
use crate::pty::{Pty, command};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

fn script(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

/// At a fix, with scripts as editor and pager.
fn at_a_fix(folder: &Path, name: &str, text: &str) -> Explorer {
    let tool = script(folder, "tool", text);
    let mut explorer = Explorer::start_with(100, 30, |command| {
        command.env(name, &tool);
    });
    explorer.press("2", "Stories that work");
    explorer.step_to("A privileged container owns its node");
    explorer.press("l", "ci/buildkit");
    explorer.step_to("ci/buildkit");
    explorer.press("y", "sent to clipboard");
    explorer
}

#[test]
fn the_editor_gets_the_fix_as_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut explorer = at_a_fix(
        folder.path(),
        "EDITOR",
        "echo; echo \"editing $1\"; cat \"$1\"; read -r line; echo \"# $line\" >> \"$1\"",
    );
    explorer.press("e", "kind: Deployment");
    explorer
        .pty
        .wait_until("the editor on the normal screen", |screen| {
            !screen.alternate_screen() && screen.contents().contains("editing ")
        });
    explorer.pty.send("q was typed into the editor\r");
    explorer.pty.wait_until("the fix again", |screen| {
        screen.alternate_screen() && screen.contents().contains("esc back")
    });
    let files: Vec<_> = fs::read_dir(explorer.fixes()).unwrap().collect();
    let [Ok(file)] = &files[..] else {
        panic!("{files:?}")
    };
    let text = fs::read_to_string(file.path()).unwrap();
    assert!(text.ends_with("# q was typed into the editor\n"), "{text}");
    explorer.press("0", "WHO COULD HURT");
    explorer.pty.send("q");
    assert_eq!(explorer.pty.end().0, 0);
    assert_given_back(&mut explorer.pty);
}

#[test]
fn the_pager_shows_it_and_keeps_no_copy() {
    let folder = tempfile::tempdir().unwrap();
    let mut explorer = at_a_fix(
        folder.path(),
        "PAGER",
        "cat \"$1\"; echo paged; read -r line",
    );
    explorer.press("p", "paged");
    explorer
        .pty
        .wait_until("the pager on the normal screen", |screen| {
            !screen.alternate_screen() && screen.contents().contains("kind: Deployment")
        });
    explorer.pty.send("\r");
    explorer.pty.wait_until("the fix again", |screen| {
        screen.alternate_screen() && screen.contents().contains("esc back")
    });
    let pages = explorer.fixes().with_file_name("pages");
    assert_eq!(fs::read_dir(pages).unwrap().count(), 0);
}

/// A kubeconfig whose login is a script that leaves a mark when it runs; nobody listens at its server.
fn kubeconfig(folder: &Path) -> PathBuf {
    let credential = r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}"#;
    let mark = folder.join("mark");
    let helper = script(
        folder,
        "helper",
        &format!("echo ran >> '{}'; echo '{credential}'", mark.display()),
    );
    let path = folder.join("kubeconfig");
    let text = format!(
        "apiVersion: v1
kind: Config
current-context: c
contexts: [{{name: c, context: {{cluster: c, user: u}}}}]
clusters: [{{name: c, cluster: {{server: 'https://127.0.0.1:1'}}}}]
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: '{}'
      args: [login, 'a b']
      interactiveMode: Never
",
        helper.display()
    );
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_login_helper_is_shown_before_its_first_run_and_runs_only_when_allowed() {
    for (answer, runs) in [("n", false), ("", false), ("y", true)] {
        let folder = tempfile::tempdir().unwrap();
        let config = kubeconfig(folder.path());
        let args = ["--kubeconfig", config.to_str().unwrap()];
        let mut pty = Pty::start(with_home(command(BINARY, &args), folder.path()), 100, 30);
        pty.wait_until("the question on the normal screen", |screen| {
            let text = screen.contents().replace('\n', "");
            !screen.alternate_screen()
                && text.contains("wants to run this program")
                && text.contains("helper")
                && text.contains("Run it? [y/N]")
        });
        let mark = folder.path().join("mark");
        assert!(!mark.exists(), "it ran before it was allowed");
        pty.send(&format!("{answer}\r"));
        pty.wait_until("the explorer", |screen| {
            screen.alternate_screen() && screen.contents().contains("WHO COULD HURT")
        });
        let start = Instant::now();
        while runs && !mark.exists() {
            assert!(start.elapsed() < SOON, "it was allowed and never ran");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        pty.wait_until("why there are no facts", |screen| {
            let text = screen.contents();
            text.contains(if runs { "cannot reach" } else { "login" })
        });
        assert_eq!(mark.exists(), runs, "{answer:?}");
        pty.send("q");
        assert_eq!(pty.end().0, 0);
        assert_given_back(&mut pty);
    }
}
