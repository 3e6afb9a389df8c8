//! Directories: the platform's own, or all below one that `BARTIZAN_HOME` names.

use std::path::PathBuf;

use directories::ProjectDirs;

/// Where things live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dirs {
    /// `settings.toml`, `keys.toml`, `themes/`.
    pub config: PathBuf,
    /// Fixes that were copied, what was chosen in each context, reports of bugs.
    pub state: PathBuf,
}

impl Dirs {
    /// The directories of this user. Without a home everything goes below the temporary directory.
    pub fn find() -> Dirs {
        if let Some(home) = std::env::var_os("BARTIZAN_HOME").filter(|h| !h.is_empty()) {
            let home = PathBuf::from(home);
            return Dirs {
                config: home.join("config"),
                state: home.join("state"),
            };
        }
        if let Some(found) = ProjectDirs::from("", "", "bartizan") {
            let state = found.state_dir().unwrap_or_else(|| found.data_local_dir());
            return Dirs {
                config: found.config_dir().to_path_buf(),
                state: state.to_path_buf(),
            };
        }
        let base = std::env::temp_dir().join("bartizan");
        Dirs {
            config: base.join("config"),
            state: base.join("state"),
        }
    }

    /// Where copied texts are kept.
    pub fn fixes(&self) -> PathBuf {
        self.state.join("fixes")
    }

    /// The settings.
    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// The user's keymap.
    pub fn keys(&self) -> PathBuf {
        self.config.join("keys.toml")
    }

    /// The user's themes.
    pub fn themes(&self) -> PathBuf {
        self.config.join("themes")
    }
}
