//! Who may log in to a test cluster, and the rights each is given.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Result, role, secrets};

/// A person with a kubeconfig of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum User {
    /// Member of `system:masters`: may do everything. Only the tests themselves should be this.
    Admin,
    /// Has the role that Bartizan ships, in the whole cluster.
    Viewer,
    /// Has the built-in role `view`, in the whole cluster: no RBAC objects, no nodes, no Secrets.
    ViewOnly,
    /// Has the built-in role `view` in [`User::NAMESPACE`] and nothing elsewhere; cannot list namespaces.
    OneNamespace,
    /// Can log in, and has only what every authenticated user has.
    Nobody,
}

/// Accounts of our own programs: name, groups.
const PROGRAMS: [(&str, &str); 3] = [
    ("kwok", "system:masters"),
    ("system:kube-controller-manager", ""),
    ("system:kube-scheduler", ""),
];

impl User {
    /// Everybody.
    pub const ALL: [Self; 5] = [
        Self::Admin,
        Self::Viewer,
        Self::ViewOnly,
        Self::OneNamespace,
        Self::Nobody,
    ];
    /// The namespace in which [`User::OneNamespace`] may look, and which is that kubeconfig's default.
    pub const NAMESPACE: &str = "shop";

    /// The name by which the API server and its audit log know them.
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Viewer => "viewer",
            Self::ViewOnly => "view-only",
            Self::OneNamespace => "one-namespace",
            Self::Nobody => "nobody",
        }
    }

    /// The file that [`write_logins`] wrote for them.
    pub fn kubeconfig(self, directory: &Path) -> PathBuf {
        directory.join(format!("{}.kubeconfig", self.name()))
    }

    fn groups(self) -> &'static str {
        if self == Self::Admin {
            "system:masters"
        } else {
            ""
        }
    }

    fn namespace(self) -> &'static str {
        if self == Self::OneNamespace {
            Self::NAMESPACE
        } else {
            "default"
        }
    }
}

/// Writes `tokens.csv` for the API server, and a kubeconfig for each person and program.
pub fn write_logins(server: &str, directory: &Path) -> Result {
    let people = User::ALL.map(|user| (user.name(), user.groups(), user.namespace()));
    let programs = PROGRAMS.map(|(name, groups)| (name, groups, "default"));
    let mut tokens = String::new();
    for (name, groups, namespace) in people.into_iter().chain(programs) {
        let token = secrets::token()?;
        // An empty fourth column would put the user into a group with an empty name.
        let groups = if groups.is_empty() {
            String::new()
        } else {
            format!(",{groups}")
        };
        writeln!(tokens, "{token},{name},uid-{name}{groups}")?;
        let short = name.trim_start_matches("system:");
        let file = directory.join(format!("{short}.kubeconfig"));
        fs::write(
            file,
            kubeconfig(server, directory, short, &token, namespace),
        )?;
    }
    fs::write(directory.join("tokens.csv"), tokens)?;
    Ok(())
}

fn kubeconfig(server: &str, directory: &Path, user: &str, token: &str, namespace: &str) -> String {
    let authority = directory.join("pki/apiserver.crt");
    format!(
        "apiVersion: v1
kind: Config
current-context: {user}
contexts:
- name: {user}
  context: {{cluster: test, user: {user}, namespace: {namespace}}}
clusters:
- name: test
  cluster: {{server: {server:?}, certificate-authority: '{}'}}
users:
- name: {user}
  user: {{token: '{token}'}}
",
        authority.display()
    )
}

/// The objects that give everybody their rights.
pub fn rights() -> Result<String> {
    let viewer = role::viewer_role_yaml();
    let role = role::name_of(&viewer)?;
    let bind = |scope: &str, user: User, role: &str| {
        let namespace = if scope == "RoleBinding" {
            format!(", namespace: {}", User::NAMESPACE)
        } else {
            String::new()
        };
        let user = user.name();
        format!(
            "---
apiVersion: rbac.authorization.k8s.io/v1
kind: {scope}
metadata: {{name: test-{user}{namespace}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {role:?}}}
subjects: [{{apiGroup: rbac.authorization.k8s.io, kind: User, name: {user}}}]
"
        )
    };
    Ok([
        format!(
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: {}}}\n---\n{viewer}\n",
            User::NAMESPACE
        ),
        bind("ClusterRoleBinding", User::Viewer, &role),
        bind("ClusterRoleBinding", User::ViewOnly, "view"),
        bind("RoleBinding", User::OneNamespace, "view"),
    ]
    .concat())
}
