//! The host that a variable's value names: a declared dependency. The rest of the value is dropped by the caller.

/// `host:port` or `host` of a URL, or a bare `host:port`; user information, path and query never.
pub(super) fn target(value: &str) -> Option<String> {
    let value = value.trim();
    if value.len() > 2048 {
        return None;
    }
    if let Some((scheme, rest)) = value.split_once("://") {
        let scheme_like = !scheme.is_empty()
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+-.:".contains(&b));
        let authority = rest.split(['/', '?', '#', ',']).next()?;
        let host = authority.rsplit('@').next()?;
        return (scheme_like && is_authority(host)).then(|| host.to_owned());
    }
    // Without a scheme only a host with a port is told from other text.
    let (_, port) = value.rsplit_once(':')?;
    (is_port(port) && is_authority(value)).then(|| value.to_owned())
}

fn is_authority(text: &str) -> bool {
    let host = match text.rsplit_once(':') {
        Some((host, port)) if is_port(port) => host,
        Some(_) if !text.starts_with('[') => return false,
        _ => text,
    };
    if let Some(inner) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        return inner.parse::<std::net::Ipv6Addr>().is_ok();
    }
    !host.is_empty()
        && host.len() <= 253
        && host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.' || b == b'_')
        && host.bytes().any(|b| b.is_ascii_alphabetic() || b == b'.')
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok_and(|port| port > 0) && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn hosts_are_found_and_secrets_are_not_carried_along() {
        for (value, host) in [
            ("redis:6379", Some("redis:6379")),
            (
                "http://cart.shop.svc:8080/api?token=x",
                Some("cart.shop.svc:8080"),
            ),
            ("postgres://user:pa55@db/cart", Some("db")),
            ("jdbc:postgresql://db:5432/cart", Some("db:5432")),
            ("kafka-0.kafka:9092", Some("kafka-0.kafka:9092")),
            ("http://[fd00::1]:80/", Some("[fd00::1]:80")),
            ("10.0.0.5:443", Some("10.0.0.5:443")),
            ("https://user:p:a@ss@host/", Some("host")),
            ("debug", None),
            ("12:30", None),
            ("a:b", None),
            ("c29tZTpzZWNyZXQ=:99999", None),
            ("user:password@x", None),
            ("://x", None),
            ("", None),
        ] {
            assert_eq!(target(value).as_deref(), host, "{value}");
        }
    }
}
