//! The whole way as a person on a bastion goes it: four real applications, the explorer inside tmux with the viewer's
//! login, down to a field, the fix through tmux into the clipboard of the terminal around, applied with kubectl, and the
//! finding gone from the screen.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use libtest_mimic::Trial;

use crate::harness::{
    APPLICATIONS, Cluster, Result, Tmux, eventually, one_context, paste_as, trial,
};

/// For a busy machine; what it took is printed, and the aim is a second.
const LIMIT: Duration = Duration::from_secs(5);

const TITLE: &str = "Pod shares the processes of its node";
const OBJECT: &str = "default/system-monitor-deployment";

pub fn trials() -> Vec<Trial> {
    vec![trial::with_corpora_in_tmux(
        "drill/from_the_first_screen_to_a_fix_that_clears",
        from_the_first_screen_to_a_fix_that_clears,
    )]
}

fn from_the_first_screen_to_a_fix_that_clears(cluster: &Cluster) -> Result {
    for name in APPLICATIONS {
        cluster.apply_corpus(name)?;
    }
    await_pods(cluster)?;
    let folder = tempfile::tempdir()?;
    let [viewer, admin] = one_context(cluster, folder.path())?;
    let started = Instant::now();
    let mut tmux = Tmux::bartizan(cluster, &viewer)?;
    tmux.outer
        .wait_until("every fact on the first screen", |screen| {
            let text = screen.contents();
            text.contains("live  ") && text.contains("CUT FIRST") && !text.contains("...")
        });
    eprintln!(
        "drill: the first screen is whole after {:?}",
        started.elapsed()
    );
    quiet(&tmux)?;

    to_the_field(&mut tmux)?;
    let text = copy(&mut tmux)?;
    // Back to the list, with the finding's row under the cursor.
    tmux.press("\x1b", "standards");
    tmux.press("\x1b", TITLE);
    ensure!(tmux.screen().contains(OBJECT), "{}", tmux.screen());

    let before = tmux.outer.bytes().len();
    paste_as(&admin, &cluster.home(), &text)?;
    let applied = Instant::now();
    tmux.outer.wait_until("the finding to be gone", |screen| {
        let text = screen.contents();
        text.contains(TITLE) && !text.contains(OBJECT)
    });
    let took = applied.elapsed();
    let bytes = tmux.outer.bytes().len() - before;
    eprintln!("drill: gone {took:?} after kubectl ended, {bytes} bytes to the terminal");
    ensure!(took < LIMIT, "the row was gone only after {took:?}");

    says_why(&mut tmux)?;
    Ok(())
}

/// On a cluster where nothing happens hardly anything is sent.
fn quiet(tmux: &Tmux) -> Result {
    let worth = |screen: &vt100::Screen| !screen.contents().contains("being worked out");
    tmux.outer.wait_until("what the first cut is worth", worth);
    let before = tmux.outer.bytes().len();
    std::thread::sleep(Duration::from_secs(10));
    let sent = tmux.outer.bytes().len() - before;
    eprintln!("drill: {sent} bytes in 10 quiet seconds");
    ensure!(sent < 10_000, "{sent} bytes in 10 seconds for nothing");
    Ok(())
}

fn await_pods(cluster: &Cluster) -> Result {
    eventually(
        "every Deployment to be available",
        Duration::from_secs(180),
        || {
            let found = cluster.get(&["deployments", "-A"])?;
            let all = found["items"].as_array().context("no list")?;
            let available = |item: &&serde_json::Value| {
                item["status"]["availableReplicas"] == item["spec"]["replicas"]
            };
            Ok((all.iter().filter(available).count() == all.len()).then_some(()))
        },
    )
}

/// From the first screen by keys alone to the field that a finding rests on.
fn to_the_field(tmux: &mut Tmux) -> Result {
    tmux.press("2", "Controls that fail");
    tmux.step_to("No pod shares network, processes or IPC")?;
    tmux.press("l", TITLE);
    tmux.step_to(TITLE)?;
    tmux.press("l", OBJECT);
    tmux.step_to(OBJECT)?;
    tmux.press("\r", "standards");
    let screen = tmux.screen();
    let field = screen.lines().any(|line| {
        line.contains("spec.template.spec.hostPID")
            && line.contains("= true")
            && line.contains("explicit")
    });
    ensure!(field, "no field on\n{screen}");
    Ok(())
}

/// Copies the fix: tmux and the terminal around have the same text.
fn copy(tmux: &mut Tmux) -> Result<String> {
    tmux.press("y", "sent to clipboard (tmux");
    let buffer = tmux.buffer()?;
    eventually(
        "the terminal around to get it",
        Duration::from_secs(10),
        || Ok((!tmux.clipboard().is_empty()).then_some(())),
    )?;
    let settled = |screen: &vt100::Screen| !screen.contents().contains("of older facts");
    tmux.outer.wait_until("an answer of these facts", settled);
    let proven =
        |screen: &vt100::Screen| screen.contents().contains("proven     on the live objects");
    tmux.outer
        .wait_until("the comparison with the live object", proven);
    let outer = tmux.clipboard();
    ensure!(
        outer == [buffer.clone()],
        "tmux has\n{buffer}\nthe terminal {outer:#?}"
    );
    ensure!(
        buffer.contains("hostPID: false") || buffer.contains("hostPID: null"),
        "{buffer}"
    );
    Ok(buffer)
}

/// The changes pane: which object changed, what that left, and which verdict closed in the end.
fn says_why(tmux: &mut Tmux) -> Result {
    // The entry of the pods ends stories too, so its last words may be cut at the edge.
    tmux.press("t", ", 1 finding le");
    tmux.step_to("1 finding in old pods only")?;
    let row = tmux.cursor();
    ensure!(
        row.contains("deploy default/system"),
        "the row names {row:?}"
    );
    let field = |screen: &vt100::Screen| {
        let text = screen.contents();
        let (_, sheet) = text.split_once("──\n").unwrap_or_default();
        sheet.contains(&format!("deploy {OBJECT}"))
            && sheet.contains("host_pid")
            && sheet.contains(TITLE)
    };
    tmux.outer
        .wait_until("the field that changed and the verdict", field);
    Ok(())
}
