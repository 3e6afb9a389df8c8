//! Where there is no terminal to draw on it says so in a sentence; what a terminal cannot do it is not asked for.

use crate::product_stage::{BINARY, Explorer, is_first, with_home};
use crate::pty::{Pty, command};
use std::process::{Command, Stdio};

#[test]
fn without_a_terminal_it_says_so_and_ends_with_2() {
    for (term, line, said) in [
        (
            "dumb",
            "PROGRAM --demo",
            "TERM=dumb says that this terminal cannot draw a screen",
        ),
        (
            "xterm",
            "PROGRAM --demo > out; s=$?; cat out; (exit $s)",
            "standard output is not a terminal",
        ),
    ] {
        let home = tempfile::tempdir().unwrap();
        let line = line.replace("PROGRAM", &format!("'{BINARY}'"));
        let mut sh = with_home(
            command("sh", &["-c", &format!("{line}; echo status=$?")]),
            home.path(),
        );
        sh.env("TERM", term);
        sh.cwd(home.path());
        let mut pty = Pty::start(sh, 160, 24);
        pty.drain();
        pty.wait_for(said);
        pty.wait_for("status=2");
        let sent = String::from_utf8_lossy(&pty.bytes()).into_owned();
        assert!(!sent.contains('\x1b'), "the terminal was touched");
    }
}

#[test]
fn with_no_terminal_at_all_it_names_what_works_there() {
    let home = tempfile::tempdir().unwrap();
    let output = Command::new(BINARY)
        .arg("--demo")
        .env("BARTIZAN_HOME", home.path())
        .env("TERM", "xterm")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("not a terminal") && said.contains("bartizan report"),
        "{said}"
    );
    assert_eq!(said.trim().lines().count(), 1, "{said}");
}

#[test]
fn with_standard_input_elsewhere_keys_come_from_the_terminal() {
    let home = tempfile::tempdir().unwrap();
    let line = format!("'{BINARY}' --demo < /dev/null; echo status=$?");
    let mut pty = Pty::start(
        with_home(command("sh", &["-c", &line]), home.path()),
        80,
        24,
    );
    pty.wait_until("the first screen", is_first);
    pty.send("2");
    pty.wait_for("Stories that work");
    pty.send("0q");
    pty.wait_for("status=0");
}

#[test]
fn no_color_means_none() {
    for (name, value, coloured) in [
        ("NO_COLOR", "1", false),
        ("TERM", "vt220", false),
        ("TERM", "xterm-256color", true),
    ] {
        let mut explorer = Explorer::start_with(80, 24, |command| command.env(name, value));
        explorer.press("2", "Stories that work");
        let bytes = explorer.pty.bytes();
        let colours: Vec<String> = sgr(&bytes)
            .into_iter()
            .filter(|code| is_colour(code))
            .collect();
        assert_eq!(!colours.is_empty(), coloured, "{name}={value}: {colours:?}");
    }
}

/// The parameters of every SGR sequence.
fn sgr(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let sequences = text.split("\x1b[").skip(1);
    let parameters = sequences.filter_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';')?;
        rest[end..].starts_with('m').then(|| rest[..end].to_owned())
    });
    parameters.collect()
}

/// Whether one of them chooses a colour: 30 to 38, 40 to 48 and the bright ones. 39 and 49 go back to the terminal's own.
fn is_colour(parameters: &str) -> bool {
    let codes = parameters
        .split(';')
        .filter_map(|code| code.parse::<u16>().ok());
    codes
        .into_iter()
        .any(|code| matches!(code, 30..=38 | 40..=48 | 90..=107))
}
