//! The terminal is taken, shared, and given back, whatever happens: a real process in a pseudo terminal.

use crate::pty::{Pty, command};
use crate::term_child::{self, ARGS};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// However the program is asked to end, it has ended after this; the promise is a second, the machine may be busy.
const SOON: Duration = Duration::from_secs(3);

fn start() -> (Pty, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let pty = Pty::start(term_child::command(folder.path()), 80, 24);
    pty.wait_for("ready");
    assert!(pty.screen(vt100::Screen::alternate_screen));
    (pty, folder)
}

/// The screen is the person's again.
fn assert_given_back(pty: &mut Pty) {
    pty.drain();
    pty.screen(|screen| {
        assert!(!screen.alternate_screen(), "still on the second screen");
        assert!(!screen.hide_cursor(), "the cursor is still hidden");
        assert!(!screen.bracketed_paste(), "pastes are still marked");
    });
    let bytes = String::from_utf8_lossy(&pty.bytes()).into_owned();
    assert!(
        bytes.rfind("\x1b[?7h") > bytes.rfind("\x1b[?7l"),
        "lines do not wrap"
    );
}

#[test]
fn it_comes_and_goes() {
    let (mut pty, _folder) = start();
    pty.send("q");
    assert_eq!(pty.end().0, 0);
    assert_given_back(&mut pty);
}

#[test]
fn keys_and_pastes_are_told_apart() {
    let (mut pty, _folder) = start();
    pty.send("j\x1b[A\x1bOB\x1b[6~");
    pty.wait_for("key PgDn");
    pty.send("\x1b[200~q\rp\x1b[201~");
    pty.wait_for("paste \"q\\np\"");
    pty.send("\x1b");
    pty.wait_for("key Esc");
    pty.send("q");
    assert_eq!(
        pty.end().0,
        0,
        "the q in the paste did not quit, the key did"
    );
}

#[test]
fn a_bug_in_any_thread_gives_the_terminal_back_and_says_where_the_report_is() {
    for (key, said) in [
        ("p", "a bug\\u{1b}[31m in the main thread"),
        ("P", "a bug in a worker"),
    ] {
        let (mut pty, folder) = start();
        pty.send(key);
        assert_eq!(pty.end().0, 70);
        assert_given_back(&mut pty);
        let shown = pty.screen(vt100::Screen::contents).replace('\n', "");
        assert!(
            shown.contains("bartizan stopped because of a bug in it"),
            "{shown}"
        );
        assert!(shown.contains(said), "{shown}");
        let report = folder.path().join(format!("panic-{}.txt", pty.pid()));
        assert!(shown.contains(report.to_str().unwrap()), "{shown}");
        assert_eq!(
            fs::metadata(&report).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert!(fs::read_to_string(&report).unwrap().contains(said));
    }
}

#[test]
fn signals_end_it_with_their_own_status() {
    for (signal, status) in [("TERM", 143), ("INT", 130), ("HUP", 129), ("QUIT", 131)] {
        let (mut pty, _folder) = start();
        pty.signal(signal);
        let (is, took) = pty.end();
        assert_eq!(is, status, "{signal}");
        assert!(took < SOON, "{signal} took {took:?}");
        assert_given_back(&mut pty);
    }
}

#[test]
fn a_program_that_listens_to_nobody_still_ends() {
    let (mut pty, _folder) = start();
    pty.send("b");
    pty.signal("TERM");
    let (status, took) = pty.end();
    assert_eq!(status, 143);
    assert!(took < SOON, "{took:?}");
    assert_given_back(&mut pty);
}

#[test]
fn a_terminal_that_takes_nothing_does_not_keep_it_alive() {
    let (mut pty, _folder) = start();
    pty.stall(true);
    pty.send("f");
    std::thread::sleep(Duration::from_millis(300));
    pty.signal("TERM");
    let (status, took) = pty.end();
    assert_eq!(status, 143);
    assert!(took < SOON, "{took:?}");
}

#[test]
fn it_does_not_outlive_its_terminal() {
    let (mut pty, folder) = start();
    pty.send("j");
    pty.wait_for("key j");
    let report = folder.path().join(format!("panic-{}.txt", pty.pid()));
    let (status, took) = pty.vanish("k").end();
    assert_eq!(
        status,
        129,
        "{}",
        fs::read_to_string(report).unwrap_or_default()
    );
    assert!(took < SOON, "{took:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn when_nothing_happens_it_does_nothing() {
    let (pty, _folder) = start();
    let ticks = || {
        let stat = fs::read_to_string(format!("/proc/{}/stat", pty.pid())).unwrap();
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .unwrap()
            .split_whitespace()
            .collect();
        fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
    };
    let wakes = || {
        let mut sum = 0;
        for task in fs::read_dir(format!("/proc/{}/task", pty.pid())).unwrap() {
            let status = fs::read_to_string(task.unwrap().path().join("status")).unwrap();
            let line = status
                .lines()
                .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))
                .unwrap();
            sum += line.trim().parse::<u64>().unwrap();
        }
        sum
    };
    let quiet_second = || {
        let before = (ticks(), wakes(), pty.bytes().len());
        std::thread::sleep(Duration::from_secs(1));
        (ticks(), wakes(), pty.bytes().len()) == before
    };
    // The first second may still belong to the start.
    assert!(
        quiet_second() || quiet_second(),
        "somebody wakes up for nothing"
    );
}

