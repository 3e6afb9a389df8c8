//! The screen: one frame in, as few bytes as its difference needs out. The rest of the program draws on ratatui's `Frame`
//! and knows nothing of sequences.

use super::painter::{Drawn, Painter, SizeOf};
use crate::theme::ColourLevel;
use ratatui::layout::{Rect, Size};
use ratatui::{Frame, Terminal as Canvas};
use std::io::{self, Write};
use std::time::Instant;

/// A screen over any writer.
pub struct Screen<W: Write> {
    canvas: Canvas<Painter<W>>,
    repaint: bool,
}

impl<W: Write> Screen<W> {
    /// A screen that knows nothing of what the terminal shows: its first frame is whole.
    pub fn new(
        out: W,
        level: ColourLevel,
        size: impl Fn() -> Size + Send + 'static,
        clock: fn() -> Instant,
    ) -> io::Result<Self> {
        let size: SizeOf = Box::new(size);
        Ok(Self {
            canvas: Canvas::new(Painter::new(out, level, size, clock))?,
            repaint: true,
        })
    }

    /// Draws a frame. `paint` must not have effects: it may be called for a frame that turns out to change nothing.
    pub fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<Drawn> {
        if self.repaint {
            self.canvas.backend_mut().forget();
            let size = self.size();
            // Not `clear`, which asks the terminal where its cursor is.
            self.canvas
                .resize(Rect::from((ratatui::layout::Position::ORIGIN, size)))?;
        }
        let drawn = self.canvas.draw(paint).map(|_| ());
        // A frame that did not get through leaves the terminal in an unknown state.
        self.repaint = drawn.is_err();
        drawn.map(|()| self.canvas.backend().drawn())
    }

    /// Writes the next frame whole: somebody else drew on the terminal.
    pub fn repaint(&mut self) {
        self.repaint = true;
    }

    /// Draws with another number of colours from now on.
    pub fn set_level(&mut self, level: ColourLevel) {
        self.canvas.backend_mut().set_level(level);
        self.repaint();
    }

    /// The size that the next frame will have.
    pub fn size(&self) -> Size {
        use ratatui::backend::Backend;
        self.canvas.backend().size().unwrap_or_default()
    }

