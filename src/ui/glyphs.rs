//! Lines and marks: of a width that no terminal disagrees about, or plain ASCII where fonts have nothing else.

/// One set of marks, each one column wide.
#[derive(Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// A line from left to right.
    pub rule: &'static str,
    /// A line from top to bottom.
    pub bar: &'static str,
    /// Corners of a box, clockwise from the top left.
    pub corners: [&'static str; 4],
    /// What stands for text that was cut off.
    pub cut: &'static str,
    /// A branch that is closed.
    pub closed: &'static str,
    /// A branch that is open.
    pub open: &'static str,
    /// The row under the cursor.
    pub cursor: &'static str,
    /// A marked row.
    pub mark: &'static str,
    /// The head of a list item.
    pub item: &'static str,
    /// From a cause to its effect.
    pub arrow: &'static str,
}

/// Single-width characters of the common fonts. The triangles are the small ones: the large are of two columns in East
/// Asian terminals (Unicode TR 11, ambiguous).
pub static LINES: Glyphs = Glyphs {
    rule: "\u{2500}",
    bar: "\u{2502}",
    corners: ["\u{250c}", "\u{2510}", "\u{2518}", "\u{2514}"],
    cut: "\u{2026}",
    closed: "\u{25b8}",
    open: "\u{25be}",
    cursor: ">",
    mark: "*",
    item: "\u{2022}",
    arrow: "->",
};

/// Only ASCII.
pub static ASCII: Glyphs = Glyphs {
    rule: "-",
    bar: "|",
    corners: ["+", "+", "+", "+"],
    cut: "~",
    closed: ">",
    open: "v",
    cursor: ">",
    mark: "*",
    item: "*",
    arrow: "->",
};

impl Glyphs {
    /// The set: ASCII or not.
    pub fn of(ascii: bool) -> &'static Glyphs {
        if ascii { &ASCII } else { &LINES }
    }

    /// Only ASCII may be written.
    pub fn is_ascii(&self) -> bool {
        self.rule == "-"
    }
}
