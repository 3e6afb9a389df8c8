//! A question as it is typed: from where, to where, on which port.

use std::net::IpAddr;

use ipnet::IpNet;

use super::network::{End, Network};
use super::ports::{PortSet, Protocol};
use crate::model::ObjectKey;

/// One end, as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// A workload.
    Workload(ObjectKey),
    /// Addresses outside the cluster.
    Addresses(IpNet),
}

impl Party {
    /// How a party is written.
    pub const FORMS: &str = "a workload (deploy/NAMESPACE/NAME), an address or a CIDR";

    /// From `KIND/NAMESPACE/NAME`, an address or a CIDR. A CIDR has a slash as well, but starts with an address.
    pub fn parse(text: &str) -> Option<Party> {
        let address = text.parse::<IpAddr>().map(IpNet::from);
        match text.parse::<IpNet>().or(address) {
            Ok(net) => Some(Party::Addresses(net.trunc())),
            Err(_) => ObjectKey::parse(text).map(Party::Workload),
        }
    }

    /// The ends that it means; none where the workload runs nothing. A block means every piece that it touches.
    pub fn ends(&self, network: &Network) -> Vec<End> {
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

impl PortSet {
    /// How a port is written.
    pub const FORMS: &str = "a number from 1 to 65535, with a protocol or not: 5432, UDP/53";

    /// From `5432` (TCP), `UDP/53` or `53/UDP`.
    pub fn parse(text: &str) -> Option<PortSet> {
        let (one, other) = text.split_once('/').unwrap_or(("TCP", text));
        let pair = |protocol: &str, port: &str| {
            let protocol = Protocol::parse(&protocol.to_uppercase())?;
            let port = port.parse().ok().filter(|port| *port > 0)?;
            Some(PortSet::one(protocol, port))
        };
        pair(one, other).or_else(|| pair(other, one))
    }
}

/// `FROM [TO] [PORT]`. Without TO it is about everybody who reaches FROM, and whom FROM reaches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// The first end.
    pub from: Party,
    /// The other.
    pub to: Option<Party>,
    /// The port of the destination.
    pub port: Option<PortSet>,
}

impl Question {
    /// From words with blanks between them.
    pub fn parse(text: &str) -> Option<Question> {
        let mut words = text.split_whitespace();
        let from = Party::parse(words.next()?)?;
        let mut question = Question {
            from,
            to: None,
            port: None,
        };
        for word in words {
            match (Party::parse(word), PortSet::parse(word)) {
                (Some(party), _) if question.to.is_none() && question.port.is_none() => {
                    question.to = Some(party);
                }
                (_, Some(port)) if question.port.is_none() => question.port = Some(port),
                _ => return None,
            }
        }
        Some(question)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    fn cart() -> Party {
        Party::Workload(ObjectKey::namespaced(Kind::Deployment, "shop", "cart"))
    }

    #[test]
    fn ends_are_workloads_addresses_or_blocks() {
        assert_eq!(Party::parse("deploy/shop/cart"), Some(cart()));
        for (text, net) in [
            ("10.1.2.3", "10.1.2.3/32"),
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("::1", "::1/128"),
        ] {
            assert_eq!(Party::parse(text), net.parse().ok().map(Party::Addresses));
        }
        for text in ["cart", "shop/cart", "10.0.0.0/99", "", "//", "node/x/y"] {
            assert_eq!(Party::parse(text), None, "{text}");
        }
    }

    #[test]
    fn ports_have_a_protocol_or_are_tcp() {
        let udp = PortSet::one(Protocol::Udp, 53);
        assert_eq!(PortSet::parse("UDP/53"), Some(udp.clone()));
        assert_eq!(PortSet::parse("53/udp"), Some(udp));
        assert_eq!(PortSet::parse("80"), Some(PortSet::one(Protocol::Tcp, 80)));
        for text in ["0", "65536", "http", "TCP/", "ICMP/1", "-1", "80/80"] {
            assert_eq!(PortSet::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_question_has_one_end_or_two_and_maybe_a_port() {
        let ask =
            |text: &str| Question::parse(text).map(|q| (q.from, q.to.is_some(), q.port.is_some()));
        assert_eq!(ask("deploy/shop/cart"), Some((cart(), false, false)));
        assert_eq!(
            ask(" deploy/shop/cart  sts/pay/db 5432 "),
            Some((cart(), true, true))
        );
        assert_eq!(ask("deploy/shop/cart 8.8.8.8"), Some((cart(), true, false)));
        assert_eq!(ask("deploy/shop/cart UDP/53"), Some((cart(), false, true)));
        for text in [
            "",
            "cart",
            "deploy/shop/cart db",
            "deploy/shop/cart 80 81",
            "deploy/shop/cart 80 sts/pay/db",
        ] {
            assert_eq!(ask(text), None, "{text}");
        }
    }
}
