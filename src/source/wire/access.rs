//! ServiceAccount, Role, ClusterRole, RoleBinding, ClusterRoleBinding.

use super::fields::wire;
use super::lenient::{List, Text};
use super::metadata::Metadata;
use super::pool::Pool;
use super::selector::LabelSelector;
use super::{DecodeError, Wire};
use crate::model::objects::access::{Binding, Role, RoleRef, Rule, ServiceAccount};
use crate::model::{Kind, Meta, Object, Str, Subject};

wire! {
    pub(super) struct AccountWire<'a> {
        metadata: Metadata<'a> = "metadata",
        automount_service_account_token: Option<bool> = "automountServiceAccountToken",
        secrets: List<Named<'a>> = "secrets",
        image_pull_secrets: List<Named<'a>> = "imagePullSecrets",
    }
}

wire! {
    /// A reference of which only the name matters.
    pub(super) struct Named<'a> {
        pub(super) name: Text<'a> = "name",
    }
}

impl Named<'_> {
    pub(super) fn names(list: &List<Named<'_>>, pool: &mut Pool) -> Box<[Str]> {
        list.iter().map(|n| pool.text(&n.name)).collect()
    }
}

impl<'de> Wire<'de> for AccountWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        Ok(Object::ServiceAccount(ServiceAccount {
            meta: self.metadata.fact(kind, pool)?,
            automount: self.automount_service_account_token,
            secrets: Named::names(&self.secrets, pool),
            pull_secrets: Named::names(&self.image_pull_secrets, pool),
            assumed: false,
        }))
    }
}

wire! {
    pub(super) struct RoleWire<'a> {
        metadata: Metadata<'a> = "metadata",
        rules: List<RuleWire<'a>> = "rules",
        aggregation_rule: Option<Aggregation<'a>> = "aggregationRule",
    }
}

wire! {
    struct Aggregation<'a> {
        cluster_role_selectors: List<LabelSelector<'a>> = "clusterRoleSelectors",
    }
}

wire! {
    struct RuleWire<'a> {
        verbs: List<Text<'a>> = "verbs",
        api_groups: List<Text<'a>> = "apiGroups",
        resources: List<Text<'a>> = "resources",
        resource_names: List<Text<'a>> = "resourceNames",
        non_resource_urls: List<Text<'a>> = "nonResourceURLs",
    }
}

impl<'de> Wire<'de> for RoleWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        Ok(Object::Role(Role {
            meta: self.metadata.fact(kind, pool)?,
            rules: self.rules.iter().map(|rule| rule.fact(pool)).collect(),
            aggregation: self.aggregation_rule.map(|rule| {
                rule.cluster_role_selectors
                    .iter()
                    .map(|s| s.fact(pool))
                    .collect()
            }),
            assumed: false,
        }))
    }
}

impl RuleWire<'_> {
    fn fact(&self, pool: &mut Pool) -> Rule {
        Rule {
            verbs: pool.texts(&self.verbs),
            groups: pool.texts(&self.api_groups),
            resources: pool.texts(&self.resources),
            names: pool.texts(&self.resource_names),
            urls: pool.texts(&self.non_resource_urls),
        }
    }
}

wire! {
    pub(super) struct BindingWire<'a> {
        metadata: Metadata<'a> = "metadata",
        role_ref: Option<RoleRefWire<'a>> = "roleRef",
        subjects: List<SubjectWire<'a>> = "subjects",
    }
}

wire! {
    struct RoleRefWire<'a> {
        kind: Text<'a> = "kind",
        name: Text<'a> = "name",
    }
}

wire! {
    struct SubjectWire<'a> {
        kind: Text<'a> = "kind",
        name: Text<'a> = "name",
        namespace: Text<'a> = "namespace",
    }
}

impl<'de> Wire<'de> for BindingWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let meta = self.metadata.fact(kind, pool)?;
        let role = self.role_ref.unwrap_or_default();
        let cluster = match role.kind.as_str() {
            "ClusterRole" => true,
            "Role" => false,
            _ => {
                return Err(DecodeError::at(
                    "roleRef.kind",
                    "is neither Role nor ClusterRole",
                ));
            }
        };
        let subjects = self.subjects.iter().enumerate();
        Ok(Object::Binding(Binding {
            role: RoleRef {
                cluster,
                name: pool.text(&role.name),
            },
            subjects: subjects
                .map(|(at, s)| s.fact(at, &meta, pool))
                .collect::<Result<_, _>>()?,
            meta,
            assumed: false,
        }))
    }
}

