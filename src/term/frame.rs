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
    use crate::theme::{Meaning, Themes};
    use proptest::prelude::*;
    use ratatui::buffer::Buffer;
    use ratatui::style::{Color, Style};
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

    proptest! {
        #[test]
        fn no_cell_can_become_a_sequence(symbol in "\\PC{0,3}|[\\x00-\\x1f\\x7f-\\u{9f}a]{1,4}", red: u8) {
            let (mut screen, line) = screen(9, 1, ColourLevel::Mono);
            screen.draw(|frame| {
                let cell = &mut frame.buffer_mut()[(0, 0)];
                cell.set_symbol(&symbol).set_style(Style::new().fg(Color::Rgb(red, 0, 0)));
            }).unwrap();
            let text = String::from_utf8(line.take()).unwrap();
            let rest = ["\x1b[?2026h", "\x1b[2J", "\x1b[1;1H", "\x1b[?25l", "\x1b[?2026l"].iter().fold(text, |text, known| text.replace(known, ""));
            prop_assert!(!rest.chars().any(char::is_control), "{rest:?}");
        }

        #[test]
        fn what_the_terminal_shows_is_what_was_drawn(texts in prop::collection::vec("[a-z 漢é]{0,12}", 1..6), level in 0usize..4) {
            let level = [ColourLevel::Mono, ColourLevel::C16, ColourLevel::C256, ColourLevel::Rgb][level];
            let (mut screen, line) = screen(12, 3, level);
            let mut emulator = vt100::Parser::new(3, 12, 0);
            for (n, text) in texts.iter().enumerate() {
                let style = if n % 2 == 0 { Style::new().bold() } else { Style::new().fg(Color::Rgb(200, 0, 0)).reversed() };
                let mut wanted = Buffer::empty(Rect::new(0, 0, 12, 3));
                let row = u16::try_from(n % 3).unwrap();
                wanted.set_stringn(0, row, text, 12, style);
                screen.draw(|frame| *frame.buffer_mut() = wanted.clone()).unwrap();
                emulator.process(&line.take());
                for (y, shown) in (0..3).zip(emulator.screen().rows(0, 12)) {
                    let mut row = String::new();
                    let mut x = 0;
                    while x < 12 {
                        let symbol = wanted[(x, y)].symbol();
                        row.push_str(symbol);
                        x += u16::try_from(symbol.width().max(1)).unwrap();
                    }
                    prop_assert_eq!(row.trim_end(), shown.trim_end());
                }
            }
        }
    }

    use unicode_width::UnicodeWidthStr;

    /// Two panes as in the threat screens: a list on the left, detail on the right.
    fn sample(
        themes: &crate::theme::Theme,
        selected: usize,
        top: usize,
        counter: usize,
    ) -> impl Fn(&mut Frame<'_>) + '_ {
        move |frame| {
            let area = frame.area();
            let half = area.width / 2;
            let buffer = frame.buffer_mut();
            buffer.set_style(area, themes.style(Meaning::Text));
            buffer.set_string(
                0,
                0,
                format!(" prod-eu1 > 2 Malicious container   {counter:>5} findings"),
                themes.style(Meaning::Title),
            );
            for row in 1..area.height - 1 {
                let at = top + usize::from(row) - 1;
                let severity = [
                    Meaning::Critical,
                    Meaning::High,
                    Meaning::Medium,
                    Meaning::Low,
                ][at % 4];
                let style = if at == selected {
                    themes.style(Meaning::Selected)
                } else {
                    themes.style(Meaning::Text)
                };
                buffer.set_stringn(
                    0,
                    row,
                    format!(
                        "{:<w$}",
                        format!("  shop/workload-{at:05}  Deployment"),
                        w = usize::from(half) - 10
                    ),
                    usize::from(half) - 10,
                    style,
                );
                buffer.set_stringn(
                    half - 10,
                    row,
                    format!("{:>9}", severity.name()),
                    9,
                    if at == selected {
                        style
                    } else {
                        themes.style(severity)
                    },
                );
                buffer.set_string(half, row, "|", themes.style(Meaning::Border));
                buffer.set_stringn(
                    half + 1,
                    row,
                    format!(" spec.template.spec.containers[{row}]  explicit"),
                    usize::from(half) - 2,
                    themes.style(Meaning::YamlKey),
                );
            }
            buffer.set_string(
                0,
                area.height - 1,
                " enter open  y copy  / find  ? keys  q",
                themes.style(Meaning::KeyBar),
            );
        }
    }

    #[test]
    fn byte_budgets_hold() {
        // Budgets: what ratatui-crossterm wrote for the same actions on a screen of this kind.
        struct Budget {
            width: u16,
            height: u16,
            level: ColourLevel,
            theme: &'static str,
            full: usize,
            counter: usize,
            cursor: usize,
            scroll: usize,
        }
        let budgets = [
            Budget {
                width: 80,
                height: 24,
                level: ColourLevel::Mono,
                theme: "default16",
                full: 3009,
                counter: 41,
                cursor: 145,
                scroll: 845,
            },
            Budget {
                width: 80,
                height: 24,
                level: ColourLevel::C16,
                theme: "default16",
                full: 3360,
                counter: 41,
                cursor: 176,
                scroll: 1198,
            },
            Budget {
                width: 80,
                height: 24,
                level: ColourLevel::Rgb,
                theme: "dark",
                full: 3792,
                counter: 74,
                cursor: 301,
                scroll: 2072,
            },
            Budget {
                width: 200,
                height: 50,
                level: ColourLevel::C16,
                theme: "default16",
                full: 7196,
                counter: 49,
                cursor: 325,
                scroll: 2826,
            },
        ];
        for budget in budgets {
            let theme = Themes::built_in().get(budget.theme, budget.level).unwrap();
            let (mut screen, _line) = screen(budget.width, budget.height, budget.level);
            let mut bytes = |selected, top, counter| {
                screen
                    .draw(sample(&theme, selected, top, counter))
                    .unwrap()
                    .bytes
            };
            let is = [
                bytes(3, 0, 100),
                bytes(3, 0, 100),
                bytes(3, 0, 101),
                bytes(4, 0, 101),
                bytes(5, 1, 101),
            ];
            let may = [budget.full, 0, budget.counter, budget.cursor, budget.scroll];
            for ((what, is), may) in ["full", "unchanged", "counter", "cursor", "scroll"]
                .iter()
                .zip(is)
                .zip(may)
            {
                assert!(
                    is <= may,
                    "{what} at {}x{} {}: {is} bytes, budget {may}",
                    budget.width,
                    budget.height,
                    budget.level
                );
            }
        }
    }

    #[test]
    fn mono_sends_no_colour() {
        for name in Themes::built_in().names() {
            // Even a theme made for all colours, drawn by a pane that asks for one more.
            let theme = Themes::built_in().get(name, ColourLevel::Rgb).unwrap();
            let (mut screen, line) = screen(80, 24, ColourLevel::Mono);
            screen.draw(sample(&theme, 3, 0, 7)).unwrap();
            for sequence in String::from_utf8(line.take())
                .unwrap()
                .split('\x1b')
                .filter(|part| part.starts_with('['))
            {
                let Some((params, _)) = sequence[1..]
                    .split_once('m')
                    .filter(|(params, _)| params.bytes().all(|b| b.is_ascii_digit() || b == b';'))
                else {
                    continue;
                };
                for param in params.split(';').filter(|param| !param.is_empty()) {
                    assert!(
                        param.parse::<u8>().unwrap() < 10,
                        "{name}: colour in {params:?}"
                    );
                }
            }
        }
    }
}
