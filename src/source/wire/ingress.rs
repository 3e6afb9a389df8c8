//! Ingress and IngressClass.

use super::fields::wire;
use super::lenient::{List, Text};
use super::metadata::Metadata;
use super::pool::Pool;
use super::service::BalancerStatus;
use super::{DecodeError, Wire};
use crate::model::objects::ingress::{Backend, Ingress, IngressClass, IngressRule};
use crate::model::{Kind, Object, Str};

wire! {
    pub(super) struct IngressWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<Spec<'a>> = "spec",
        status: Option<BalancerStatus<'a>> = "status",
    }
}

wire! {
    struct Spec<'a> {
        ingress_class_name: Option<Text<'a>> = "ingressClassName",
        default_backend: Option<BackendWire<'a>> = "defaultBackend",
        rules: List<RuleWire<'a>> = "rules",
        tls: List<Tls<'a>> = "tls",
    }
}

wire! {
    struct Tls<'a> {
        hosts: List<Text<'a>> = "hosts",
    }
}

wire! {
    struct RuleWire<'a> {
        host: Option<Text<'a>> = "host",
        http: Option<Http<'a>> = "http",
    }
}

wire! {
    struct Http<'a> {
        paths: List<PathWire<'a>> = "paths",
    }
}

wire! {
    struct PathWire<'a> {
        path: Text<'a> = "path",
        backend: Option<BackendWire<'a>> = "backend",
    }
}

wire! {
    struct BackendWire<'a> {
        service: Option<ServiceBackend<'a>> = "service",
        resource: Option<ResourceBackend<'a>> = "resource",
    }
}

wire! {
    struct ServiceBackend<'a> {
        name: Text<'a> = "name",
        port: Option<BackendPort<'a>> = "port",
    }
}

wire! {
    struct BackendPort<'a> {
        name: Text<'a> = "name",
        number: Option<u16> = "number",
    }
}

wire! {
    struct ResourceBackend<'a> {
        kind: Text<'a> = "kind",
        name: Text<'a> = "name",
    }
}

impl<'de> Wire<'de> for IngressWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        let spec = self.spec.unwrap_or_default();
        Ok(Object::Ingress(Ingress {
            meta: self.metadata.fact(kind, pool)?,
            class: pool.option(spec.ingress_class_name.as_ref()),
            rules: spec.rules.iter().map(|rule| rule.fact(pool)).collect(),
            default_backend: spec.default_backend.as_ref().map(|b| b.fact(pool)),
            tls: spec.tls.iter().map(|tls| pool.texts(&tls.hosts)).collect(),
            addresses: BalancerStatus::addresses(self.status.as_ref(), pool),
        }))
    }
}

impl RuleWire<'_> {
    fn fact(&self, pool: &mut Pool) -> IngressRule {
        let paths = self.http.iter().flat_map(|http| http.paths.iter());
        IngressRule {
            host: pool.option(self.host.as_ref()),
            paths: paths
                .map(|path| (pool.text(&path.path), backend(path.backend.as_ref(), pool)))
                .collect(),
        }
    }
}

fn backend(wire: Option<&BackendWire<'_>>, pool: &mut Pool) -> Backend {
    match wire {
        Some(wire) => wire.fact(pool),
        None => Backend::Resource(pool.get("")),
    }
}

impl BackendWire<'_> {
    fn fact(&self, pool: &mut Pool) -> Backend {
        match (&self.service, &self.resource) {
            (Some(service), _) => Backend::Service(pool.text(&service.name), service.port(pool)),
            (None, Some(resource)) => Backend::Resource(pool.get(&format!(
                "{}/{}",
                resource.kind.as_str(),
                resource.name.as_str()
            ))),
            (None, None) => Backend::Resource(pool.get("")),
        }
    }
}

impl ServiceBackend<'_> {
    fn port(&self, pool: &mut Pool) -> Str {
        match &self.port {
            Some(BackendPort {
                number: Some(number),
                ..
            }) if *number != 0 => pool.get(&number.to_string()),
            Some(port) => pool.text(&port.name),
            None => pool.get(""),
        }
    }
}

wire! {
    pub(super) struct IngressClassWire<'a> {
        metadata: Metadata<'a> = "metadata",
        spec: Option<ClassSpec<'a>> = "spec",
    }
}

wire! {
    struct ClassSpec<'a> {
        controller: Text<'a> = "controller",
    }
}

impl<'de> Wire<'de> for IngressClassWire<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError> {
        Ok(Object::IngressClass(IngressClass {
            default: self
                .metadata
                .annotated("ingressclass.kubernetes.io/is-default-class")
                == Some("true"),
            meta: self.metadata.fact(kind, pool)?,
            controller: pool.text(&self.spec.unwrap_or_default().controller),
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
        let json = r#"{"metadata":{"name":"web","namespace":"shop"},"spec":{"ingressClassName":"nginx",
            "defaultBackend":{"resource":{"apiGroup":"k8s.example.com","kind":"StorageBucket","name":"static"}},
            "tls":[{"hosts":["shop.example.com"],"secretName":"shop-tls"},{"secretName":"wild"}],
            "rules":[{"host":"shop.example.com","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"web","port":{"number":80}}}},
                      {"path":"/api","backend":{"service":{"name":"api","port":{"name":"http"}}}}]}},{"http":{"paths":[]}},{"host":"","http":null}]},
            "status":{"loadBalancer":{"ingress":[{"hostname":"a.example.com"}]}}}"#;
        let Object::Ingress(ingress) = decoded(Kind::Ingress, json) else {
            panic!("another kind")
        };
        assert_eq!(
            ingress.rules[0].paths[0].1,
            Backend::Service("web".into(), "80".into())
        );
        assert_eq!(
            ingress.rules[0].paths[1].1,
            Backend::Service("api".into(), "http".into())
        );
        assert_eq!(
            (&ingress.rules[1].host, &ingress.rules[2].host),
            (&None, &None)
        );
        assert_eq!(
            ingress.default_backend,
            Some(Backend::Resource("StorageBucket/static".into()))
        );
        assert_eq!((ingress.tls.len(), ingress.tls[1].len()), (2, 0));
        assert_eq!(&*ingress.addresses[0], "a.example.com");
    }

    #[test]
    fn the_default_class_is_annotated() {
        let json = r#"{"metadata":{"name":"nginx","annotations":{"ingressclass.kubernetes.io/is-default-class":"true"}},
            "spec":{"controller":"k8s.io/ingress-nginx"}}"#;
        let Object::IngressClass(class) = decoded(Kind::IngressClass, json) else {
            panic!("another kind")
        };
        assert!(class.default);
        assert_eq!(&*class.controller, "k8s.io/ingress-nginx");
    }
}
