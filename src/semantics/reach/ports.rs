//! Sets of ports: what a rule allows, and what is left when two sides must both allow.

use std::fmt;

/// A protocol of layer 4 that policies know. The API says nothing of any other (ICMP is left to the plugin).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// TCP, and what a rule without a protocol means.
    Tcp,
    /// UDP.
    Udp,
    /// SCTP.
    Sctp,
}

impl Protocol {
    /// Every protocol.
    pub const ALL: [Protocol; 3] = [Protocol::Tcp, Protocol::Udp, Protocol::Sctp];

    /// As manifests write it; anything else fails the API's validation.
    pub fn parse(word: &str) -> Option<Protocol> {
        Protocol::ALL.into_iter().find(|p| p.word() == word)
    }

    /// As manifests write it.
    pub fn word(self) -> &'static str {
        match self {
            Protocol::Tcp => "TCP",
            Protocol::Udp => "UDP",
            Protocol::Sctp => "SCTP",
        }
    }
}

/// First and last port of a range.
pub type Range = (u16, u16);

/// Every port that a container can listen on.
const EVERY: Range = (1, u16::MAX);

/// Ports by protocol: sorted ranges that neither overlap nor touch.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortSet([Vec<Range>; 3]);

impl PortSet {
    /// Every port of every protocol.
    pub fn all() -> PortSet {
        PortSet([vec![EVERY], vec![EVERY], vec![EVERY]])
    }

    /// Every port of one protocol.
    pub fn of(protocol: Protocol) -> PortSet {
        PortSet::range(protocol, EVERY)
    }

    /// One port.
    pub fn one(protocol: Protocol, port: u16) -> PortSet {
        PortSet::range(protocol, (port, port))
    }

    /// A range; empty when it ends before it starts.
    pub fn range(protocol: Protocol, (first, last): Range) -> PortSet {
        let mut set = PortSet::default();
        let range = (first.max(1), last);
        if range.0 <= range.1
            && let Some(ranges) = set.0.get_mut(protocol as usize)
        {
            ranges.push(range);
        }
        set
    }

    /// No port.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// Every port of every protocol.
    pub fn is_all(&self) -> bool {
        self.0.iter().all(|ranges| ranges.as_slice() == [EVERY])
    }

    /// True when a port is in it.
    pub fn has(&self, protocol: Protocol, port: u16) -> bool {
        let ranges = self.0.get(protocol as usize);
        ranges.is_some_and(|r| {
            r.iter()
                .any(|(first, last)| (*first..=*last).contains(&port))
        })
    }

    /// Ports of either.
    #[must_use]
    pub fn or(&self, other: &PortSet) -> PortSet {
        self.zip(other, either)
    }

    /// Ports of both.
    #[must_use]
    pub fn and(&self, other: &PortSet) -> PortSet {
        self.zip(other, both)
    }

    /// Ports of this that are not of the other.
    #[must_use]
    pub fn without(&self, other: &PortSet) -> PortSet {
        self.zip(other, |mine, theirs| both(mine, &rest(theirs)))
    }

    fn zip(&self, other: &PortSet, by: impl Fn(&[Range], &[Range]) -> Vec<Range>) -> PortSet {
        let [tcp, udp, sctp] = &self.0;
        let [other_tcp, other_udp, other_sctp] = &other.0;
        PortSet([by(tcp, other_tcp), by(udp, other_udp), by(sctp, other_sctp)])
    }

    /// Every range with its protocol, in order.
    pub fn ranges(&self) -> impl Iterator<Item = (Protocol, Range)> {
        let each = Protocol::ALL.into_iter().zip(&self.0);
        each.flat_map(|(protocol, ranges)| ranges.iter().map(move |range| (protocol, *range)))
    }

