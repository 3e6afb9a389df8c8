//! What happens when the program has a bug: the terminal is given back first, then the person reads what happened on the
//! normal screen, then the process ends with status 70 (`EX_SOFTWARE`), whichever thread it was. Without this a panic in
//! a worker would leave the shell's screen while another thread goes on drawing over it.

use super::tty::Tty;
use std::backtrace::Backtrace;
use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// The status of a process that ended because of a bug of its own.
pub const EXIT_BUG: i32 = 70;

/// Installs the hook. The report goes into `reports` (made with mode 0700, the file with 0600: it may quote names from the
/// cluster); `tty` is the terminal to give back, if one is in use.
pub fn install_panic_hook(tty: Option<Arc<Tty>>, reports: Option<PathBuf>) {
    let busy = AtomicBool::new(false);
    std::panic::set_hook(Box::new(move |info| {
        if busy.swap(true, Ordering::SeqCst) {
            // Another thread is already reporting and will end the process.
            loop {
                thread::park();
            }
        }
        if let Some(tty) = &tty {
            tty.close();
        }
        let said = text(info);
        let kept = reports.as_deref().and_then(|folder| report(folder, &said));
        let where_to = kept.map_or_else(String::new, |file| {
            format!("A report is in {}.\r\n", file.display())
        });
        let message = format!("\r\nbartizan stopped because of a bug in it: {said}\r\n{where_to}");
        // Not `eprintln`: another thread may hold the lock of standard error.
        let _ = rustix::io::write(rustix::stdio::stderr(), message.as_bytes());
        std::process::exit(EXIT_BUG);
    }));
}

/// Message and place on one line; a message may quote a hostile name, so control characters are escaped.
fn text(info: &PanicHookInfo<'_>) -> String {
    let message = payload(info);
    let place = info
        .location()
        .map_or_else(String::new, |at| format!(" ({}:{})", at.file(), at.line()));
    let shown: String = message
        .chars()
        .flat_map(|c| {
            if c.is_control() {
                c.escape_unicode().collect()
            } else {
                vec![c]
            }
        })
        .collect();
    format!("{shown}{place}")
}

/// What `panic!` was given: a literal or a formatted text.
fn payload<'a>(info: &'a PanicHookInfo<'_>) -> &'a str {
    let literal = info.payload().downcast_ref::<&str>().copied();
    literal
        .or_else(|| info.payload().downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

fn report(folder: &Path, said: &str) -> Option<PathBuf> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .ok()?;
    let path = folder.join(format!("panic-{}.txt", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&path)
        .ok()?;
    let thread = thread::current();
    let name = thread.name().unwrap_or("unnamed");
    let version = env!("CARGO_PKG_VERSION");
    writeln!(
        file,
        "bartizan {version}\nthread {name}\n{said}\n\n{}",
        Backtrace::force_capture()
    )
    .ok()?;
    Some(path)
}
