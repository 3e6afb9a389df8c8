//! `snapshot FILE`: saves the facts, for a look without the cluster and for comparing.

use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgMatches};

use crate::cli::exit::{Exit, Failure};
use crate::cli::globals::Globals;
use crate::cli::{Command, look, output};
use crate::engine::Engine;
use crate::model::text::plain_json;
use crate::model::{Kind, Object};
use crate::source::files::Saved;

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "snapshot",
    about: "Save the facts (no Secrets, no values of variables) for an offline look: bartizan -f FILE",
    configure,
    run,
};

fn configure(command: clap::Command) -> clap::Command {
    command.arg(
        Arg::new("file")
            .required(true)
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .help("Where to; - is stdout"),
    )
}

fn run(matches: &ArgMatches, globals: &Globals) -> Result<Exit, Failure> {
    let engine = look::look(globals, Duration::from_secs(120))?;
    let text = saved(&engine).map_err(|error| Failure::usage(error.to_string()))?;
    let Some(path) = matches.get_one::<PathBuf>("file") else {
        return Ok(Exit::Usage);
    };
    if path.as_os_str() == "-" {
        output::answer(&text);
        return Ok(Exit::Fine);
    }
    write(path, &text).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    output::note(&format!("saved {} bytes to {}", text.len(), path.display()));
    Ok(Exit::Fine)
}

fn saved(engine: &Engine) -> serde_json::Result<String> {
    let world = engine.world();
    let spaces = world.spaces();
    let objects =
        spaces.flat_map(|(_, s)| Kind::all().flat_map(move |kind| s.table(kind).values()));
    let objects: Vec<&Object> = objects.map(|o| &**o).collect();
    let mut text = serde_json::to_string(&Saved::new(world.cluster(), world.sight(), objects))?;
    text.push('\n');
    Ok(plain_json(&text).into_owned())
}

/// For its owner only: it tells an attacker everything but the secrets.
fn write(path: &PathBuf, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())
}
