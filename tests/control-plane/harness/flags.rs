//! The command line of each program. Everything listens on loopback only.
//!
//! A flag of a test comes last and so wins over one of these.

use std::path::Path;

/// Addresses of the two servers, on ports that were free a moment ago.
pub struct Addresses {
    /// Where the API server answers.
    pub server: String,
    port: u16,
    store: String,
    peers: String,
}

/// Services get addresses from here. kubebuilder's /24 is full after 254 of them.
const SERVICES: &str = "10.0.0.0/16";
/// Pods get theirs from here. Without it kwok picks from the range of the Services.
const PODS: &str = "10.244.0.1/16";
/// One line a request, two a watch, and no bodies.
pub const AUDIT_POLICY: &str = r#"{"apiVersion":"audit.k8s.io/v1","kind":"Policy","omitStages":["RequestReceived"],"rules":[{"level":"Metadata"}]}"#;

impl Addresses {
    /// Asks the kernel for three ports and gives them back at once: another process may still take one first.
    pub fn free() -> std::io::Result<Self> {
        let listeners = [(); 3].map(|()| std::net::TcpListener::bind("127.0.0.1:0"));
        let mut ports = [0; 3];
        for (port, listener) in ports.iter_mut().zip(listeners) {
            *port = listener?.local_addr()?.port();
        }
        Ok(Self {
            server: format!("https://127.0.0.1:{}", ports[0]),
            port: ports[0],
            store: format!("http://127.0.0.1:{}", ports[1]),
            peers: format!("http://127.0.0.1:{}", ports[2]),
        })
    }
}

pub fn etcd(at: &Addresses, directory: &Path) -> Vec<String> {
    vec![
        format!("--data-dir={}/etcd", directory.display()),
        format!("--listen-client-urls={}", at.store),
        format!("--advertise-client-urls={}", at.store),
        format!("--listen-peer-urls={}", at.peers),
        "--log-level=warn".to_owned(),
        "--unsafe-no-fsync".to_owned(), // nothing here outlives a power cut
        "--quota-backend-bytes=8589934592".to_owned(), // the default of 2 GiB is too little for large clusters
    ]
}

pub fn api_server(at: &Addresses, directory: &Path, extra: &[String]) -> Vec<String> {
    let here = directory.display();
    let mut flags = vec![
        format!("--etcd-servers={}", at.store),
        format!("--secure-port={}", at.port),
        format!("--cert-dir={here}/pki"), // it signs its own certificate, which is also the authority for clients
        format!("--service-account-key-file={here}/pki/sa.key"),
        format!("--service-account-signing-key-file={here}/pki/sa.key"),
        format!("--token-auth-file={here}/tokens.csv"),
        format!("--client-ca-file={here}/pki/clients.crt"),
        format!("--audit-policy-file={here}/audit-policy.json"),
        format!("--audit-log-path={here}/audit.log"),
        format!("--service-cluster-ip-range={SERVICES}"),
    ];
    let fixed = [
        "--audit-log-maxsize=100000", // in MB: never start a second file
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--authorization-mode=Node,RBAC", // the default allows everything
        "--allow-privileged",             // else it refuses the very pods that the checks are about
        "--endpoint-reconciler-type=none", // nobody lives behind the Service of the API
    ];
    flags.extend(fixed.map(str::to_owned));
    flags.extend_from_slice(extra);
    flags
}

pub fn controller_manager(directory: &Path) -> Vec<String> {
    let here = directory.display();
    let mut flags = client("kube-controller-manager", directory);
    flags.extend([
        format!("--root-ca-file={here}/pki/apiserver.crt"),
        format!("--service-account-private-key-file={here}/pki/sa.key"),
        format!("--cluster-signing-cert-file={here}/pki/clients.crt"),
        format!("--cluster-signing-key-file={here}/pki/clients.key"),
        "--use-service-account-credentials".to_owned(),
    ]);
    flags
}

pub fn scheduler(directory: &Path) -> Vec<String> {
    client("kube-scheduler", directory)
}

/// No port of its own, no election to wait for, and more than the default 20 requests a second.
fn client(name: &str, directory: &Path) -> Vec<String> {
    vec![
        format!("--kubeconfig={}/{name}.kubeconfig", directory.display()),
        "--secure-port=0".to_owned(),
        "--leader-elect=false".to_owned(),
        "--kube-api-qps=500".to_owned(),
        "--kube-api-burst=1000".to_owned(),
    ]
}

pub fn kwok(directory: &Path) -> Vec<String> {
    vec![
        format!("--kubeconfig={}/kwok.kubeconfig", directory.display()),
        format!("--config={}/stages.yaml", directory.display()),
        format!("--cidr={PODS}"),
        "--manage-all-nodes=true".to_owned(),
        "--node-lease-duration-seconds=40".to_owned(), // a lease keeps nodes Ready with next to no writes
    ]
}
