//! How ends and ports are written.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::cli::exit::Failure;
use crate::cli::paths::workload;
use crate::model::ObjectKey;
use crate::semantics::reach::{End, Network, PortSet, Protocol};

/// One end, as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Party {
    /// A workload.
    Workload(ObjectKey),
    /// Addresses outside the cluster.
    Addresses(IpNet),
}

impl Party {
    /// From `KIND/NAMESPACE/NAME`, an address or a CIDR. A CIDR has a slash as well, but starts with an address.
    pub(in crate::cli) fn parse(flag: &str, text: &str) -> Result<Party, Failure> {
        let address = text.parse::<IpAddr>().map(IpNet::from);
        if let Ok(net) = text.parse::<IpNet>().or(address) {
            return Ok(Party::Addresses(net.trunc()));
        }
        workload(text).map(Party::Workload).ok_or_else(|| {
            Failure::usage(format!(
                "--{flag} {text}: write a workload (deploy/NAMESPACE/NAME), an address or a CIDR"
            ))
        })
    }

    /// The ends that it means. A block means every piece that it touches.
    pub(super) fn ends(&self, network: &Network) -> Vec<End> {
        match self {
            Party::Workload(key) => {
                let classes = network.classes_of(key).iter();
                classes.map(|class| End::Class(*class)).collect()
            }
            Party::Addresses(net) => {
                let touches = |piece: &IpNet| piece.contains(net) || net.contains(piece);
                let pieces = network.pieces().iter().filter(|(_, piece)| touches(piece));
                pieces.map(|(id, _)| End::Piece(id)).collect()
            }
        }
    }
}

/// A port, as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Port(pub(super) PortSet);

impl Port {
    /// From `5432` (TCP), `UDP/53` or `53/UDP`.
    pub(in crate::cli) fn parse(text: &str) -> Result<Port, Failure> {
        let (one, other) = text.split_once('/').unwrap_or(("TCP", text));
        let pair = |protocol: &str, port: &str| {
            let protocol = Protocol::parse(&protocol.to_uppercase())?;
            let port = port.parse().ok().filter(|port| *port > 0)?;
            Some(Port(PortSet::one(protocol, port)))
        };
        pair(one, other).or_else(|| pair(other, one)).ok_or_else(|| {
            Failure::usage(format!(
                "--port {text}: write a number from 1 to 65535, with a protocol or not: 5432, UDP/53"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    #[test]
    fn ends_are_workloads_addresses_or_blocks() {
        let cart = ObjectKey::namespaced(Kind::Deployment, "shop", "cart");
        assert_eq!(
            Party::parse("from", "deploy/shop/cart"),
            Ok(Party::Workload(cart))
        );
        for (text, net) in [
            ("10.1.2.3", "10.1.2.3/32"),
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("::1", "::1/128"),
        ] {
            assert_eq!(
                Party::parse("to", text),
                Ok(Party::Addresses(net.parse().unwrap()))
            );
        }
        for text in ["cart", "shop/cart", "10.0.0.0/99", "", "//"] {
            assert!(Party::parse("to", text).is_err(), "{text}");
        }
    }

    #[test]
    fn ports_have_a_protocol_or_are_tcp() {
        let udp = Port(PortSet::one(Protocol::Udp, 53));
        assert_eq!(Port::parse("UDP/53"), Ok(udp.clone()));
        assert_eq!(Port::parse("53/udp"), Ok(udp));
        assert_eq!(Port::parse("80"), Ok(Port(PortSet::one(Protocol::Tcp, 80))));
        for text in ["0", "65536", "http", "TCP/", "ICMP/1", "-1", "80/80"] {
            assert!(Port::parse(text).is_err(), "{text}");
        }
    }
}
