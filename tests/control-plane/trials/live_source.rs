//! The live source on a real API server: it sees what each login may see, follows changes, survives what happens to
//! servers, and only ever reads.

use std::sync::mpsc::sync_channel;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::ensure;
use bartizan::model::sight::State;
use bartizan::model::{Kind, Object, ObjectKey, Reason};
use bartizan::source::live::{self, Options};
use libtest_mimic::Trial;

use crate::harness::{Cluster, Needs, Result, User, trial};

#[allow(clippy::panic, reason = "a condition that does not come ends a trial")]
#[path = "../../it/api_world.rs"]
mod api_world;

use api_world::World;

const FORBIDDEN: State = State::Blind(Reason::Forbidden);

pub fn trials() -> Vec<Trial> {
    vec![
        trial::shared(
            "live_source/sees_everything_with_the_shipped_role",
            sees_everything,
        ),
        trial::shared("live_source/sees_one_namespace", sees_one_namespace),
        trial::shared(
            "live_source/sees_what_the_role_view_lets_it",
            sees_what_view_lets_it,
        ),
        trial::shared("live_source/sees_nothing_as_nobody", sees_nothing),
        trial::shared("live_source/reads_a_full_object", reads_a_full_object),
        trial::shared(
            "live_source/trusts_only_the_right_server",
            trusts_only_the_right_server,
        ),
        trial::own(
            "live_source/survives_a_killed_server",
            Needs::Server,
            &[],
            survives_a_killed_server,
        ),
        trial::own(
            "live_source/survives_a_paused_store",
            Needs::Server,
            &[],
            survives_a_paused_store,
        ),
        trial::own(
            "live_source/survives_a_history_that_is_gone",
            Needs::Server,
            &["--watch-cache=false"],
            survives_a_history_that_is_gone,
        ),
        trial::own("live_source/only_reads", Needs::Server, &[], only_reads),
    ]
}

fn options(cluster: &Cluster, user: User) -> Options {
    Options {
        kubeconfig: Some(cluster.kubeconfig(user)),
        wait: true,
        ..Options::default()
    }
}

fn watch(cluster: &Cluster, user: User) -> Result<World> {
    let (out, batches) = sync_channel(64);
    let handle = live::start(options(cluster, user), out)?;
    Ok(World::reading(handle, batches))
}

fn sees_everything(cluster: &Cluster) -> Result {
    let mut world = watch(cluster, User::Viewer)?;
    world.until("every kind is live", |w| {
        Kind::all().all(|kind| w.state(kind) == Some(&State::Live))
    });
    ensure!(world.cluster.identity == "viewer", "{:?}", world.cluster);
    ensure!(
        world
            .cluster
            .version
            .as_ref()
            .is_some_and(|v| v.minor >= 36),
        "{:?}",
        world.cluster
    );
    ensure!(
        world.cluster.uid.len() == 36 && world.cluster.trouble.is_empty(),
        "{:?}",
        world.cluster
    );
    ensure!(world.broken.is_empty(), "not decoded: {:?}", world.broken);
    let admin = ObjectKey::cluster(Kind::ClusterRole, "cluster-admin");
    let everything = match world.objects.get(&admin).map(AsRef::as_ref) {
        Some(Object::Role(role)) => role
            .rules
            .iter()
            .any(|rule| rule.verbs.iter().any(|v| &**v == "*")),
        _ => false,
    };
    ensure!(everything, "cluster-admin is not what it is");
    cluster.add_namespace("live-source")?;
    cluster.apply("{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: lone, namespace: live-source}, spec: {replicas: 1, selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: registry.example.com/c}]}}}}")?;
    let lone = ObjectKey::namespaced(Kind::ReplicaSet, "live-source", "lone");
    world.until("a ReplicaSet of its own is whole", |w| {
        matches!(
            w.objects.get(&lone).map(AsRef::as_ref),
            Some(Object::Workload(_))
        )
    });
    world.until("its pod, and its token is told from its volumes", |w| {
        w.objects.values().any(|object| match object.as_ref() {
            Object::Pod(pod) => {
                pod.meta.namespace() == "live-source"
                    && pod.spec.volumes.is_empty()
                    && pod.spec.containers.iter().all(|c| c.token)
            }
            _ => false,
        })
    });
    cluster.admin(&["delete", "namespace", "live-source", "--wait=false"])?;
    world.until("gone", |w| !w.objects.contains_key(&lone));
    Ok(())
}

