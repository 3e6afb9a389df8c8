//! Real policies, pair by pair, as the notes beside the corpora say: the policy recipes and Sock Shop.

use std::fs;
use std::path::{Path, PathBuf};

use bartizan::model::{Kind, ObjectKey};
use bartizan::semantics::reach::{End, Network, PortSet, Protocol, Verdict};
use bartizan::view::{View, World};

use crate::engine_world::objects_of;

fn corpus(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/corpora")
        .join(name);
    let there = folder.is_dir();
    if !there {
        println!("{name} is not here: nothing was compared");
    }
    there.then_some(folder)
}

/// Pods of the recipes' prose.
const PODS: &str = "
default web app=web
default store app=bookstore
default api app=bookstore,role=api
default search app=bookstore,role=search
default inventory app=inventory,role=web
default db app=bookstore,role=db
default foo app=foo
default monitor role=monitoring
default apiserver app=apiserver
default bare -
foo pod app=web
other pod -
other watcher type=monitoring
testing pod -
production pod -
ops watcher type=monitoring
ops pod -
kube-system dns k8s-app=kube-dns
";

const NAMESPACES: &str = "
default -
foo -
other -
testing purpose=testing
production purpose=production
ops team=operations
kube-system -
";

fn recipes(files: &[&str]) -> Option<World> {
    let folder = corpus("ahmetb-kubernetes-network-policy-recipes")?;
    let labels = |text: &str| {
        let pairs = text.split(',').filter_map(|p| p.split_once('='));
        pairs
            .map(|(k, v)| format!("{k}: '{v}'"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let mut yaml = Vec::new();
    for line in NAMESPACES.trim().lines() {
        let (name, all) = line.split_once(' ').unwrap();
        yaml.push(format!(
            "apiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{{}}}}}\n",
            labels(all)
        ));
    }
    for line in PODS.trim().lines() {
        let [namespace, name, all] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        yaml.push(format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: {namespace}, labels: {{{}}}}}\nspec: {{containers: [{{name: c, image: i}}]}}\n",
            labels(all)
        ));
    }
    for file in files {
        let named = |p: &PathBuf| p.file_stem().unwrap().to_str().unwrap().starts_with(file);
        // Of two blocks of one recipe the first has the shorter name.
        let path = walk(&folder)
            .into_iter()
            .filter(named)
            .min_by_key(|p| p.as_os_str().len());
        let path = path.unwrap();
        let text = fs::read_to_string(path).unwrap();
        let text = text.replace("metadata:\n", "metadata:\n  namespace: default\n");
        let twice = "  namespace: default\n";
        // Some name their namespace themselves.
        yaml.push(if text.matches("namespace: ").count() > 1 {
            text.replacen(twice, "", 1)
        } else {
            text
        });
    }
    Some(World::closed(objects_of(&yaml.join("\n---\n"))))
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path));
        } else if path.extension().is_some_and(|e| e == "yaml" || e == "yml") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn pod(text: &str) -> ObjectKey {
    let (namespace, name) = text.split_once('/').unwrap();
    ObjectKey::namespaced(Kind::Pod, namespace, name)
}

/// Ports that pass, in words; `-` for none.
fn passes(world: &World, from: &str, to: &str) -> String {
    let network = Network::new(&View::new(world));
    let end = |text: &str| match text {
        "outside" => vec![End::Piece(
            network.pieces().of("8.8.8.8".parse().unwrap()).unwrap(),
        )],
        text => network
            .classes_of(&pod(text))
            .iter()
            .map(|c| End::Class(*c))
            .collect::<Vec<_>>(),
    };
    let rows = network.together(end(from).into_iter(), &end(to), &PortSet::all());
    assert!(!rows.is_empty(), "{from} {to}");
    let passing = rows.iter().filter(|r| r.verdict == Verdict::Allow);
    let ports = passing.fold(PortSet::default(), |all, row| all.or(&row.ports));
    if ports.is_empty() {
        "-".to_owned()
    } else {
        ports.words().join(" ")
    }
}

