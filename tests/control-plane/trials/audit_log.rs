//! The audit log can be read back: it will be the witness that Bartizan only reads.

use anyhow::ensure;
use libtest_mimic::Trial;

use crate::harness::{AuditLine, Cluster, Result, User, trial};

pub fn trials() -> Vec<Trial> {
    vec![trial::shared(
        "audit_log/names_who_asked_what",
        names_who_asked_what,
    )]
}

fn names_who_asked_what(cluster: &Cluster) -> Result {
    cluster.add_namespace("audit-log")?;
    cluster
        .kubectl(User::Viewer, &["get", "services", "-n", "audit-log"])?
        .success()?;
    let forbidden = cluster.kubectl(User::Viewer, &["get", "secrets", "-n", "audit-log"])?;
    ensure!(
        forbidden.code == Some(1),
        "the viewer may list Secrets: {forbidden:?}"
    );
    cluster.kubectl(
        User::Admin,
        &[
            "auth",
            "can-i",
            "list",
            "pods",
            "-n",
            "audit-log",
            "--as=system:anonymous",
        ],
    )?;
    let lines = cluster.audit()?;
    let of = |user: User, verb: &str, resource: &str| -> Result<AuditLine> {
        let mut lines = lines.iter().filter(|line| {
            line.user == user.name() && line.verb == verb && line.resource == resource
        });
        let line = lines
            .find(|line| line.namespace == "audit-log" || line.resource.starts_with("selfsubject"));
        line.cloned()
            .ok_or_else(|| anyhow::anyhow!("no {verb} of {resource} by {user:?}"))
    };
    let listed = of(User::Viewer, "list", "services")?;
    ensure!(
        listed.code == 200
            && listed.group.is_empty()
            && listed.name.is_empty()
            && listed.subresource.is_empty(),
        "{listed:?}"
    );
    ensure!(
        listed.user_agent.starts_with("kubectl/")
            && listed
                .uri
                .starts_with("/api/v1/namespaces/audit-log/services"),
        "{listed:?}"
    );
    let refused = of(User::Viewer, "list", "secrets")?;
    ensure!(refused.code == 403, "{refused:?}");
    let asked = of(User::Admin, "create", "selfsubjectaccessreviews")?;
    ensure!(
        asked.impersonated.as_deref() == Some("system:anonymous"),
        "{asked:?}"
    );
    Ok(())
}
