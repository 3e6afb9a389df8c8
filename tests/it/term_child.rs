//! The program that the terminal tests run inside a pseudo terminal: this test binary, started again. It shows every
//! event it gets and does what single keys ask for.

use bartizan::term::copy::{Copier, Setting};
use bartizan::term::{Code, ColourChoice, Env, Key, TermEvent, Terminal, Tool, level};
use portable_pty::CommandBuilder;
use std::path::{Path, PathBuf};
use std::process::exit;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// Says that this process is the program and not the tests; its value is the folder for files.
const FOLDER: &str = "BARTIZAN_TERM_CHILD";

/// How it is started.
pub const ARGS: [&str; 3] = ["term_child::program", "--exact", "--nocapture"];

/// The command that starts it.
pub fn command(folder: &Path) -> CommandBuilder {
    let mut command =
        crate::pty::command(std::env::current_exe().unwrap().to_str().unwrap(), &ARGS);
    command.env(FOLDER, folder);
    command
}

/// A text to copy, of about so many bytes.
pub fn text(bytes: usize) -> String {
    (0..)
        .map(|line| format!("line {line}: spec\n"))
        .scan(0, |length, line| {
            *length += line.len();
            (*length <= bytes).then_some(line)
        })
        .collect()
}

/// Not a test of its own: does nothing unless it is started as the program.
#[test]
fn program() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        run(&PathBuf::from(folder));
    }
}

fn run(folder: &Path) -> ! {
    let env = Env::of_process();
    let (sender, events) = mpsc::channel();
    let sink = Arc::new(move |event| sender.send(event).unwrap_or_default());
    let colours = level(ColourChoice::Auto, &env);
    let mut terminal =
        match Terminal::open(&env, colours, Some(folder.to_owned()), Instant::now, sink) {
            Ok(terminal) => terminal,
            Err(error) => {
                eprintln!("refused: {error}");
                exit(2);
            }
        };
    let mut lines = vec!["ready".to_owned()];
    loop {
        let size = terminal.size();
        let drawn = terminal.draw(|frame| {
            let area = frame.area();
            let title = format!("{}x{} {colours}", size.width, size.height);
            frame.buffer_mut().set_stringn(
                0,
                0,
                title,
                usize::from(area.width),
                ratatui::style::Style::new(),
            );
            let shown = usize::from(area.height.saturating_sub(1));
            for (row, line) in (1..).zip(lines.iter().rev().take(shown).rev()) {
                frame.buffer_mut().set_stringn(
                    0,
                    row,
                    line,
                    usize::from(area.width),
                    ratatui::style::Style::new().red(),
                );
            }
        });
        if drawn.is_err() {
            thread::sleep(Duration::from_secs(60));
        }
        match events.recv().unwrap() {
            TermEvent::Key(key) => lines.push(key_pressed(key, &mut terminal, &env, folder)),
            TermEvent::Paste(text) => lines.push(format!("paste {text:?}")),
            TermEvent::Resize => {}
            TermEvent::HangUp => exit(129),
            TermEvent::Terminate(ending) => {
                drop(terminal);
                exit(ending.exit_code());
            }
            TermEvent::Resumed => {
                terminal.resumed().unwrap();
                lines.push("resumed".to_owned());
            }
        }
    }
}

fn key_pressed(key: Key, terminal: &mut Terminal, env: &Env, folder: &Path) -> String {
    match key {
        Key {
            code: Code::Char('q'),
            ..
        } => {
            terminal.close();
            exit(0)
        }
        Key {
            code: Code::Char('p'),
            ..
        } => panic!("a bug\x1b[31m in the main thread"),
        Key {
            code: Code::Char('P'),
            ..
        } => {
            thread::spawn(|| panic!("a bug in a worker"));
            "worker started".to_owned()
        }
        Key {
            code: Code::Char('b'),
            ..
        } => loop {
            // A program that does not listen to anybody.
            thread::sleep(Duration::from_secs(60));
        },
        Key {
            code: Code::Char('f'),
            ..
        } => {
            // A program that draws into a terminal which may take nothing.
            for n in 0u32.. {
                let drawn = terminal.draw(|frame| {
                    for row in 0..frame.area().height {
                        let line = format!("{n:>width$}", width = usize::from(frame.area().width));
                        frame
                            .buffer_mut()
                            .set_string(0, row, line, ratatui::style::Style::new());
                    }
                });
                if drawn.is_err() {
                    break;
                }
            }
            "flooded".to_owned()
        }
        Key {
            code: Code::Char('n'),
            ..
        } => {
            eprintln!("noise from a library");
            "printed".to_owned()
        }
        Key {
            code: Code::Char('e'),
            ..
        } => {
            let tool = Tool::editor(env).unwrap();
            match terminal.run(&tool, &folder.join("edited")) {
                Ok(status) => format!("edited {status}"),
                Err(error) => format!("not edited: {error}"),
            }
        }
        Key {
            code: Code::Char('c'),
            ..
        } => {
            let bytes = std::env::var("COPY_BYTES").map_or(100, |text| text.parse().unwrap());
            let copier = Copier {
                setting: Setting::Auto,
                env,
                folder,
            };
            copier
                .copy(&["copy"], &text(bytes), terminal.writer())
                .to_string()
        }
        Key {
            code: Code::Char('z'),
            ctrl: true,
            ..
        } => format!("suspended {:?}", terminal.suspend().unwrap()),
        key => format!("key {key}"),
    }
}
