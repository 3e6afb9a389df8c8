//! Edits and changes in a few words, as cuts and fixes name them.

use super::{Change, ContainerEdit, Edit, IngressEdit, PodEdit, RuleEdit, ServiceEdit};

impl Edit {
    /// `do not mount the token`, `remove sa:ci/runner from the binding`. Not cleaned.
    pub fn says(&self) -> String {
        match self {
            Edit::Pod(edit) => pod(edit),
            Edit::Container(name, edit) => format!("{} of container {name}", container(edit)),
            Edit::AccountAutomount(false) => "do not mount the account's token".to_owned(),
            Edit::AccountAutomount(true) => "mount the account's token".to_owned(),
            Edit::Label(key, Some(value)) => format!("label {key}={value}"),
            Edit::Label(key, None) => format!("drop label {key}"),
            Edit::Service(ServiceEdit::ClusterIp) => "make the service internal".to_owned(),
            Edit::Service(ServiceEdit::SourceRanges(_)) => "restrict source ranges".to_owned(),
            Edit::Service(ServiceEdit::RemoveExternalIps) => "drop external IPs".to_owned(),
            Edit::Service(ServiceEdit::NoNodePorts) => "give the node ports back".to_owned(),
            Edit::Ingress(IngressEdit::AddTls(..)) => "add TLS".to_owned(),
            Edit::Ingress(IngressEdit::Host(_, host)) => format!("serve host {host} only"),
            Edit::RemoveSubject(subject) => format!("take {subject} out"),
            Edit::Rule(_, RuleEdit::Remove(_)) => "drop a rule".to_owned(),
            Edit::Rule(_, RuleEdit::Replace(..) | RuleEdit::Split(..)) => {
                "narrow a rule".to_owned()
            }
            Edit::WebhookIgnore(name, ignore) => {
                format!(
                    "{} when webhook {name} fails",
                    if *ignore { "admit" } else { "refuse" }
                )
            }
            Edit::CreatePolicy(policy) => format!("add network policy {}", policy.meta.name()),
            Edit::CreateAccount(account) => format!("add service account {}", account.meta.name()),
            Edit::CreateRole(role) => format!("add role {}", role.meta.name()),
            Edit::CreateBinding(binding) => format!("bind {}", binding.role.name),
            Edit::Delete => "delete".to_owned(),
        }
    }
}

impl Change {
    /// The edit with the object that it is made to: `do not mount the token in deploy shop/cart`. Not cleaned.
    pub fn says(&self) -> String {
        let object = &self.object;
        match &self.edit {
            Edit::Delete => format!("delete {object}"),
            edit if edit.creates() => format!("add {object}"),
            Edit::RemoveSubject(subject) => format!("take {subject} out of {object}"),
            Edit::Rule(_, RuleEdit::Remove(rule)) => {
                format!("drop the rule \"{}\" of {object}", rule.says())
            }
            Edit::Rule(..) => format!("narrow a rule of {object}"),
            edit => format!("{} in {object}", edit.says()),
        }
    }
}

fn pod(edit: &PodEdit) -> String {
    match edit {
        PodEdit::HostNetwork(on) => format!("set hostNetwork to {on}"),
        PodEdit::HostPid(on) => format!("set hostPID to {on}"),
        PodEdit::HostIpc(on) => format!("set hostIPC to {on}"),
        PodEdit::Automount(false) => "do not mount the token".to_owned(),
        PodEdit::Automount(true) => "mount the token".to_owned(),
        PodEdit::Account(name) => format!("run as service account {name}"),
        PodEdit::NonRoot(on) => format!("set runAsNonRoot to {on}"),
        PodEdit::User(Some(user)) => format!("run as user {user}"),
        PodEdit::User(None) => "drop runAsUser".to_owned(),
        PodEdit::Seccomp(kind) => format!("set seccomp to {kind}"),
        PodEdit::AppArmor(kind) => apparmor(kind.as_deref()),
        PodEdit::SeLinux(_) => "drop SELinux options".to_owned(),
        PodEdit::RemoveSysctl(name) => format!("drop sysctl {name}"),
        PodEdit::RemoveHostProcess => "drop hostProcess".to_owned(),
        PodEdit::RemoveAnnotation(key) => format!("drop the pods' annotation {key}"),
        PodEdit::AddEmptyDir(name) => format!("add emptyDir {name}"),
        PodEdit::ShareProcesses(on) => format!("set shareProcessNamespace to {on}"),
        PodEdit::ServiceLinks(on) => format!("set enableServiceLinks to {on}"),
        PodEdit::RemoveHostAliases => "drop the host aliases".to_owned(),
        PodEdit::RemovePriority => "drop the priority class".to_owned(),
        PodEdit::RemoveVolume(name) => format!("drop volume {name}"),
        PodEdit::EmptyDir(name) => format!("make volume {name} an emptyDir"),
        PodEdit::HostUsers(on) => format!("set hostUsers to {on}"),
    }
}

fn container(edit: &ContainerEdit) -> String {
    match edit {
        ContainerEdit::Privileged(on) => format!("set privileged to {on}"),
        ContainerEdit::Escalation(on) => format!("set allowPrivilegeEscalation to {on}"),
        ContainerEdit::NonRoot(Some(on)) => format!("set runAsNonRoot to {on}"),
        ContainerEdit::NonRoot(None) => "drop runAsNonRoot".to_owned(),
        ContainerEdit::User(Some(user)) => format!("run as user {user}"),
        ContainerEdit::User(None) => "drop runAsUser".to_owned(),
        ContainerEdit::ReadOnlyRoot(on) => format!("set readOnlyRootFilesystem to {on}"),
        ContainerEdit::Capabilities(..) => "narrow the capabilities".to_owned(),
        ContainerEdit::Seccomp(Some(kind)) => format!("set seccomp to {kind}"),
        ContainerEdit::Seccomp(None) => "drop the seccomp profile".to_owned(),
        ContainerEdit::RemoveHostPort(_, _, port, _) => format!("drop host port {port}"),
        ContainerEdit::AppArmor(kind) => apparmor(kind.as_deref()),
        ContainerEdit::SeLinux(_) => "drop SELinux options".to_owned(),
        ContainerEdit::RemoveProcMount => "drop procMount".to_owned(),
        ContainerEdit::RemoveHostProcess => "drop hostProcess".to_owned(),
        ContainerEdit::RemoveProbeHost(path) => format!("drop {path}"),
        ContainerEdit::Mount(volume, path) => format!("mount {volume} at {path}"),
        ContainerEdit::ReadOnlyMount(path) => format!("make the mount at {path} read-only"),
        ContainerEdit::PullPolicy(policy) => format!("set imagePullPolicy to {policy}"),
        ContainerEdit::Image(image) => format!("run image {image}"),
    }
}

fn apparmor(kind: Option<&str>) -> String {
    match kind {
        Some(kind) => format!("set AppArmor to {kind}"),
        None => "drop the AppArmor profile".to_owned(),
    }
}
