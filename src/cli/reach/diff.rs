//! `reach --diff`: what the objects of some files would change, before anybody applies them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use super::ask::Ask;
use super::print::{EndRow, PairRow, pair_rows};
use crate::cli::exit::Failure;
use crate::cli::output;
use crate::model::text::{clean, plain_json};
use crate::model::{Kind, Object, Str};
use crate::report::columns::table;
use crate::semantics::reach::{Network, PairChange, Party, Passes, Sort, Who, diff};
use crate::source::files;
use crate::view::{View, World};

/// Name of the schema.
const SCHEMA: &str = "bartizan.reach-diff/1";

#[derive(Debug, Serialize)]
struct ChangeRow {
    change: &'static str,
    from: EndRow,
    to: EndRow,
    before: PassesRow,
    after: PassesRow,
    /// What decides then.
    rows: Vec<PairRow>,
}

#[derive(Debug, Serialize)]
struct PassesRow {
    ports: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    undetermined: Vec<String>,
}

/// The world with the objects of these files put in, and the namespaces whose policies differ; `None`: more than policies
/// differs.
pub(in crate::cli) fn with_files(
    world: &World,
    paths: &[PathBuf],
    home: &str,
) -> Result<(World, Option<BTreeSet<Str>>), Failure> {
    let loaded = files::load(paths, home, |_| {});
    for problem in &loaded.problems {
        output::note(&problem.to_string());
    }
    for (kind, count) in &loaded.unread {
        output::note(&format!("not read: {count} x {kind}"));
    }
    let mut after = world.clone();
    let mut places = Some(BTreeSet::new());
    let mut put = 0;
    for object in loaded.objects {
        let known = object.key().known();
        // What was only assumed for these files says nothing of the cluster.
        if is_assumed(&object) {
            if world.get(object.key()).is_none() {
                after.put(Arc::new(object));
            }
            continue;
        }
        put += 1;
        match (&mut places, known) {
            (Some(places), Some(Kind::NetworkPolicy)) => {
                places.insert(object.key().home().into());
            }
            _ => places = None,
        }
        after.put(Arc::new(object));
    }
    if put == 0 {
        return Err(Failure::usage(
            "--diff: nothing could be read from the files named",
        ));
    }
    Ok((after, places))
}

fn is_assumed(object: &Object) -> bool {
    match object {
        Object::Namespace(namespace) => namespace.assumed,
        Object::ServiceAccount(account) => account.assumed,
        _ => false,
    }
}

/// What changes, in a format.
pub(in crate::cli) fn changes(
    before: &World,
    after: &World,
    places: Option<&BTreeSet<Str>>,
    ask: &Ask,
    format: &str,
) -> String {
    let network = |world| Network::new(&View::new(world));
    let all = diff(&network(before), &network(after), places);
    let asked: Vec<PairChange> = all.into_iter().filter(|c| is_asked(c, ask)).collect();
    let rows = asked.iter().map(row);
    match format {
        "json" => {
            let value = serde_json::json!({"schema": SCHEMA, "changes": rows.collect::<Vec<_>>()});
            plain_json(&format!("{value:#}\n")).into_owned()
        }
        "jsonl" => {
            let mut text = format!("{}\n", serde_json::json!({"schema": SCHEMA}));
            for row in rows {
                let line = serde_json::to_string(&row).unwrap_or_default();
                let _ = writeln!(text, "{line}");
            }
            plain_json(&text).into_owned()
        }
        _ => for_people(&asked),
    }
}

fn is_asked(change: &PairChange, ask: &Ask) -> bool {
    let is = |who: &Who, party: Option<&Party>| match (who, party) {
        (_, None) => true,
        (Who::Workload(key), Some(Party::Workload(asked))) => key == asked,
        (Who::Block(net), Some(Party::Addresses(asked))) => {
            net.contains(asked) || asked.contains(net)
        }
        _ => false,
    };
    let near = |who: &Who| match who {
        Who::Workload(key) => ask.namespaces.iter().any(|ns| *ns == key.home()),
        Who::Block(_) => false,
    };
    let place = ask.namespaces.is_empty() || near(&change.from) || near(&change.to);
    place && is(&change.from, ask.from.as_ref()) && is(&change.to, ask.to.as_ref())
}

fn end(who: &Who) -> EndRow {
    match who {
        Who::Workload(key) => EndRow::Workload(key.into()),
        Who::Block(net) => EndRow::Block {
            cidr: net.to_string(),
        },
    }
}

fn row(change: &PairChange) -> ChangeRow {
    let passes = |passes: &Passes| PassesRow {
        ports: passes.sure.words(),
        undetermined: passes.maybe.words(),
    };
    ChangeRow {
        change: change.sort().word(),
        from: end(&change.from),
        to: end(&change.to),
        before: passes(&change.before),
        after: passes(&change.after),
        rows: pair_rows(|| end(&change.from), || end(&change.to), &change.rows).collect(),
    }
}

fn for_people(changes: &[PairChange]) -> String {
    if changes.is_empty() {
        return "Nothing changes: every pair talks as before.\n".to_owned();
    }
    let name = |who: &Who| match who {
        Who::Workload(key) => clean(&key.to_string()).into_owned(),
        Who::Block(net) => net.to_string(),
    };
    let ports = |passes: &Passes| match (passes.sure.is_empty(), passes.maybe.is_empty()) {
        (true, true) => "nothing".to_owned(),
        (false, true) => passes.sure.to_string(),
        (true, false) => format!("maybe {}", passes.maybe),
        (false, false) => format!("{}, maybe {}", passes.sure, passes.maybe),
    };
    let mut text = String::new();
    let mut counts = Vec::new();
    let mut rows = Vec::new();
    for sort in Sort::ALL {
        let of: Vec<&PairChange> = changes.iter().filter(|c| c.sort() == sort).collect();
        if !of.is_empty() {
            counts.push(format!("{} {}", of.len(), sort.word()));
        }
        rows.extend(of.into_iter().map(|change| {
            vec![
                sort.word().to_owned(),
                name(&change.from),
                name(&change.to),
                ports(&change.before),
                ports(&change.after),
            ]
        }));
    }
    table(
        &mut text,
        &["CHANGE", "FROM", "TO", "BEFORE", "AFTER"],
        rows,
    );
    let _ = writeln!(text, "\nPairs: {}.", counts.join(", "));
    text
}
