//! The stock objects as facts: what a cluster has before anybody writes to it.

use super::table::{StockBinding, StockRole, TABLE};
use crate::model::objects::access::{Binding, Role};
use crate::model::objects::selector::Selector;
use crate::model::{Labels, Meta, Object, ObjectKey, ServerVersion, Str};

/// The stock roles and bindings of a version (`None`: the newest that is known), marked as assumed.
///
/// One table serves every version. Compared with it, 1.31 to 1.37 differ in roles of controllers and of the scheduler, and
/// by a few rules of `edit` and `view` for APIs that came later (`neighbours.txt`): nobody else's rights depend on it.
pub fn assumed(_version: Option<&ServerVersion>) -> Vec<Object> {
    let table = &*TABLE;
    let roles = table
        .roles
        .iter()
        .filter(|(_, role)| role.fresh)
        .map(|(key, role)| Object::Role(as_role(key, role)));
    let bindings = table
        .bindings
        .iter()
        .filter(|(_, binding)| binding.fresh)
        .map(|(key, binding)| Object::Binding(as_binding(key, binding)));
    roles.chain(bindings).collect()
}

fn as_role(key: &ObjectKey, role: &StockRole) -> Role {
    let labels = role.into.iter().map(|name| aggregate_label(name));
    let aggregation = role.from.iter().map(|name| Selector {
        labels: Labels::new([aggregate_label(name)]),
        expressions: Box::default(),
    });
    Role {
        meta: meta(key, labels),
        rules: TABLE.rules(role, false).into(),
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

    #[test]
    fn every_stock_object_is_there_and_is_its_own_twin() {
        let objects = assumed(None);
        let roles: Vec<&Role> = objects.iter().filter_map(role).collect();
        assert_eq!(roles.len(), 31 + 38 + 7);
        assert_eq!(objects.len() - roles.len(), 12 + 38 + 7);
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
