//! What a half-typed question about the network may go on with: workloads, then a port. Pure; the prompt that shows it is
//! `panes/can_reach.rs`.

use super::asking::Offer;
use super::palette::search;
use crate::engine::ReachQuestion;

/// What the typed line may become, the likeliest first. Workloads are written as the command line writes them.
pub fn offers(typed: &str, workloads: &[String]) -> Vec<Offer> {
    let (before, word) = typed
        .rfind(char::is_whitespace)
        .map_or(("", typed), |at| typed.split_at(at + 1));
    let ends = before.split_whitespace().count();
    let whole = ReachQuestion::parse(typed).map(|_| Offer::Ask(typed.trim().to_owned()));
    // A third word can only be a port.
    let known = if ends < 2 { workloads } else { &[] };
    let found = search(known.iter().map(String::as_str), word);
    let more = found
        .into_iter()
        .filter_map(|at| known.get(at))
        .filter(|name| !before.split_whitespace().any(|end| end == **name) && *name != word)
        .map(|name| Offer::Go(format!("{before}{name} ")));
    whole.into_iter().chain(more).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(typed: &str) -> Vec<Offer> {
        offers(typed, &["deploy/shop/cart".into(), "sts/pay/db".into()])
    }

    #[test]
    fn a_few_letters_find_both_ends() {
        let go = |text: &str| Offer::Go(text.into());
        let ask = |text: &str| Offer::Ask(text.into());
        assert_eq!(all("car")[0], go("deploy/shop/cart "));
        assert_eq!(
            all("deploy/shop/cart "),
            [ask("deploy/shop/cart"), go("deploy/shop/cart sts/pay/db ")]
        );
        assert_eq!(
            all("deploy/shop/cart db")[0],
            go("deploy/shop/cart sts/pay/db ")
        );
        assert_eq!(
            all("deploy/shop/cart sts/pay/db "),
            [ask("deploy/shop/cart sts/pay/db")]
        );
        assert_eq!(
            all("deploy/shop/cart sts/pay/db 5432"),
            [ask("deploy/shop/cart sts/pay/db 5432")]
        );
        assert_eq!(all("8.8.8.8 db")[0], go("8.8.8.8 sts/pay/db "));
        assert!(all("deploy/shop/cart sts/pay/db nothing").is_empty());
    }
}
