//! A plugin that has to ask the person, on the terminal that the screen leaves to it.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Plugin, PluginError};
use crate::source::live::exec_credential::Credential;

/// A plugin that waits for the terminal.
#[derive(Clone, Debug)]
pub struct TerminalRun {
    plugin: Plugin,
    result: Arc<Mutex<Option<Result<Credential, PluginError>>>>,
}

impl TerminalRun {
    pub(in crate::source::live) fn new(plugin: &Plugin) -> TerminalRun {
        TerminalRun {
            plugin: plugin.clone(),
            result: Arc::default(),
        }
    }

    /// The command line, to show before it runs.
    pub fn command_line(&self) -> String {
        self.plugin.command_line()
    }

    /// Runs the plugin on the terminal of this process and waits for it. Call it with the screen left.
    pub fn run(&self) {
        let result = self.plugin.run_on_terminal();
        *self.result.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    }

    pub(in crate::source::live) fn take(&self) -> Option<Result<Credential, PluginError>> {
        self.result
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}
