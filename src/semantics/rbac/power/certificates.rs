//! Client certificates for any name (P22): ask, approve, and the signer of the API server's clients signs. The server
//! refuses the group `system:masters` (`CertificateSubjectRestriction`) and no other name or group.

use super::{Ability, At, Power};

const GROUP: &str = "certificates.k8s.io";
const REQUESTS: &str = "certificatesigningrequests";

pub(super) fn find<'a>(at: &At<'_, 'a>, out: &mut Vec<Power<'a>>) {
    if !at.scope.is_cluster() {
        return;
    }
    // The approval admission plugin asks for the signer by name and for every signer of its domain.
    let approve = ["kubernetes.io/kube-apiserver-client", "kubernetes.io/*"]
        .into_iter()
        .find_map(|signer| at.one(&["approve"], GROUP, "signers", signer));
    let update = at.some(
        &["update", "patch"],
        GROUP,
        "certificatesigningrequests/approval",
    );
    let create = at.any(&["create"], GROUP, REQUESTS);
    if let (Some(create), Some(update), Some(approve)) = (create, update, approve) {
        out.push(at.power(Ability::IssueCertificates, [create, update, approve]));
    }
}
