//! A program in a pseudo terminal of its own, played and watched by a test. What it shows is kept by an emulator, what it
//! sends as bytes. Waiting is for what is seen, never for a time.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::process::Command;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long something may take to be seen on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// A program in a pseudo terminal.
pub struct Pty {
    master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    child: Option<Box<dyn Child + Send + Sync>>,
    seen: Arc<Seen>,
    reader: Option<JoinHandle<()>>,
}

struct Seen {
    state: Mutex<State>,
    changed: Condvar,
}

impl Seen {
    /// A failed assertion may have left the lock poisoned; what it guards is whole all the same.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct State {
    emulator: vt100::Parser,
    bytes: Vec<u8>,
    /// Whether the terminal takes bytes: a stalled one fills up, as over a dead line.
    stalled: bool,
    ended: bool,
}

/// A command with nothing of the test's own terminal in its environment.
pub fn command(program: &str, args: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.args(args);
    for name in [
        "TMUX",
        "TMUX_PANE",
        "STY",
        "SSH_CONNECTION",
        "SSH_TTY",
        "SSH_CLIENT",
        "NO_COLOR",
        "COLORTERM",
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "VISUAL",
        "EDITOR",
        "PAGER",
        "LINES",
        "COLUMNS",
    ] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm-256color");
    command
}

