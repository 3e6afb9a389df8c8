//! From a key to a painted frame with 100,000 findings in 500 namespaces. Budget: 16 ms.
//! `cargo bench --profile fast --bench ui`.
#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::too_many_lines,
    missing_docs,
    dead_code,
    reason = "a benchmark"
)]

#[path = "../it/ui_catalogue.rs"]
mod ui_catalogue;
#[path = "../it/ui_world.rs"]
mod ui_world;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;

use bartizan::engine::inventory::WorkloadRow;
use bartizan::engine::{Level, Snapshot, SpaceTable};
use bartizan::model::{Part, Severity, Str};
use bartizan::ui::{App, Msg};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ui_world::{app_on, deploy, finding, image, press, snapshot};

// as the program itself
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const NAMESPACES: usize = 500;
const FINDINGS: usize = 200;

/// A namespace with as many findings, ten on each workload.
fn table(at: usize, extra: usize) -> SpaceTable {
    let name = format!("team-{at:03}");
    let mut rows = Vec::new();
    for (n, check) in ["privileged", "token"].into_iter().enumerate() {
        for one in 0..(FINDINGS / 2 + extra) {
            let object = deploy(&name, &format!("app-{:02}", one / 5));
            let part = Part::Container(format!("container-{}", one % 5).into());
            rows.push(finding(check, &object, part, Severity::ALL[(one + n) % 4]));
        }
    }
    let workloads: Vec<WorkloadRow> = (0..FINDINGS / 10)
        .map(|one| WorkloadRow {
            key: deploy(&name, &format!("app-{one:02}")),
            pods: 8,
            replicas: Some(8),
            account: "default".into(),
            images: vec![format!("registry.example.com/team/app-{one:02}:1.{}", at % 7).into()],
            findings: 10,
            worst: Some(Severity::Critical),
            meets: Level::Baseline,
        })
        .collect();
    SpaceTable {
        namespace: name.as_str().into(),
        images: workloads.iter().map(image).collect(),
        workloads,
        pods: 160,
        rows,
        ..SpaceTable::default()
    }
}

fn large() -> Snapshot {
    let mut large = snapshot();
    let spaces: BTreeMap<Str, Arc<SpaceTable>> = (0..NAMESPACES)
        .map(|at| table(at, 0))
        .map(|table| (table.namespace.clone(), Arc::new(table)))
        .collect();
    large.spaces = spaces;
    large
}

fn frame(app: &App, buffer: &mut Buffer) {
    buffer.reset();
    black_box(app.paint(buffer.area, buffer));
}

fn benches(c: &mut Criterion) {
    let snapshot = large();
    assert_eq!(snapshot.findings().count(), 100_000);
    let mut buffer = Buffer::empty(Rect::new(0, 0, 120, 40));
    for (name, before, key) in [
        ("cursor down, 100,000 lines open", "2 * G", "k"),
        ("page up, 100,000 lines open", "2 * G", "PgUp"),
        ("all open", "2", "*"),
        ("one branch closed, 100,000 lines open", "2 * } } } h", "h"),
        ("a letter of the filter", "2 / a p p - 1", "2"),
        ("severity floor", "2 *", "!"),
        ("order", "2 *", "s"),
        ("first screen to a threat", "", "2"),
        ("workloads of a threat", "2 v j j", "Enter"),
        ("images of a threat", "2 v j j j j j j", "Enter"),
        (
            "a letter of the filter, images",
            "2 v j j j j j j Enter / a p p - 1",
            "2",
        ),
    ] {
        let key: bartizan::term::Key = key.parse().unwrap();
        c.bench_function(name, |b| {
            b.iter_batched_ref(
                || {
                    let mut app = app_on(snapshot.clone(), 120, 40);
                    press(&mut app, before);
                    app
                },
                |app| {
                    let _ = black_box(app.update(Msg::Key(key)));
                    frame(app, &mut buffer);
                },
                BatchSize::LargeInput,
            );
        });
    }
    let mut changed = snapshot.clone();
    changed.generation += 1;
    let one = table(250, 1);
    changed.spaces.insert(one.namespace.clone(), Arc::new(one));
    let changed = Arc::new(changed);
    c.bench_function("a snapshot with one namespace changed, all open", |b| {
        b.iter_batched_ref(
            || {
                let mut app = app_on(snapshot.clone(), 120, 40);
                press(&mut app, "2 * PgDn");
                app
            },
            |app| {
                let _ = black_box(app.update(Msg::Snapshot(changed.clone())));
                frame(app, &mut buffer);
            },
            BatchSize::LargeInput,
        );
    });
}

criterion_group! {
    name = all;
    config = Criterion::default().sample_size(10).measurement_time(std::time::Duration::from_secs(2))
        .warm_up_time(std::time::Duration::from_millis(300));
    targets = benches
}
criterion_main!(all);
