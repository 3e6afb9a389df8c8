//! Where tree, sheet and sentence stand.

use ratatui::layout::Rect;

use crate::ui::context::Context;
use crate::ui::layout::{self, COMPLETE, Room};

/// Lines of the sentence under the tree, with its rule, where there is no room for a sheet.
pub(super) const PREVIEW: u16 = 3;

/// Lines of a tree that leave no room for a sentence under it.
const LOW: u16 = 12;

/// The parts of the pane.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// The tree; without width while the sheet stands alone.
    pub tree: Rect,
    /// The sheet beside it.
    pub detail: Option<Rect>,
    /// The sentence below it.
    pub preview: Option<Rect>,
}

/// Something stands beside or below the tree: the sentence on a screen that is complete, the sheet on any that is wider.
pub fn splits(area: Rect) -> bool {
    area.width >= COMPLETE.0 && area.height > LOW
}

impl Places {
    /// On the screen as it is; `in_detail`: the sheet has the keys.
    pub fn of(cx: &Context<'_>, in_detail: bool) -> Places {
        let area = cx.area;
        let room = layout::room(cx.screen);
        let (mut tree, mut detail, mut preview) = (area, None, None);
        if cx.full && room == Room::Wide {
            if in_detail {
                tree.width = 0;
                detail = Some(area);
            }
        } else if room == Room::Wide {
            let width = (area.width * 11 / 20).clamp(48, 90);
            tree.width = width;
            detail = Some(Rect {
                x: area.x + width + 2,
                width: area.width - width - 2,
                ..area
            });
        } else if room == Room::Complete && !cx.full && area.height > LOW {
            tree.height -= PREVIEW;
            preview = Some(Rect {
                y: tree.bottom(),
                height: PREVIEW,
                ..area
            });
        }
        if cx.is_loading() && tree.height > 1 {
            tree.y += 1;
            tree.height -= 1;
        }
        Places {
            tree,
            detail,
            preview,
        }
    }
}