impl SubjectWire<'_> {
    fn fact(&self, at: usize, binding: &Meta, pool: &mut Pool) -> Result<Subject, DecodeError> {
        let name = pool.text(&self.name);
        match self.kind.as_str() {
            "User" => Ok(Subject::User(name)),
            "Group" => Ok(Subject::Group(name)),
            "ServiceAccount" => Ok(Subject::ServiceAccount {
                // RBAC's authorizer falls back to the binding's namespace, which a ClusterRoleBinding does not have.
                namespace: if self.namespace.is_empty() {
                    pool.get(binding.namespace())
                } else {
                    pool.text(&self.namespace)
                },
                name,
            }),
            _ => Err(DecodeError::at(
                format!("subjects[{at}].kind"),
                "is neither User, Group nor ServiceAccount",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]
    use super::super::testing::{decoded, refused};
    use super::*;

    #[test]
    fn accounts() {
        let json = r#"{"metadata":{"name":"cart","namespace":"shop"},"secrets":[{"name":"cart-token"}],
            "imagePullSecrets":[{"name":"pull"}],"automountServiceAccountToken":false}"#;
        let Object::ServiceAccount(account) = decoded(Kind::ServiceAccount, json) else {
            panic!("another kind")
        };
        assert_eq!(account.automount, Some(false));
        assert_eq!(&*account.secrets[0], "cart-token");
    }

    #[test]
    fn roles_keep_lists_as_written_and_null_rules_are_none() {
        let json = r#"{"metadata":{"name":"reader"},"rules":[{"verbs":["get","list","get"],"apiGroups":[""],"resources":["secrets"],
            "resourceNames":["a"]},{"verbs":["get"],"nonResourceURLs":["/healthz*"]}],
            "aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"aggregate":"true"}}]}}"#;
        let Object::Role(role) = decoded(Kind::ClusterRole, json) else {
            panic!("another kind")
        };
        assert_eq!(role.rules[0].verbs.len(), 3);
        assert_eq!(&*role.rules[1].urls[0], "/healthz*");
        assert_eq!(role.aggregation.map(|s| s.len()), Some(1));
        let Object::Role(role) = decoded(
            Kind::ClusterRole,
            r#"{"metadata":{"name":"r"},"rules":null,"aggregationRule":null}"#,
        ) else {
            panic!("another kind")
        };
        assert!(role.rules.is_empty() && role.aggregation.is_none());
    }

    const SUBJECTS: &str = r#""roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},
        "subjects":[{"kind":"User","name":"jo"},{"kind":"Group","name":"ops"},{"kind":"ServiceAccount","name":"bot"},
                    {"kind":"ServiceAccount","name":"bot","namespace":"ci"}]"#;

    #[test]
    fn an_account_without_namespace_takes_that_of_a_role_binding_only() {
        let json = format!(r#"{{"metadata":{{"name":"b","namespace":"shop"}},{SUBJECTS}}}"#);
        let Object::Binding(binding) = decoded(Kind::RoleBinding, &json) else {
            panic!("another kind")
        };
        let said: Vec<_> = binding.subjects.iter().map(ToString::to_string).collect();
        assert_eq!(said, ["user:jo", "group:ops", "sa:shop/bot", "sa:ci/bot"]);
        assert!(binding.role.cluster);
        let Object::Binding(binding) = decoded(Kind::ClusterRoleBinding, &json) else {
            panic!("another kind")
        };
        assert_eq!(binding.subjects[2].to_string(), "sa:/bot");
    }

    #[test]
    fn what_the_authorizer_could_not_read_is_refused_by_path() {
        let json = r#"{"metadata":{"name":"b"},"roleRef":{"kind":"Roll","name":"x"}}"#;
        assert_eq!(refused(Kind::ClusterRoleBinding, json).path, "roleRef.kind");
        let json = r#"{"metadata":{"name":"b"},"roleRef":{"kind":"Role","name":"x"},"subjects":[{"kind":"User"},{"kind":"Robot"}]}"#;
        assert_eq!(refused(Kind::RoleBinding, json).path, "subjects[1].kind");
    }
}
