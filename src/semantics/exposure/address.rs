//! Is an address of the internet? By the registries of special-purpose addresses (IANA, RFC 6890 and its updates) and, for
//! host names, by what providers are known to write. Names are never resolved.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// What an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressClass {
    /// Of the host itself.
    Loopback,
    /// Not routed on the internet: private, shared, link-local, reserved or for documentation.
    Private,
    /// A host name that tells nothing.
    Unknown,
    /// Routed on the internet.
    Public,
}

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> IpNet {
    IpNet::V4(Ipv4Net::new_assert(
        std::net::Ipv4Addr::new(a, b, c, d),
        prefix,
    ))
}

const fn v6(a: u16, b: u16, c: u16, prefix: u8) -> IpNet {
    IpNet::V6(Ipv6Net::new_assert(
        std::net::Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0),
        prefix,
    ))
}

/// Blocks that are not routed on the internet.
const NOT_PUBLIC: &[IpNet] = &[
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    v4(100, 64, 0, 0, 10),
    v4(169, 254, 0, 0, 16),
    v4(172, 16, 0, 0, 12),
    v4(192, 0, 0, 0, 24),
    v4(192, 0, 2, 0, 24),
    v4(192, 168, 0, 0, 16),
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    // Multicast, and what is reserved above it.
    v4(224, 0, 0, 0, 3),
    v6(0, 0, 0, 128),
    v6(0x64, 0xff9b, 1, 48),
    v6(0x100, 0, 0, 64),
    v6(0x2001, 0xdb8, 0, 32),
    v6(0x3fff, 0, 0, 20),
    v6(0x5f00, 0, 0, 16),
    v6(0xfc00, 0, 0, 7),
    v6(0xfe80, 0, 0, 10),
    v6(0xff00, 0, 0, 8),
];

/// What the end (and where given the beginning) of a host name says: beginning, end, class. The first that fits decides.
const NAMES: &[(&str, &str, AddressClass)] = &[
    // Application and classic load balancers of AWS mark internal ones; network load balancers mark nothing.
    ("internal-", ".elb.amazonaws.com", AddressClass::Private),
    ("", ".elb.amazonaws.com", AddressClass::Public),
    ("", ".cloudapp.azure.com", AddressClass::Public),
    ("", ".azurefd.net", AddressClass::Public),
    // Names that are reserved for private use: RFC 6762, RFC 8375, ICANN 2024 (.internal), and the cluster's own.
    ("", ".local", AddressClass::Private),
    ("", ".home.arpa", AddressClass::Private),
    ("", ".internal", AddressClass::Private),
    ("localhost", "", AddressClass::Loopback),
];

/// Every address of a block is none of the internet. (A block that only several special ones together cover counts as
/// one of the internet.)
pub(super) fn is_all_special(net: &IpNet) -> bool {
    let special = NOT_PUBLIC.iter().any(|special| special.contains(net));
    special || net.network().is_loopback()
}

/// Some address of a block is none of the internet.
pub(super) fn is_special_too(net: &IpNet) -> bool {
    let touches = |special: &IpNet| special.contains(net) || net.contains(special);
    NOT_PUBLIC.iter().any(touches)
}

/// The class of an IP address or of a host name.
pub fn class(address: &str) -> AddressClass {
    match address.parse::<IpAddr>() {
        Ok(ip) => of_ip(ip),
        Err(_) => of_name(&address.to_ascii_lowercase()),
    }
}

/// True for an IP address, false for a host name.
pub fn is_ip(address: &str) -> bool {
    address.parse::<IpAddr>().is_ok()
}

fn of_ip(ip: IpAddr) -> AddressClass {
    let ip = ip.to_canonical();
    if ip.is_loopback() {
        return AddressClass::Loopback;
    }
    if NOT_PUBLIC.iter().any(|net| net.contains(&ip)) {
        AddressClass::Private
    } else {
        AddressClass::Public
    }
}

fn of_name(name: &str) -> AddressClass {
    let name = name.trim_end_matches('.');
    NAMES
        .iter()
        .find(|(start, end, _)| name.starts_with(start) && name.ends_with(end))
        .map_or(AddressClass::Unknown, |(_, _, class)| *class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_blocks_are_not_of_the_internet() {
        for private in [
            "10.1.2.3",
            "172.31.255.255",
            "192.168.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "169.254.169.254",
            "0.1.2.3",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "2001:db8::1",
            "64:ff9b:1::1",
            "::ffff:10.0.0.1",
        ] {
            assert_eq!(class(private), AddressClass::Private, "{private}");
        }
        for loopback in [
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "::ffff:127.0.0.1",
            "localhost",
        ] {
            assert_eq!(class(loopback), AddressClass::Loopback, "{loopback}");
        }
    }

    #[test]
    fn neighbours_of_special_blocks_are_of_the_internet() {
        for public in [
            "34.1.2.3",
            "9.255.255.255",
            "11.0.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700::1",
            "::ffff:8.8.8.8",
        ] {
            assert_eq!(class(public), AddressClass::Public, "{public}");
        }
    }

    #[test]
    fn names_tell_only_where_a_provider_marks_them() {
        let rows = [
            (
                "internal-a1b2-1.eu-central-1.elb.amazonaws.com",
                AddressClass::Private,
            ),
            (
                "A1b2-1.eu-central-1.elb.amazonaws.com",
                AddressClass::Public,
            ),
            (
                "k8s-shop-web-1.elb.eu-central-1.amazonaws.com",
                AddressClass::Unknown,
            ),
            ("shop.westeurope.cloudapp.azure.com.", AddressClass::Public),
            ("node-3.corp.internal", AddressClass::Private),
            ("www.example.com", AddressClass::Unknown),
            ("", AddressClass::Unknown),
        ];
        for (name, expected) in rows {
            assert_eq!(class(name), expected, "{name}");
        }
    }
}