#[test]
fn recipes_do_what_their_notes_say() {
    let dns = "TCP/53 UDP/53";
    let table: &[(&[&str], &[Row])] = &[
        (
            &["01"],
            &[
                ("default/foo", "default/web", "-"),
                ("other/pod", "default/web", "-"),
                ("outside", "default/web", "-"),
                ("default/web", "default/foo", "all"),
            ],
        ),
        (
            &["02-"],
            &[
                ("default/store", "default/api", "all"),
                ("default/foo", "default/api", "-"),
                ("other/pod", "default/api", "-"),
            ],
        ),
        (&["02a"], &[("other/pod", "default/web", "all")]),
        (
            &["01", "02a"],
            &[
                ("other/pod", "default/web", "all"),
                ("default/foo", "default/web", "all"),
            ],
        ),
        (
            &["03"],
            &[
                ("other/pod", "default/foo", "-"),
                ("default/web", "default/bare", "-"),
                ("outside", "default/bare", "-"),
                ("default/web", "other/pod", "all"),
            ],
        ),
        (
            &["04"],
            &[
                ("foo/pod", "default/web", "-"),
                ("default/foo", "default/web", "all"),
                ("default/foo", "default/bare", "all"),
            ],
        ),
        (
            &["05"],
            &[
                ("other/pod", "default/web", "all"),
                ("default/bare", "default/web", "all"),
                ("outside", "default/web", "-"),
            ],
        ),
        (
            &["06"],
            &[
                ("production/pod", "default/web", "all"),
                ("testing/pod", "default/web", "-"),
            ],
        ),
        (
            &["07"],
            &[
                ("ops/watcher", "default/web", "all"),
                ("ops/pod", "default/web", "-"),
                ("other/watcher", "default/web", "-"),
            ],
        ),
        (
            &["08"],
            &[
                ("outside", "default/web", "all"),
                ("other/pod", "default/web", "all"),
            ],
        ),
        (
            &["09"],
            &[
                ("default/monitor", "default/apiserver", "TCP/5000"),
                ("default/foo", "default/apiserver", "-"),
            ],
        ),
        (
            &["10"],
            &[
                ("default/search", "default/db", "all"),
                ("default/api", "default/db", "all"),
                ("default/inventory", "default/db", "all"),
                ("default/foo", "default/db", "-"),
            ],
        ),
        (
            &["11-deny"],
            &[
                ("default/foo", "default/web", "-"),
                ("default/foo", "kube-system/dns", "-"),
                ("default/foo", "outside", "-"),
                ("default/web", "default/foo", "all"),
            ],
        ),
        (
            &["12"],
            &[
                ("default/bare", "default/web", "-"),
                ("default/web", "kube-system/dns", "-"),
                ("default/web", "outside", "-"),
            ],
        ),
        (
            &["14"],
            &[
                ("default/foo", "kube-system/dns", dns),
                ("default/foo", "outside", "-"),
                ("default/foo", "default/web", "-"),
            ],
        ),
    ];
    for (files, rows) in table {
        let Some(world) = recipes(files) else { return };
        for (from, to, expected) in *rows {
            assert_eq!(
                passes(&world, from, to),
                *expected,
                "{files:?}: {from} to {to}"
            );
        }
    }
}

/// Who asks, whom, and the ports that pass.
type Row = (&'static str, &'static str, &'static str);

/// Workloads that reach others, by the notes: everything else is denied.
const SHOP: &[(&str, &str, &str)] = &[
    ("catalogue", "catalogue-db", "TCP/3306"),
    ("front-end", "catalogue", "TCP/80"),
    ("front-end", "orders", "TCP/80"),
    ("front-end", "user", "TCP/80"),
    ("orders", "orders-db", "TCP/27017"),
    ("orders", "payment", "TCP/80"),
    ("orders", "shipping", "TCP/80"),
    ("orders", "user", "TCP/80"),
    ("queue-master", "rabbitmq", "TCP/5672"),
    ("shipping", "rabbitmq", "TCP/5672"),
    ("user", "user-db", "TCP/27017"),
];

#[test]
fn sock_shop_is_what_its_notes_say() {
    let Some(folder) = corpus("microservices-demo-microservices-demo") else {
        return;
    };
    let folder = folder.join("deploy/kubernetes");
    let files = ["manifests", "manifests-policy"]
        .map(|f| walk(&folder.join(f)))
        .concat();
    let texts: Vec<String> = files
        .iter()
        .map(|f| fs::read_to_string(f).unwrap())
        .collect();
    let mut yaml = texts.join("\n---\n");
    yaml = yaml
        .lines()
        .filter(|l| l.trim() != "---" || *l == "---")
        .collect::<Vec<_>>()
        .join("\n");
    let world = World::closed(objects_of(&yaml));
    let network = Network::new(&View::new(&world));
    let shop: Vec<&ObjectKey> = network
        .workloads()
        .map(|(key, _)| key)
        .filter(|k| k.home() == "sock-shop")
        .collect();
    assert_eq!(shop.len(), 14);
    let mut found = Vec::new();
    for from in &shop {
        for to in &shop {
            if from == to {
                continue;
            }
            for row in network.between(from, to, &PortSet::all()) {
                if row.verdict == Verdict::Allow {
                    found.push((
                        from.name.to_string(),
                        to.name.to_string(),
                        row.ports.words().join(" "),
                    ));
                }
            }
        }
    }
    let open: Vec<_> = found
        .iter()
        .filter(|(_, to, _)| to == "front-end")
        .collect();
    // `netpol-frontend-access` has no `from`: every pod, and everybody outside.
    assert_eq!(open.len(), 13);
    assert!(open.iter().all(|(_, _, ports)| ports == "TCP/8079"));
    let rest: Vec<_> = found
        .iter()
        .filter(|(_, to, _)| to != "front-end")
        .map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str()))
        .collect();
    assert_eq!(rest, SHOP);
    let outside = End::Piece(network.pieces().of("8.8.8.8".parse().unwrap()).unwrap());
    for to in &shop {
        let classes: Vec<End> = network
            .classes_of(to)
            .iter()
            .map(|c| End::Class(*c))
            .collect();
        let rows = network.together(
            std::iter::once(outside),
            &classes,
            &PortSet::one(Protocol::Tcp, 8079),
        );
        let allowed = rows.iter().any(|r| r.verdict == Verdict::Allow);
        assert_eq!(allowed, &*to.name == "front-end", "{to}");
    }
}
