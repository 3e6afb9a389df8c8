//! A tree of any size on a screen: tui-tree-widget is given only the rows in the window, with their ancestors.
//!
//! The widget draws and flattens all it is given (119 ms a frame at 100,000 open nodes), keeps what it drew last, and its
//! own key methods act on that. So each frame gives it a slice and a fresh state, and no key ever reaches it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::StatefulWidget as _;
use tui_tree_widget::{Tree, TreeItem, TreeState};

/// Whether a row has rows below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Branch {
    /// It has none.
    Leaf,
    /// It has, and they are not shown.
    Closed,
    /// It has, and they follow.
    Open,
}

/// One row.
#[derive(Clone, Debug)]
pub struct Twig {
    /// How deep it stands; the row after an open one at most one deeper.
    pub depth: usize,
    /// Whether it has rows below it.
    pub branch: Branch,
    /// Its text.
    pub line: Line<'static>,
}

/// Columns in front of a row's text at a depth: indentation and the sign of the branch.
pub fn indent(depth: usize) -> usize {
    depth * 2 + 2
}

/// Draws `rows` into an area; the first `above` of them are ancestors that are not in the window. `signs` stand before
/// closed and open branches, two columns each.
pub fn draw(area: Rect, buffer: &mut Buffer, rows: &[Twig], above: usize, signs: (&str, &str)) {
    if rows.len() <= above || area.is_empty() {
        return;
    }
    let mut state = TreeState::default();
    let mut at = 0;
    let mut path = Vec::new();
    let items = level(rows, &mut at, 0, &mut path, &mut state);
    // The last row in the window is "selected" so that the widget scrolls the ancestors out at the top; it looks like
    // any other row.
    select_last(rows, area.height.into(), above, &mut state);
    if let Ok(tree) = Tree::new(&items) {
        let tree = tree
            .node_closed_symbol(signs.0)
            .node_open_symbol(signs.1)
            .node_no_children_symbol("  ");
        tree.render(area, buffer, &mut state);
    }
}

/// The rows from `at` on that stand at this depth or deeper.
fn level(
    rows: &[Twig],
    at: &mut usize,
    depth: usize,
    path: &mut Vec<usize>,
    state: &mut TreeState<usize>,
) -> Vec<TreeItem<'static, usize>> {
    let mut items = Vec::new();
    while let Some(row) = rows.get(*at).filter(|row| row.depth >= depth) {
        let id = *at;
        *at += 1;
        path.push(id);
        let mut below = match row.branch {
            Branch::Leaf => Vec::new(),
            // The widget tells branches from leaves by their children; these are never drawn.
            Branch::Closed => vec![TreeItem::new_leaf(usize::MAX, "")],
            Branch::Open => {
                let _ = state.open(path.clone());
                level(rows, at, depth + 1, path, state)
            }
        };
        if row.branch == Branch::Open && below.is_empty() {
            below.push(TreeItem::new_leaf(usize::MAX, ""));
        }
        path.pop();
        let leaf = TreeItem::new_leaf(id, row.line.clone());
        items.push(TreeItem::new(id, row.line.clone(), below).unwrap_or(leaf));
    }
    items
}

fn select_last(rows: &[Twig], height: usize, above: usize, state: &mut TreeState<usize>) {
    let last = rows.len().min(above + height) - 1;
    let mut path = Vec::new();
    let mut depth = usize::MAX;
    for (at, row) in rows.iter().enumerate().take(last + 1).rev() {
        if row.depth < depth || at == last {
            depth = row.depth;
            path.push(at);
        }
        if depth == 0 {
            break;
        }
    }
    path.reverse();
    let _ = state.select(path);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn twig(depth: usize, branch: Branch, text: &'static str) -> Twig {
        Twig {
            depth,
            branch,
            line: Line::raw(text),
        }
    }

    fn drawn(rows: &[Twig], above: usize, height: u16) -> Vec<String> {
        let area = Rect::new(0, 0, 12, height);
        let mut buffer = Buffer::empty(area);
        draw(area, &mut buffer, rows, above, ("> ", "v "));
        let line = |y| (0..12).map(|x| buffer[(x, y)].symbol()).collect::<String>();
        (0..height).map(|y| line(y).trim_end().to_owned()).collect()
    }

    fn rows() -> Vec<Twig> {
        vec![
            twig(0, Branch::Open, "works"),
            twig(1, Branch::Open, "token"),
            twig(2, Branch::Leaf, "cart"),
            twig(2, Branch::Leaf, "api"),
            twig(1, Branch::Closed, "node"),
            twig(0, Branch::Open, "spaces"),
            twig(1, Branch::Closed, "shop"),
        ]
    }

    #[test]
    fn branches_and_leaves_are_told_apart() {
        assert_eq!(
            drawn(&rows(), 0, 8),
            [
                "v works",
                "  v token",
                "      cart",
                "      api",
                "  > node",
                "v spaces",
                "  > shop",
                ""
            ]
        );
    }

    #[test]
    fn a_window_in_the_middle_shows_its_rows_and_not_their_ancestors() {
        let all = rows();
        let slice = [&all[0..2], &all[3..6]].concat();
        assert_eq!(drawn(&slice, 2, 3), ["      api", "  > node", "v spaces"]);
        let slice = [&all[0..1], &all[1..2]].concat();
        assert_eq!(drawn(&slice, 1, 1), ["  v token"]);
        assert_eq!(drawn(&all[5..6], 0, 1), ["v spaces"]);
    }

    #[test]
    fn no_size_is_too_small() {
        for height in 0..3 {
            drawn(&rows(), 0, height);
        }
        drawn(&[], 0, 3);
    }
}
