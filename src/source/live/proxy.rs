//! Which proxy stands between us and the cluster. The client library matches `NO_PROXY` against the proxy's own host and
//! refuses lists that end in a comma, so the decision is made here, by the rules that kubectl has from Go
//! (golang.org/x/net/http/httpproxy).

use std::net::IpAddr;

use http::Uri;
use ipnet::IpNet;

use super::kubeconfig::Environment;

/// The proxy for a cluster: `proxy-url` of the kubeconfig always, else the environment's unless `NO_PROXY` names the host.
pub(super) fn choose(
    cluster: &Uri,
    proxy_url: Option<&str>,
    environment: &Environment,
) -> Option<String> {
    if let Some(url) = proxy_url.filter(|url| !url.is_empty()) {
        return Some(normal(url));
    }
    let secure = cluster.scheme_str() != Some("http");
    let names = if secure {
        ["HTTPS_PROXY", "https_proxy"]
    } else {
        ["HTTP_PROXY", "http_proxy"]
    };
    let proxy = environment.first(&names)?;
    let exempt = environment
        .first(&["NO_PROXY", "no_proxy"])
        .unwrap_or_default();
    (!bypasses(cluster, exempt)).then(|| normal(proxy))
}

/// Without a scheme it is an HTTP proxy. `socks5h` resolves names at the proxy, which is what the client does for `socks5`.
fn normal(url: &str) -> String {
    match url.split_once("://") {
        None => format!("http://{url}"),
        Some(("socks5h", rest)) => format!("socks5://{rest}"),
        Some(_) => url.to_owned(),
    }
}

fn bypasses(cluster: &Uri, exempt: &str) -> bool {
    let Some(host) = cluster.host() else {
        return false;
    };
    let host = host
        .trim_matches(['[', ']'])
        .trim_end_matches('.')
        .to_lowercase();
    let address = host.parse::<IpAddr>().ok();
    // Go never proxies the machine itself.
    if host == "localhost" || address.is_some_and(|a| a.is_loopback()) {
        return true;
    }
    let port = cluster
        .port_u16()
        .unwrap_or(if cluster.scheme_str() == Some("http") {
            80
        } else {
            443
        });
    exempt
        .split(',')
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .any(|entry| matches(entry, &host, address, port))
}

fn matches(entry: &str, host: &str, address: Option<IpAddr>, port: u16) -> bool {
    if entry == "*" {
        return true;
    }
    if let Ok(net) = entry.parse::<IpNet>() {
        return address.is_some_and(|a| net.contains(&a));
    }
    if let Ok(exact) = entry.trim_matches(['[', ']']).parse::<IpAddr>() {
        return address == Some(exact);
    }
    let (name, wanted) = match entry.rsplit_once(':') {
        Some((name, number)) => match number.parse::<u16>() {
            Ok(number) => (name, Some(number)),
            Err(_) => return false,
        },
        None => (entry, None),
    };
    if wanted.is_some_and(|wanted| wanted != port) {
        return false;
    }
    let name = name.to_lowercase();
    if let Ok(exact) = name.trim_matches(['[', ']']).parse::<IpAddr>() {
        return address == Some(exact);
    }
    // "foo.com" matches itself and names below it; ".foo.com" and "*.foo.com" only names below it.
    let (suffix, itself) = match name.strip_prefix("*.").or_else(|| name.strip_prefix('.')) {
        Some(suffix) => (suffix.to_owned(), false),
        None => (name, true),
    };
    (itself && host == suffix)
        || host
            .strip_suffix(&suffix)
            .is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn chosen(
        cluster: &str,
        proxy_url: Option<&str>,
        variables: &[(&str, &str)],
    ) -> Option<String> {
        choose(
            &cluster.parse().unwrap(),
            proxy_url,
            &Environment::of(variables),
        )
    }

    #[test]
    fn no_proxy_is_judged_against_the_cluster() {
        let proxy = ("HTTPS_PROXY", "http://10.1.1.1:3128");
        for (cluster, exempt, direct) in [
            ("https://k8s.internal:6443", "k8s.internal", true),
            ("https://k8s.internal:6443", "internal", true),
            ("https://k8s.internal", ".k8s.internal", false),
            ("https://a.k8s.internal", "*.k8s.internal", true),
            ("https://xk8s.internal", "k8s.internal", false),
            ("https://k8s.internal:6443", "k8s.internal:443", false),
            ("https://k8s.internal:6443", "k8s.internal:6443", true),
            ("https://10.0.0.5:6443", "10.0.0.0/8", true),
            ("https://10.0.0.5:6443", "10.1.1.1", false),
            ("https://10.0.0.5:6443", " a , 10.0.0.5 ,", true),
            ("https://[fd00::5]:6443", "fd00::/8", true),
            ("https://anything", "*", true),
            ("https://anything", "", false),
            ("https://127.0.0.1:6443", "", true),
            ("https://localhost:6443", "", true),
        ] {
            let got = chosen(cluster, None, &[proxy, ("NO_PROXY", exempt)]);
            assert_eq!(got.is_none(), direct, "{cluster} with NO_PROXY={exempt}");
        }
    }

    #[test]
    fn the_kubeconfig_wins_over_the_environment() {
        let variables = [("https_proxy", "proxy:3128"), ("no_proxy", "*")];
        assert_eq!(
            chosen("https://a", Some("socks5h://10.0.0.1:1080"), &variables).as_deref(),
            Some("socks5://10.0.0.1:1080")
        );
        assert_eq!(
            chosen("https://a", None, &variables[..1]).as_deref(),
            Some("http://proxy:3128")
        );
        assert_eq!(chosen("http://a", None, &variables[..1]), None);
        assert_eq!(
            chosen("http://a", None, &[("HTTP_PROXY", "http://p")]).as_deref(),
            Some("http://p")
        );
    }
}
