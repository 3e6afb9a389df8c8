//! What people and their windows do to a terminal program: sizes, noise on the keyboard, and long silence.

use crate::product_stage::{Explorer, FIRST, SOON, assert_given_back};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Numbers that look like chance and are the same in every run.
struct Dice(u64);

impl Dice {
    /// One below a limit (SplitMix64, Steele and others 2014).
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

#[test]
fn two_hundred_sizes_end_in_a_whole_screen() {
    let mut explorer = Explorer::start(80, 24);
    let mut dice = Dice(1);
    for n in 0..200u16 {
        let (cols, rows) = match n {
            0 => (1, 1),
            100 => (300, 100),
            _ => (1 + dice.below(300) as u16, 1 + dice.below(100) as u16),
        };
        explorer.pty.resize(cols, rows);
        match n % 20 {
            // Sometimes somebody goes somewhere meanwhile, sometimes the window rests.
            5 => explorer.pty.send("2jl"),
            10 => explorer.pty.send("0"),
            15 => sleep(Duration::from_millis(40)),
            _ => {}
        }
    }
    explorer.pty.resize(80, 24);
    explorer.pty.send("0");
    explorer.pty.wait_until("a whole first screen", |screen| {
        let text = screen.contents();
        let lines: Vec<&str> = text.lines().collect();
        lines.len() == 24
            && lines[0].starts_with(" prod-eu1")
            && text.contains(FIRST)
            && text.contains("LAST CHANGE")
            && lines[23].contains("q quit")
    });
    explorer.pty.send("q");
    assert_eq!(explorer.pty.end().0, 0);
    assert_given_back(&mut explorer.pty);
}

#[test]
fn noise_on_the_keyboard_never_ends_it() {
    let mut explorer = Explorer::start(80, 24);
    let mut dice = Dice(2);
    for _ in 0..60 {
        let noise: Vec<u8> = (0..64)
            // Not what means to leave: q, Ctrl-C; nor what stops or leaves the screen for a program: Ctrl-Z, e, p.
            .map(|_| dice.below(256) as u8)
            .filter(|byte| ![b'q', b'e', b'p', 0x03, 0x1a].contains(byte))
            .collect();
        explorer.pty.send_bytes(&noise);
    }
    // Sequences that begin and never end, and ends without a beginning.
    for cut in [
        "\x1b[",
        "\x1b[200~paste that never ends",
        "\x1b]52;c;",
        "\x1bP",
        "\x1b[<0;1;1M",
        "\x1b[201~",
        "\u{fffd}\u{202e}",
    ] {
        explorer.pty.send(cut);
    }
    // Out of whatever is open and typed: a paste ends, prompts and overlays close.
    explorer.pty.send("\x1b[201~");
    let start = Instant::now();
    loop {
        sleep(Duration::from_millis(100));
        explorer.pty.send("\x1b");
        sleep(Duration::from_millis(100));
        let text = explorer.text();
        if text.contains(FIRST) && text.contains("q quit") && !text.contains("\n /") {
            break;
        }
        assert!(start.elapsed() < SOON * 3, "lost in\n{text}");
    }
    explorer.press("2", "Stories that work");
    explorer.pty.send("0");
    explorer.pty.wait_for(FIRST);
    explorer.pty.send("q");
    assert_eq!(explorer.pty.end().0, 0);
    assert_given_back(&mut explorer.pty);
}

#[test]
fn frozen_it_writes_nothing_while_the_cluster_goes_on() {
    let mut explorer = Explorer::start(80, 24);
    explorer.press("z", "frozen");
    let silent = |seconds| {
        let before = explorer.pty.bytes().len();
        sleep(Duration::from_secs(seconds));
        explorer.pty.bytes().len() == before
    };
    // A full minute may fall into one of the spans: then an age is drawn.
    assert!(
        silent(4) || silent(4) || silent(4),
        "it draws what nobody can see"
    );
}
