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

/// A Secret that a pod on a node holds.
pub(super) const HELD: &str = "
apiVersion: v1
kind: Secret
metadata: {name: prey, namespace: NS}
stringData: {word: caught}
---
apiVersion: v1
kind: Pod
metadata: {name: holder, namespace: NS}
spec:
  nodeName: node-1
  automountServiceAccountToken: false
  containers: [{name: main, image: 'registry.example.com/x:1', envFrom: [{secretRef: {name: prey}}]}]
";

const REQUESTS: &str = "cluster: {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests], verbs: [create, get]}, {apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests/approval], verbs: [update]}, {apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: [kubernetes.io/kubelet-serving], verbs: [approve]}";
const APPROVE: &str = "cluster: {apiGroups: [certificates.k8s.io], resources: [signers], resourceNames: [kubernetes.io/kube-apiserver-client], verbs: [approve]}";

pub(super) const EDGES: &[Edge] = &[
    Edge {
        id: "certificate",
        both: REQUESTS,
        actor: APPROVE,
        prey: BOSS,
        way: Way::By(of_a_group),
        shows: "secret/",
        to: "cluster-admin",
    },
    Edge {
        id: "certificate-of-kubelet",
        both: REQUESTS,
        actor: APPROVE,
        prey: HELD,
        way: Way::By(of_a_kubelet),
        shows: "Y2F1Z2h0",
        to: "secret:NS/prey",
    },
];

/// Acts as a member of a group that holds everything. The group that needs no right is refused.
fn of_a_group(walker: &Walker<'_>) -> Result<String> {
    let Some(login) = certificate(walker, "anybody", &walker.fill("NS-bosses"))? else {
        return Ok(String::new());
    };
    let masters = request("anybody", &["system:masters"])?;
    let refused = walker.once(&ask(walker, "masters", &masters)?).err();
    let refused = format!("{:#}", refused.context("system:masters was let through")?);
    ensure!(refused.contains("system:masters"), "{refused}");
    walker
        .cluster
        .paste(&format!("{login} get secrets -A -o name"))
}

/// Acts as the kubelet of the node on which a pod holds the Secret. That of another node is refused it.
fn of_a_kubelet(walker: &Walker<'_>) -> Result<String> {
    let mut said = String::new();
    for node in ["node-2", "node-1"] {
        let name = format!("system:node:{node}");
        let Some(login) = certificate(walker, &name, "system:nodes")? else {
            return Ok(String::new());
        };
        let read = walker.fill("get secret prey -n NS -o jsonpath={.data.word}");
        let read = walker.cluster.paste(&format!("{login} {read}"));
        if node == "node-1" {
            said = read?;
        } else {
            let refused = format!("{:#}", read.err().context("another node reads it")?);
            ensure!(
                refused.contains("no relationship found between node"),
                "{refused}"
            );
        }
    }
    Ok(said)
}

/// Asks for a certificate, approves it and fetches it: the start of a command that acts with it. None for the twin.
fn certificate(walker: &Walker<'_>, name: &str, group: &str) -> Result<Option<String>> {
    let file = format!("taken-{}", name.replace(':', "-"));
    let pair = request(name, &[group])?;
    walker.sure(&ask(walker, &file, &pair)?, "created")?;
    let approve = format!("certificate approve NS-ACCOUNT-{file}");
    if walker.decides(&approve, "approved")?.is_none() {
        return Ok(None);
    }
    let get = format!("get csr NS-ACCOUNT-{file} -o go-template={{{{.status.certificate}}}}");
    let issued = eventually("the certificate", Duration::from_secs(20), || {
        let written = walker.once(&get)?;
        Ok((written.len() > 100).then_some(written))
    })?;
    let home = walker.cluster.home();
    fs::write(home.join(format!("{file}.b64")), issued.trim())?;
    fs::write(home.join(format!("{file}.key")), &pair.key)?;
    let authority = walker.cluster.kubeconfig(User::Admin);
    let authority = authority.with_file_name("pki").join("apiserver.crt");
    Ok(Some(format!(
        "base64 -d {file}.b64 > {file}.crt\nkubectl --kubeconfig=/dev/null --server={} --certificate-authority={} --client-certificate={file}.crt --client-key={file}.key",
        walker.cluster.server(),
        authority.display()
    )))
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
