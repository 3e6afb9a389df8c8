//! The clipboard through real multiplexers: what the person's own terminal receives.

use crate::pty::{Pty, clipboard, command, have};
use crate::term_child::{self, ARGS};
use std::path::Path;

fn program_line() -> Vec<String> {
    let program = std::env::current_exe()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    std::iter::once(program)
        .chain(ARGS.map(str::to_owned))
        .collect()
}

/// The program as a pane of a tmux server of its own.
fn in_tmux(folder: &Path, options: &str, bytes: usize) -> Pty {
    let (socket, settings) = (folder.join("socket"), folder.join("tmux.conf"));
    std::fs::write(&settings, options).unwrap();
    let mut tmux = command(
        "tmux",
        &[
            "-S",
            socket.to_str().unwrap(),
            "-f",
            settings.to_str().unwrap(),
            "new-session",
        ],
    );
    tmux.args(program_line());
    tmux.env("BARTIZAN_TERM_CHILD", folder);
    tmux.env("COPY_BYTES", bytes.to_string());
    tmux.env("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22");
    Pty::start(tmux, 100, 24)
}

#[test]
fn through_tmux_with_every_setting_it_arrives_whole() {
    if !have("tmux", "-V") {
        return;
    }
    for options in [
        "",
        "set -g set-clipboard on",
        "set -g set-clipboard off",
        "set -g allow-passthrough on",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut pty = in_tmux(folder.path(), options, 20_000);
        pty.wait_for("ready");
        pty.send("c");
        pty.wait_for("sent to clipboard (tmux, 19 kB)");
        pty.wait_for_bytes(b"\x1b]52;");
        pty.send("q");
        pty.drain();
        assert_eq!(
            clipboard(&pty.bytes()),
            [term_child::text(20_000)],
            "{options:?}"
        );
        assert_eq!(
            std::fs::read_to_string(folder.path().join("copy.yaml")).unwrap(),
            term_child::text(20_000)
        );
    }
}

#[test]
fn a_tmux_that_does_not_answer_is_followed_by_the_terminal_itself() {
    // TMUX names a server that is gone, as after `sudo -E` or in a shell that outlived it.
    let folder = tempfile::tempdir().unwrap();
    let mut program = term_child::command(folder.path());
    program.env("TMUX", "/nowhere/socket,1,0");
    let mut pty = Pty::start(program, 100, 24);
    pty.wait_for("ready");
    pty.send("c");
    pty.wait_for("sent to clipboard (OSC 52, 91 B)");
    assert_eq!(clipboard(&pty.bytes()), [term_child::text(100)]);
}

#[test]
fn through_screen_it_arrives_whole_and_nothing_leaks_onto_the_display() {
    if !have("screen", "--version") {
        return;
    }
    for bytes in [100, 600, 800, 20_000] {
        let folder = tempfile::tempdir().unwrap();
        let sockets = folder.path().join("screens");
        std::fs::create_dir(&sockets).unwrap();
        std::fs::set_permissions(
            &sockets,
            <std::fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o700),
        )
        .unwrap();
        let mut screen = command("screen", &["-c", "/dev/null", "-S", "clipboard"]);
        screen.args(program_line());
        screen.env("SCREENDIR", &sockets);
        screen.env("BARTIZAN_TERM_CHILD", folder.path());
        screen.env("COPY_BYTES", bytes.to_string());
        let mut pty = Pty::start(screen, 100, 24);
        pty.wait_for("ready");
        pty.send("c");
        pty.wait_for("sent to clipboard (OSC 52 through screen");
        let before = pty.screen(vt100::Screen::contents);
        pty.send("j");
        pty.wait_for("key j");
        assert_eq!(
            clipboard(&pty.bytes()),
            [term_child::text(bytes)],
            "{bytes} bytes"
        );
        let after = pty.screen(vt100::Screen::contents);
        assert_eq!(
            after.trim_end().strip_suffix("key j").unwrap().trim_end(),
            before.trim_end(),
            "base64 leaked"
        );
        pty.send("q");
        pty.end();
    }
}

#[test]
fn over_ssh_the_terminal_is_asked_even_where_term_speaks_of_a_multiplexer() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = term_child::command(folder.path());
    program.env("TERM", "screen-256color");
    program.env("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22");
    let mut pty = Pty::start(program, 100, 24);
    pty.wait_for("ready");
    pty.send("c");
    pty.wait_for("sent to clipboard (OSC 52, 91 B)");
    assert_eq!(clipboard(&pty.bytes()), [term_child::text(100)]);
    assert!(
        !String::from_utf8_lossy(&pty.bytes()).contains("\x1bP"),
        "no wrapper that only screen would open"
    );
}
