//! From a snapshot to a report.

use super::filter::Filter;
use super::rows::{
    ClusterRow, ControlCount, EvidenceRow, InstanceRow, MissingRow, NotAssessedRow, NotVisibleRow,
    ObjectRow, Report, StandingRow, StepRow, StoryRow, VerdictRow,
};
use crate::engine::snapshot::{Row, Says};
use crate::engine::{Snapshot, StoryState};
use crate::model::ObjectKey;
use crate::threats::{self, Check, Ending, Instance};

/// A clear verdict: check and object.
pub type Clear = (&'static str, ObjectKey);

/// The report of a snapshot. `clear` verdicts are listed when they are handed in.
pub fn build(snapshot: &Snapshot, clear: &[Clear], filter: &Filter) -> Report {
    let cluster = &snapshot.cluster;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Report {
        schema: super::SCHEMA,
        source: cluster.source.word(),
        cluster: ClusterRow {
            server: if cluster.server.is_empty() {
                cluster.name.clone()
            } else {
                cluster.server.clone()
            },
            version: cluster.version.as_ref().map(ToString::to_string),
            uid: some(&cluster.uid),
        },
        identity: cluster.identity.clone(),
        verdicts: verdicts(snapshot, clear, filter),
        stories: snapshot
            .stories
            .iter()
            .filter(|s| filter.threat(s.story.threat))
            .map(story)
            .collect(),
        standing: standing(snapshot, filter),
        not_visible: snapshot
            .not_visible
            .iter()
            .map(|n| NotVisibleRow {
                what: n.what.clone(),
                reason: n.reason.clone(),
                how: n.how.clone(),
            })
            .collect(),
        not_assessed: snapshot
            .not_assessed
            .iter()
            .map(|n| NotAssessedRow {
                object: (&n.object).into(),
                why: n.why.clone(),
            })
            .collect(),
    }
}

fn verdicts(snapshot: &Snapshot, clear: &[Clear], filter: &Filter) -> Vec<VerdictRow> {
    let mut rows: Vec<(SortKey, VerdictRow)> = Vec::new();
    for row in snapshot.rows() {
        let Some(check) = threats::check(row.check).map(|e| e.rule) else {
            continue;
        };
        if filter.check(check.id, check.threats)
            && filter.object(row.object.as_ref())
            && loud_enough(row, filter)
        {
            rows.push((
                sort_key(check, row.object.as_ref(), &row.part().to_string()),
                verdict(check, row),
            ));
        }
    }
    for (id, object) in clear {
        let Some(check) = threats::check(id).map(|e| e.rule) else {
            continue;
        };
        if filter.check(check.id, check.threats) && filter.object(Some(object)) {
            let row = VerdictRow {
                object: Some(object.into()),
                ..bare(check, "clear")
            };
            rows.push((sort_key(check, Some(object), ""), row));
        }
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows.into_iter().map(|(_, row)| row).collect()
}

fn loud_enough(row: &Row, filter: &Filter) -> bool {
    row.finding()
        .is_none_or(|finding| filter.severity(finding.severity))
}

type SortKey = (usize, &'static str, String, String, String, String);

/// By threat, check, namespace, kind, name, part.
fn sort_key(check: &Check, object: Option<&ObjectKey>, part: &str) -> SortKey {
    let namespace = object
        .and_then(|o| o.namespace.as_deref())
        .unwrap_or_default();
    let kind = object.map_or("", |o| o.kind.name());
    let name = object.map_or("", |o| &*o.name);
    (
        check.home().number(),
        check.id,
        namespace.to_owned(),
        kind.to_owned(),
        name.to_owned(),
        part.to_owned(),
    )
}

fn bare(check: &Check, verdict: &'static str) -> VerdictRow {
    VerdictRow {
        check: check.id,
        threats: check.threats.iter().map(|t| t.slug()).collect(),
        verdict,
        severity: None,
        object: None,
        part: None,
        live_pods: None,
        only_live: false,
        why: None,
        evidence: Vec::new(),
        missing: Vec::new(),
        standards: check.standards.to_vec(),
        fingerprint: None,
    }
}

fn verdict(check: &Check, row: &Row) -> VerdictRow {
    let object = row.object.as_ref();
    match &row.says {
        Says::Unknown(missing) => VerdictRow {
            object: object.map(ObjectRow::from),
            missing: missing.iter().map(MissingRow::from).collect(),
            ..bare(check, "unknown")
        },
        Says::Fires(finding) => {
            let part = finding.id.part.to_string();
            VerdictRow {
                severity: Some(finding.severity.word()),
                object: object.map(ObjectRow::from),
                part: (!part.is_empty()).then_some(part),
                live_pods: (finding.pods.live > 0).then_some(finding.pods.firing),
                only_live: finding.pods.only_live,
                why: Some(finding.why.to_string()),
                evidence: finding
                    .evidence
                    .iter()
                    .map(|e| EvidenceRow::of(e, object))
                    .collect(),
                fingerprint: Some(finding.id.fingerprint()),
                ..bare(check, "fires")
            }
        }
    }
}

fn story(state: &StoryState) -> StoryRow {
    StoryRow {
        story: state.story.id,
        threat: state.story.threat.slug(),
        state: state.state.word(),
        instances: state.instances.iter().map(instance).collect(),
        missing: state.unknown.iter().map(MissingRow::from).collect(),
    }
}

fn instance(instance: &Instance) -> InstanceRow {
    let stopped_by = match &instance.ending {
        Ending::Works | Ending::Unsure { .. } => Vec::new(),
        Ending::Stopped { by, .. } => by.clone(),
    };
    InstanceRow {
        actor: instance.actor.to_string(),
        state: match instance.ending {
            Ending::Works => "works",
            Ending::Unsure { .. } => "unsure",
            Ending::Stopped { .. } => "stopped",
        },
        says: instance.says.clone(),
        steps: instance
            .steps
            .iter()
            .map(|step| StepRow {
                says: step.says.clone(),
                evidence: step
                    .evidence
                    .iter()
                    .map(|e| EvidenceRow::of(e, None))
                    .collect(),
                cut_by: step.cut_by.to_vec(),
            })
            .collect(),
        stopped_by,
    }
}

fn standing(snapshot: &Snapshot, filter: &Filter) -> Vec<StandingRow> {
    let kept = snapshot.standing.iter().filter(|s| filter.threat(s.threat));
    kept.map(|s| StandingRow {
        threat: s.threat.slug(),
        inside: s.inside,
        standing: s.word.word(),
        works: s.works,
        stopped: s.stopped,
        unsure: s.unsure,
        controls: ControlCount {
            fails: s.fails,
            unknown: s.unknown,
            of: s.controls,
        },
        line: s.line.clone(),
    })
    .collect()
}
