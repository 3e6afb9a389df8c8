//! Files as a source that is followed: read again when one changes.
//!
//! Changes are seen by looking at names, sizes and times once a second: it works on every file system (network shares
//! and mounts into containers have no notifications) and costs one stat a file.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, SyncSender};
use std::time::{Duration, SystemTime};

use super::load::{Complete, Loaded, load};
use super::paths::files;
use crate::model::sight::State;
use crate::model::{Batch, Delta, Kind, ObjectKey};
use crate::source::{Command, Handle};

/// Between two looks at the files.
const PERIOD: Duration = Duration::from_secs(1);

/// What to read, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Files, folders, `-`.
    pub paths: Vec<PathBuf>,
    /// Where manifests without a namespace go.
    pub namespace: String,
    /// What manifests are completed with.
    pub complete: Complete,
}

/// What is compared to see a change.
type Stamp = Vec<(PathBuf, Option<(SystemTime, u64)>)>;

/// Starts following the files.
pub fn start(options: Options, out: SyncSender<Batch>) -> std::io::Result<Handle> {
    let (handle, commands) = Handle::channel();
    std::thread::Builder::new()
        .name("files".to_owned())
        .spawn(move || {
            let mut stamp = stamp(&options.paths);
            if out
                .send(batch(load(
                    &options.paths,
                    &options.namespace,
                    options.complete,
                )))
                .is_err()
            {
                return;
            }
            loop {
                match commands.recv_timeout(PERIOD) {
                    Ok(Command::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                    Ok(Command::Relist) => stamp.clear(),
                    Ok(Command::Namespaces(_)) | Err(RecvTimeoutError::Timeout) => {}
                }
                let now = self::stamp(&options.paths);
                // Standard input is gone after the first read: it is kept as it was.
                if now != stamp && !options.paths.iter().any(|p| p.as_os_str() == "-") {
                    stamp = now;
                    if out
                        .send(batch(load(
                            &options.paths,
                            &options.namespace,
                            options.complete,
                        )))
                        .is_err()
                    {
                        return;
                    }
                }
            }
        })?;
    Ok(handle)
}

fn stamp(paths: &[PathBuf]) -> Stamp {
    let stat = |path: &PathBuf| {
        let meta = std::fs::metadata(path).ok()?;
        Some((meta.modified().ok()?, meta.len()))
    };
    files(paths)
        .into_iter()
        .map(|(path, _)| (path.clone(), stat(&path)))
        .collect()
}

/// Everything that was loaded, as one batch that replaces what was there.
pub fn batch(loaded: Loaded) -> Batch {
    let mut keep: Vec<ObjectKey> = loaded.objects.iter().map(|o| o.key().clone()).collect();
    keep.extend(loaded.problems.iter().filter_map(|p| p.object.clone()));
    keep.sort();
    let mut batch = vec![Delta::Cluster(Box::new(loaded.cluster))];
    for kind in Kind::all() {
        batch.push(Delta::State {
            kind,
            namespace: None,
            state: loaded.sight.state(kind, None).clone(),
        });
        for (namespace, state) in loaded.sight.narrow(kind) {
            batch.push(Delta::State {
                kind,
                namespace: Some(namespace.clone()),
                state: state.clone(),
            });
        }
    }
    batch.extend(loaded.objects.into_iter().map(|o| Delta::Put(Arc::new(o))));
    batch.extend(loaded.problems.iter().filter_map(|p| {
        p.object.clone().map(|key| Delta::Broken {
            key,
            why: p.to_string(),
        })
    }));
    let blind = |kind: Kind| matches!(loaded.sight.state(kind, None), State::Blind(_));
    let listed = Kind::all().filter(|kind| !blind(*kind));
    batch.extend(listed.map(|kind| {
        let keep = keep
            .iter()
            .filter(|k| k.known() == Some(kind))
            .cloned()
            .collect();
        Delta::Listed {
            kind,
            namespace: None,
            keep,
        }
    }));
    batch
}
