//! Which check answers to which example of another tool, and where the two differ, with the reason.

/// Folder of polaris' checks, and the checks here that say the same.
pub const POLARIS: &[(&str, &[&str])] = &[
    ("automountServiceAccountToken", &["token-mounted"]),
    ("dangerousCapabilities", &["dangerous-capabilities"]),
    ("hostIPCSet", &["host-ipc"]),
    ("hostNetworkSet", &["host-network"]),
    ("hostPIDSet", &["host-pid"]),
    (
        "hostPathSet",
        &["sensitive-host-path", "runtime-socket-mounted"],
    ),
    ("hostPortSet", &["host-port"]),
    ("hostProcess", &["host-process"]),
    ("insecureCapabilities", &["capabilities-not-dropped"]),
    ("livenessProbeMissing", &["probes-missing:livenessProbe"]),
    ("readinessProbeMissing", &["probes-missing:readinessProbe"]),
    ("memoryLimitsMissing", &["memory-unlimited"]),
    (
        "missingNetworkPolicy",
        &["no-default-deny-ingress", "no-default-deny-egress"],
    ),
    ("notReadOnlyRootFilesystem", &["writable-root-filesystem"]),
    (
        "privilegeEscalationAllowed",
        &["privilege-escalation-allowed"],
    ),
    ("procMount", &["proc-unmasked"]),
    ("pullPolicyNotAlways", &["pull-policy-not-always"]),
    ("runAsPrivileged", &["privileged-container"]),
    ("runAsRootAllowed", &["may-run-as-root"]),
    ("sensitiveContainerEnvVar", &["credential-in-variable"]),
    ("tagNotSpecified", &["moving-tag"]),
    ("tlsSettingsMissing", &["ingress-without-tls"]),
];

/// File, and why it is judged otherwise here.
pub const POLARIS_DISPUTES: &[(&str, &str)] = &[
    (
        "hostPathSet/failure.yaml",
        "the volume is mounted by no container: nobody reaches it",
    ),
    (
        "insecureCapabilities/success.all.yaml",
        "the restricted level wants ALL letter for letter; All is refused by the API server's own rule",
    ),
    (
        "insecureCapabilities/success.case.yaml",
        "the restricted level wants ALL letter for letter",
    ),
    (
        "insecureCapabilities/success.pod.yaml",
        "fourteen names are not ALL: what a later runtime adds stays, and the restricted level refuses it",
    ),
    (
        "insecureCapabilities/success.yaml",
        "fourteen names are not ALL: what a later runtime adds stays, and the restricted level refuses it",
    ),
    (
        "missingNetworkPolicy/failure.netpol_missing_egress_rules.yaml",
        "a policy that names Egress and has no rule lets nothing out: that is isolation",
    ),
    (
        "missingNetworkPolicy/failure.netpol_missing_ingress_rules.yaml",
        "a policy that names Ingress and has no rule lets nothing in: that is isolation",
    ),
    (
        "pullPolicyNotAlways/failure.cron-job.yaml",
        "an image without a tag is latest, and Kubernetes pulls that Always by default",
    ),
    (
        "pullPolicyNotAlways/failure.deployment.yaml",
        "the tag names a version: a pull gives what the node has, unless somebody moved the tag",
    ),
    (
        "pullPolicyNotAlways/failure.yaml",
        "an image without a tag is latest, and Kubernetes pulls that Always by default",
    ),
    (
        "runAsRootAllowed/failure.yaml",
        "apiVersion v1 has no Deployment: no server takes the file",
    ),
    (
        "sensitiveContainerEnvVar/failure.value_private_key.yaml",
        "three dashes begin no key: PEM has five (RFC 7468)",
    ),
    (
        "tlsSettingsMissing/success.yaml",
        "the rule has no host, and the certificate is for example.com alone: other hosts are answered without it",
    ),
];