#[test]
fn a_storm_of_sizes_ends_in_the_last_one() {
    let (mut pty, _folder) = start();
    for n in 0..40u16 {
        pty.resize(20 + n * 3, 2 + n);
    }
    pty.resize(30, 10);
    pty.wait_for("30x10");
    pty.send("j");
    pty.wait_for("key j");
    pty.resize(1, 1);
    pty.wait_until("one cell", |screen| screen.contents() == "1");
    pty.send("q");
    assert_eq!(pty.end().0, 0);
}

fn at_prompt(screen: &vt100::Screen) -> bool {
    !screen.alternate_screen() && screen.contents().trim_end().ends_with("prompt>")
}

/// The shell of a person, with the program as its job.
fn shell(line: &str) -> (Pty, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let mut sh = command("sh", &["-i"]);
    sh.env("PS1", "prompt> ");
    sh.env("BARTIZAN_TERM_CHILD", folder.path());
    sh.env_remove("ENV");
    let mut pty = Pty::start(sh, 80, 24);
    pty.wait_for("prompt>");
    let program = std::env::current_exe().unwrap();
    let program = format!("'{}' {}", program.display(), ARGS.join(" "));
    pty.send(&format!("{}\r", line.replace("PROGRAM", &program)));
    pty.wait_for("ready");
    (pty, folder)
}

#[test]
fn it_stops_and_goes_on_like_any_job() {
    for line in ["PROGRAM", "sh -c \"PROGRAM; echo after\""] {
        let (mut pty, _folder) = shell(line);
        pty.send("j");
        pty.wait_for("key j");
        pty.send("\x1a");
        pty.wait_until("the shell", at_prompt);
        pty.screen(|screen| assert!(!screen.hide_cursor() && !screen.bracketed_paste()));
        pty.send("echo typed in the sh''ell\r");
        pty.wait_for("typed in the shell");
        pty.send("fg\r");
        pty.wait_for("suspended Continued");
        assert!(pty.screen(vt100::Screen::alternate_screen));
        assert!(
            !pty.screen(vt100::Screen::contents).contains("resumed"),
            "drawn once, not twice"
        );
        pty.send("q");
        pty.wait_until("the shell", at_prompt);
        pty.send("exit\r");
        pty.end();
    }
}

#[test]
fn without_a_shell_it_does_not_stop() {
    // A session leader: nobody could ever continue it.
    let (mut pty, _folder) = start();
    pty.send("\x1a");
    pty.wait_for("suspended NoShell");
    pty.send("j");
    pty.wait_for("key j");
}

#[test]
fn stopped_from_outside_it_takes_the_terminal_again() {
    let (mut pty, _folder) = start();
    pty.signal("STOP");
    pty.signal("CONT");
    pty.wait_for("resumed");
    pty.send("j");
    pty.wait_for("key j");
}

fn script(folder: &Path, text: &str) -> String {
    let path = folder.join("my editor");
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    format!("'{}' --flag", path.display())
}

