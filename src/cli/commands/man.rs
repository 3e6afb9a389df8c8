//! `man`: the manual page, generated from the parser and the command table.

use std::io;

use clap::ArgMatches;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use crate::cli::exit::{Exit, Failure};
use crate::cli::globals::Globals;
use crate::cli::{Command, keys, output, parser};

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "man",
    about: "The manual page, in roff",
    configure: |command| command,
    run,
};

fn run(_: &ArgMatches, _: &Globals) -> Result<Exit, Failure> {
    let page = page().map_err(|error| Failure::usage(error.to_string()))?;
    output::answer(&page);
    Ok(Exit::Fine)
}

/// The page: what the parser knows, and the keys in a section of their own instead of the help's list of them.
fn page() -> io::Result<String> {
    let man = Man::new(parser(&[]));
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    man.render_subcommands_section(&mut page)?;
    section().to_writer(&mut page)?;
    man.render_version_section(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

fn section() -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["KEYS"]);
    roff.text([roman("Of the explorer, unless a file of your own changes them. There, ? lists those of a place and : finds commands by name.")]);
    for (heading, under) in keys::headings() {
        roff.control("SS", [heading.as_str()]);
        for listed in under {
            roff.control("TP", []);
            roff.text([bold(keys::reached(&listed))]);
            roff.text([roman(listed.help)]);
        }
    }
    roff
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page without roff's own escapes, as a reader sees it.
    fn read() -> String {
        let page = page().unwrap();
        page.replace("\\fB", "")
            .replace("\\fR", "")
            .replace("\\-", "-")
            .replace("\\&", "")
            .replace("\\*(Aq", "'")
            .replace("\\\\", "\\")
    }

    #[test]
    fn page_and_long_help_list_every_command_of_the_table() {
        let page = read();
        let help = parser(&[]).render_long_help().to_string();
        for listed in crate::ui::commands() {
            let reached = keys::reached(&listed);
            let entry = format!(".TP\n{reached}\n{}\n", listed.help);
            assert!(page.contains(&entry), "no {entry:?} in\n{page}");
            let line = format!("    {reached:<18} {}", listed.help);
            let found = help.lines().any(|l| l == line);
            assert!(found, "no {line:?} in\n{help}");
        }
        assert_eq!(page.matches(".SH KEYS").count(), 1);
        assert!(!page.contains(".SH EXTRA"), "told twice");
    }

    #[test]
    fn the_short_help_stays_short_and_subcommands_tell_no_keys() {
        let short = parser(&[]).render_help().to_string();
        assert!(!short.contains("Keys of the explorer"));
        let mut parser = parser(&[]);
        let report = parser.find_subcommand_mut("report").unwrap();
        let help = report.render_long_help().to_string();
        assert!(!help.contains("Keys of the explorer"));
    }
}
