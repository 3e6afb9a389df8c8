//! Where settings and state live, and what is in them. All reading of the environment and of settings happens here; the
//! results are plain values.

mod dirs;
mod settings;
mod stored;

pub use dirs::Dirs;
pub use settings::{Settings, SettingsError};
pub use stored::{recall, remember, user_themes};
