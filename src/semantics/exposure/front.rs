//! The load balancer that carries an address: controllers of Ingresses and Gateways write the address of their own
//! Service into the status of what they serve.

use super::load_balancer;
use super::way::Door;
use crate::model::{Kind, Object, Str};
use crate::view::View;

/// The load balancer of the cluster with one of these addresses. It only colours the answer: hidden Services leave it out.
pub(super) fn with_address(view: &View<'_>, addresses: &[Str]) -> Option<Door> {
    if addresses.is_empty() {
        return None;
    }
    view.context(|view| {
        view.list_all(Kind::Service)
            .find_map(|object| match &**object {
                Object::Service(service)
                    if service.addresses.iter().any(|a| addresses.contains(a)) =>
                {
                    load_balancer::door(service)
                }
                _ => None,
            })
    })
}
