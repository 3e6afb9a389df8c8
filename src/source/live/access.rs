//! May we look? Asked before, so that a login with few rights does not leave a storm of refusals in the audit log.
//!
//! Only a clear "no" keeps us from trying: a review that fails, or an authorizer that cannot tell, is no denial.

use k8s_openapi::api::authentication::v1::SelfSubjectReview;
use k8s_openapi::api::authorization::v1::{
    ResourceAttributes, ResourceRule, SelfSubjectAccessReview, SelfSubjectAccessReviewSpec,
    SelfSubjectRulesReview, SelfSubjectRulesReviewSpec,
};

use super::api::Api;
use super::failure::Failure;
use crate::model::Kind;

const ACCESS: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const RULES: &str = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";

/// An answer to "may we".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum May {
    /// Allowed.
    Yes,
    /// Denied.
    No,
    /// Nobody could say.
    Unclear,
}

/// May we list a kind in a place?
pub(super) async fn may_list(api: &Api, kind: Kind, namespace: Option<&str>) -> May {
    let info = kind.info();
    let question = SelfSubjectAccessReview {
        spec: SelfSubjectAccessReviewSpec {
            resource_attributes: Some(ResourceAttributes {
                verb: Some("list".to_owned()),
                group: Some(info.group.to_owned()),
                resource: Some(info.plural.to_owned()),
                namespace: namespace.map(str::to_owned),
                ..ResourceAttributes::default()
            }),
            ..SelfSubjectAccessReviewSpec::default()
        },
        ..SelfSubjectAccessReview::default()
    };
    match api.review(ACCESS, &question).await {
        Ok(SelfSubjectAccessReview {
            status: Some(status),
            ..
        }) if status.allowed => May::Yes,
        // An authorizer that failed says so beside "not allowed": that is no denial.
        Ok(SelfSubjectAccessReview {
            status: Some(status),
            ..
        }) if status.evaluation_error.as_deref().is_none_or(str::is_empty) => May::No,
        Ok(_) => May::Unclear,
        Err(failure) => {
            tracing::info!(kind = info.plural, why = %failure, "review failed");
            May::Unclear
        }
    }
}

/// What we may do in one namespace, in one question.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules {
    rules: Vec<ResourceRule>,
    complete: bool,
}

impl Rules {
    pub(super) async fn ask(api: &Api, namespace: &str) -> Rules {
        let spec = SelfSubjectRulesReviewSpec {
            namespace: Some(namespace.to_owned()),
        };
        let question = SelfSubjectRulesReview {
            spec,
            ..SelfSubjectRulesReview::default()
        };
        match api.review(RULES, &question).await {
            Ok(SelfSubjectRulesReview {
                status: Some(status),
                ..
            }) => Rules {
                complete: !status.incomplete,
                rules: status.resource_rules,
            },
            _ => Rules::default(),
        }
    }

    /// May we list a kind there? A cloud's authorizer often cannot list its rules: then the single question decides.
    pub(super) async fn may_list(&self, api: &Api, kind: Kind, namespace: &str) -> May {
        if self.grants("list", kind, None) {
            return May::Yes;
        }
        if self.complete {
            May::No
        } else {
            may_list(api, kind, Some(namespace)).await
        }
    }

    /// May we get the Namespace object itself? Its own name is the namespace of the question.
    pub(super) fn may_get_namespace(&self, name: &str) -> bool {
        self.grants("get", Kind::Namespace, Some(name)) || !self.complete
    }

    fn grants(&self, verb: &str, kind: Kind, name: Option<&str>) -> bool {
        let info = kind.info();
        let has = |list: Option<&Vec<String>>, word: &str| {
            list.is_some_and(|l| l.iter().any(|w| w == word || w == "*"))
        };
        self.rules.iter().any(|rule| {
            let names = rule
                .resource_names
                .as_ref()
                .filter(|names| !names.is_empty());
            rule.verbs.iter().any(|v| v == verb || v == "*")
                && has(rule.api_groups.as_ref(), info.group)
                && has(rule.resources.as_ref(), info.plural)
                && names
                    .is_none_or(|names| name.is_some_and(|name| names.iter().any(|n| n == name)))
        })
    }
}

/// Whether a webhook authorizer is asked beside RBAC: it cannot list its rules, and the server says so of anybody. (Its words
/// are in kubernetes/apiserver `plugin/pkg/authorizer/webhook/webhook.go`.)
pub(super) async fn webhook_authorizer(api: &Api) -> bool {
    let question = SelfSubjectRulesReview {
        spec: SelfSubjectRulesReviewSpec {
            namespace: Some("kube-system".to_owned()),
        },
        ..SelfSubjectRulesReview::default()
    };
    let answer: Result<SelfSubjectRulesReview, Failure> = api.review(RULES, &question).await;
    let status = answer.ok().and_then(|review| review.status);
    let error = status.and_then(|status| status.evaluation_error);
    error.is_some_and(|error| error.contains("webhook authorizer does not support"))
}

/// Who the server says we are; empty when it cannot say (before 1.27, or not allowed).
pub(super) async fn identity(api: &Api) -> Result<String, Failure> {
    for version in ["v1", "v1beta1"] {
        let question = serde_json::json!({ "apiVersion": format!("authentication.k8s.io/{version}"), "kind": "SelfSubjectReview" });
        let path = format!("/apis/authentication.k8s.io/{version}/selfsubjectreviews");
        match api.review(&path, &question).await {
            Ok(answer) => {
                let review: Option<SelfSubjectReview> = serde_json::from_value(answer).ok();
                let user = review.and_then(|r| r.status?.user_info?.username);
                return Ok(user.unwrap_or_default());
            }
            Err(Failure::NotServed | Failure::Forbidden(_)) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(String::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(verbs: &[&str], groups: &[&str], resources: &[&str], names: &[&str]) -> Rules {
        let list = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>();
        let rule = ResourceRule {
            verbs: list(verbs),
            api_groups: Some(list(groups)),
            resources: Some(list(resources)),
            resource_names: Some(list(names)),
        };
        Rules {
            rules: vec![rule],
            complete: true,
        }
    }

    #[test]
    fn rules_are_read_as_the_authorizer_reads_them() {
        assert!(rule(&["get", "list"], &[""], &["pods"], &[]).grants("list", Kind::Pod, None));
        assert!(rule(&["*"], &["*"], &["*"], &[]).grants("list", Kind::Deployment, None));
        assert!(!rule(&["get"], &[""], &["pods"], &[]).grants("list", Kind::Pod, None));
        assert!(!rule(&["list"], &["apps"], &["pods"], &[]).grants("list", Kind::Pod, None));
        assert!(!rule(&["list"], &[""], &["pods/log"], &[]).grants("list", Kind::Pod, None));
        // A rule for single names lets nobody list the whole.
        assert!(!rule(&["list"], &[""], &["pods"], &["cart"]).grants("list", Kind::Pod, None));
        assert!(rule(&["get"], &[""], &["namespaces"], &["shop"]).may_get_namespace("shop"));
        assert!(!rule(&["get"], &[""], &["namespaces"], &["shop"]).may_get_namespace("pay"));
    }
}