/// Folders that no check here answers to, and why.
pub const POLARIS_ELSEWHERE: &[(&str, &str)] = &[
    (
        "clusterrolePodExecAttach",
        "roles and bindings: what is reported is who holds the rights, not the text of a role",
    ),
    (
        "clusterrolebindingClusterAdmin",
        "roles and bindings: what is reported is who holds the rights, not the text of a role",
    ),
    (
        "clusterrolebindingPodExecAttach",
        "roles and bindings: what is reported is who holds the rights, not the text of a role",
    ),
    (
        "rolePodExecAttach",
        "roles and bindings: what is reported is who holds the rights, not the text of a role",
    ),
    (
        "rolebindingClusterAdminClusterRole",
        "roles and bindings: what is reported is who holds the rights, not the text of a role",
    ),
    (
        "rolebindingClusterAdminRole",
        "roles and bindings: what is reported is who holds the rights, not the text of a role",
    ),
    (
        "rolebindingClusterRolePodExecAttach",
        "roles and bindings: what is reported is who holds the rights, not the text of a role",
    ),
    (
        "rolebindingRolePodExecAttach",
        "roles and bindings: what is reported is who holds the rights, not the text of a role",
    ),
    (
        "linuxHardening",
        "a sum of four settings, each of which has a check of its own",
    ),
    (
        "cpuLimitsMissing",
        "named in the evidence of memory-unlimited, and no finding by itself",
    ),
    (
        "cpuRequestsMissing",
        "named in the evidence of memory-unlimited, and no finding by itself",
    ),
    (
        "memoryRequestsMissing",
        "named in the evidence of memory-unlimited, and no finding by itself",
    ),
    ("sensitiveConfigmapContent", "ConfigMaps are not read"),
    (
        "deploymentMissingReplicas",
        "availability or a convention of names, not security",
    ),
    (
        "hpaMaxAvailability",
        "availability or a convention of names, not security",
    ),
    (
        "hpaMinAvailability",
        "availability or a convention of names, not security",
    ),
    (
        "metadataAndInstanceMismatched",
        "availability or a convention of names, not security",
    ),
    (
        "missingPodDisruptionBudget",
        "availability or a convention of names, not security",
    ),
    (
        "nakedPod",
        "availability or a convention of names, not security",
    ),
    (
        "oneController",
        "availability or a convention of names, not security",
    ),
    (
        "pdbDisruptionsIsZero",
        "availability or a convention of names, not security",
    ),
    (
        "pdbMinAvailableGreaterThanHPAMinReplicas",
        "availability or a convention of names, not security",
    ),
    (
        "priorityClassNotSet",
        "availability or a convention of names, not security",
    ),
    (
        "resourceRange",
        "availability or a convention of names, not security",
    ),
    (
        "topologySpreadConstraint",
        "availability or a convention of names, not security",
    ),
];

/// Policy and sample of gatekeeper's library, and the checks here that say the same.
pub const GATEKEEPER: &[(&str, &[&str])] = &[
    (
        "allow-privilege-escalation/psp-allow-privilege-escalation-container",
        &["privilege-escalation-allowed"],
    ),
    ("apparmor/psp-apparmor", &["apparmor-unconfined"]),
    (
        "capabilities/psp-capabilities-baseline",
        &["capabilities-beyond-default", "dangerous-capabilities"],
    ),
    (
        "capabilities/psp-capabilities-restricted",
        &[
            "capabilities-not-dropped",
            "capabilities-beyond-default",
            "dangerous-capabilities",
        ],
    ),
    (
        "forbidden-sysctls/psp-forbidden-sysctls",
        &["unsafe-sysctls"],
    ),
    (
        "host-filesystem/no-host-paths",
        &["sensitive-host-path", "runtime-socket-mounted"],
    ),
    (
        "host-filesystem/psp-host-filesystem",
        &["sensitive-host-path", "runtime-socket-mounted"],
    ),
    (
        "host-namespaces/psp-host-namespace",
        &["host-pid", "host-ipc"],
    ),
    (
        "host-network-ports/psp-host-network-ports",
        &["host-port", "host-network"],
    ),
    (
        "host-network-ports/port_range_block_host_network",
        &["host-port", "host-network"],
    ),
    (
        "host-probes-lifecycle/psp-host-probes-lifecycle",
        &["probe-names-host"],
    ),
    ("host-process/psp-host-process", &["host-process"]),
    (
        "privileged-containers/psp-privileged-container",
        &["privileged-container"],
    ),
    ("proc-mount/psp-proc-mount", &["proc-unmasked"]),
    (
        "read-only-root-filesystem/psp-readonlyrootfilesystem",
        &["writable-root-filesystem"],
    ),
    (
        "read-only-root-filesystem/wildcard-prefix",
        &["writable-root-filesystem"],
    ),
    ("seccomp/psp-seccomp", &["seccomp-unconfined"]),
    ("seccompv2/psp-seccomp-baseline", &["seccomp-unconfined"]),
    ("seccompv2/psp-seccomp-restricted", &["seccomp-unconfined"]),
    ("selinux/psp-selinux-v2", &["selinux-overridden"]),
    ("users/psp-pods-allowed-user-ranges", &["may-run-as-root"]),
];

