//! Tokens of service accounts: by TokenRequest (P20), or as a Secret that the token controller fills (P18).

use super::{Ability, At, Power};

pub(super) fn find<'a>(at: &At<'_, 'a>, out: &mut Vec<Power<'a>>) {
    let request = at.any(&["create"], "", "serviceaccounts/token");
    if let Some(clause) = request {
        out.push(at.power(Ability::IssueTokens, [clause]));
        return;
    }
    let create = at.any(&["create"], "", "secrets");
    let read = at.any(&["get", "list", "watch"], "", "secrets");
    if let (Some(create), Some(read)) = (create, read) {
        out.push(at.power(Ability::IssueTokens, [create, read]));
        return;
    }
    let named = at.named(&["create"], "", "serviceaccounts/token");
    out.extend(at.limited(Ability::IssueTokens, named));
}
