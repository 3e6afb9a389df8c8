//! `info`: every path, route and limit that applies here.

use clap::{Arg, ArgMatches};
use serde_json::json;

use crate::cli::exit::{Exit, Failure};
use crate::cli::globals::Globals;
use crate::cli::{Command, output};
use crate::config::{Dirs, Settings};
use crate::model::text::{clean, plain_json};
use crate::term::{ColourChoice, Env, copy, level};

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "info",
    about: "Paths, clipboard route, colours and limits that apply here",
    configure,
    run,
};

fn configure(command: clap::Command) -> clap::Command {
    command.arg(
        Arg::new("output")
            .short('o')
            .long("output")
            .value_parser(["table", "json"])
            .default_value("table")
            .help("Format"),
    )
}

fn run(matches: &ArgMatches, globals: &Globals) -> Result<Exit, Failure> {
    let dirs = Dirs::find();
    let env = Env::of_process();
    let settings = Settings::read(&dirs.settings());
    let (fixes, path) = (dirs.fixes(), |p: std::path::PathBuf| {
        p.display().to_string()
    });
    let copier = copy::Copier {
        setting: copy::Setting::Auto,
        env: &env,
        folder: &fixes,
    };
    let route = copier.first_route().map_or("file only", |r| r.id);
    let connection = match crate::source::live::contexts(&globals.connection) {
        Ok(contexts) => format!("{} contexts", contexts.len()),
        Err(error) => error.to_string(),
    };
    let rows = [
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("settings", path(dirs.settings())),
        (
            "settings state",
            settings.map_or_else(|e| e.to_string(), |_| "fine".to_owned()),
        ),
        ("keymap", path(dirs.keys())),
        ("themes", path(dirs.themes())),
        ("copied texts", path(dirs.fixes())),
        ("state", path(dirs.state.clone())),
        ("kubeconfig", connection),
        ("clipboard", route.to_owned()),
        (
            "colours",
            format!("{:?}", level(ColourChoice::Auto, &env)).to_lowercase(),
        ),
        ("page size", "500 objects".to_owned()),
        (
            "clipboard limit",
            "75,000 bytes; the file always holds all".to_owned(),
        ),
    ];
    let text = if matches
        .get_one::<String>("output")
        .is_some_and(|o| o == "json")
    {
        let map: serde_json::Map<String, serde_json::Value> = rows
            .iter()
            .map(|(k, v)| (k.replace(' ', "_"), v.clone().into()))
            .collect();
        let mut document = json!({"schema": "bartizan.info/1"});
        if let Some(fields) = document.as_object_mut() {
            fields.extend(map);
        }
        plain_json(&format!("{document:#}\n")).into_owned()
    } else {
        rows.iter().fold(String::new(), |text, (name, value)| {
            text + &format!("{name:<16} {}\n", clean(value))
        })
    };
    output::answer(&text);
    Ok(Exit::Fine)
}
