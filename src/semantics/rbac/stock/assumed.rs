//! The stock objects as facts: what a cluster has before anybody writes to it.

use super::minors::nearest;
use super::table::{StockBinding, StockRole, TABLE};
use crate::model::objects::access::{Binding, Role};
use crate::model::objects::selector::Selector;
use crate::model::{Labels, Meta, Object, ObjectKey, ServerVersion, Str};

/// The stock roles and bindings that an API server of this version writes (`None`: the newest that is known; for one that is
/// not known the nearest), marked as assumed.
pub fn assumed(version: Option<&ServerVersion>) -> Vec<Object> {
    let table = &*TABLE;
    let minor = nearest(version);
    let roles = table
        .roles
        .iter()
        .filter(|(_, role)| role.minors.has(minor))
        .map(|(key, role)| Object::Role(as_role(key, role, minor)));
    let bindings = table
        .bindings
        .iter()
        .filter(|(_, binding)| binding.minors.has(minor))
        .map(|(key, binding)| Object::Binding(as_binding(key, binding)));
    roles.chain(bindings).collect()
}

fn as_role(key: &ObjectKey, role: &StockRole, minor: u32) -> Role {
    let labels = role.into.iter().map(|name| aggregate_label(name));
    let aggregation = role.from.iter().map(|name| Selector {
        labels: Labels::new([aggregate_label(name)]),
        expressions: Box::default(),
    });
    Role {
        meta: meta(key, labels),
        rules: TABLE.rules(role, Some(minor)).into(),
        aggregation: (!role.from.is_empty()).then(|| aggregation.collect()),
        assumed: true,
    }
}

fn as_binding(key: &ObjectKey, binding: &StockBinding) -> Binding {
    Binding {
        meta: meta(key, []),
        role: binding.role.clone(),
        subjects: binding.subjects.clone().into(),
        assumed: true,
    }
}

fn aggregate_label(name: &str) -> (Str, Str) {
    (
        format!("rbac.authorization.k8s.io/aggregate-to-{name}").into(),
        "true".into(),
    )
}

fn meta(key: &ObjectKey, labels: impl IntoIterator<Item = (Str, Str)>) -> Meta {
    let stock = ("kubernetes.io/bootstrapping".into(), "rbac-defaults".into());
    Meta {
        labels: Labels::new(labels.into_iter().chain([stock])),
        annotations: Labels::of(&[("rbac.authorization.kubernetes.io/autoupdate", "true")]),
        ..Meta::bare(key.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{extra_rules, is_untouched};
    use super::*;
    use crate::view::World;

    fn of(git: &str) -> Vec<Object> {
        assumed(ServerVersion::parse(git).as_ref())
    }

    /// Roles, bindings and rules as they stand in the test data of each version, those of aggregated roles apart.
    const COUNTS: [(&str, usize, usize, usize); 7] = [
        ("v1.31.0", 64 + 7, 45 + 7, 285),
        ("v1.32.0", 64 + 7, 45 + 7, 283),
        ("v1.33.0", 66 + 7, 47 + 7, 295),
        ("v1.34.0", 68 + 7, 49 + 7, 316),
        ("v1.35.0", 68 + 7, 49 + 7, 314),
        ("v1.36.3", 69 + 7, 50 + 7, 322),
        ("v1.37.0", 73 + 7, 54 + 7, 337),
    ];

    #[test]
    fn every_stock_object_of_every_version_is_there_and_is_its_own_twin() {
        for (version, role_count, binding_count, rules) in COUNTS {
            let objects = of(version);
            let roles: Vec<&Role> = objects.iter().filter_map(role).collect();
            let written = roles.iter().filter(|role| role.aggregation.is_none());
            let written: usize = written.map(|role| role.rules.len()).sum();
            let bindings = objects.len() - roles.len();
            assert_eq!(
                (roles.len(), bindings, written),
                (role_count, binding_count, rules),
                "{version}"
            );
            for role in &roles {
                assert_eq!(extra_rules(role), Some(Vec::new()), "{}", role.meta.key);
                assert!(!role.rules.is_empty(), "{}", role.meta.key);
            }
            let world = World::closed(objects.clone());
            let view = crate::view::View::new(&world);
            for object in &objects {
                if let Object::Binding(binding) = object {
                    let role = crate::semantics::rbac::role_of(&view, binding)
                        .seen()
                        .unwrap();
                    assert!(is_untouched(binding, role), "{}", binding.meta.key);
                }
            }
        }
    }

    #[test]
    fn a_version_has_what_it_writes_and_not_what_others_do() {
        let has = |version: &str, name: &str, resource: &str| {
            of(version).iter().filter_map(role).any(|role| {
                let rules = role.rules.iter().flat_map(|rule| rule.resources.iter());
                &*role.meta.key.name == name && rules.clone().any(|r| &**r == resource)
            })
        };
        // Dynamic resource allocation reached the namespace roles with 1.34.
        assert!(
            !has("v1.33.9", "edit", "resourceclaims") && has("v1.34.0", "edit", "resourceclaims")
        );
        // The controllers' lock moved from ConfigMaps to Leases alone with 1.35.
        let lock = "system::leader-locking-kube-scheduler";
        assert!(has("v1.34.2", lock, "configmaps") && !has("v1.35.0", lock, "configmaps"));
        assert_eq!(of("v1.20.0"), of("v1.31.0"));
        assert_eq!(assumed(None), of("v1.37.0"));
    }

    #[test]
    fn aggregated_roles_are_filled_as_the_controller_fills_them() {
        let objects = assumed(None);
        let rules = |name: &str| {
            let found = objects
                .iter()
                .filter_map(role)
                .find(|r| &*r.meta.key.name == name);
            found.unwrap().rules.len()
        };
        let (view, edit, admin) = (rules("view"), rules("edit"), rules("admin"));
        assert_eq!(view, rules("system:aggregate-to-view"));
        assert_eq!(edit, view + rules("system:aggregate-to-edit"));
        assert_eq!(admin, edit + rules("system:aggregate-to-admin"));
    }

    fn role(object: &Object) -> Option<&Role> {
        match object {
            Object::Role(role) => Some(role),
            _ => None,
        }
    }
}
