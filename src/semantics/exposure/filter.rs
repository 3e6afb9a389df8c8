//! Lists of addresses that may come in: of a load balancer, of an Ingress. Firewalls of the cloud are not in the API.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::provider::annotation;
use crate::model::objects::ingress::Ingress;
use crate::model::objects::service::Service;
use crate::model::{Evidence, Labels, ObjectKey};

/// Annotations of a Service that hold such a list, separated by commas or spaces.
const SERVICE: &[&str] = &[
    "service.beta.kubernetes.io/load-balancer-source-ranges",
    "service.beta.kubernetes.io/azure-allowed-ip-ranges",
    "service.beta.kubernetes.io/do-loadbalancer-allow-rules",
];

/// Annotations of an Ingress that hold such a list.
const INGRESS: &[&str] = &[
    "alb.ingress.kubernetes.io/inbound-cidrs",
    "nginx.ingress.kubernetes.io/whitelist-source-range",
    "nginx.ingress.kubernetes.io/allowlist-source-range",
];

/// The list that keeps most of the internet out of a load balancer; `None` when there is none, or when it allows all.
pub fn of_service(service: &Service) -> Option<Evidence> {
    let key = &service.meta.key;
    if !service.source_ranges.is_empty() {
        let ranges = || service.source_ranges.iter().map(|range| &**range);
        // The field wins over the annotation (cloud-provider service/helpers).
        return restricts(ranges()).then(|| {
            Evidence::explicit(
                key,
                "spec.loadBalancerSourceRanges",
                ranges().collect::<Vec<_>>().join(", "),
            )
        });
    }
    by_annotation(SERVICE, &service.meta.annotations, key)
}

/// The ranges of the list that restricts a load balancer; `None` where none does.
pub(super) fn ranges(service: &Service) -> Option<Vec<IpNet>> {
    let list = of_service(service)?;
    Some(split(&list.value).filter_map(net).collect())
}

/// The same of an Ingress.
pub fn of_ingress(ingress: &Ingress) -> Option<Evidence> {
    by_annotation(INGRESS, &ingress.meta.annotations, &ingress.meta.key)
}

fn by_annotation(keys: &[&str], annotations: &Labels, object: &ObjectKey) -> Option<Evidence> {
    keys.iter().find_map(|key| {
        let value = annotations.get(key)?;
        restricts(split(value)).then(|| Evidence::explicit(object, annotation(key), value))
    })
}

fn split(list: &str) -> impl Iterator<Item = &str> {
    let ranges = list.split([',', ' ', ';']);
    let ranges = ranges.map(|range| range.trim_start_matches("cidr:").trim_start_matches("ip:"));
    ranges.filter(|range| !range.is_empty())
}

/// A range or an address alone.
fn net(range: &str) -> Option<IpNet> {
    let net = range.parse::<IpNet>().ok();
    let net = net.or_else(|| range.parse::<std::net::IpAddr>().ok().map(IpNet::from));
    net.map(|net| net.trunc())
}

/// True when the ranges leave out some of the internet. Two halves of it are all of it; an address alone is one address;
/// what is not an address at all lets nobody in.
fn restricts<'a>(ranges: impl Iterator<Item = &'a str>) -> bool {
    let (mut any, mut four, mut six): (bool, Vec<Ipv4Net>, Vec<Ipv6Net>) =
        (false, Vec::new(), Vec::new());
    for range in ranges {
        any = true;
        match net(range) {
            Some(IpNet::V4(net)) => four.push(net),
            Some(IpNet::V6(net)) => six.push(net),
            None => {}
        }
    }
    let all_four = Ipv4Net::aggregate(&four)
        .iter()
        .any(|net| net.prefix_len() == 0);
    let all_six = Ipv6Net::aggregate(&six)
        .iter()
        .any(|net| net.prefix_len() == 0);
    any && !all_four && !all_six
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_restricts_unless_it_allows_everybody() {
        let rows: [(&[&str], bool); 9] = [
            (&[], false),
            (&["0.0.0.0/0"], false),
            (&["::/0"], false),
            (&["10.0.0.0/8", "0.0.0.0/0"], false),
            (&["0.0.0.0/1", "128.0.0.0/1"], false),
            (&["0.0.0.0/1"], true),
            (&["10.1.2.3/8"], true),
            (&["198.51.100.7"], true),
            (&["nonsense"], true),
        ];
        for (ranges, expected) in rows {
            assert_eq!(restricts(ranges.iter().copied()), expected, "{ranges:?}");
        }
    }
}