impl Pty {
    /// Starts a program.
    pub fn start(command: CommandBuilder, cols: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(cols, rows)).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let emulator = vt100::Parser::new(rows.try_into().unwrap(), cols.try_into().unwrap(), 0);
        let state = State {
            emulator,
            bytes: Vec::new(),
            stalled: false,
            ended: false,
        };
        let seen = Arc::new(Seen {
            state: Mutex::new(state),
            changed: Condvar::new(),
        });
        let (mut output, theirs) = (pair.master.try_clone_reader().unwrap(), Arc::clone(&seen));
        let reader = thread::spawn(move || {
            let mut bytes = [0; 8192];
            loop {
                let got = output.read(&mut bytes);
                let mut state = theirs.lock();
                match got {
                    Ok(count) if count > 0 => {
                        state.emulator.process(&bytes[..count]);
                        state.bytes.extend_from_slice(&bytes[..count]);
                    }
                    _ => state.ended = true,
                }
                theirs.changed.notify_all();
                let state = theirs
                    .changed
                    .wait_while(state, |state| state.stalled && !state.ended)
                    .unwrap();
                if state.ended {
                    return;
                }
            }
        });
        let keyboard = pair.master.take_writer().unwrap();
        Self {
            master: pair.master,
            keyboard,
            child: Some(child),
            seen,
            reader: Some(reader),
        }
    }

    /// Types.
    pub fn send(&mut self, keys: &str) {
        self.send_bytes(keys.as_bytes());
    }

    /// Types what need not be text.
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.keyboard.write_all(bytes).unwrap();
        self.keyboard.flush().unwrap();
    }

    /// Waits until the screen shows a text.
    pub fn wait_for(&self, text: &str) {
        self.wait_until(&format!("{text:?} on the screen"), |screen| {
            screen.contents().contains(text)
        });
    }

    /// Waits until the screen is as described.
    pub fn wait_until(&self, what: &str, is: impl Fn(&vt100::Screen) -> bool) {
        let state = self.seen.lock();
        let waiting = |state: &mut State| !is(state.emulator.screen()) && !state.ended;
        let (state, _) = self
            .seen
            .changed
            .wait_timeout_while(state, PATIENCE, waiting)
            .unwrap_or_else(PoisonError::into_inner);
        let screen = state.emulator.screen();
        assert!(
            is(screen),
            "never saw {what}; the screen is:\n{}",
            screen.contents()
        );
    }

    /// Looks at the screen as it is now.
    pub fn screen<T>(&self, look: impl FnOnce(&vt100::Screen) -> T) -> T {
        look(self.seen.lock().emulator.screen())
    }

    /// Everything that was sent so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.seen.lock().bytes.clone()
    }

    /// Waits until what was sent contains these bytes.
    pub fn wait_for_bytes(&self, wanted: &[u8]) {
        let state = self.seen.lock();
        let there = |state: &State| {
            state
                .bytes
                .windows(wanted.len())
                .any(|window| window == wanted)
        };
        let (state, _) = self
            .seen
            .changed
            .wait_timeout_while(state, PATIENCE, |state| !there(state) && !state.ended)
            .unwrap_or_else(PoisonError::into_inner);
        assert!(
            there(&state),
            "never sent {:?}",
            wanted.escape_ascii().to_string()
        );
    }

    /// Stops taking bytes, or takes them again.
    pub fn stall(&self, stalled: bool) {
        self.seen.lock().stalled = stalled;
        self.seen.changed.notify_all();
    }

    /// Gives the terminal another size.
    pub fn resize(&self, cols: u16, rows: u16) {
        let mut state = self.seen.lock();
        state
            .emulator
            .screen_mut()
            .set_size(rows.try_into().unwrap(), cols.try_into().unwrap());
        drop(state);
        self.master.resize(size(cols, rows)).unwrap();
    }

    /// The number of the program's process.
    pub fn pid(&self) -> u32 {
        self.child
            .as_ref()
            .and_then(|child| child.process_id())
            .unwrap()
    }

    /// Sends the program a signal by its name.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args([&format!("-{name}"), &self.pid().to_string()])
            .status()
            .unwrap();
        assert!(status.success());
    }

    /// Waits for the end of the program; gives its status and how long it took.
    pub fn end(&mut self) -> (u32, Duration) {
        let ended = end(self.child.as_mut().unwrap().as_mut());
        ended.unwrap_or_else(|| {
            panic!(
                "it never ended; the screen is:\n{}",
                self.screen(vt100::Screen::contents)
            )
        })
    }

    /// Waits until everything the program sent before its end was seen.
    pub fn drain(&mut self) {
        self.end();
        self.stall(false);
        let state = self.seen.lock();
        let (state, _) = self
            .seen
            .changed
            .wait_timeout_while(state, PATIENCE, |state| !state.ended)
            .unwrap_or_else(PoisonError::into_inner);
        assert!(state.ended, "somebody still has the terminal");
    }

    /// Takes the terminal away, as when a window is closed or ssh dies. Needs a key that makes the program draw, so that
    /// the reading thread wakes and lets go of it.
    pub fn vanish(mut self, key: &str) -> Vanished {
        self.seen.lock().ended = true;
        self.send(key);
        self.reader.take().unwrap().join().unwrap();
        Vanished {
            child: self.child.take().unwrap(),
        }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        self.stall(false);
        if let Some(child) = &mut self.child {
            // Gone already, or in need of it.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A program whose terminal is gone.
pub struct Vanished {
    child: Box<dyn Child + Send + Sync>,
}

impl Vanished {
    /// Waits for its end; gives its status and how long it took.
    pub fn end(&mut self) -> (u32, Duration) {
        end(self.child.as_mut()).unwrap_or_else(|| {
            let _ = self.child.kill();
            panic!("it lives on without a terminal")
        })
    }
}

fn end(child: &mut dyn Child) -> Option<(u32, Duration)> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().unwrap() {
            return Some((status.exit_code(), start.elapsed()));
        }
        thread::sleep(Duration::from_millis(5));
    }
    None
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// Whether a program that a test needs is there. Without it the test says so and is passed over, except in CI.
pub fn have(program: &str, version: &str) -> bool {
    let there = Command::new(program).arg(version).output().is_ok();
    if !there {
        assert_ne!(
            std::env::var("CI").as_deref(),
            Ok("true"),
            "{program} is missing"
        );
        eprintln!("passed over: {program} is not installed");
    }
    there
}

/// Every text that the terminal was asked to put into its clipboard.
pub fn clipboard(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let asked = text.split("\x1b]52;").skip(1);
    asked
        .filter_map(|rest| {
            rest.split_once(';')?
                .1
                .split(['\x07', '\x1b'])
                .next()
                .map(decode)
        })
        .collect()
}

fn decode(base64: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = base64
        .trim_end_matches('=')
        .chars()
        .map(|digit| ALPHABET.find(digit).unwrap());
    let bits = digits
        .map(|digit| format!("{digit:06b}"))
        .collect::<Vec<_>>()
        .concat();
    let bytes = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|bits| u8::from_str_radix(std::str::from_utf8(bits).unwrap(), 2).unwrap());
    String::from_utf8(bytes.collect()).unwrap()
}
