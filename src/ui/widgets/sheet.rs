//! A text sheet: paragraphs that wrap, pairs that stand at both ends of a line, and how far it is scrolled.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::cursor::Motion;
use super::piece::Piece;
use super::text::{fit, wrap};
use crate::theme::Meaning;

/// A line ready to be drawn.
pub type Line = Vec<Piece<'static>>;

/// A sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    items: Vec<Item>,
    whole: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    /// Wraps; later lines are indented.
    Text(Line, usize),
    /// The left gives way, at its front or at its end; the right stays whole.
    Pair(usize, Piece<'static>, Line, End),
    Blank,
}

/// Which end of a text is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Front,
    Back,
}

impl Sheet {
    /// An empty sheet.
    pub fn new() -> Sheet {
        Sheet::default()
    }

    /// Paths are never cut: one that does not fit beside its value has a line of its own.
    pub fn whole(&mut self) -> &mut Sheet {
        self.whole = true;
        self
    }

    /// A paragraph.
    pub fn text(&mut self, pieces: Line) -> &mut Sheet {
        self.items.push(Item::Text(pieces, 0));
        self
    }

    /// A paragraph whose later lines are indented: `1 the container is ...`.
    pub fn hanging(&mut self, indent: usize, pieces: Line) -> &mut Sheet {
        self.items.push(Item::Text(pieces, indent));
        self
    }

    /// A line with something at both ends; of the left what is cut is its front (a field path says most at its end).
    pub fn pair(&mut self, indent: usize, left: Piece<'static>, right: Line) -> &mut Sheet {
        self.items.push(Item::Pair(indent, left, right, End::Front));
        self
    }

    /// The same for a title, whose end is cut.
    pub fn row(&mut self, indent: usize, left: Piece<'static>, right: Line) -> &mut Sheet {
        self.items.push(Item::Pair(indent, left, right, End::Back));
        self
    }

    /// A heading, with an empty line before it.
    pub fn heading(&mut self, text: &'static str) -> &mut Sheet {
        if !self.items.is_empty() {
            self.blank();
        }
        self.text(vec![Piece::new(text, Meaning::Heading)])
    }

    /// An empty line; never two.
    pub fn blank(&mut self) -> &mut Sheet {
        if !matches!(self.items.last(), Some(Item::Blank) | None) {
            self.items.push(Item::Blank);
        }
        self
    }

    /// Nothing in it.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Its lines in so many columns; `cut` marks what was cut off.
    pub fn lines(&self, width: usize, cut: &str) -> Vec<Line> {
        let mut lines = Vec::new();
        for item in &self.items {
            match item {
                Item::Blank => lines.push(Vec::new()),
                Item::Text(pieces, indent) => lines.extend(wrap(pieces, width, *indent)),
                Item::Pair(indent, left, right, End::Front)
                    if self.whole && !fits(*indent, left, right, width) =>
                {
                    let own = [blank(*indent), left.clone()];
                    lines.extend(wrap(&own, width, indent + 2));
                    under(*indent, right, width, &mut lines);
                }
                Item::Pair(indent, left, right, end) => {
                    let shorten = |text: &str, width: usize| match end {
                        End::Front => fit_front(text, width, cut),
                        End::Back => fit(text, width, cut).into_owned(),
                    };
                    pair(*indent, left, right, width, &shorten, &mut lines);
                }
            }
        }
        lines
    }
}

fn pair(
    indent: usize,
    left: &Piece<'static>,
    right: &Line,
    width: usize,
    shorten: &dyn Fn(&str, usize) -> String,
    lines: &mut Vec<Line>,
) {
    let taken: usize = right.iter().map(Piece::width).sum();
    let gap = usize::from(taken > 0) * 2;
    let room = width.saturating_sub(indent + taken + gap);
    if room >= left.width().min(16) {
        let text = shorten(&left.text, room);
        let between = width.saturating_sub(indent + text.width() + taken);
        let mut line = vec![
            blank(indent),
            Piece::new(text, left.meaning),
            blank(between),
        ];
        line.extend(right.iter().cloned());
        lines.push(line);
    } else {
        let own = shorten(&left.text, width.saturating_sub(indent));
        lines.push(vec![blank(indent), Piece::new(own, left.meaning)]);
        under(indent, right, width, lines);
    }
}

