//! A line between a client and a server on which some bytes change: for what a real server never sends.
//!
//! Plain HTTP/1.1 only. A text is replaced by one of the same length, so that no length on the way becomes a lie.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;

use anyhow::ensure;

use super::Result;

/// Texts and what becomes of them.
type Changes = &'static [(&'static str, &'static str)];

/// A relay. It lives as long as the test program; a connection as long as its two ends.
#[derive(Clone, Copy, Debug)]
pub struct Relay {
    /// Where it listens.
    pub address: SocketAddr,
}

impl Relay {
    /// Starts one to this address, that changes what comes from there.
    pub fn start(to: &str, changes: Changes) -> Result<Self> {
        ensure!(changes.iter().all(|(from, to)| from.len() == to.len()));
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let (address, to) = (listener.local_addr()?, to.to_owned());
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if let Ok(server) = TcpStream::connect(&to) {
                    // What is packed cannot be read on the way.
                    let unpacked: Changes = &[("accept-encoding: gzip", "x-not-accepted-: gzip")];
                    pass(&client, &server, unpacked);
                    pass(&server, &client, changes);
                }
            }
        });
        Ok(Self { address })
    }
}

fn pass(from: &TcpStream, to: &TcpStream, changes: Changes) {
    let (Ok(mut from), Ok(mut to)) = (from.try_clone(), to.try_clone()) else {
        return;
    };
    thread::spawn(move || {
        let mut held: Vec<u8> = Vec::new();
        let mut buffer = vec![0; 65536];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            held.extend_from_slice(&buffer[..count]);
            for (text, other) in changes {
                replace(&mut held, text.as_bytes(), other.as_bytes());
            }
            let ready = held.len() - begun(&held, changes);
            if to.write_all(&held[..ready]).is_err() {
                break;
            }
            held.drain(..ready);
        }
        let _ = to.write_all(&held);
        let _ = to.shutdown(Shutdown::Write);
    });
}

fn replace(bytes: &mut [u8], text: &[u8], other: &[u8]) {
    for at in 0..bytes.len().saturating_sub(text.len() - 1) {
        if bytes[at..].starts_with(text) {
            bytes[at..at + text.len()].copy_from_slice(other);
        }
    }
}

/// How much at the end may be the beginning of a text.
fn begun(bytes: &[u8], changes: Changes) -> usize {
    let texts = changes.iter().map(|(text, _)| text.as_bytes());
    let longest = texts.map(|text| {
        let most = (text.len() - 1).min(bytes.len());
        (1..=most)
            .rev()
            .find(|n| bytes.ends_with(&text[..*n]))
            .unwrap_or(0)
    });
    longest.max().unwrap_or(0)
}
