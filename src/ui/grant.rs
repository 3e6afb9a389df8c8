//! A binding that gives somebody something, as a row and as lines of a sheet.

use super::canvas::{Cell, owned};
use super::list::Drawn;
use super::since::counted;
use super::widgets::piece::Piece;
use super::widgets::sheet::Sheet;
use crate::engine::GrantRow;
use crate::model::Missing;
use crate::theme::Meaning;

/// Where it counts.
pub fn place(grant: &GrantRow) -> &str {
    grant.binding.namespace.as_deref().unwrap_or("everywhere")
}

/// The binding, below whom it names.
pub fn row(grant: &GrantRow) -> Drawn<'static> {
    Drawn::plain(vec![
        Cell::fixed(3, Piece::new("", Meaning::Text)),
        Cell::grow(20, vec![owned(&*grant.binding.name, Meaning::Text)]).name(),
        Cell::fixed(20, owned(grant.binding.kind.name(), Meaning::Muted)),
    ])
}

/// Binding, role and rule; as whom, where it names a group that the subject is in.
pub fn lines(grant: &GrantRow, subject: &str, sheet: &mut Sheet) {
    let mut line = |text: String, meaning| {
        sheet.text(vec![owned(text, meaning)]);
    };
    let (binding, role) = (&grant.binding, &grant.role);
    line(String::new(), Meaning::Text);
    let head = format!("{} {}  {}", binding.kind.name(), binding.name, place(grant));
    line(head, Meaning::Text);
    if grant.as_whom != subject {
        line(format!("  as {}", grant.as_whom), Meaning::Muted);
    }
    let by = format!("  {} {}  rules[{}]", role.kind.name(), role.name, grant.at);
    line(by, Meaning::Muted);
    line(format!("  {}", grant.rule), Meaning::Text);
}

/// For the header: the answer may lack something.
pub fn status(missing: &[Missing], others: &[&str]) -> Option<(String, Meaning)> {
    let says = match (missing.len(), others) {
        (0, []) => return None,
        (0, [other, ..]) => format!("by RBAC; {other} are not visible"),
        (places, _) => {
            let places = counted(places, "place", "places");
            format!("{places} not visible: there may be more")
        }
    };
    Some((says, Meaning::Unknown))
}
