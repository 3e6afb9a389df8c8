//! What a container's mounted token is able to do: the token of the account, and what RBAC gives that account.

use super::rbac::power::{Power, powers, powers_of};
use super::rbac::{Identity, held};
use super::token::{MountedToken, tokens};
use crate::model::Severity;
use crate::model::objects::container::Container;
use crate::view::{Look, PodLike, View};

/// A pod whose account is able to do something that was asked for.
#[derive(Clone, Debug)]
pub struct Armed<'a> {
    /// The first container with the token, and how it gets there; `None` when no container has it.
    pub token: Option<(&'a Container, MountedToken)>,
    /// What the account is able to do of what was asked for, never empty.
    pub powers: Vec<Power<'a>>,
}

/// Whether a pod's account holds a power that `wanted` picks, and whether the account's token is mounted.
///
/// `None`: the account holds none, as far as is visible. Blind look-ups are noted in the view only where they decide: a
/// token that is known not to be mounted makes hidden rights harmless, and rights that are known to be few make a hidden
/// account harmless.
pub fn armed<'a>(
    pod: &PodLike<'a>,
    view: &View<'a>,
    wanted: impl Fn(&Power<'a>) -> bool,
) -> Option<Armed<'a>> {
    let account = Identity::account(pod.namespace(), pod.spec.account_name());
    let powers = |view: &View<'a>| {
        let held = held(view, &account);
        let mut found = powers_of(view, &held);
        found.retain(&wanted);
        (found, held.blind)
    };
    let armed =
        |token, powers: Vec<Power<'a>>| (!powers.is_empty()).then_some(Armed { token, powers });
    match view.context(|view| tokens(pod, view)) {
        Look::Seen(mut mounted) => {
            let first = (!mounted.is_empty()).then(|| mounted.swap_remove(0));
            armed(first, powers(view).0)
        }
        Look::Absent => armed(None, view.context(powers).0),
        Look::Blind(_) => {
            let (found, blind) = view.context(powers);
            if blind || !found.is_empty() {
                // Now it decides: looked at once more so that the view notes what is hidden.
                drop(tokens(pod, view));
            }
            None
        }
    }
}

/// The strongest that a token mounted in the pod is able to do, in words, where that is worth a break-in of its own. It only
/// colours a verdict: what is hidden is left out.
pub fn strong_token(view: &View<'_>, pod: &PodLike<'_>) -> Option<String> {
    view.context(|view| {
        let Look::Seen(_) = tokens(pod, view) else {
            return None;
        };
        let account = Identity::account(pod.namespace(), pod.spec.account_name());
        let powers = powers(view, &account);
        let strongest = powers.iter().max_by_key(|power| power.severity())?;
        (strongest.severity() >= Severity::High).then(|| strongest.words())
    })
}
