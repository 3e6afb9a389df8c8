//! What pods and containers have alike in their `securityContext`: profiles and options that are maps.

use serde_json::{Value, json};

use super::{Marks, option, touch};
use crate::fix::touch::{Seg, below};
use crate::fix::write;
use crate::model::Str;
use crate::model::objects::container::{SeLinux, Seccomp};

/// `seccompProfile`: the type is set, and a localhost profile that no longer fits is taken away.
pub(super) fn seccomp(head: &[Seg], now: Option<&Seccomp>, then: Option<&Str>) -> Marks {
    let path = below(head, "securityContext.seccompProfile");
    let whole = |s: &Seccomp| {
        write::map([
            ("type", write::text(&s.kind)),
            (
                "localhostProfile",
                s.localhost.as_deref().map_or(Value::Null, write::text),
            ),
        ])
    };
    let Some(then) = then else {
        return touch(path, now.map_or(Value::Null, whole), Value::Null).into();
    };
    let was = |pick: fn(&Seccomp) -> Option<&Str>| {
        now.and_then(pick).map_or(Value::Null, |s| write::text(s))
    };
    if now.is_none() {
        return touch(path, Value::Null, json!({"type": &**then})).into();
    }
    let fields = [
        ("type", was(|s| Some(&s.kind)), write::text(then)),
        (
            "localhostProfile",
            was(|s| s.localhost.as_ref()),
            Value::Null,
        ),
    ];
    Marks {
        touches: fields
            .map(|(field, now, then)| touch(below(&path, field), now, then))
            .into(),
        ..Marks::default()
    }
}

/// `appArmorProfile`. Facts hold no localhost profile: it goes with a type that has one.
pub(super) fn apparmor(head: &[Seg], now: Option<&Str>, then: Option<&Str>) -> Marks {
    let path = below(head, "securityContext.appArmorProfile");
    let typed = |kind: &Str| json!({"type": &**kind});
    let mut marks = Marks::default();
    if now.is_some_and(|now| &**now == "Localhost") && now != then {
        marks.lost.push("the name of the AppArmor profile".into());
        if then.is_some() {
            // Facts do not know the name, only that there is one.
            marks.touches.push(touch(
                below(&path, "localhostProfile"),
                json!(""),
                Value::Null,
            ));
        }
    }
    marks.touches.push(match (now, then) {
        (Some(now), Some(then)) => touch(below(&path, "type"), write::text(now), write::text(then)),
        (now, then) => touch(
            path,
            now.map_or(Value::Null, typed),
            then.map_or(Value::Null, typed),
        ),
    });
    marks
}

/// `seLinuxOptions`, but for its `level`.
pub(super) fn selinux(head: &[Seg], now: &SeLinux, then: &SeLinux) -> Marks {
    let head = below(head, "securityContext.seLinuxOptions");
    let fields = [
        ("type", &now.kind, &then.kind),
        ("user", &now.user, &then.user),
        ("role", &now.role, &then.role),
    ];
    let touches = fields.map(|(field, now, then)| {
        touch(
            below(&head, field),
            write::or_unset(now),
            write::or_unset(then),
        )
    });
    Marks {
        touches: touches.into(),
        ..Marks::default()
    }
}

/// `windowsOptions.hostProcess`, taken away.
pub(super) fn host_process(head: &[Seg], now: Option<bool>) -> Marks {
    let path = below(head, "securityContext.windowsOptions.hostProcess");
    touch(path, option(now), Value::Null).into()
}
