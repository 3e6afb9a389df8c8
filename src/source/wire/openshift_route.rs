//! OpenShift's Route.

use super::fields::wire;
use super::lenient::{IntOrText, List, Text};
use super::metadata::Metadata;
use super::pool::Pool;
use super::{DecodeError, Wire};
use crate::model::objects::openshift_route::{OpenShiftRoute, Router};
use crate::model::{Kind, Object};

wire! {
    pub(super) struct OpenShiftRouteWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<Spec<'a>> = "spec",
        status: Option<Status<'a>> = "status",
    }
}

wire! {
    struct Spec<'a> {
        host: Text<'a> = "host",
        to: Option<Target<'a>> = "to",
        alternate_backends: List<Target<'a>> = "alternateBackends",
        port: Option<Port<'a>> = "port",
    }
}

wire! {
    struct Target<'a> {
        kind: Text<'a> = "kind",
        name: Text<'a> = "name",
        weight: Option<i64> = "weight",
    }
}

wire! {
    struct Port<'a> {
        target_port: Option<IntOrText<'a>> = "targetPort",
    }
}

wire! {
    struct Status<'a> {
        ingress: List<RouterWire<'a>> = "ingress",
    }
}

wire! {
    struct RouterWire<'a> {
        router_name: Text<'a> = "routerName",
        host: Text<'a> = "host",
        conditions: List<Condition<'a>> = "conditions",
    }
}

wire! {
    struct Condition<'a> {
        r#type: Text<'a> = "type",
        status: Text<'a> = "status",
    }
}

impl<'de> Wire<'de> for OpenShiftRouteWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let spec = self.spec.unwrap_or_default();
        let targets = spec.to.iter().chain(spec.alternate_backends.iter());
        let targets = targets.filter(|t| t.weight != Some(0));
        let targets = targets.filter(|t| t.kind.is_empty() || t.kind.as_str() == "Service");
        let routers = self.status.unwrap_or_default().ingress;
        let routers = routers.iter().map(|router| Router {
            name: pool.text(&router.router_name),
            host: pool.text(&router.host),
            admitted: router
                .conditions
                .iter()
                .any(|c| c.r#type.as_str() == "Admitted" && c.status.as_str() == "True"),
        });
        let routers = routers.collect();
        let target = match spec.port.and_then(|port| port.target_port) {
            Some(IntOrText::Text(name)) if !name.is_empty() => Some(pool.text(&name)),
            Some(IntOrText::Int(number)) if number != 0 => Some(pool.get(&number.to_string())),
            _ => None,
        };
        Ok(Object::OpenShiftRoute(OpenShiftRoute {
            meta: self.metadata.fact(kind, pool)?,
            host: pool.text(&spec.host),
            services: targets.map(|t| pool.text(&t.name)).collect(),
            target,
            routers,
        }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]
    use super::super::testing::decoded;
    use super::*;

    #[test]
    fn decodes() {
        let json = r#"{"metadata":{"name":"web","namespace":"shop"},"spec":{"host":"web.apps.example.com","to":{"kind":"Service","name":"web","weight":100},
            "alternateBackends":[{"kind":"Service","name":"old","weight":0},{"kind":"Service","name":"new","weight":1}],"port":{"targetPort":8080}},
            "status":{"ingress":[{"routerName":"default","host":"web.apps.example.com","conditions":[{"type":"Admitted","status":"True"}]}]}}"#;
        let Object::OpenShiftRoute(route) = decoded(Kind::Route, json) else {
            panic!("another kind")
        };
        let services: Vec<_> = route.services.iter().map(|s| &**s).collect();
        assert_eq!(
            (services, route.target.as_deref()),
            (vec!["web", "new"], Some("8080"))
        );
        assert!(route.routers[0].admitted && &*route.routers[0].name == "default");
    }
}
