//! `role`: the read-only role that everything here needs, printed from the table of watched kinds.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::{Arg, ArgMatches};

use crate::cli::exit::{Exit, Failure};
use crate::cli::globals::Globals;
use crate::cli::{Command, output};
use crate::model::kind::KINDS;

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "role",
    about: "The read-only ClusterRole that the watches need",
    configure,
    run,
};

fn configure(command: clap::Command) -> clap::Command {
    command.arg(
        Arg::new("bind")
            .long("bind")
            .value_name("SUBJECT")
            .help("Bind it too: user:NAME, group:NAME or sa:NAMESPACE/NAME"),
    )
}

fn run(matches: &ArgMatches, _: &Globals) -> Result<Exit, Failure> {
    let mut text = role();
    if let Some(subject) = matches.get_one::<String>("bind") {
        text += &binding(subject)?;
    }
    output::answer(&text);
    Ok(Exit::Fine)
}

/// The ClusterRole: get, list and watch on the watched kinds; no Secrets, no ConfigMaps, no nodes/proxy.
pub fn role() -> String {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for kind in KINDS {
        groups.entry(kind.group).or_default().push(kind.plural);
    }
    let mut text = String::from(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: bartizan\nrules:\n",
    );
    for (group, mut resources) in groups {
        resources.sort_unstable();
        let _ = writeln!(
            text,
            "- apiGroups: [{group:?}]\n  resources: [{}]\n  verbs: [get, list, watch]",
            resources.join(", ")
        );
    }
    text += "- nonResourceURLs: [/version, /livez]\n  verbs: [get]\n";
    text
}

fn binding(subject: &str) -> Result<String, Failure> {
    use crate::model::Subject;
    let wrong = || {
        Failure::usage(format!(
            "--bind {subject}: write user:NAME, group:NAME or sa:NAMESPACE/NAME"
        ))
    };
    let who = match Subject::parse(subject).ok_or_else(wrong)? {
        Subject::User(name) => format!(
            "{{apiGroup: rbac.authorization.k8s.io, kind: User, name: {:?}}}",
            &*name
        ),
        Subject::Group(name) => format!(
            "{{apiGroup: rbac.authorization.k8s.io, kind: Group, name: {:?}}}",
            &*name
        ),
        Subject::ServiceAccount { namespace, name } => {
            format!(
                "{{kind: ServiceAccount, namespace: {:?}, name: {:?}}}",
                &*namespace, &*name
            )
        }
    };
    Ok(format!(
        "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: bartizan\nroleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: bartizan}}\nsubjects:\n- {who}\n"
    ))
}
