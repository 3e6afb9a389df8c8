//! Everything that is read before the first frame: directories, settings, themes, keys, the environment.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::tz::TimeZone;

use crate::cli::exit::Failure;
use crate::cli::globals::Globals;
use crate::clock;
use crate::config::{Dirs, Settings, user_themes};
use crate::term::{ColourChoice, Env, copy, level};
use crate::theme::{ColourLevel, Theme, Themes};
use crate::ui::keys::Keymap;
use crate::ui::{self, Catalogue};

/// What was read.
pub struct Setup {
    /// Directories.
    pub dirs: Dirs,
    /// The environment, as the terminal needs it.
    pub env: Env,
    /// Colours of the terminal.
    pub level: ColourLevel,
    /// Way to the clipboard.
    pub clipboard: copy::Setting,
    /// Name of the theme.
    pub theme: Option<String>,
    ascii: bool,
    themes: Themes,
    keymap: Keymap,
}

impl Setup {
    /// Reads it all; flags win over settings.
    pub fn read(globals: &Globals) -> Result<Setup, Failure> {
        let dirs = Dirs::find();
        let settings =
            Settings::read(&dirs.settings()).map_err(|e| Failure::usage(e.to_string()))?;
        let env = Env::of_process();
        let colour = globals.color.clone().or(settings.color);
        let colour = colour.map_or(Ok(ColourChoice::Auto), |text| text.parse());
        let clipboard = globals.clipboard.clone().or(settings.clipboard);
        let clipboard = clipboard.map_or(Ok(copy::Setting::Auto), |text| text.parse());
        let setup = Setup {
            level: level(
                colour.map_err(|why| Failure::usage(format!("color: {why}")))?,
                &env,
            ),
            clipboard: clipboard.map_err(|why| Failure::usage(format!("clipboard: {why}")))?,
            theme: globals.theme.clone().or(settings.theme),
            ascii: globals.ascii || settings.ascii.unwrap_or(false),
            themes: themes(&dirs).map_err(Failure::usage)?,
            keymap: keymap(&dirs.keys()).map_err(Failure::usage)?,
            dirs,
            env,
        };
        if let Some(name) = &setup.theme {
            setup
                .themes
                .get(name, setup.level)
                .map_err(|e| Failure::usage(e.to_string()))?;
        }
        Ok(setup)
    }

    /// What the explorer starts with.
    pub fn app(&self) -> ui::Settings {
        let chosen = self
            .theme
            .as_ref()
            .and_then(|name| self.themes.get(name, self.level).ok());
        ui::Settings {
            theme: chosen.unwrap_or_else(|| self.themes.default_theme(self.level)),
            themes: self.themes.names().into_iter().map(str::to_owned).collect(),
            keymap: self.keymap.clone(),
            ascii: self.ascii,
            zone: TimeZone::system(),
            now: clock::now(),
            catalogue: Catalogue::registered(),
        }
    }
}

/// The theme of a name, read afresh: its file may have been saved since.
pub fn theme(dirs: &Dirs, name: &str, level: ColourLevel) -> Result<Box<Theme>, String> {
    themes(dirs)?
        .get(name, level)
        .map(Box::new)
        .map_err(|e| e.to_string())
}

fn themes(dirs: &Dirs) -> Result<Themes, String> {
    let mut themes = Themes::built_in();
    for (name, text) in user_themes(&dirs.themes()) {
        let file = dirs
            .themes()
            .join(format!("{name}.toml"))
            .display()
            .to_string();
        themes.add(&name, &file, &text).map_err(|e| e.to_string())?;
    }
    Ok(themes)
}

/// The keymap with the person's own keys; the error names the file and every line that is wrong.
pub fn keymap(path: &Path) -> Result<Keymap, String> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Keymap::default()),
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    let own: BTreeMap<String, String> = toml::from_str(&text)
        .map_err(|error| format!("{}: {}", path.display(), error.message()))?;
    Keymap::with(&own).map_err(|wrong| {
        let lines: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        format!("{}: {}", path.display(), lines.join("; "))
    })
}