    /// The writer, for a sequence that is no frame (a text for the clipboard). Never while a frame is being drawn.
    pub fn writer(&mut self) -> &mut W {
        self.canvas.backend_mut().out()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::lower;
    use proptest::prelude::*;
    use ratatui::buffer::Buffer;
    use ratatui::style::{Color, Modifier, Style};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    /// A terminal that remembers what it was sent.
    #[derive(Clone, Default)]
    struct Line(Arc<Mutex<Vec<u8>>>);

    impl Line {
        fn take(&self) -> Vec<u8> {
            std::mem::take(&mut self.0.lock().unwrap())
        }
    }

    impl Write for Line {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn screen(width: u16, height: u16, level: ColourLevel) -> (Screen<Line>, Line) {
        let line = Line::default();
        let screen = Screen::new(
            line.clone(),
            level,
            move || Size { width, height },
            Instant::now,
        )
        .unwrap();
        (screen, line)
    }

    fn write(text: &'static str, style: Style) -> impl Fn(&mut Frame<'_>) {
        move |frame| {
            let area = frame.area();
            frame
                .buffer_mut()
                .set_stringn(0, 0, text, usize::from(area.width), style);
        }
    }

    #[test]
    fn an_unchanged_frame_writes_nothing() {
        let (mut screen, line) = screen(20, 3, ColourLevel::C16);
        let first = screen.draw(write("hello", Style::new().red())).unwrap();
        assert_eq!(line.take().len(), first.bytes);
        for _ in 0..3 {
            assert_eq!(
                screen.draw(write("hello", Style::new().red())).unwrap(),
                Drawn::default()
            );
        }
        assert_eq!(line.take(), b"");
    }

    #[test]
    fn an_unchanged_prompt_with_its_cursor_writes_nothing() {
        let (mut screen, line) = screen(20, 3, ColourLevel::C16);
        let prompt = |frame: &mut Frame<'_>| {
            write("/ sh", Style::new())(frame);
            frame.set_cursor_position((4, 0));
        };
        screen.draw(prompt).unwrap();
        assert!(
            String::from_utf8(line.take())
                .unwrap()
                .ends_with("\x1b[?25h\x1b[?2026l")
        );
        screen.draw(prompt).unwrap();
        assert_eq!(line.take(), b"");
    }

    #[test]
    fn a_frame_is_one_synchronised_update_and_leaves_no_colour_behind() {
        let (mut screen, line) = screen(20, 3, ColourLevel::C16);
        screen.draw(write("hello", Style::new())).unwrap();
        line.take();
        screen.draw(write("hullo", Style::new().red())).unwrap();
        assert_eq!(
            String::from_utf8(line.take()).unwrap(),
            "\x1b[?2026h\x1b[1;1H\x1b[31mhullo\x1b[m\x1b[?2026l"
        );
    }

    #[test]
    fn repaint_writes_everything_again() {
        let (mut screen, line) = screen(20, 3, ColourLevel::C16);
        screen.draw(write("hello", Style::new())).unwrap();
        let first = line.take();
        screen.repaint();
        screen.draw(write("hello", Style::new())).unwrap();
        assert_eq!(line.take(), first);
    }

    #[test]
    fn a_frame_that_failed_is_followed_by_a_whole_one() {
        struct Broken(Line, Arc<Mutex<bool>>);
        impl Write for Broken {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                if *self.1.lock().unwrap() {
                    Err(io::Error::other("gone"))
                } else {
                    self.0.write(bytes)
                }
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (line, broken) = (Line::default(), Arc::new(Mutex::new(false)));
        let out = Broken(line.clone(), Arc::clone(&broken));
        let mut screen = Screen::new(
            out,
            ColourLevel::C16,
            || Size {
                width: 9,
                height: 1,
            },
            Instant::now,
        )
        .unwrap();
        screen.draw(write("one", Style::new())).unwrap();
        let first = line.take();
        *broken.lock().unwrap() = true;
        assert!(screen.draw(write("two", Style::new())).is_err());
        *broken.lock().unwrap() = false;
        screen.draw(write("one", Style::new())).unwrap();
        assert_eq!(line.take(), first);
    }

    #[test]
    fn quirk_disputed_width_places_the_cursor_anew() {
        let (mut screen, line) = screen(20, 1, ColourLevel::C16);
        screen.draw(write("a漢b", Style::new())).unwrap();
        assert!(
            String::from_utf8(line.take())
                .unwrap()
                .contains("\x1b[1;1Ha漢\x1b[1;4Hb")
        );
    }

    #[test]
    fn the_slow_line_is_measured() {
        struct Slow;
        impl Write for Slow {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                std::thread::sleep(Duration::from_millis(20));
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut screen = Screen::new(
            Slow,
            ColourLevel::C16,
            || Size {
                width: 9,
                height: 1,
            },
            Instant::now,
        )
        .unwrap();
        let drawn = screen.draw(write("x", Style::new())).unwrap();
        assert!(drawn.flush >= Duration::from_millis(20), "{drawn:?}");
    }

    #[test]
    fn any_size_can_be_drawn() {
        let size = Arc::new(Mutex::new(Size {
            width: 1,
            height: 1,
        }));
        let theirs = Arc::clone(&size);
        let mut screen = Screen::new(
            Line::default(),
            ColourLevel::Rgb,
            move || *theirs.lock().unwrap(),
            Instant::now,
        )
        .unwrap();
        for (width, height) in [
            (0, 0),
            (1, 1),
            (80, 24),
            (1, 60),
            (200, 1),
            (1000, 400),
            (3, 2),
            (0, 9),
        ] {
            *size.lock().unwrap() = Size { width, height };
            screen
                .draw(|frame| {
                    let area = frame.area();
                    assert_eq!((area.width, area.height), (width, height));
                    frame.buffer_mut().set_style(area, Style::new().on_blue());
                })
                .unwrap();
        }
    }

    /// Looks that follow one another in every order.
    const STYLES: [Style; 6] = [
        Style::new().bold(),
        Style::new().fg(Color::Rgb(200, 0, 0)).reversed(),
        Style::new().bg(Color::Indexed(208)).dim(),
        Style::new(),
        Style::new().fg(Color::LightGreen).bold().underlined(),
        Style::new().bg(Color::Blue).underlined().reversed(),
    ];

    /// A colour as the emulator reports it.
    fn emulated(colour: Color, level: ColourLevel) -> vt100::Color {
        match lower(colour, level) {
            Color::Reset => vt100::Color::Default,
            Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
            Color::Indexed(n) => vt100::Color::Idx(n),
            named => vt100::Color::Idx(
                (0..16)
                    .find(|n| lower(Color::Indexed(*n), level) == named)
                    .unwrap(),
            ),
        }
    }

    proptest! {
        #[test]
        fn what_the_terminal_shows_is_what_was_drawn(texts in prop::collection::vec("[a-z 漢é]{0,12}", 1..6), level in 0usize..4) {
            let level = [ColourLevel::Mono, ColourLevel::C16, ColourLevel::C256, ColourLevel::Rgb][level];
            let (mut screen, line) = screen(12, 3, level);
            let mut emulator = vt100::Parser::new(3.try_into().unwrap(), 12.try_into().unwrap(), 0);
            for (n, text) in texts.iter().enumerate() {
                let mut wanted = Buffer::empty(Rect::new(0, 0, 12, 3));
                let row = u16::try_from(n % 3).unwrap();
                wanted.set_stringn(0, row, text, 12, STYLES[n % STYLES.len()]);
                screen.draw(|frame| *frame.buffer_mut() = wanted.clone()).unwrap();
                emulator.process(&line.take());
                for (x, y) in (0..3).flat_map(|y| (0..12).map(move |x| (x, y))) {
                    let (cell, shown) = (&wanted[(x, y)], emulator.screen().cell(y, x).unwrap());
                    if shown.is_wide_continuation() {
                        continue;
                    }
                    let blank = cell.symbol() == " ";
                    prop_assert_eq!(cell.symbol().trim(), shown.contents().trim(), "at {},{}", x, y);
                    prop_assert_eq!(emulated(cell.bg, level), shown.bgcolor());
                    prop_assert_eq!(cell.modifier.contains(Modifier::REVERSED), shown.inverse());
                    prop_assert!(blank || emulated(cell.fg, level) == shown.fgcolor());
                    prop_assert!(blank || cell.modifier.contains(Modifier::BOLD) == shown.bold());
                    prop_assert!(blank || cell.modifier.contains(Modifier::DIM) == shown.dim());
                }
            }
        }
    }
}
