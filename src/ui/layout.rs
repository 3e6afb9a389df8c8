//! Where things stand on a screen of any size.

use ratatui::layout::Rect;

/// How much there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Room {
    /// Below 20x5: one line that says so.
    Tiny,
    /// Below 60x15: one pane, no second header line, no preview.
    Narrow,
    /// 60x15 and more: complete.
    Complete,
    /// Room for a second part beside the first.
    Wide,
}

/// Columns from which two parts stand side by side.
pub const SIDE_BY_SIDE: u16 = 96;

/// Columns and lines from which a screen is complete.
pub const COMPLETE: (u16, u16) = (60, 15);

/// The room on a screen.
pub fn room(screen: Rect) -> Room {
    if screen.width < 20 || screen.height < 5 {
        Room::Tiny
    } else if screen.width < COMPLETE.0 || screen.height < COMPLETE.1 {
        Room::Narrow
    } else if screen.width < SIDE_BY_SIDE {
        Room::Complete
    } else {
        Room::Wide
    }
}

/// The parts of a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// The header; empty for a pane that draws its own.
    pub header: Rect,
    /// The pane.
    pub body: Rect,
    /// Notes and prompts; where there is no line for them they take the key bar's.
    pub note: Rect,
    /// The key bar.
    pub bar: Rect,
}

/// Cuts a screen into its parts.
pub fn parts(screen: Rect, own_header: bool) -> Parts {
    let line = |y: u16, height: u16| Rect {
        y,
        height,
        ..screen
    };
    if room(screen) == Room::Tiny {
        let whole = line(screen.y, screen.height.min(1));
        let none = line(screen.y, 0);
        return Parts {
            header: none,
            body: whole,
            note: none,
            bar: none,
        };
    }
    let header = u16::from(!own_header);
    let notes = u16::from(screen.height >= 24);
    let bar = screen.bottom() - 1;
    let note = bar - notes;
    Parts {
        header: line(screen.y, header),
        body: line(screen.y + header, note - screen.y - header),
        note: if notes == 1 {
            line(note, 1)
        } else {
            line(bar, 1)
        },
        bar: line(bar, 1),
    }
}

/// A box of at most this size in the middle of the body, over everything else.
pub fn over(body: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(body.width);
    let height = height.min(body.height);
    Rect {
        x: body.x + (body.width - width) / 2,
        y: body.y + (body.height - height) / 3,
        width,
        height,
    }
}

/// The inside of a box, without its border.
pub fn inside(outer: Rect) -> Rect {
    Rect {
        x: outer.x.saturating_add(1),
        y: outer.y.saturating_add(1),
        width: outer.width.saturating_sub(2),
        height: outer.height.saturating_sub(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_never_overlap_and_never_leave_the_screen() {
        for width in [0, 1, 19, 20, 60, 80, 200] {
            for height in 0..60 {
                let screen = Rect::new(0, 0, width, height);
                for own_header in [false, true] {
                    let parts = parts(screen, own_header);
                    for part in [parts.header, parts.body, parts.note, parts.bar] {
                        assert_eq!(part.intersection(screen), part, "{width}x{height}");
                    }
                    assert_eq!(parts.header.bottom().max(parts.body.y), parts.body.y);
                    if room(screen) != Room::Tiny {
                        assert!(parts.body.height >= 3 && parts.body.bottom() <= parts.note.y);
                    }
                    let over = over(parts.body, 60, 20);
                    assert_eq!(over.intersection(screen), over);
                }
            }
        }
    }
}