    /// `TCP/80`, `UDP/1-65535`, or `all` alone.
    pub fn words(&self) -> Vec<String> {
        if self.is_all() {
            return vec!["all".to_owned()];
        }
        let each = Protocol::ALL.into_iter().zip(&self.0);
        each.flat_map(|(protocol, ranges)| {
            ranges.iter().map(move |(first, last)| {
                let word = protocol.word();
                if first == last {
                    format!("{word}/{first}")
                } else {
                    format!("{word}/{first}-{last}")
                }
            })
        })
        .collect()
    }
}

/// `TCP/80, UDP/53`.
impl fmt::Display for PortSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_all() {
            return f.write_str("every port");
        }
        f.write_str(&self.words().join(", "))
    }
}

fn either(mine: &[Range], theirs: &[Range]) -> Vec<Range> {
    let mut all: Vec<Range> = mine.iter().chain(theirs).copied().collect();
    all.sort_unstable();
    let mut joined: Vec<Range> = Vec::with_capacity(all.len());
    for (first, last) in all {
        match joined.last_mut() {
            Some(before) if u32::from(first) <= u32::from(before.1) + 1 => {
                before.1 = before.1.max(last);
            }
            _ => joined.push((first, last)),
        }
    }
    joined
}

fn both(mine: &[Range], theirs: &[Range]) -> Vec<Range> {
    let (mut at, mut to) = (0, 0);
    let mut common = Vec::new();
    while let (Some(a), Some(b)) = (mine.get(at), theirs.get(to)) {
        let (first, last) = (a.0.max(b.0), a.1.min(b.1));
        if first <= last {
            common.push((first, last));
        }
        if a.1 < b.1 { at += 1 } else { to += 1 }
    }
    common
}

fn rest(ranges: &[Range]) -> Vec<Range> {
    let mut free = Vec::new();
    let mut next = Some(EVERY.0);
    for (first, last) in ranges {
        if let Some(start) = next
            && start < *first
        {
            free.push((start, first - 1));
        }
        next = last.checked_add(1);
    }
    if let Some(start) = next {
        free.push((start, EVERY.1));
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tcp(ranges: &[Range]) -> PortSet {
        let each = ranges.iter().map(|r| PortSet::range(Protocol::Tcp, *r));
        each.fold(PortSet::default(), |all, one| all.or(&one))
    }

    #[test]
    fn words_are_those_of_reports() {
        assert_eq!(PortSet::all().words(), ["all"]);
        assert_eq!(PortSet::of(Protocol::Udp).words(), ["UDP/1-65535"]);
        let two = tcp(&[(80, 80), (8000, 8999)]).or(&PortSet::one(Protocol::Sctp, 9));
        assert_eq!(two.words(), ["TCP/80", "TCP/8000-8999", "SCTP/9"]);
        assert!(PortSet::default().words().is_empty());
    }

    #[test]
    fn ranges_that_touch_are_one_and_backward_ones_are_none() {
        assert_eq!(tcp(&[(1, 9), (10, 20)]), tcp(&[(1, 20)]));
        assert!(tcp(&[(9, 1)]).is_empty());
        assert_eq!(tcp(&[(0, 5)]), tcp(&[(1, 5)]));
        assert_eq!(PortSet::all().without(&PortSet::all()), PortSet::default());
    }

    proptest! {
        #[test]
        fn sets_are_what_their_members_say(a in small(), b in small()) {
            let (left, right) = (tcp(&a), tcp(&b));
            for port in 1..=64_u16 {
                let (l, r) = (inside(&a, port), inside(&b, port));
                prop_assert_eq!(left.or(&right).has(Protocol::Tcp, port), l || r);
                prop_assert_eq!(left.and(&right).has(Protocol::Tcp, port), l && r);
                prop_assert_eq!(left.without(&right).has(Protocol::Tcp, port), l && !r);
            }
            prop_assert_eq!(left.without(&right).or(&left.and(&right)), left);
        }
    }

    fn small() -> impl Strategy<Value = Vec<Range>> {
        prop::collection::vec((1..64_u16, 1..64_u16), 0..5)
    }

    fn inside(ranges: &[Range], port: u16) -> bool {
        ranges
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&port))
    }
}