/// File, and why it is judged otherwise here.
pub const GATEKEEPER_DISPUTES: &[(&str, &str)] = &[
    (
        "allow-privilege-escalation/samples/psp-allow-privilege-escalation-container/example_allowed_exempt.yaml",
        "leans on an exemption by image: here nothing is exempt",
    ),
    (
        "host-filesystem/samples/psp-host-filesystem/example_disallowed.yaml",
        "/tmp of the node, read-only: nothing that is kept there, and nothing is written",
    ),
    (
        "psp-host-network-ports/example_allowed_in_range.yaml",
        "the policy lets ports 80 to 9000 of the node through: here every host port is told",
    ),
    (
        "psp-host-network-ports/example_allowed_no_ports.yaml",
        "the network of the node is fine by the policy, and told here",
    ),
    (
        "psp-host-network-ports/example_allowed_no_ports_host_network_true.yaml",
        "upstream itself expects a violation where the network of the node is forbidden",
    ),
    (
        "psp-host-network-ports/example_allowed_out_of_range_exempted.yaml",
        "leans on an exemption by image: here nothing is exempt",
    ),
    (
        "privileged-containers/samples/psp-privileged-container/example_allowed_exempt.yaml",
        "leans on an exemption by image: here nothing is exempt",
    ),
    (
        "proc-mount/samples/psp-proc-mount/example_allowed_exempt_image.yaml",
        "leans on an exemption by image: here nothing is exempt",
    ),
    (
        "psp-readonlyrootfilesystem/example_allowed_exempted.yaml",
        "leans on an exemption by image: here nothing is exempt",
    ),
    (
        "wildcard-prefix/example_allowed_safe_prefix.yaml",
        "leans on an exemption by image: here nothing is exempt",
    ),
    (
        "seccomp/samples/psp-seccomp/example_allowed.yaml",
        "the annotation means nothing since Kubernetes 1.27",
    ),
    (
        "seccomp/samples/psp-seccomp/example_allowed2.yaml",
        "the annotation means nothing since Kubernetes 1.27",
    ),
    (
        "seccomp/samples/psp-seccomp/example_allowed_exempt_image.yaml",
        "leans on an exemption by image: here nothing is exempt",
    ),
    (
        "seccomp/samples/psp-seccomp/example_disallowed_localhost.yaml",
        "another file of profiles than the one that the sample names: a profile is in force",
    ),
    (
        "psp-seccomp-baseline/example_allowed_exempt_image.yaml",
        "leans on an exemption by image: here nothing is exempt",
    ),
    (
        "psp-seccomp-baseline/example_allowed_no_profile.yaml",
        "baseline lets unset pass, restricted does not: told as low",
    ),
    (
        "psp-seccomp-restricted/example_allowed_exempt_image.yaml",
        "leans on an exemption by image: here nothing is exempt",
    ),
];

/// Policies that no check here answers to, and why.
pub const GATEKEEPER_ELSEWHERE: &[(&str, &str)] = &[
    (
        "flexvolume-drivers/psp-flexvolume-drivers",
        "a list of drivers of its own; any such volume is refused by the restricted level",
    ),
    (
        "fsgroup/psp-fsgroup",
        "a range of groups of its own; here the root group alone is told",
    ),
    (
        "volumes/psp-volume-types",
        "judged by Pod Security itself (restrictedVolumes)",
    ),
];

/// A profile through one kind that its file writes otherwise than the bare pod's, and how.
pub const BAD_PODS_DISPUTES: &[(&str, &str)] = &[(
    "hostipc/revshell as deamonset",
    "the file asks for the network and the processes of the node too",
)];
