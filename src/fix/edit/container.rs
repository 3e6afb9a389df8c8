//! Edits of one container.

use serde_json::{Value, json};

use super::pod::container_path;
use super::security::{apparmor, host_process, seccomp, selinux};
use super::{Marks, Op, Spec, option, touch, volume};
use crate::fix::touch::{Seg, below};
use crate::fix::write;
use crate::model::Str;
use crate::model::change::ContainerEdit;
use crate::model::objects::container::{Container, ContainerPort};

pub(super) fn marks(name: &Str, edit: &ContainerEdit, at: &Spec<'_>) -> Option<Marks> {
    let container = at.pod.container(name)?;
    let head = container_path(&at.path, container);
    let security = &container.security;
    let one = |field: &str, now: Value, then: Value| -> Marks {
        touch(below(&head, field), now, then).into()
    };
    Some(match edit {
        ContainerEdit::Privileged(on) => one(
            "securityContext.privileged",
            option(security.privileged),
            json!(on),
        ),
        ContainerEdit::Escalation(on) => one(
            "securityContext.allowPrivilegeEscalation",
            option(security.escalation),
            json!(on),
        ),
        ContainerEdit::NonRoot(on) => one(
            "securityContext.runAsNonRoot",
            option(security.non_root),
            option(*on),
        ),
        ContainerEdit::User(user) => one(
            "securityContext.runAsUser",
            option(security.user),
            option(*user),
        ),
        ContainerEdit::ReadOnlyRoot(on) => one(
            "securityContext.readOnlyRootFilesystem",
            option(security.read_only_root),
            json!(on),
        ),
        ContainerEdit::Capabilities(add, drop) => {
            let head = below(&head, "securityContext.capabilities");
            let lists = [("add", &security.add, add), ("drop", &security.drop, drop)];
            let touches = lists.map(|(field, now, then)| {
                touch(below(&head, field), write::texts(now), write::texts(then))
            });
            Marks {
                touches: touches.into(),
                ..Marks::default()
            }
        }
        ContainerEdit::Seccomp(kind) => seccomp(&head, security.seccomp.as_ref(), kind.as_ref()),
        ContainerEdit::AppArmor(kind) => apparmor(&head, security.apparmor.as_ref(), kind.as_ref()),
        ContainerEdit::SeLinux(then) => selinux(&head, security.selinux.as_ref()?, then),
        ContainerEdit::RemoveProcMount => one(
            "securityContext.procMount",
            write::text(security.proc_mount.as_ref()?),
            Value::Null,
        ),
        ContainerEdit::RemoveHostProcess => host_process(&head, security.host_process),
        ContainerEdit::RemoveProbeHost(path) => {
            let (_, host) = container.probe_hosts.iter().find(|(p, _)| p == path)?;
            one(path, write::text(host), Value::Null)
        }
        ContainerEdit::Mount(name, path) => volume::mount(name, path, &head, container),
        ContainerEdit::ReadOnlyMount(path) => volume::read_only(path, &head, container)?,
        ContainerEdit::PullPolicy(policy) => one(
            "imagePullPolicy",
            container.pull.as_deref().map_or(Value::Null, write::text),
            write::text(policy),
        ),
        ContainerEdit::Image(image) => {
            one("image", write::text(&container.image), write::text(image))
        }
        ContainerEdit::RemoveHostPort(port, protocol, host_port, _) => {
            let is = |p: &ContainerPort| {
                p.port == *port && p.protocol == *protocol && p.host_port == *host_port
            };
            let index = container.ports.iter().position(is)?;
            host_port_off(index, container, at, &head)?
        }
    })
}

/// Ports merge by `containerPort` alone, so `hostPort: null` on 53/UDP would hit 53/TCP: where the number is repeated
/// the port is named by its place, behind tests of what must stand there.
fn host_port_off(
    index: usize,
    container: &Container,
    at: &Spec<'_>,
    head: &[Seg],
) -> Option<Marks> {
    let port = container.ports.get(index)?;
    let same = container.ports.iter().filter(|p| p.port == port.port);
    if same.count() == 1 {
        let mut item = below(head, "ports");
        item.push(Seg::Item("containerPort", json!(port.port), index as u16));
        let fields = [
            ("hostPort", json!(port.host_port)),
            ("hostIP", write::or_unset(&port.host_ip)),
        ];
        let touches = fields.map(|(field, now)| touch(below(&item, field), now, Value::Null));
        return Some(Marks {
            touches: touches.into(),
            ..Marks::default()
        });
    }
    let owner = format!(
        "{}/{}/{}",
        at.pointer,
        container.list.field(),
        container.index
    );
    let mut op = Op::default();
    op.expect(&format!("{owner}/name"), write::text(&container.name));
    for (at, sibling) in container
        .ports
        .iter()
        .enumerate()
        .filter(|(_, p)| p.port == port.port)
    {
        let path = format!("{owner}/ports/{at}");
        op.expect(&format!("{path}/containerPort"), json!(sibling.port));
        // TCP may be unset; every other protocol is written.
        if &*sibling.protocol != "TCP" {
            op.expect(&format!("{path}/protocol"), write::text(&sibling.protocol));
        }
    }
    let path = format!("{owner}/ports/{index}");
    op.expect(&format!("{path}/hostPort"), json!(port.host_port));
    op.remove(&format!("{path}/hostPort"), json!(port.host_port));
    if !port.host_ip.is_empty() {
        op.remove(&format!("{path}/hostIP"), write::text(&port.host_ip));
    }
    Some(Marks {
        ops: vec![op],
        ..Marks::default()
    })
}
