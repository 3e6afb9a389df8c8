//! What to ask an administrator for, so that a blind place becomes visible: kubectl lines and the rule as YAML.
//!
//! Printed for a person to hand on; nothing in here is ever run.

use super::kubectl::word;
use crate::fix::yaml;
use crate::model::{Missing, Reason};

/// The recipe for a blind place; `None` where no permission helps.
pub fn recipe(missing: &Missing, identity: &str) -> Option<String> {
    if missing.reason != Reason::Forbidden {
        return None;
    }
    let info = missing.kind.info();
    let name = format!("bartizan-reads-{}", info.plural);
    let resource = if info.group.is_empty() {
        info.plural.to_owned()
    } else {
        format!("{}.{}", info.plural, info.group)
    };
    let namespace = missing.namespace.as_deref();
    let wide = namespace.is_none();
    let place = match namespace {
        Some(namespace) => format!(" -n {}", word(namespace)?),
        None => String::new(),
    };
    let (role, binding) = if wide {
        ("clusterrole", "clusterrolebinding")
    } else {
        ("role", "rolebinding")
    };
    let who = subject(identity);
    let mut text = String::new();
    text += &yaml::comment(&format!(
        "kubectl create {role} {name}{place} --verb=get,list,watch --resource={resource}"
    ));
    text += &yaml::comment(&format!(
        "kubectl create {binding} {name}{place} --{role}={name} {who}"
    ));
    Some(text + &yaml::print(&rule(missing, &name)))
}

/// The recipes for all of them, as one YAML stream.
pub fn recipes<'a>(all: impl Iterator<Item = &'a Missing>, identity: &str) -> Option<String> {
    let texts: Vec<String> = all
        .filter_map(|missing| recipe(missing, identity))
        .collect();
    (!texts.is_empty()).then(|| texts.join("---\n"))
}

fn rule(missing: &Missing, name: &str) -> serde_json::Value {
    let info = missing.kind.info();
    let rules = serde_json::json!([{
        "apiGroups": [info.group], "resources": [info.plural], "verbs": ["get", "list", "watch"],
    }]);
    match missing.namespace.as_deref() {
        Some(namespace) => serde_json::json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
            "metadata": {"name": name, "namespace": namespace}, "rules": rules,
        }),
        None => serde_json::json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
            "metadata": {"name": name}, "rules": rules,
        }),
    }
}

/// How kubectl names the login; `LOGIN` where its name is not known or no shell word should hold it.
fn subject(identity: &str) -> String {
    if let Some(account) = identity.strip_prefix("system:serviceaccount:")
        && let Some((namespace, name)) = account.split_once(':')
        && let Some(account) = word(&format!("{namespace}:{name}"))
    {
        return format!("--serviceaccount={account}");
    }
    format!("--user={}", word(identity).as_deref().unwrap_or("LOGIN"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    fn forbidden(kind: Kind, namespace: Option<&str>) -> Missing {
        Missing {
            kind,
            namespace: namespace.map(Into::into),
            reason: Reason::Forbidden,
        }
    }

    #[test]
    fn a_recipe_is_two_commands_and_the_rule() {
        let text = recipe(
            &forbidden(Kind::NetworkPolicy, Some("pay")),
            "system:serviceaccount:ops:watch",
        );
        assert_eq!(
            text.unwrap(),
            "# kubectl create role bartizan-reads-networkpolicies -n pay --verb=get,list,watch --resource=networkpolicies.networking.k8s.io\n\
             # kubectl create rolebinding bartizan-reads-networkpolicies -n pay --role=bartizan-reads-networkpolicies --serviceaccount=ops:watch\n\
             apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: bartizan-reads-networkpolicies\n  namespace: pay\nrules:\n\
             - apiGroups:\n  - networking.k8s.io\n  resources:\n  - networkpolicies\n  verbs:\n  - get\n  - list\n  - watch\n"
        );
    }

    #[test]
    fn no_permission_is_asked_for_where_none_helps() {
        let other = Missing {
            reason: Reason::Unreachable,
            ..forbidden(Kind::Pod, None)
        };
        assert_eq!(recipe(&other, "alice"), None);
    }

    #[test]
    fn a_login_that_no_shell_word_should_hold_is_left_to_the_person() {
        let text = recipe(&forbidden(Kind::Pod, None), "a\u{1b}b").unwrap();
        assert!(text.contains("--user=LOGIN\n"), "{text}");
        let text = recipe(&forbidden(Kind::Pod, None), "it's").unwrap();
        assert!(text.contains(r"--user='it'\''s'"), "{text}");
    }
}
