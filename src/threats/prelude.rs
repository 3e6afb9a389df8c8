//! What every check and story file imports.

pub use super::{
    Actor, Check, Control, Draft, Example, Fix, POD_KINDS, Question, RestsOn, Scenes, Scope, Sink,
    Story, StoryStep, Threat,
};
pub use crate::fix::Remedy;
pub use crate::model::change::{
    Change, ContainerEdit, Edit, IngressEdit, PodEdit, RuleEdit, ServiceEdit,
};
pub use crate::model::objects::container::{Container, List};
pub use crate::model::objects::pod_spec::PodSpec;
pub use crate::model::objects::volume::{Volume, VolumeSource};
pub use crate::model::{
    Evidence, Finding, Kind, Missing, Object, ObjectKey, Origin, Part, Severity, Str, Subject,
    ThreatId,
};
pub(crate) use crate::semantics::paths::{Goal, Survey};
pub(crate) use crate::threats::{WAYS, Walk};
pub use crate::view::{Look, PodLike, View, Workload};