fn sees_one_namespace(cluster: &Cluster) -> Result {
    let mut world = watch(cluster, User::OneNamespace)?;
    world.until("its pods", |w| {
        w.narrow(Kind::Pod, User::NAMESPACE) == Some(&State::Live)
    });
    world.until("its namespace", |w| {
        w.objects
            .contains_key(&ObjectKey::of_namespace(User::NAMESPACE))
    });
    world.settle();
    // of an add-on that is not installed everything is known: nothing
    for kind in Kind::all().filter(|kind| !kind.info().optional) {
        ensure!(
            world.state(kind) == Some(&FORBIDDEN),
            "{kind}: {:?}",
            world.state(kind)
        );
    }
    ensure!(
        world.narrow(Kind::Role, User::NAMESPACE).is_none(),
        "the role view does not show RBAC"
    );
    let elsewhere: Vec<_> = world
        .objects
        .keys()
        .filter(|key| key.home() != User::NAMESPACE)
        .collect();
    ensure!(elsewhere.is_empty(), "{elsewhere:?}");
    Ok(())
}

fn sees_what_view_lets_it(cluster: &Cluster) -> Result {
    let mut world = watch(cluster, User::ViewOnly)?;
    world.settle();
    for (kind, visible) in [
        (Kind::Pod, true),
        (Kind::NetworkPolicy, true),
        (Kind::Namespace, true),
        (Kind::ClusterRole, false),
        (Kind::RoleBinding, false),
        (Kind::Node, false),
    ] {
        let expected = if visible { State::Live } else { FORBIDDEN };
        ensure!(
            world.state(kind) == Some(&expected),
            "{kind}: {:?}",
            world.state(kind)
        );
    }
    Ok(())
}

fn sees_nothing(cluster: &Cluster) -> Result {
    let mut world = watch(cluster, User::Nobody)?;
    world.settle();
    ensure!(world.objects.is_empty(), "{:?}", world.objects.keys());
    for kind in Kind::all() {
        // An add-on that is not installed has no objects, whoever asks.
        let addon = kind.is_custom();
        ensure!(
            world.state(kind) == Some(if addon { &State::Live } else { &FORBIDDEN }),
            "{kind}: {:?}",
            world.state(kind)
        );
    }
    ensure!(world.cluster.identity == "nobody", "{:?}", world.cluster);
    Ok(())
}

fn reads_a_full_object(cluster: &Cluster) -> Result {
    let mut world = watch(cluster, User::Viewer)?;
    world.settle();
    let value = world
        .handle
        .fetch(&ObjectKey::cluster(Kind::ClusterRole, "system:discovery"))?;
    ensure!(
        value["kind"] == "ClusterRole" && value["rules"].is_array(),
        "{value}"
    );
    Ok(())
}

fn trusts_only_the_right_server(cluster: &Cluster) -> Result {
    let fails = |change: &dyn Fn(&mut Options)| {
        let mut options = options(cluster, User::Viewer);
        change(&mut options);
        let (out, _batches) = sync_channel(64);
        live::start(options, out)
            .map(|_| ())
            .map_err(|error| error.to_string())
    };
    let name = fails(&|o| o.tls_server_name = Some("another.example.com".into()));
    ensure!(
        name.as_ref()
            .is_err_and(|why| why.contains("not valid for name")),
        "{name:?}"
    );
    let skipped = fails(&|o| o.insecure_skip_tls_verify = true);
    ensure!(skipped.is_ok(), "{skipped:?}");
    let token = fails(&|o| o.token = Some("of-nobody".into()));
    ensure!(
        token
            .as_ref()
            .is_err_and(|why| why.contains("does not accept the login")),
        "{token:?}"
    );
    let port = fails(&|o| o.server = Some("https://127.0.0.1:1".into()));
    ensure!(
        port.as_ref().is_err_and(|why| why.contains("refused")),
        "{port:?}"
    );
    Ok(())
}

