//! Each kubeconfig logs in as who it says, and may do what its user should and no more.

use anyhow::ensure;
use libtest_mimic::Trial;

use crate::harness::{Cluster, Result, User, trial};

pub fn trials() -> Vec<Trial> {
    vec![
        trial::shared("users/log_in_under_their_names", log_in_under_their_names),
        trial::shared(
            "users/have_their_rights_and_no_more",
            have_their_rights_and_no_more,
        ),
    ]
}

fn log_in_under_their_names(cluster: &Cluster) -> Result {
    for user in User::ALL {
        let name = cluster
            .kubectl(
                user,
                &[
                    "auth",
                    "whoami",
                    "-o",
                    "jsonpath={.status.userInfo.username}",
                ],
            )?
            .success()?;
        ensure!(
            name == user.name(),
            "the kubeconfig of {user:?} logs in as {name}"
        );
    }
    let namespace = [
        "config",
        "view",
        "--minify",
        "-o",
        "jsonpath={.contexts[0].context.namespace}",
    ];
    let namespace = cluster.kubectl(User::OneNamespace, &namespace)?.success()?;
    ensure!(
        namespace == User::NAMESPACE,
        "its default namespace is {namespace}"
    );
    Ok(())
}

fn have_their_rights_and_no_more(cluster: &Cluster) -> Result {
    let every = "--all-namespaces";
    let here = "--namespace=shop";
    let elsewhere = "--namespace=kube-system";
    // verb, resource, where; then who may: admin, viewer, view-only, one-namespace, nobody
    let table = [
        ("create", "pods", every, [true, false, false, false, false]),
        ("get", "secrets", every, [true, false, false, false, false]),
        ("list", "pods", every, [true, true, true, false, false]),
        ("watch", "pods", here, [true, true, true, true, false]),
        ("list", "pods", elsewhere, [true, true, true, false, false]),
        (
            "list",
            "namespaces",
            every,
            [true, true, true, false, false],
        ),
        ("list", "nodes", every, [true, true, false, false, false]),
        (
            "list",
            "clusterroles.rbac.authorization.k8s.io",
            every,
            [true, true, false, false, false],
        ),
        (
            "list",
            "rolebindings.rbac.authorization.k8s.io",
            here,
            [true, true, false, false, false],
        ),
        (
            "list",
            "networkpolicies.networking.k8s.io",
            here,
            [true, true, true, true, false],
        ),
        (
            "list",
            "validatingwebhookconfigurations.admissionregistration.k8s.io",
            every,
            [true, true, false, false, false],
        ),
        (
            "create",
            "selfsubjectaccessreviews.authorization.k8s.io",
            every,
            [true, true, true, true, true],
        ),
    ];
    for (verb, resource, place, expected) in table {
        for (user, expected) in User::ALL.into_iter().zip(expected) {
            let answer = cluster.kubectl(user, &["auth", "can-i", verb, resource, place])?;
            let allowed = answer.stdout.trim() == "yes";
            ensure!(
                answer.code == Some(i32::from(!allowed)),
                "can-i failed: {answer:?}"
            );
            ensure!(
                allowed == expected,
                "{user:?} {verb} {resource} {place}: {allowed}, expected {expected}"
            );
        }
    }
    Ok(())
}
