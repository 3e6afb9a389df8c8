//! Objects that own a pod template.

use super::fields::wire;
use super::lenient::{List, Pairs, Text};
use super::metadata::Metadata;
use super::pod_spec::PodSpecWire;
use super::pool::Pool;
use super::selector::{LabelSelector, optional};
use super::{DecodeError, Wire, metadata};
use crate::model::objects::selector::Selector;
use crate::model::objects::workload::{Template, Workload};
use crate::model::{Kind, Object, Str};

wire! {
    /// Deployment, StatefulSet, DaemonSet, ReplicaSet, Job.
    pub(super) struct WorkloadWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<Spec<'a>> = "spec",
        status: Option<Status<'a>> = "status",
    }
}

wire! {
    struct Status<'a> {
        conditions: List<Condition<'a>> = "conditions",
    }
}

wire! {
    struct Condition<'a> {
        r#type: Text<'a> = "type",
        status: Text<'a> = "status",
        message: Text<'a> = "message",
    }
}

/// Messages repeat what was asked for, and that can be long.
const LONGEST_MESSAGE: usize = 1024;

impl Status<'_> {
    fn refused(status: Option<&Status<'_>>, pool: &mut Pool) -> Option<Str> {
        let failure = status?.conditions.iter().find(|condition| {
            condition.r#type.as_str() == "ReplicaFailure" && condition.status.as_str() == "True"
        })?;
        let message = failure.message.as_str();
        let mut end = message.len().min(LONGEST_MESSAGE);
        while !message.is_char_boundary(end) {
            end -= 1;
        }
        Some(pool.get(&message[..end]))
    }
}

wire! {
    struct Spec<'a> {
        template: Option<TemplateWire<'a>> = "template",
        selector: Option<LabelSelector<'a>> = "selector",
        replicas: Option<i32> = "replicas",
        suspend: Option<bool> = "suspend",
    }
}

wire! {
    struct TemplateWire<'a> {
        metadata: Option<Metadata<'a>> = "metadata",
        spec: Option<PodSpecWire<'a>> = "spec",
    }
}

impl TemplateWire<'_> {
    fn fact(&self, pool: &mut Pool) -> Template {
        let (labels, annotations) = self
            .metadata
            .as_ref()
            .map(|m| m.template(pool))
            .unwrap_or_default();
        let spec = match &self.spec {
            Some(spec) => spec.fact(false, pool),
            None => pool.spec(crate::model::objects::pod_spec::PodSpec::default()),
        };
        Template {
            labels,
            annotations,
            spec,
        }
    }
}

impl<'de> Wire<'de> for WorkloadWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let meta = self.metadata.fact(kind, pool)?;
        // A ReplicaSet with a controller is only a step between pods and their owner: its template says nothing new.
        if kind == Kind::ReplicaSet && self.metadata.is_controlled() {
            return Ok(Object::MetadataOnly(meta));
        }
        let spec = self.spec.unwrap_or_default();
        Ok(Object::Workload(Workload {
            meta,
            template: spec.template.unwrap_or_default().fact(pool),
            selector: optional(spec.selector.as_ref(), pool),
            replicas: spec.replicas,
            suspended: spec.suspend.unwrap_or(false),
            refused: Status::refused(self.status.as_ref(), pool),
        }))
    }
}

wire! {
    /// ReplicationController: its selector is a plain map.
    pub(super) struct ControllerWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<ControllerSpec<'a>> = "spec",
        status: Option<Status<'a>> = "status",
    }
}

wire! {
    struct ControllerSpec<'a> {
        template: Option<TemplateWire<'a>> = "template",
        selector: Pairs<'a> = "selector",
        replicas: Option<i32> = "replicas",
    }
}

impl<'de> Wire<'de> for ControllerWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let spec = self.spec.unwrap_or_default();
        let labels = pool.labels(&spec.selector, |_| true);
        Ok(Object::Workload(Workload {
            meta: self.metadata.fact(kind, pool)?,
            template: spec.template.unwrap_or_default().fact(pool),
            selector: (!labels.is_empty()).then(|| Selector {
                labels,
                ..Selector::default()
            }),
            replicas: spec.replicas,
            suspended: false,
            refused: Status::refused(self.status.as_ref(), pool),
        }))
    }
}

wire! {
    /// CronJob: a template of a job that holds a template of pods.
    pub(super) struct CronJobWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<CronSpec<'a>> = "spec",
    }
}

wire! {
    struct CronSpec<'a> {
        suspend: Option<bool> = "suspend",
        job_template: Option<JobTemplate<'a>> = "jobTemplate",
    }
}