/// The right of a pair below its left.
fn under(indent: usize, right: &Line, width: usize, lines: &mut Vec<Line>) {
    let taken: usize = right.iter().map(Piece::width).sum();
    let mut under = vec![blank((indent + 2).min(width.saturating_sub(taken)))];
    under.extend(right.iter().cloned());
    lines.extend(wrap(&under, width, indent + 2));
}

fn fits(indent: usize, left: &Piece<'static>, right: &Line, width: usize) -> bool {
    let taken: usize = right.iter().map(Piece::width).sum();
    indent + left.width() + usize::from(taken > 0) * 2 + taken <= width
}

fn blank(columns: usize) -> Piece<'static> {
    Piece::new(" ".repeat(columns), Meaning::Text)
}

/// Text of at most `width` columns, cut at its front.
pub fn fit_front(text: &str, width: usize, cut: &str) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept: Vec<&str> = Vec::new();
    let mut taken = 0;
    for grapheme in text.graphemes(true).rev() {
        if taken + grapheme.width() + 1 > width {
            break;
        }
        taken += grapheme.width();
        kept.push(grapheme);
    }
    let front = if width == 0 { "" } else { cut };
    std::iter::once(front)
        .chain(kept.into_iter().rev())
        .collect()
}

/// How far a sheet is scrolled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scroll {
    /// The first line in the window.
    pub top: usize,
}

impl Scroll {
    /// Scrolls a sheet of so many lines in a window of a height.
    pub fn step(&mut self, motion: Motion, lines: usize, height: usize) {
        let page = height.max(1);
        let half = page.div_ceil(2);
        self.top = match motion {
            Motion::Up => self.top.saturating_sub(1),
            Motion::Down => self.top + 1,
            Motion::Top => 0,
            Motion::Bottom => lines,
            Motion::HalfUp => self.top.saturating_sub(half),
            Motion::HalfDown => self.top + half,
            Motion::PageUp => self.top.saturating_sub(page),
            Motion::PageDown => self.top + page,
        };
        self.top = self.top.min(lines.saturating_sub(height));
    }

    /// The first line to draw of a sheet that may be shorter now.
    pub fn first(self, lines: usize, height: usize) -> usize {
        self.top.min(lines.saturating_sub(height))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(sheet: &Sheet, width: usize) -> Vec<String> {
        let text = |line: &Line| line.iter().map(|p| &*p.text).collect::<String>();
        let lines = sheet.lines(width, "~");
        lines
            .iter()
            .map(|l| text(l).trim_end().to_owned())
            .collect()
    }

    #[test]
    fn a_pair_keeps_its_right_end_and_the_tail_of_a_path() {
        let mut sheet = Sheet::new();
        let path = Piece::new(
            "spec.template.spec.containers[0].securityContext.privileged",
            Meaning::YamlKey,
        );
        let right = vec![
            Piece::new("true", Meaning::YamlValue),
            Piece::new("  explicit", Meaning::Origin),
        ];
        sheet.pair(2, path, right);
        assert_eq!(
            plain(&sheet, 50),
            ["  ~s[0].securityContext.privileged  true  explicit"]
        );
        assert_eq!(
            plain(&sheet, 24),
            ["  ~ityContext.privileged", "    true  explicit"]
        );
    }

    #[test]
    fn a_whole_sheet_cuts_no_path() {
        let mut sheet = Sheet::new();
        let path = "spec.template.spec.containers[0].securityContext.privileged";
        let right = vec![Piece::new("true", Meaning::YamlValue)];
        sheet.pair(2, Piece::new(path, Meaning::YamlKey), right);
        sheet.whole();
        assert_eq!(plain(&sheet, 80), [format!("  {path:<74}true")]);
        assert_eq!(plain(&sheet, 64), [format!("  {path}"), "    true".into()]);
        let narrow: String = plain(&sheet, 24).iter().map(|l| l.trim()).collect();
        assert_eq!(narrow, format!("{path}true"));
    }

    #[test]
    fn scrolling_stops_where_the_text_ends() {
        let mut scroll = Scroll::default();
        scroll.step(Motion::PageDown, 25, 10);
        scroll.step(Motion::PageDown, 25, 10);
        assert_eq!(scroll.top, 15);
        scroll.step(Motion::Up, 25, 10);
        assert_eq!((scroll.top, scroll.first(5, 10)), (14, 0));
        scroll.step(Motion::Bottom, 5, 10);
        assert_eq!(scroll.top, 0);
    }
}
