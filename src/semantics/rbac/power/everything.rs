//! Every right, in one rule (P01).

use super::{Ability, At, Power};
use crate::semantics::rbac::rule::is_everything;

pub(super) fn find<'a>(at: &At<'_, 'a>, out: &mut Vec<Power<'a>>) {
    let all = at.clauses.iter().copied().find(|c| is_everything(c.rule));
    out.extend(all.map(|clause| at.power(Ability::Everything, [clause])));
}
