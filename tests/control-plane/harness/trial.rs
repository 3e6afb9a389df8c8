//! Makes trials out of functions, and decides whether they can run here at all.

use std::sync::{Condvar, Mutex, PoisonError};
use std::{env, thread};

use libtest_mimic::{Failed, Trial};

use super::{Cluster, Corpus, Needs, Result, Tmux};

/// A trial on the control plane that all share: it keeps to namespaces of its own and takes nothing away from others.
pub fn shared(name: &str, run: impl FnOnce(&Cluster) -> Result + Send + 'static) -> Trial {
    trial(name, Needs::Nodes.unmet(), || on(Cluster::shared()?, run))
}

/// A trial with a control plane of its own, with these programs and these flags of the API server: it may bind rights in the
/// whole cluster, add webhooks, and kill or pause servers.
pub fn own(
    name: &str,
    needs: Needs,
    flags: &'static [&'static str],
    run: impl FnOnce(&Cluster) -> Result + Send + 'static,
) -> Trial {
    trial(name, needs.unmet(), move || alone(needs, flags, run))
}

/// The same, for a trial that also loads one of the corpora.
pub fn with_corpora(name: &str, run: impl FnOnce(&Cluster) -> Result + Send + 'static) -> Trial {
    match Corpus::unmet() {
        // The corpora lie beside some clones and not beside others: their absence is stated, and never a failure.
        Some(reason) => listed_only(name, reason),
        None => own(name, Needs::Nodes, &[], run),
    }
}

/// A trial with a control plane of its own, in which a person looks at the screen inside tmux.
pub fn own_in_tmux(
    name: &str,
    needs: Needs,
    flags: &'static [&'static str],
    run: impl FnOnce(&Cluster) -> Result + Send + 'static,
) -> Trial {
    let unmet = needs.unmet().or_else(Tmux::unmet);
    trial(name, unmet, move || alone(needs, flags, run))
}

/// The same, for a trial that also loads one of the corpora.
pub fn with_corpora_in_tmux(
    name: &str,
    run: impl FnOnce(&Cluster) -> Result + Send + 'static,
) -> Trial {
    match Corpus::unmet() {
        Some(reason) => listed_only(name, reason),
        None => own_in_tmux(name, Needs::Nodes, &[], run),
    }
}

fn alone(needs: Needs, flags: &[&str], run: impl FnOnce(&Cluster) -> Result) -> Result {
    let _slot = Slot::take();
    on(&Cluster::start_with(needs, flags)?, run)
}

/// A trial that waits in vain mostly waits for a process that has died.
fn on(cluster: &Cluster, run: impl FnOnce(&Cluster) -> Result) -> Result {
    run(cluster).map_err(|error| match cluster.processes.casualties() {
        dead if dead.is_empty() => error,
        dead => error.context(dead.join("\n")),
    })
}

/// Where a control plane cannot be had the trial is ignored, with the reason; on CI, where nobody reads it, it fails.
fn trial(
    name: &str,
    unmet: Option<String>,
    run: impl FnOnce() -> Result + Send + 'static,
) -> Trial {
    let ci = env::var("CI").is_ok_and(|value| value == "true");
    match unmet {
        Some(reason) if ci => Trial::test(name, move || {
            Err(Failed::from(format!(
                "on CI this must run, but there is {reason}"
            )))
        }),
        Some(reason) => listed_only(name, reason),
        None => Trial::test(name, || {
            run().map_err(|error| Failed::from(format!("{error:#}")))
        }),
    }
}

fn listed_only(name: &str, reason: String) -> Trial {
    let kind = reason.clone();
    Trial::test(name, move || Err(reason.into()))
        .with_ignored_flag(true)
        .with_kind(kind)
}

/// A control plane of one's own takes 0.7 GB: only so many at a time, however many processors there are.
struct Slot;

static TAKEN: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

impl Slot {
    fn take() -> Self {
        let most =
            thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2).min(4));
        let taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken = FREED
            .wait_while(taken, |taken| *taken >= most)
            .unwrap_or_else(PoisonError::into_inner);
        *taken += 1;
        Self
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        FREED.notify_one();
    }
}
