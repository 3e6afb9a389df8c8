//! A terminal whose other end the test holds.

use super::*;
use portable_pty::{MasterPty, PtySize, native_pty_system};
use rustix::io::ioctl_fionbio;
use std::io::Read;
use std::sync::mpsc;
use std::thread;

/// A terminal whose other end is held by the test. It is not the controlling terminal of the test, so no signal comes.
pub(in crate::term) fn pair(rows: u16, cols: u16) -> (Arc<Tty>, Box<dyn MasterPty + Send>) {
    let size = PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pair = native_pty_system().openpty(size).unwrap();
    let device = OpenOptions::new()
        .read(true)
        .write(true)
        .open(pair.master.tty_name().unwrap())
        .unwrap();
    let input = OwnedFd::from(device);
    let output = input.try_clone().unwrap();
    (
        Tty::over(input, output, None, &Env::default()).unwrap(),
        pair.master,
    )
}

fn read_until(master: &dyn MasterPty, wanted: &[u8]) -> Vec<u8> {
    let (mut reader, mut all) = (master.try_clone_reader().unwrap(), Vec::new());
    while !all.windows(wanted.len()).any(|window| window == wanted) {
        let mut bytes = [0; 4096];
        let count = reader.read(&mut bytes).unwrap();
        all.extend_from_slice(&bytes[..count]);
    }
    all
}

#[test]
fn the_terminal_is_given_back_as_it_was_found() {
    let (tty, master) = pair(24, 80);
    let found = format!("{:?}", tcgetattr(tty.input()).unwrap());
    tty.enter().unwrap();
    assert_ne!(format!("{:?}", tcgetattr(tty.input()).unwrap()), found);
    tty.enter().unwrap();
    tty.leave();
    tty.leave();
    assert_eq!(format!("{:?}", tcgetattr(tty.input()).unwrap()), found);
    tty.write_all(b"END").unwrap();
    let sent = String::from_utf8(read_until(&*master, b"END")).unwrap();
    assert_eq!(sent.matches("\x1b[?1049h").count(), 2);
    assert_eq!(
        sent.matches("\x1b[?1049l").count(),
        1,
        "given back once: {sent:?}"
    );
    for (on, off) in [("?2004h", "?2004l"), ("?7l", "?7h"), ("?25l", "?25h")] {
        assert!(
            sent.find(on).unwrap() < sent.rfind(off).unwrap(),
            "{on} {off}"
        );
    }
}

#[test]
fn quirk_no_second_screen() {
    let (tty, master) = pair(24, 80);
    tty.enter().unwrap();
    tty.leave();
    let sent = String::from_utf8(read_until(&*master, b"?25h")).unwrap();
    assert!(sent.contains("\x1b[2J\x1b[1;1H\x1b[?1049l"), "{sent:?}");
}

#[test]
fn after_closing_nothing_is_drawn_over_the_shell() {
    let (tty, master) = pair(24, 80);
    tty.enter().unwrap();
    tty.close();
    tty.write_all(b"a late frame").unwrap();
    tty.enter().unwrap();
    let sent = read_until(&*master, b"?25h");
    assert!(!sent.windows(4).any(|window| window == b"late"));
    assert!(tty.is_closing());
}

#[test]
fn keys_typed_ahead_do_not_reach_the_shell() {
    let (tty, master) = pair(24, 80);
    tty.enter().unwrap();
    let mut keys = master.take_writer().unwrap();
    io::Write::write_all(&mut keys, b"rm -rf /tmp/x\r").unwrap();
    let mut fds = [PollFd::new(&tty.input, PollFlags::IN)];
    assert_eq!(poll(&mut fds, None).unwrap(), 1, "the keys have arrived");
    tty.close();
    let at_once = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    assert_eq!(
        poll(
            &mut [PollFd::new(&tty.input, PollFlags::IN)],
            Some(&at_once)
        )
        .unwrap(),
        0
    );
}

#[test]
fn quirk_someone_elses_o_nonblock() {
    let (tty, master) = pair(24, 80);
    tty.enter().unwrap();
    ioctl_fionbio(&tty.output, true).unwrap();
    let writer = Arc::clone(&tty);
    let frame = vec![b'x'; 300_000];
    let (done, is_done) = mpsc::channel();
    thread::spawn(move || done.send(writer.write_all(&frame).is_ok()).unwrap());
    assert!(
        is_done.recv_timeout(Duration::from_millis(100)).is_err(),
        "the terminal is full"
    );
    let (mut reader, mut got) = (master.try_clone_reader().unwrap(), 0);
    while got < 300_000 {
        let mut bytes = [0; 8192];
        let count = reader.read(&mut bytes).unwrap();
        got += String::from_utf8_lossy(&bytes[..count])
            .matches('x')
            .count();
    }
    assert!(is_done.recv_timeout(Duration::from_secs(5)).unwrap());
}

#[test]
fn a_terminal_that_takes_no_bytes_cannot_hold_up_the_end() {
    let (tty, _master) = pair(24, 80);
    tty.enter().unwrap();
    let writer = Arc::clone(&tty);
    thread::spawn(move || writer.write_all(&vec![b'x'; 300_000]));
    thread::sleep(Duration::from_millis(50));
    let (done, is_done) = mpsc::channel();
    let closer = Arc::clone(&tty);
    thread::spawn(move || {
        closer.close();
        done.send(()).unwrap();
    });
    is_done
        .recv_timeout(Duration::from_millis(700))
        .expect("close must not wait for the terminal");
}

#[test]
fn sizes_that_cannot_be_true() {
    assert_eq!(
        pair(24, 80).0.size(),
        Size {
            width: 80,
            height: 24
        }
    );
    assert_eq!(
        pair(0, 0).0.size(),
        Size {
            width: 80,
            height: 24
        },
        "a serial line does not know"
    );
    assert_eq!(pair(60_000, 60_000).0.size(), MAX_SIZE);
    assert_eq!(
        pair(1, 1).0.size(),
        Size {
            width: 1,
            height: 1
        }
    );
}
