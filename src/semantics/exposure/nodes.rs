//! From where the addresses of nodes are reached. A firewall of the cloud stands in front of many, and is not in the API.

use super::address::{AddressClass, class};
use super::way::{Confidence, Level};
use crate::model::objects::node::Node;
use crate::model::{Evidence, Kind, Object, ObjectKey, Origin};
use crate::view::View;

/// From where ports on nodes are reached, and the address that says so: the farthest of one node, or of all. Nodes only
/// colour the answer: where they are hidden it is unknown, and the door stays.
pub(super) fn reach(view: &View<'_>, node: Option<&str>) -> (Level, Confidence, Option<Evidence>) {
    view.context(|view| {
        let best = nodes(view, node)
            .into_iter()
            .flat_map(|node| {
                node.addresses
                    .iter()
                    .enumerate()
                    .map(move |address| (node, address))
            })
            .filter_map(|(node, (at, (kind, address)))| {
                let level = match (&**kind, class(address)) {
                    ("ExternalIP" | "InternalIP", AddressClass::Public) => Level::Internet,
                    ("ExternalIP" | "InternalIP", AddressClass::Private) => Level::Network,
                    _ => return None,
                };
                let path = format!("status.addresses[{at}].address");
                let says = Evidence::new(&node.meta.key, path, address, Origin::Live);
                Some((level, says))
            })
            // The first of the farthest: the same node every time.
            .reduce(|best, next| if next.0 > best.0 { next } else { best });
        match best {
            Some((level, says)) => (level, Confidence::Medium, Some(says)),
            None => (Level::Unknown, Confidence::Low, None),
        }
    })
}

fn nodes<'a>(view: &View<'a>, name: Option<&str>) -> Vec<&'a Node> {
    let node = |object: &'a std::sync::Arc<Object>| match &**object {
        Object::Node(node) => Some(node),
        _ => None,
    };
    let one = name.and_then(|name| view.get(&ObjectKey::cluster(Kind::Node, name)).seen());
    match one {
        Some(object) => node(object).into_iter().collect(),
        None => view.list(Kind::Node, "").filter_map(node).collect(),
    }
}
