//! However the product ends or stops, the terminal is the person's again and the status says how it was.

use crate::product_stage::{BINARY, Explorer, SOON, assert_given_back, is_first, with_home};
use crate::pty::{Pty, command};
use tempfile::TempDir;

#[test]
fn a_key_or_a_signal_ends_it_with_the_status_that_shells_expect() {
    for (key, status) in [("q", 0), ("\x03", 130), ("2\x03", 130)] {
        let mut explorer = Explorer::start(80, 24);
        explorer.pty.send(key);
        assert_eq!(explorer.pty.end().0, status, "{key:?}");
        assert_given_back(&mut explorer.pty);
    }
    for (signal, status) in [("TERM", 143), ("HUP", 129), ("INT", 130), ("QUIT", 131)] {
        let mut explorer = Explorer::start(80, 24);
        explorer.pty.signal(signal);
        let (is, took) = explorer.pty.end();
        assert_eq!(is, status, "{signal}");
        assert!(took < SOON, "{signal} took {took:?}");
        assert_given_back(&mut explorer.pty);
    }
}

#[test]
fn it_does_not_outlive_its_terminal() {
    let explorer = Explorer::start(80, 24);
    let Explorer { pty, .. } = explorer;
    let (status, took) = pty.vanish("2").end();
    assert_eq!(status, 129);
    assert!(took < SOON, "{took:?}");
}

#[test]
fn a_terminal_that_takes_nothing_does_not_keep_it_alive() {
    let mut explorer = Explorer::start(80, 24);
    explorer.pty.stall(true);
    // Far more than a pseudo terminal holds.
    for _ in 0..200 {
        explorer.pty.send("2\x0c0\x0c");
    }
    explorer.pty.signal("TERM");
    let (status, took) = explorer.pty.end();
    assert_eq!(status, 143);
    assert!(took < SOON, "{took:?}");
}

fn at_prompt(screen: &vt100::Screen) -> bool {
    !screen.alternate_screen() && screen.contents().trim_end().ends_with("prompt>")
}

/// The shell of a person, with the explorer as its job.
fn in_a_shell() -> (Pty, TempDir) {
    let home = tempfile::tempdir().unwrap();
    let mut sh = with_home(command("sh", &["-i"]), home.path());
    sh.env("PS1", "prompt> ");
    sh.env_remove("ENV");
    let mut pty = Pty::start(sh, 80, 24);
    pty.wait_for("prompt>");
    pty.send(&format!("'{BINARY}' --demo\r"));
    pty.wait_until("the first screen", is_first);
    (pty, home)
}

#[test]
fn it_stops_as_a_job_and_goes_on_where_it_was() {
    let (mut pty, _home) = in_a_shell();
    pty.send("2");
    pty.wait_for("Stories that work");
    pty.send("\x1a");
    pty.wait_until("the shell", at_prompt);
    pty.screen(|screen| assert!(!screen.hide_cursor() && !screen.bracketed_paste()));
    pty.send("echo typed in the sh''ell\r");
    pty.wait_for("typed in the shell");
    let before = pty.bytes().len();
    pty.send("fg\r");
    pty.wait_until("the same pane", |screen| {
        screen.alternate_screen() && screen.contents().contains("Stories that work")
    });
    let again = pty.bytes().split_off(before);
    assert!(
        again.len() > 1_000,
        "the whole screen was drawn anew: {} bytes",
        again.len()
    );
    pty.screen(|screen| assert!(!screen.contents().contains("typed in the shell")));
    pty.send("0q");
    pty.wait_until("the shell", at_prompt);
    pty.send("echo status=$?\r");
    pty.wait_for("status=0");
    pty.send("exit\r");
    pty.end();
}

#[test]
fn without_a_shell_it_says_that_it_cannot_stop() {
    let mut explorer = Explorer::start(80, 24);
    explorer.press("\x1a", "there is no shell here");
    explorer.press("2", "Stories that work");
}

#[test]
fn stopped_from_outside_it_takes_the_terminal_again() {
    let mut explorer = Explorer::start(80, 24);
    let taken = |pty: &crate::pty::Pty| {
        let bytes = pty.bytes();
        let taken = bytes.windows(8).filter(|bytes| bytes == b"\x1b[?1049h");
        taken.count()
    };
    let before = taken(&explorer.pty);
    explorer.pty.signal("STOP");
    explorer.pty.signal("CONT");
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while taken(&explorer.pty) == before {
        assert!(
            std::time::Instant::now() < patience,
            "it does not come back"
        );
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    explorer.press("2", "Stories that work");
}
