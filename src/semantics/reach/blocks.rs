//! The address space, cut at every border of an `ipBlock`: addresses of one piece are the same to every policy.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// Index of a piece.
pub type PieceId = u32;

/// An `ipBlock` as policies mean it. One whose CIDR cannot be read holds no address; the API would refuse it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Block {
    /// Addresses in it.
    pub cidr: Option<IpNet>,
    /// Addresses taken out again.
    pub except: Vec<IpNet>,
}

impl Block {
    fn borders(&self) -> impl Iterator<Item = IpNet> {
        self.cidr.into_iter().chain(self.except.iter().copied())
    }

    /// True when a piece, which no border crosses, lies in it.
    fn holds(&self, piece: &IpNet) -> bool {
        let within = |net: &IpNet| net.contains(piece);
        self.cidr.as_ref().is_some_and(within) && !self.except.iter().any(within)
    }
}

/// The pieces, in order of address, IPv4 first. Together they are every address.
#[derive(Clone, Debug)]
pub struct Pieces(Vec<IpNet>);

impl Default for Pieces {
    fn default() -> Self {
        Pieces::cut([])
    }
}

impl Pieces {
    /// Cuts the space at the borders of blocks.
    pub fn cut<'a>(blocks: impl IntoIterator<Item = &'a Block>) -> Pieces {
        let borders: Vec<IpNet> = blocks.into_iter().flat_map(Block::borders).collect();
        Pieces::around(&borders)
    }

    /// Cuts the space so that each of these nets is whole pieces.
    pub fn around(nets: &[IpNet]) -> Pieces {
        let mut borders = nets.to_vec();
        borders.sort_unstable();
        borders.dedup();
        let mut pieces = Vec::new();
        for whole in [Ipv4Net::default().into(), Ipv6Net::default().into()] {
            split(whole, &borders, &mut pieces);
        }
        Pieces(pieces)
    }

    /// Every piece with its index.
    pub fn iter(&self) -> impl Iterator<Item = (PieceId, &IpNet)> {
        (0..).zip(&self.0)
    }

    /// One piece.
    pub fn get(&self, id: PieceId) -> Option<&IpNet> {
        self.0.get(usize::try_from(id).ok()?)
    }

    /// The piece that an address lies in.
    pub fn of(&self, address: IpAddr) -> Option<PieceId> {
        let v4 = address.is_ipv4();
        let after = self.0.partition_point(|piece| {
            let first = piece.network();
            first.is_ipv4() == v4 && first <= address || first.is_ipv4() && !v4
        });
        u32::try_from(after.checked_sub(1)?).ok()
    }

    /// True when this is cut at the borders of a piece of another cut: its pieces lie in it, or it in none of them alone.
    pub fn has_border(&self, piece: &IpNet) -> bool {
        let (first, last) = (self.of(piece.network()), self.of(piece.broadcast()));
        [first, last]
            .into_iter()
            .flatten()
            .all(|id| self.get(id).is_some_and(|mine| piece.contains(mine)))
    }

    /// The pieces in a block.
    pub fn inside(&self, block: &Block) -> Vec<PieceId> {
        let inside = self.iter().filter(|(_, piece)| block.holds(piece));
        inside.map(|(id, _)| id).collect()
    }
}

fn split(net: IpNet, borders: &[IpNet], pieces: &mut Vec<IpNet>) {
    let inner: Vec<IpNet> = borders
        .iter()
        .filter(|b| net.contains(*b) && b.prefix_len() > net.prefix_len())
        .copied()
        .collect();
    if inner.is_empty() {
        pieces.push(net);
        return;
    }
    // Halves of a net that is longer than its parent always exist.
    for half in net.subnets(net.prefix_len() + 1).into_iter().flatten() {
        split(half, &inner, pieces);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(cidr: &str, except: &[&str]) -> Block {
        Block {
            cidr: crate::semantics::network::block(cidr),
            except: except
                .iter()
                .filter_map(|e| crate::semantics::network::block(e))
                .collect(),
        }
    }

    fn words(pieces: &Pieces) -> Vec<String> {
        pieces.iter().map(|(_, net)| net.to_string()).collect()
    }

    #[test]
    fn without_blocks_there_is_one_piece_of_each_family() {
        assert_eq!(words(&Pieces::default()), ["0.0.0.0/0", "::/0"]);
    }

    #[test]
    fn pieces_are_disjoint_cover_all_and_respect_every_border() {
        let blocks = [
            block("10.0.0.0/8", &["10.1.0.0/16", "10.1.2.3/32"]),
            block("10.1.2.0/24", &[]),
            block("0.0.0.0/0", &["169.254.169.254/32"]),
            block("2001:db8::/32", &[]),
            block("nonsense", &[]),
        ];
        let pieces = Pieces::cut(&blocks);
        let addresses =
            |net: &IpNet| 2_f64.powi(i32::from(net.max_prefix_len() - net.prefix_len()));
        let v4: f64 = pieces
            .0
            .iter()
            .filter(|n| n.network().is_ipv4())
            .map(addresses)
            .sum();
        assert!((v4 - 2_f64.powi(32)).abs() < 0.5);
        for pair in pieces.0.windows(2) {
            assert!(!pair[0].contains(&pair[1]) && !pair[1].contains(&pair[0]));
        }
        for text in [
            "10.0.0.1",
            "10.1.0.1",
            "10.1.2.3",
            "10.1.2.4",
            "169.254.169.254",
            "8.8.8.8",
            "2001:db8::1",
            "::1",
        ] {
            let address: IpAddr = text.parse().unwrap();
            let piece = pieces.of(address).unwrap();
            assert!(pieces.get(piece).unwrap().contains(&address), "{text}");
            for block in &blocks {
                let really = block.cidr.is_some_and(|c| c.contains(&address))
                    && !block.except.iter().any(|e| e.contains(&address));
                assert_eq!(
                    pieces.inside(block).contains(&piece),
                    really,
                    "{text} {block:?}"
                );
            }
        }
    }
}
