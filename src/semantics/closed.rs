//! What a world from files has beside what is written in them: the stock RBAC of its version, and what the controller manager
//! makes of its roles.

use std::collections::BTreeSet;

use super::rbac::{aggregation, stock};
use crate::model::{Object, ObjectKey, ServerVersion};

/// Adds what every cluster has and fills in what its controllers write.
pub fn complete(objects: &mut Vec<Object>) {
    let stock = stock::assumed(version(objects).as_ref());
    let present: BTreeSet<ObjectKey> = objects.iter().map(|o| o.key().clone()).collect();
    objects.extend(stock.into_iter().filter(|o| !present.contains(o.key())));
    aggregation::fill(objects);
}

/// The version that the API server has at least: a kubelet is never newer (the version skew policy of Kubernetes).
fn version(objects: &[Object]) -> Option<ServerVersion> {
    let kubelets = objects.iter().filter_map(|object| match object {
        Object::Node(node) => ServerVersion::parse(&node.kubelet),
        _ => None,
    });
    kubelets.max_by_key(|version| (version.major, version.minor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;
    use crate::model::ObjectKind;
    use crate::source::wire::{Pool, decode_value};

    fn object(yaml: &str) -> Object {
        let value: serde_json::Value = serde_saphyr::from_str(yaml).unwrap();
        let text = |field: &str| value[field].as_str().unwrap().to_owned();
        let kind = ObjectKind::from_manifest(&text("apiVersion"), &text("kind"));
        decode_value(kind.known().unwrap(), &value, &mut Pool::new()).unwrap()
    }

    fn node(name: &str, kubelet: &str) -> Object {
        object(&format!(
            "apiVersion: v1\nkind: Node\nmetadata: {{name: {name}}}\nstatus: {{nodeInfo: {{kubeletVersion: {kubelet}}}}}\n"
        ))
    }

    #[test]
    fn stock_rbac_is_that_of_the_newest_kubelet() {
        let mut objects = vec![node("a", "v1.32.9"), node("b", "v1.33.1-gke.100")];
        complete(&mut objects);
        let mut expected = vec![node("a", "v1.32.9"), node("b", "v1.33.1-gke.100")];
        expected.extend(stock::assumed(ServerVersion::parse("v1.33.0").as_ref()));
        assert_eq!(objects, expected);
        assert_ne!(expected[2..], stock::assumed(None)[..]);
    }

    #[test]
    fn what_is_written_stands_in_the_place_of_its_stock_twin() {
        let key = ObjectKey::cluster(Kind::ClusterRole, "cluster-admin");
        let written = object(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: cluster-admin}\n",
        );
        let mut objects = vec![written.clone()];
        complete(&mut objects);
        let found: Vec<&Object> = objects.iter().filter(|o| *o.key() == key).collect();
        assert_eq!(found, [&written]);
    }
}
