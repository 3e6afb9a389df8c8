//! Hosts that a listener and a route have in common. Source: `Hostname` and `HTTPRouteSpec.hostnames` of
//! sigs.k8s.io/gateway-api: `*.` stands for one or more labels.

use crate::model::Str;

/// The hosts that both mean: none is every host; `None` when they share no host, so that the route does not attach.
pub(super) fn common(listener: Option<&str>, route: &[Str]) -> Option<Vec<String>> {
    let Some(listener) = listener else {
        return Some(route.iter().map(ToString::to_string).collect());
    };
    if route.is_empty() {
        return Some(vec![listener.to_owned()]);
    }
    let both = route.iter().filter_map(|host| narrower(listener, host));
    let both: Vec<String> = both.map(str::to_owned).collect();
    (!both.is_empty()).then_some(both)
}

fn narrower<'h>(one: &'h str, other: &'h str) -> Option<&'h str> {
    if one.eq_ignore_ascii_case(other) || covers(one, other) {
        Some(other)
    } else if covers(other, one) {
        Some(one)
    } else {
        None
    }
}

/// A wildcard covers every longer name below it, other wildcards too.
fn covers(wildcard: &str, name: &str) -> bool {
    let Some(suffix) = wildcard.strip_prefix('*') else {
        return false;
    };
    let (name, suffix) = (name.to_ascii_lowercase(), suffix.to_ascii_lowercase());
    suffix.starts_with('.') && name.len() > suffix.len() && name.ends_with(&suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Host of the listener, those of the route, those in common.
    type Row<'a> = (Option<&'a str>, &'a [&'a str], Option<&'a [&'a str]>);

    #[test]
    fn hosts_meet_as_the_api_says() {
        let rows: [Row<'_>; 12] = [
            (None, &[], Some(&[])),
            (None, &["a.example.com"], Some(&["a.example.com"])),
            (Some("a.example.com"), &[], Some(&["a.example.com"])),
            (
                Some("a.example.com"),
                &["a.example.com", "b.example.com"],
                Some(&["a.example.com"]),
            ),
            (Some("a.example.com"), &["b.example.com"], None),
            (
                Some("*.example.com"),
                &["a.example.com"],
                Some(&["a.example.com"]),
            ),
            (
                Some("*.example.com"),
                &["x.a.example.com"],
                Some(&["x.a.example.com"]),
            ),
            (Some("*.example.com"), &["example.com"], None),
            (Some("*.example.com"), &["badexample.com"], None),
            (
                Some("a.example.com"),
                &["*.example.com"],
                Some(&["a.example.com"]),
            ),
            (
                Some("*.example.com"),
                &["*.a.example.com"],
                Some(&["*.a.example.com"]),
            ),
            (
                Some("*.a.example.com"),
                &["*.example.com"],
                Some(&["*.a.example.com"]),
            ),
        ];
        for (listener, route, expected) in rows {
            let route: Vec<Str> = route.iter().map(|h| Str::from(*h)).collect();
            let expected = expected.map(|all| all.iter().map(|h| (*h).to_owned()).collect());
            assert_eq!(common(listener, &route), expected, "{listener:?} {route:?}");
        }
    }
}