wire! {
    struct JobTemplate<'a> {
        spec: Option<Spec<'a>> = "spec",
    }
}

impl<'de> Wire<'de> for CronJobWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let spec = self.spec.unwrap_or_default();
        let job = spec
            .job_template
            .and_then(|template| template.spec)
            .unwrap_or_default();
        Ok(Object::Workload(Workload {
            meta: self.metadata.fact(kind, pool)?,
            template: job.template.unwrap_or_default().fact(pool),
            selector: optional(job.selector.as_ref(), pool),
            replicas: None,
            suspended: spec.suspend.unwrap_or(false),
            refused: None,
        }))
    }
}

impl<'de> Wire<'de> for metadata::Only<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        Ok(Object::MetadataOnly(self.metadata.fact(kind, pool)?))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]
    use super::super::testing::decoded;
    use super::*;

    const TEMPLATE: &str = r#""template":{"metadata":{"labels":{"app":"web"},"annotations":{"seccomp.security.alpha.kubernetes.io/pod":"x","other":"y"}},
        "spec":{"containers":[{"name":"web","image":"web:1"}]}}"#;

    fn workload(kind: Kind, rest: &str) -> Workload {
        match decoded(
            kind,
            &format!(r#"{{"metadata":{{"name":"web","namespace":"shop"}},{rest}}}"#),
        ) {
            Object::Workload(workload) => workload,
            other => panic!("another kind: {other:?}"),
        }
    }

    #[test]
    fn templates_of_every_kind() {
        let plain = format!(
            r#""spec":{{"replicas":3,"selector":{{"matchLabels":{{"app":"web"}}}},{TEMPLATE}}}"#
        );
        for kind in [
            Kind::Deployment,
            Kind::StatefulSet,
            Kind::DaemonSet,
            Kind::ReplicaSet,
            Kind::Job,
        ] {
            let workload = workload(kind, &plain);
            assert_eq!(
                (workload.replicas, workload.suspended),
                (Some(3), false),
                "{kind}"
            );
            assert_eq!(&*workload.template.spec.containers[0].image, "web:1");
            assert_eq!(
                (
                    workload.template.labels.len(),
                    workload.template.annotations.len()
                ),
                (1, 1)
            );
            assert_eq!(workload.selector.map(|s| s.labels.len()), Some(1));
        }
        let controller =
            format!(r#""spec":{{"replicas":0,"selector":{{"app":"web"}},{TEMPLATE}}}"#);
        assert_eq!(
            workload(Kind::ReplicationController, &controller)
                .selector
                .map(|s| s.labels.len()),
            Some(1)
        );
        let cron = format!(
            r#""spec":{{"schedule":"* * * * *","suspend":true,"jobTemplate":{{"spec":{{{TEMPLATE}}}}}}}"#
        );
        let cron = workload(Kind::CronJob, &cron);
        assert!(cron.suspended && cron.replicas.is_none() && cron.selector.is_none());
        assert_eq!(&*cron.template.spec.containers[0].name, "web");
    }

    #[test]
    fn a_refusal_to_create_pods_is_kept() {
        let with = |status: &str| {
            let rest = format!(
                r#""spec":{{{TEMPLATE}}},"status":{{"conditions":[{{"type":"Available","status":"False"}},
                {{"type":"ReplicaFailure","status":"{status}","message":"pods \"web-1\" is forbidden"}}]}}"#
            );
            workload(Kind::Deployment, &rest).refused
        };
        assert_eq!(with("True").as_deref(), Some("pods \"web-1\" is forbidden"));
        assert_eq!(with("False"), None);
    }

    #[test]
    fn a_replica_set_with_a_controller_is_metadata() {
        let owner = |controller: bool| {
            format!(
                r#"{{"metadata":{{"name":"web-1","namespace":"shop","ownerReferences":[{{"apiVersion":"apps/v1","kind":"Deployment","name":"web",
                "uid":"u","controller":{controller}}}]}},"spec":{{{TEMPLATE}}}}}"#
            )
        };
        assert!(matches!(
            decoded(Kind::ReplicaSet, &owner(true)),
            Object::MetadataOnly(_)
        ));
        assert!(matches!(
            decoded(Kind::ReplicaSet, &owner(false)),
            Object::Workload(_)
        ));
    }

    #[test]
    fn kinds_of_which_metadata_is_enough() {
        let json = r#"{"metadata":{"name":"crontabs.stable.example.com"},"spec":{"group":"stable.example.com"}}"#;
        assert!(matches!(
            decoded(Kind::CustomResourceDefinition, json),
            Object::MetadataOnly(_)
        ));
    }
}