fn survives_a_killed_server(cluster: &Cluster) -> Result {
    let mut world = watch(cluster, User::Viewer)?;
    world.until("every kind is live", |w| {
        Kind::all().all(|kind| w.state(kind) == Some(&State::Live))
    });
    let before = world.objects.len();
    cluster.kill_apiserver()?;
    world.until("its age is shown, and why", |w| {
        w.state(Kind::ClusterRole) == Some(&State::Stale) && !w.cluster.trouble.is_empty()
    });
    world.listen(Duration::from_secs(20));
    ensure!(
        world.objects.len() == before && world.gone.is_empty(),
        "something went: {:?}",
        world.gone
    );
    cluster.restart_apiserver()?;
    let back = Instant::now();
    world.until("it recovers by itself", |w| {
        Kind::all().all(|kind| w.state(kind) == Some(&State::Live)) && w.cluster.trouble.is_empty()
    });
    eprintln!(
        "live_source: all live {:?} after the server was back",
        back.elapsed()
    );
    cluster.apply(
        "{apiVersion: v1, kind: ServiceAccount, metadata: {name: later, namespace: default}}",
    )?;
    world.until("it follows again", |w| {
        w.has(Kind::ServiceAccount, "default", "later")
    });
    Ok(())
}

fn survives_a_paused_store(cluster: &Cluster) -> Result {
    let mut world = watch(cluster, User::Viewer)?;
    world.settle();
    let before = world.objects.len();
    cluster.pause_etcd()?;
    world.handle.relist();
    world.listen(Duration::from_secs(10));
    ensure!(
        world.objects.len() >= before && world.gone.is_empty(),
        "something went: {:?}",
        world.gone
    );
    let blind: Vec<_> = world
        .states
        .iter()
        .filter(|(_, state)| matches!(state, State::Blind(_)))
        .collect();
    ensure!(
        blind.is_empty(),
        "known before, and not known now: {blind:?}"
    );
    cluster.resume_etcd()?;
    cluster.apply(
        "{apiVersion: v1, kind: ServiceAccount, metadata: {name: later, namespace: default}}",
    )?;
    world.until("it follows again", |w| {
        w.has(Kind::ServiceAccount, "default", "later")
    });
    Ok(())
}

/// Without a watch cache an old version is looked up in the store, where compaction has taken it away.
fn survives_a_history_that_is_gone(cluster: &Cluster) -> Result {
    let mut world = watch(cluster, User::Viewer)?;
    world.settle();
    cluster.kill_apiserver()?;
    world.until("noticed", |w| !w.cluster.trouble.is_empty());
    cluster.restart_apiserver()?;
    cluster.apply(
        "{apiVersion: v1, kind: ServiceAccount, metadata: {name: later, namespace: default}}",
    )?;
    world.until("followed", |w| {
        w.has(Kind::ServiceAccount, "default", "later")
    });
    Ok(())
}

fn only_reads(cluster: &Cluster) -> Result {
    let users = [
        User::Viewer,
        User::OneNamespace,
        User::ViewOnly,
        User::Nobody,
    ];
    let mut worlds = users
        .iter()
        .map(|user| watch(cluster, *user))
        .collect::<Result<Vec<_>>>()?;
    worlds.iter_mut().for_each(World::settle);
    sleep(Duration::from_secs(1));
    let lines = cluster.audit()?;
    let ours: Vec<_> = lines
        .iter()
        .filter(|line| line.user_agent.starts_with("bartizan/"))
        .collect();
    ensure!(ours.len() > 50, "{} lines", ours.len());
    for line in &ours {
        let review = line.verb == "create" && line.resource.starts_with("selfsubject");
        ensure!(
            review || ["get", "list", "watch"].contains(&line.verb.as_str()),
            "{line:?}"
        );
        ensure!(
            line.resource != "secrets"
                && line.resource != "configmaps"
                && line.subresource.is_empty(),
            "{line:?}"
        );
        ensure!(
            line.code != 403 || line.name == "kube-system",
            "asked for what a review had denied: {line:?}"
        );
    }
    Ok(())
}
