//! Our selectors and our reading of a policy's defaults against upstream's own. `BARTIZAN_SELECTORS=100000` makes more of
//! them (ten sets of labels each), `BARTIZAN_SEED` others.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail, ensure};
use bartizan::model::objects::selector::{Requirement, Selector};
use bartizan::model::{Kind, Labels, Object, Str};
use bartizan::semantics::network::{Direction, isolates, rules};
use bartizan::semantics::selectors::matches;
use bartizan::source::wire::{Pool, decode_json};
use libtest_mimic::Trial;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::judge::{Judge, lines};
use crate::seed::{number, seed};

const JUDGE: Judge = Judge("network");

pub fn trials() -> Vec<Trial> {
    vec![
        JUDGE.trial("network::selectors", selectors),
        JUDGE.trial("network::defaults", defaults),
    ]
}

#[derive(Deserialize)]
struct Asked {
    selector: Written,
    labels: Vec<BTreeMap<String, String>>,
    selected: Vec<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Written {
    match_labels: BTreeMap<String, String>,
    match_expressions: Vec<Expression>,
}

#[derive(Debug, Deserialize)]
struct Expression {
    key: String,
    operator: String,
    #[serde(default)]
    values: Vec<String>,
}

fn labels(map: &BTreeMap<String, String>) -> Labels {
    let pairs = map.iter();
    Labels::new(pairs.map(|(k, v)| (Str::from(&**k), Str::from(&**v))))
}

fn selector(written: &Written) -> Selector {
    let expressions = written.match_expressions.iter().map(|e| Requirement {
        key: e.key.as_str().into(),
        operator: e.operator.as_str().into(),
        values: e.values.iter().map(|v| Str::from(&**v)).collect(),
    });
    Selector {
        labels: labels(&written.match_labels),
        expressions: expressions.collect(),
    }
}

fn selectors(program: &Path) -> Result<()> {
    let count = number("BARTIZAN_SELECTORS")?.unwrap_or(5_000).to_string();
    let seed = seed()?;
    let (mut answers, mut yes) = (0, 0);
    lines(program, &["selectors", &seed, &count], |line| {
        let judged: Asked = serde_json::from_str(line)?;
        let selector = selector(&judged.selector);
        for (set, said) in judged.labels.iter().zip(&judged.selected) {
            let ours = matches(&selector, &labels(set));
            ensure!(
                ours == *said,
                "seed {seed}: {:?} on {set:?}: upstream says {said}",
                judged.selector
            );
            answers += 1;
            yes += usize::from(*said);
        }
        Ok(())
    })?;
    eprintln!("seed {seed}: {answers} answers, {yes} of them yes");
    ensure!(yes * 10 > answers, "hardly anything was selected");
    Ok(())
}

#[derive(Deserialize)]
struct Defaulted<'a> {
    #[serde(borrow)]
    policy: &'a RawValue,
    isolates: Vec<String>,
    protocols: Option<Vec<String>>,
}

fn defaults(program: &Path) -> Result<()> {
    let seed = seed()?;
    let mut seen = 0;
    lines(program, &["policies", &seed, "3000"], |line| {
        let judged: Defaulted<'_> = serde_json::from_str(line)?;
        let raw = judged.policy.get();
        let Object::NetworkPolicy(policy) =
            decode_json(Kind::NetworkPolicy, raw, &mut Pool::new())?
        else {
            bail!("another kind");
        };
        for direction in Direction::ALL {
            let said = judged.isolates.iter().any(|t| t == direction.word());
            ensure!(
                isolates(&policy, direction) == said,
                "{raw}: {direction:?}, upstream says {said}"
            );
        }
        // Every port of a rule that counts has the protocol that upstream fills in.
        let written = [&policy.ingress, &policy.egress];
        let ports = written
            .into_iter()
            .flatten()
            .flat_map(|rules| rules.iter().flat_map(|rule| &rule.ports));
        let ours: Vec<&str> = ports
            .map(|p| p.protocol.as_deref().unwrap_or("TCP"))
            .collect();
        ensure!(ours == judged.protocols.unwrap_or_default(), "{raw}");
        for direction in Direction::ALL {
            let counted = rules(&policy, direction).len();
            ensure!(
                counted == 0 || isolates(&policy, direction),
                "{raw}: rules that do not count"
            );
        }
        seen += 1;
        Ok(())
    })?;
    eprintln!("seed {seed}: {seen} policies");
    Ok(())
}
