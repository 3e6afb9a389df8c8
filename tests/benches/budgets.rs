//! Budgets: what a large cluster costs, each figure beside its budget. `cargo bench --profile fast --bench budgets`.
//!
//! Profile M: 10,000 pods of about 11 kB in 300 namespaces, with Deployments, ReplicaSets, accounts, policies and RBAC,
//! as pages of 500 that are made, decoded and dropped one by one, as from a server. Times are of this process alone;
//! compare ratios of one run, machines are noisy.
#![allow(
    clippy::format_collect,
    clippy::cast_sign_loss,
    clippy::too_many_lines,
    clippy::format_push_string,
    clippy::unwrap_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a benchmark"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bartizan::engine::Engine;
use bartizan::model::sight::State;
use bartizan::model::{Delta, Kind, Object};
use bartizan::source::wire::Pool;
use bartizan::source::wire::list::{Form, decode_list};
use jiff::Timestamp;
use profile::{NAMESPACES, PODS, REPLICAS, deployment_object, pod, replica_set};
use serde::de::IgnoredAny;

mod profile;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const PAGE: usize = 500;

fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    format!(
        "{{\"metadata\":{{\"resourceVersion\":\"1\"}},\"items\":[{}]}}",
        items.join(",")
    )
}

/// CPU time of this process (user and system), from the kernel's own accounting.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ticks = |at: usize| {
        fields
            .get(at)
            .and_then(|f| f.parse::<u64>().ok())
            .unwrap_or(0)
    };
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|l| l.starts_with("VmHWM:"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|n| n.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

fn line(what: &str, figure: String, budget: &str) {
    println!("{what:<60} {figure:>10}   budget {budget}");
}

fn main() {
    let small = |kind: Kind, name: String, rest: String| {
        let text = format!("{{\"metadata\":{{\"name\":\"{name}\"{rest}}}}}");
        (kind, text)
    };
    let mut engine = Engine::default();
    let mut pool = Pool::new();
    let started = cpu();
    let mut decode = Duration::ZERO;
    let mut ignored = Duration::ZERO;
    let mut judged = Duration::ZERO;
    let mut bytes = 0;
    let mut put = |engine: &mut Engine, kind: Kind, form: Form, text: &str, pool: &mut Pool| {
        bytes += text.len();
        let at = Instant::now();
        black_box(serde_json::from_str::<IgnoredAny>(text).unwrap());
        ignored += at.elapsed();
        let at = Instant::now();
        let page = decode_list(kind, form, text, pool).unwrap();
        decode += at.elapsed();
        assert!(page.broken.is_empty(), "{:?}", page.broken.first());
        let batch = page
            .objects
            .into_iter()
            .map(|o| Delta::Put(Arc::new(o)))
            .collect();
        let at = Instant::now();
        // As the engine's thread does it: what asks the graph of ways waits for the end.
        engine.absorb(batch);
        engine.settle_near(Timestamp::UNIX_EPOCH);
        judged += at.elapsed();
    };
    for n in 0..NAMESPACES {
        for (kind, text) in [
            small(Kind::Namespace, format!("ns-{n}"), String::new()),
            small(
                Kind::ServiceAccount,
                format!("sa-{}", n % 20),
                format!(",\"namespace\":\"ns-{n}\""),
            ),
        ] {
            put(
                &mut engine,
                kind,
                Form::Whole,
                &list(std::iter::once(text)),
                &mut pool,
            );
        }
    }
    let deployments = PODS / REPLICAS;
    let ready = Instant::now();
    for kind in Kind::all().filter(|k| !k.info().big) {
        engine.absorb(vec![Delta::State {
            kind,
            namespace: None,
            state: State::Live,
        }]);
    }
    engine.settle_near(Timestamp::UNIX_EPOCH);
    line(
        "small kinds complete and judged, in ms",
        format!("{}", ready.elapsed().as_millis()),
        "500",
    );
    for first in (0..deployments).step_by(PAGE) {
        let last = (first + PAGE).min(deployments);
        put(
            &mut engine,
            Kind::Deployment,
            Form::Whole,
            &list((first..last).map(deployment_object)),
            &mut pool,
        );
        put(
            &mut engine,
            Kind::ReplicaSet,
            Form::Metadata,
            &list((first..last).map(replica_set)),
            &mut pool,
        );
    }
    for first in (0..PODS).step_by(PAGE) {
        put(
            &mut engine,
            Kind::Pod,
            Form::Whole,
            &list((first..first + PAGE).map(pod)),
            &mut pool,
        );
    }
    for kind in Kind::all().filter(|k| k.info().big) {
        engine.absorb(vec![Delta::State {
            kind,
            namespace: None,
            state: State::Live,
        }]);
    }
    let at = Instant::now();
    engine.settle(Timestamp::UNIX_EPOCH);
    line(
        "of that the ways, in ms",
        format!("{}", at.elapsed().as_millis()),
        "-",
    );
    judged += at.elapsed();
    let snapshot = engine.publish();
    let total = cpu().saturating_sub(started);
    let peak = peak_mib();
    line(
        "JSON read, in MB",
        format!("{:.0}", bytes as f64 / 1e6),
        "-",
    );
    let seconds = |time: Duration| format!("{:.2}", time.as_secs_f64());
    line("skipping the text, in s", seconds(ignored), "-");
    line("decoding it to facts, in s", seconds(decode), "-");
    line("judging the facts, in s", seconds(judged), "-");
    line(
        "decoding and judging, in s",
        seconds(decode + judged),
        "2.5 with the client",
    );
    line(
        "CPU of all, making and skipping the text included, in s",
        seconds(total),
        "-",
    );
    line("peak memory, in MiB", peak.to_string(), "120");
    line("findings", format!("{}", snapshot.findings().count()), "-");
    events(&mut engine, &mut pool);
}

/// One changed pod at a time: applied, judged, published.
fn events(engine: &mut Engine, pool: &mut Pool) {
    let mut times: Vec<Duration> = Vec::new();
    for n in 0..500 {
        let at = (n * 37) % PODS;
        let text = list(std::iter::once(
            pod(at).replace("\"tier\":\"t", &format!("\"tier\":\"e{n}")),
        ));
        let page = decode_list(Kind::Pod, Form::Whole, &text, pool).unwrap();
        let object: Object = page.objects.into_iter().next().unwrap();
        let start = Instant::now();
        engine.apply(vec![Delta::Put(Arc::new(object))], Timestamp::UNIX_EPOCH);
        black_box(engine.publish());
        times.push(start.elapsed());
    }
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    line(
        "one event, applied and published, p50 in ms",
        format!("{:.2}", at(0.5)),
        "-",
    );
    line(
        "one event, applied and published, p99 in ms",
        format!("{:.2}", at(0.99)),
        "100 (to the screen)",
    );
}
