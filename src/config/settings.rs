//! `settings.toml`.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// What a person can set. Every field may be absent; an unknown one is an error, for it would do nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Theme by name.
    pub theme: Option<String>,
    /// `auto`, `tmux`, `osc52`, `native`, `off`.
    pub clipboard: Option<String>,
    /// `auto`, `always`, `never`, `mono`, `16`, `256`, `rgb`.
    pub color: Option<String>,
    /// Draw with ASCII only.
    pub ascii: Option<bool>,
}

/// The file is there and cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It cannot be read.
    #[error("{}: {why}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        why: std::io::Error,
    },
    /// It is not what it should be; the message names line and field.
    #[error("{}: {why}; known settings are theme, clipboard, color, ascii", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

impl Settings {
    /// Reads the file; an absent one is empty.
    pub fn read(path: &Path) -> Result<Settings, SettingsError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Settings::default());
            }
            Err(why) => {
                return Err(SettingsError::Read {
                    path: path.to_path_buf(),
                    why,
                });
            }
        };
        toml::from_str(&text).map_err(|error| SettingsError::Parse {
            path: path.to_path_buf(),
            why: error.message().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_setting_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        assert_eq!(Settings::read(&path).unwrap(), Settings::default());
        std::fs::write(&path, "theme = \"dark\"\ncolour = \"256\"\n").unwrap();
        let message = Settings::read(&path).unwrap_err().to_string();
        assert!(
            message.contains("colour") && message.contains("settings.toml"),
            "{message}"
        );
    }
}
