//! The way through the product as a person goes it: first screen, threat, story, evidence, field, fix, and back.

use crate::product_stage::{Explorer, FIRST, assert_given_back, cursor};
use crate::pty::clipboard;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Down to the fields that one story rests on, in a workload that nobody manages.
fn to_the_fields(explorer: &mut Explorer) {
    explorer.press("2", "Stories that work");
    explorer.step_to("A privileged container owns its node");
    explorer.press("l", "ci/buildkit");
    explorer.step_to("ci/buildkit");
    explorer.press("\r", "because");
    explorer.press("d", "facts that are kept of the object");
}

#[test]
fn from_a_threat_to_a_field_and_back() {
    let mut explorer = Explorer::start(80, 24);
    to_the_fields(&mut explorer);
    let text = explorer.text();
    for part in [
        "2 Malicious container > ci/buildkit",
        " spec.template.spec.containers[0].securityContext.capabilities.add",
        "= SYS_ADMIN  explicit",
        "stops if",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    explorer.press("\x1b", "y shows the change and copies it");
    explorer.press("\x1b", "Stories that work");
    assert!(
        cursor(&explorer.text()).starts_with("ci/buildkit"),
        "the cursor stands where it stood"
    );
    explorer.press("\x1b", FIRST);
    // Esc never ends it; what follows is still heard.
    explorer.pty.send("\x1b");
    explorer.press("?", "keys");
    explorer.press("\x1b", FIRST);
    explorer.pty.send("q");
    assert_eq!(explorer.pty.end().0, 0);
    assert_given_back(&mut explorer.pty);
}

#[test]
fn the_fix_is_kept_shown_and_sent() {
    let mut explorer = Explorer::start(80, 24);
    to_the_fields(&mut explorer);
    explorer.press("y", "sent to clipboard (OSC 52");
    explorer
        .pty
        .wait_until("the whole path", |screen| shown_path(screen).is_some());
    let path = explorer.pty.screen(shown_path).unwrap();
    let file = Path::new(&path);
    assert_eq!(file.parent().unwrap(), explorer.fixes());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(file), mode(&explorer.fixes())), (0o600, 0o700));
    let kept = fs::read_to_string(file).unwrap();
    assert_eq!(clipboard(&explorer.pty.bytes()), [kept.clone()]);
    assert!(
        kept.contains("kind: Deployment\n") && kept.contains("  name: buildkit\n"),
        "{kept}"
    );
    assert!(
        kept.contains("\n# kubectl patch deploy buildkit -n ci "),
        "{kept}"
    );
    assert!(kept.contains("\n# way back: kubectl "), "{kept}");
    // Every line of it is on the screen or one key away.
    explorer.pty.send("j");
    explorer.press("G", kept.lines().last().unwrap().trim());
}

/// The path that a note names. Lines of the terminal break it; a person's selection joins them.
fn shown_path(screen: &vt100::Screen) -> Option<String> {
    let text: String = screen.contents().lines().map(str::trim).collect();
    let (_, rest) = text.split_once("also in")?;
    let end = rest.find(".yaml")? + ".yaml".len();
    Some(rest.get(..end)?.replace(' ', ""))
}

#[test]
fn the_first_screen_stands_at_every_size() {
    for (cols, rows, parts) in [
        (
            80,
            24,
            &[
                "WHO COULD HURT THIS CLUSTER",
                "5 Vulnerable applications",
                "CUT FIRST",
                "NOT VISIBLE",
                "LAST CHANGE",
                "q quit",
            ][..],
        ),
        (
            160,
            50,
            &[
                "WHO COULD HURT THIS CLUSTER",
                "LAST CHANGE",
                "what decides it",
                "q quit",
            ],
        ),
        (
            59,
            14,
            &[
                "prod-eu1",
                "1 External attacker",
                "5 Vulnerable applications",
                "1-5 threat",
            ],
        ),
    ] {
        let explorer = Explorer::start(cols, rows);
        for part in parts {
            explorer.pty.wait_for(part);
        }
        assert!(explorer.text().lines().count() <= usize::from(rows));
    }
}

#[test]
fn too_small_a_terminal_is_told_so_in_one_line_and_left_as_ever() {
    let home = tempfile::tempdir().unwrap();
    let mut pty = crate::pty::Pty::start(crate::product_stage::demo(home.path()), 19, 4);
    pty.wait_for("19x4 is too small");
    pty.resize(80, 24);
    pty.wait_for(FIRST);
    pty.resize(19, 4);
    pty.wait_for("19x4 is too small");
    pty.send("q");
    assert_eq!(pty.end().0, 0);
    assert_given_back(&mut pty);
}
