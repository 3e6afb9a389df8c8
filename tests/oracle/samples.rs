//! Random pods with upstream's verdicts, for trials that bend a rule or a pod and must see a difference.

use std::path::Path;

use anyhow::Result;
use bartizan::model::objects::pod::Pod;
use bartizan::semantics::pod_security::Standard;
use bartizan::source::wire::Pool;

use crate::judge::lines;
use crate::verdicts::{Judged, Verdict, said};

/// A random pod, and what upstream says of it everywhere.
pub type Sample = (Pod, Vec<Verdict>);

/// Pods from a fixed seed.
pub fn samples(program: &Path) -> Result<Vec<Sample>> {
    let mut pool = Pool::new();
    let mut all = Vec::new();
    lines(program, &["random", "1", "2000"], |line| {
        let judged: Judged<'_> = serde_json::from_str(line)?;
        all.push((judged.facts(&mut pool)?, judged.verdicts));
        Ok(())
    })?;
    Ok(all)
}

/// Some pod, bent, is judged otherwise than upstream judges the pod.
pub fn differs(
    standard: &Standard,
    samples: &[Sample],
    bend: &dyn Fn(&Pod) -> Pod,
) -> Result<bool> {
    for (pod, verdicts) in samples {
        let bent = bend(pod);
        for verdict in verdicts {
            for minor in ends(&verdict.minors) {
                if said(standard, &verdict.level, minor, &bent)? != verdict.violations {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
}

/// First and last of each run of versions: a rule that comes early or late shows there.
fn ends(minors: &[u32]) -> impl Iterator<Item = u32> {
    let stands_within = |at: u32| {
        let has = |other: Option<u32>| other.is_some_and(|m| minors.contains(&m));
        has(at.checked_sub(1)) && has(at.checked_add(1))
    };
    minors.iter().copied().filter(move |at| !stands_within(*at))
}
