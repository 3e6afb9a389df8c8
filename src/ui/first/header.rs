//! The first screen's own header: which cluster, how large, as whom, how fresh.

use std::collections::BTreeSet;

use crate::model::cluster::SourceName;
use crate::model::{Kind, Reason};
use crate::theme::Meaning;
use crate::ui::canvas::{Canvas, owned};
use crate::ui::context::Context;
use crate::ui::link;
use crate::ui::say;
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::text::fit_middle;

/// Draws the header; returns the line below it.
pub fn header(cx: &Context<'_>, lines: u16, canvas: &mut Canvas<'_>) -> u16 {
    if lines == 0 {
        return 0;
    }
    let (fresh, meaning) = link::words(cx);
    let x = canvas.right(0, &[owned(format!("{fresh} "), meaning)]);
    let room = usize::from(x.saturating_sub(2));
    let mut pieces = Vec::new();
    let mut taken = 0;
    for (text, meaning) in facts(cx) {
        let gap = if pieces.is_empty() { 1 } else { 3 };
        let piece = owned(text, meaning);
        if !pieces.is_empty() && taken + gap + piece.width() > room {
            break;
        }
        taken += gap + piece.width();
        pieces.push(Piece::new(" ".repeat(gap), Meaning::Text));
        pieces.push(piece);
    }
    let area = ratatui::layout::Rect {
        width: x.saturating_sub(1),
        ..canvas.area
    };
    canvas.part(area).pieces(0, 0, &pieces);
    if lines > 1 {
        second(cx, canvas);
    }
    lines
}

/// Name and sizes, the most telling first.
fn facts(cx: &Context<'_>) -> Vec<(String, Meaning)> {
    let snapshot = cx.snapshot;
    let cluster = &snapshot.cluster;
    let name = if cluster.name.is_empty() {
        "connecting ..."
    } else {
        &cluster.name
    };
    let mut all = vec![(
        fit_middle(name, 28, cx.glyphs.cut).into_owned(),
        Meaning::Title,
    )];
    if let Some(version) = &cluster.version {
        all.push((version.git.clone(), Meaning::Text));
    }
    if snapshot.generation == 0 {
        return all;
    }
    for (kind, n, one, many) in [
        (Kind::Node, snapshot.nodes, "node", "nodes"),
        (Kind::Pod, snapshot.pods, "pod", "pods"),
        (
            Kind::Namespace,
            snapshot.namespaces,
            "namespace",
            "namespaces",
        ),
    ] {
        let loading = snapshot.loading.iter().any(|l| l.kind == kind);
        let hidden = snapshot.sight.blind(kind, None).is_some() && n == 0;
        let text = match (loading, hidden) {
            (false, true) => format!("{many} not visible"),
            _ => say::kind_count(snapshot, kind, n, one, many),
        };
        let meaning = if loading {
            Meaning::Loading
        } else {
            Meaning::Text
        };
        all.push((text, meaning));
    }
    all
}

/// As whom, and what that login may not read; or the trouble with the connection.
fn second(cx: &Context<'_>, canvas: &mut Canvas<'_>) {
    let cluster = &cx.snapshot.cluster;
    let probes = match cluster.source {
        SourceName::Live => "no probes sent ",
        SourceName::Files => "read from files ",
        SourceName::Demo => "nothing is real ",
    };
    let x = canvas.right(1, &[Piece::new(probes, Meaning::Muted)]);
    let area = ratatui::layout::Rect {
        width: x.saturating_sub(1),
        ..canvas.area
    };
    let mut left = canvas.part(area);
    if !cluster.trouble.is_empty() {
        left.pieces(
            0,
            1,
            &[
                Piece::new(" ", Meaning::Text),
                owned(&*cluster.trouble, Meaning::Warning),
            ],
        );
        return;
    }
    let who = if cluster.identity.is_empty() {
        "login not known yet"
    } else {
        &cluster.identity
    };
    let mut pieces = vec![
        Piece::new(" as ", Meaning::Muted),
        owned(fit_middle(who, 36, cx.glyphs.cut), Meaning::Text),
    ];
    let forbidden: BTreeSet<Kind> = cx
        .snapshot
        .blind()
        .into_iter()
        .filter(|missing| missing.reason == Reason::Forbidden)
        .map(|missing| missing.kind)
        .collect();
    if cx.is_loading() {
        let loading = say::loading(cx.snapshot);
        pieces.push(owned(format!(": reading {loading}"), Meaning::Loading));
    } else if forbidden.is_empty() {
        pieces.push(Piece::new(": reads every kind it asks for", Meaning::Muted));
    } else {
        let n = counted(forbidden.len(), "kind", "kinds");
        pieces.push(owned(format!(": {n} it may not read"), Meaning::Unknown));
        let key = cx.keymap.spelled("go.not-visible");
        if !key.is_empty() {
            pieces.push(owned(format!(" ({key})"), Meaning::Key));
        }
    }
    left.pieces(0, 1, &pieces);
}