#[test]
fn the_editor_has_the_terminal_to_itself() {
    let folder = tempfile::tempdir().unwrap();
    let editor = script(
        folder.path(),
        "echo \"editing $1 $2\"; read -r line; echo \"$line\" > \"$2\"; exit 3",
    );
    let mut program = term_child::command(folder.path());
    program.env("EDITOR", &editor);
    let mut pty = Pty::start(program, 80, 24);
    pty.wait_for("ready");
    pty.send("e");
    pty.wait_for("editing --flag");
    assert!(!pty.screen(vt100::Screen::alternate_screen));
    // Ctrl-C and q belong to the editor; it ignores the one and reads the other.
    pty.send("q is no command here\r");
    pty.wait_for("edited exit status: 3");
    assert!(pty.screen(vt100::Screen::alternate_screen));
    assert!(
        !pty.screen(vt100::Screen::contents).contains("editing"),
        "drawn anew"
    );
    assert_eq!(
        fs::read_to_string(folder.path().join("edited")).unwrap(),
        "q is no command here\n"
    );
    pty.send("q");
    assert_eq!(pty.end().0, 0);
    assert_given_back(&mut pty);
}

#[test]
fn ctrl_c_in_the_editor_ends_the_editor_alone() {
    let folder = tempfile::tempdir().unwrap();
    let editor = script(folder.path(), "echo editing; exec sleep 60");
    let mut program = term_child::command(folder.path());
    program.env("VISUAL", &editor);
    let mut pty = Pty::start(program, 80, 24);
    pty.wait_for("ready");
    pty.send("e");
    pty.wait_for("editing");
    pty.send("\x03");
    pty.wait_for("edited signal: 2");
    pty.send("j");
    pty.wait_for("key j");
}

#[test]
fn an_editor_that_is_not_there_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = term_child::command(folder.path());
    program.env("EDITOR", "/nowhere/vim");
    let mut pty = Pty::start(program, 120, 24);
    pty.wait_for("ready");
    pty.send("e");
    pty.wait_for("not edited: could not start /nowhere/vim");
    pty.send("j");
    pty.wait_for("key j");
}

#[test]
fn what_is_no_terminal_is_refused_in_a_sentence() {
    for (term, line, said) in [
        (
            "dumb",
            "PROGRAM",
            "TERM=dumb says that this terminal cannot draw a screen",
        ),
        (
            "xterm",
            "PROGRAM | cat",
            "standard output is not a terminal",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let program = std::env::current_exe().unwrap();
        let line = line.replace(
            "PROGRAM",
            &format!("'{}' {}", program.display(), ARGS.join(" ")),
        );
        let mut sh = command("sh", &["-c", &format!("{line} 2>&1")]);
        sh.env("BARTIZAN_TERM_CHILD", folder.path());
        sh.env("TERM", term);
        let mut pty = Pty::start(sh, 120, 24);
        pty.drain();
        pty.wait_for(said);
        assert!(
            !String::from_utf8_lossy(&pty.bytes()).contains('\x1b'),
            "the terminal was touched"
        );
    }
}

#[test]
fn noise_on_standard_error_does_not_reach_the_screen() {
    let (mut pty, _folder) = start();
    pty.send("n");
    pty.wait_for("printed");
    pty.send("p");
    pty.drain();
    let sent = String::from_utf8_lossy(&pty.bytes()).into_owned();
    assert!(!sent.contains("noise from a library"));
    assert!(
        sent.contains("because of a bug"),
        "but what is said afterwards is heard"
    );
}

#[test]
fn with_a_file_on_standard_input_keys_come_from_the_terminal() {
    for line in [
        "echo kind: Pod | PROGRAM",
        "echo kind: Pod | PROGRAM > /dev/tty",
    ] {
        let (mut pty, _folder) = shell(line);
        pty.send("j");
        pty.wait_for("key j");
        pty.send("q");
        pty.wait_until("the shell", at_prompt);
        pty.send("exit\r");
        pty.end();
    }
}

#[test]
fn colours_are_as_many_as_the_terminal_has() {
    for (name, value, level, coloured) in [
        ("TERM", "xterm-256color", "256", true),
        ("TERM", "linux", "16", true),
        ("TERM", "vt220", "mono", false),
        ("TERM", "what-is-this", "mono", false),
        ("NO_COLOR", "1", "mono", false),
        ("COLORTERM", "truecolor", "rgb", true),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut program = term_child::command(folder.path());
        program.env(name, value);
        let mut pty = Pty::start(program, 80, 24);
        pty.wait_for(&format!("80x24 {level}"));
        pty.wait_for("ready");
        assert_eq!(
            pty.bytes().windows(5).any(|window| window == b"\x1b[31m"),
            coloured,
            "{name}={value}"
        );
        pty.send("q");
        pty.end();
    }
}
