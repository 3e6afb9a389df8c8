//! Edits of volumes and of what mounts them.

use serde_json::{Value, json};

use super::pod::container_path;
use super::{Marks, Spec, touch};
use crate::fix::touch::{Seg, Touch, below};
use crate::fix::write;
use crate::model::Str;
use crate::model::objects::container::{Container, List};
use crate::model::objects::volume::VolumeSource;

/// A volume goes, with every mount of it.
pub(super) fn remove(name: &Str, at: &Spec<'_>) -> Option<Marks> {
    let volume = at.pod.volume(name)?;
    let mut marks = Marks::default();
    let mut path = below(&at.path, "volumes");
    path.push(Seg::Item("name", write::text(name), volume.index));
    let source = write::source(&volume.source);
    if source.is_none() {
        marks.lost.push(format!("the details of volume {name}"));
    }
    let was = source.map(|source| json!({write::field(&volume.source): source}));
    marks.touches.push(gone(path, was.unwrap_or(Value::Null)));
    for container in at
        .pod
        .containers
        .iter()
        .filter(|c| c.list != List::Ephemeral)
    {
        for (index, mount) in container.mounts.iter().enumerate() {
            if mount.volume == *name {
                let mut path = below(&container_path(&at.path, container), "volumeMounts");
                path.push(Seg::Item(
                    "mountPath",
                    write::text(&mount.path),
                    index as u16,
                ));
                marks.touches.push(gone(path, Value::Null));
                marks
                    .lost
                    .push(format!("the details of the mount at {}", mount.path));
            }
        }
    }
    Some(marks)
}

/// An emptyDir in place of what a volume is now.
pub(super) fn empty_dir(name: &Str, at: &Spec<'_>) -> Option<Marks> {
    let volume = at.pod.volume(name)?;
    let mut marks = Marks::default();
    let mut item = below(&at.path, "volumes");
    item.push(Seg::Item("name", write::text(name), volume.index));
    if let VolumeSource::EmptyDir { medium, .. } = &volume.source {
        let path = below(&item, "emptyDir.medium");
        return Some(touch(path, write::or_unset(medium), Value::Null).into());
    }
    let source = write::source(&volume.source);
    if source.is_none() {
        marks.lost.push(format!("the details of volume {name}"));
    }
    let old = below(&item, write::field(&volume.source));
    marks.touches = vec![
        touch(old, source.unwrap_or_else(|| json!({})), Value::Null),
        touch(below(&item, "emptyDir"), Value::Null, json!({})),
    ];
    Some(marks)
}

/// A new volume, after those that are there.
pub(super) fn add_empty_dir(name: &Str, at: &Spec<'_>) -> Marks {
    let list = below(&at.path, "volumes");
    let last = at.pod.volumes.last();
    let last = last.map(|v| Seg::Item("name", write::text(&v.name), v.index));
    let place = at.pod.volumes.len() as u16;
    let new = Seg::Item("name", write::text(name), place);
    added(&list, last, new, json!({"emptyDir": {}}))
}

/// A new mount, after those that are there.
pub(super) fn mount(volume: &Str, path: &Str, head: &[Seg], container: &Container) -> Marks {
    let list = below(head, "volumeMounts");
    let place = container.mounts.len() as u16;
    let last = container.mounts.last();
    let last = last.map(|m| Seg::Item("mountPath", write::text(&m.path), place - 1));
    let new = Seg::Item("mountPath", write::text(path), place);
    added(&list, last, new, json!({"name": &**volume}))
}

/// `readOnly: true` of a mount.
pub(super) fn read_only(path: &Str, head: &[Seg], container: &Container) -> Option<Marks> {
    let place = container.mounts.iter().position(|m| m.path == *path)?;
    let mount = container.mounts.get(place)?;
    let mut item = below(head, "volumeMounts");
    item.push(Seg::Item("mountPath", write::text(path), place as u16));
    let now = if mount.read_only {
        json!(true)
    } else {
        Value::Null
    };
    Some(touch(below(&item, "readOnly"), now, json!(true)).into())
}

/// An item that comes.
fn added(list: &[Seg], last: Option<Seg>, new: Seg, with: Value) -> Marks {
    let at = |item: Seg| list.iter().cloned().chain([item]).collect();
    let new = touch(at(new), json!({"$patch": "delete"}), with);
    Marks {
        touches: last
            .map(|l| Touch::anchor(at(l)))
            .into_iter()
            .chain([new])
            .collect(),
        ..Marks::default()
    }
}

/// An item that goes; `was` is what stood in it beside its merge key.
pub(super) fn gone(path: Vec<Seg>, was: Value) -> Touch {
    touch(path, was, json!({"$patch": "delete"}))
}
