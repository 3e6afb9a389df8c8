//! One of two ways up is closed by keys alone: an account that may have tokens issued for an administrator, and may make
//! pods that run as it. The story names each hop, the other way to end it is chosen, the commands are pasted as printed,
//! and then the server refuses the token while the screen still shows the way through pods.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use libtest_mimic::Trial;

use crate::harness::{Cluster, Needs, Result, Tmux, eventually, one_context, paste_as, trial};

const TOKEN: &str = "A subject has a token issued for a stronger account";
const PODS: &str = "A subject runs pods as a stronger account";
const BOT: &str = "sa:ops/bot";
const CUT: &str = "take sa:ops/bot out of rolebinding ops/tokens";

/// For a busy machine; what it took is printed.
const LIMIT: Duration = Duration::from_secs(5);

/// The level keeps privileged pods away: they are a story of their own.
const OBJECTS: &str = "
apiVersion: v1
kind: Namespace
metadata: {name: ops, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: admin, namespace: ops}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: bot, namespace: ops}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ops-admin}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: admin, namespace: ops}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: tokens, namespace: ops}
rules: [{apiGroups: [''], resources: [serviceaccounts/token], verbs: [create]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: tokens, namespace: ops}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: tokens}
subjects: [{kind: ServiceAccount, name: bot, namespace: ops}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: pods, namespace: ops}
rules: [{apiGroups: [''], resources: [pods], verbs: [create]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: pods, namespace: ops}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pods}
subjects: [{kind: ServiceAccount, name: bot, namespace: ops}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: operator, namespace: ops}
spec:
  selector: {matchLabels: {app: operator}}
  template:
    metadata: {labels: {app: operator}}
    spec:
      serviceAccountName: admin
      securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: operator
        image: registry.example.com/operator:1
        securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
";

pub fn trials() -> Vec<Trial> {
    vec![trial::own_in_tmux(
        "identity/one_of_two_ways_up_is_closed_by_keys",
        Needs::Nodes,
        &[],
        one_of_two_ways_up,
    )]
}

fn one_of_two_ways_up(cluster: &Cluster) -> Result {
    cluster.add_nodes(1)?;
    cluster.apply(OBJECTS)?;
    await_operator(cluster)?;
    has_token_issued(cluster)?;
    let folder = tempfile::tempdir()?;
    let [viewer, admin] = one_context(cluster, folder.path())?;
    let mut tmux = Tmux::bartizan(cluster, &viewer)?;

    to_the_stories(&mut tmux)?;
    reads_the_hops(&mut tmux)?;
    let text = chooses_the_cut(&mut tmux)?;
    tmux.press("\x1b", PODS);
    ensure!(works(&tmux.screen(), TOKEN), "{}", tmux.screen());

    paste_as(&admin, &cluster.home(), &text)?;
    let applied = Instant::now();
    tmux.outer.wait_until("the instance to be gone", |screen| {
        let text = screen.contents();
        text.contains(PODS) && !works(&text, TOKEN)
    });
    let took = applied.elapsed();
    eprintln!("identity: gone {took:?} after kubectl ended");
    ensure!(took < LIMIT, "the row was gone only after {took:?}");
    shown("after the change", &tmux);

    the_other_way_is_left(&mut tmux)?;
    let refused = has_token_issued(cluster)
        .map_or_else(|error| format!("{error:#}"), |_| "a token".to_owned());
    ensure!(refused.contains("is forbidden"), "{refused}");
    let makes = [
        "auth", "can-i", "create", "pods", "-n", "ops", "--as", LOGIN,
    ];
    ensure!(cluster.admin(&makes)?.trim() == "yes", "it makes pods");
    Ok(())
}

/// As the API server knows the account.
const LOGIN: &str = "system:serviceaccount:ops:bot";

/// What the story says, done: the account asks for a token of the stronger one.
fn has_token_issued(cluster: &Cluster) -> Result<String> {
    let asks = ["create", "token", "admin", "-n", "ops", "--as", LOGIN];
    cluster.admin(&asks)
}

fn await_operator(cluster: &Cluster) -> Result {
    eventually("the operator to run", Duration::from_secs(120), || {
        let found = cluster.get(&["deploy", "operator", "-n", "ops"])?;
        Ok((found["status"]["availableReplicas"] == 1).then_some(()))
    })
}

/// From the first screen to the view of stories, with the instance of both stories open and the cursor on the first.
fn to_the_stories(tmux: &mut Tmux) -> Result {
    tmux.outer.wait_until("threat 3 to be open", |screen| {
        let text = screen.contents();
        let mut lines = text.lines();
        let open = lines.any(|line| line.contains("3 Stolen credentials") && line.contains("OPEN"));
        open && text.contains("live  ") && !text.contains("...")
    });
    // The key for the fix of a story opens the change that ends most once that is known.
    let whole = Instant::now();
    tmux.outer
        .wait_until("what the first cut is worth", |screen| {
            let text = screen.contents();
            text.contains("CUT FIRST") && !text.contains("being worked out")
        });
    eprintln!(
        "identity: the first cut is known {:?} after the stories",
        whole.elapsed()
    );
    shown("the first screen", tmux);
    tmux.press("3", "Controls that fail");
    tmux.press("v", "stories that work, then controls");
    tmux.press("\r", TOKEN);
    for story in [PODS, TOKEN] {
        to_the_top(tmux);
        tmux.step_to(story)?;
        tmux.outer.send("l");
        tmux.outer
            .wait_until(&format!("{BOT} below {story}"), |screen| {
                works(&screen.contents(), story)
            });
    }
    tmux.step_to(BOT)?;
    shown("the stories", tmux);
    Ok(())
}

/// The cursor on the first row: a key that is still on its way would take it further than is seen.
fn to_the_top(tmux: &mut Tmux) {
    tmux.outer.send("g");
    tmux.outer
        .wait_until("the cursor on the first row", |screen| {
            let text = screen.contents();
            let mut rows = text.lines().map(str::trim_start);
            let row = rows.find_map(|row| row.strip_prefix('>'));
            row.is_some_and(|row| row.contains("Stories that work"))
        });
}

/// The account works as a row right below the story's own.
fn works(screen: &str, story: &str) -> bool {
    let after = screen.lines().skip_while(|line| !line.contains(story));
    let mut rows = after.skip(1).take_while(|line| !line.contains(['▸', '▾']));
    rows.any(|line| line.contains(BOT) && line.contains("works"))
}

/// Every hop with its objects and fields, and then what would stop it.
fn reads_the_hops(tmux: &mut Tmux) -> Result {
    tmux.press("\r", "because");
    tmux.outer.wait_for("space mark");
    shown("the story of the account", tmux);
    holds_in_order(
        &tmux.screen(),
        &[
            "1 sa:ops/bot has a token issued in ops for sa:ops/admin",
            "rolebinding ops/tokens",
            "subjects[0]",
            "roleRef.name",
            "role ops/tokens",
            "create serviceaccounts/token  explicit",
            "2 sa:ops/admin holds every right in the cluster",
            "clusterrolebinding ops-admin",
            "subjects[0]",
            "clusterrole cluster-admin",
        ],
    )?;
    tmux.press("G", "y shows the change and copies it");
    // What each change is worth is asked one after the other.
    tmux.outer
        .wait_for("out of rolebinding ops/tokens  ends 1 story");
    shown("what stops it", tmux);
    holds_in_order(
        &tmux.screen(),
        &["stops if", CUT, "ends 1 story", "ops-admin"],
    )
}

fn holds_in_order(screen: &str, parts: &[&str]) -> Result {
    let mut rest = screen;
    for part in parts {
        let (_, after) = rest
            .split_once(part)
            .with_context(|| format!("no {part:?} where it belongs on\n{screen}"))?;
        rest = after;
    }
    Ok(())
}

/// The key opens the change that ends most; another takes this way alone, and says what is left after it.
fn chooses_the_cut(tmux: &mut Tmux) -> Result<String> {
    tmux.press("y", "ways       ");
    answered(tmux, "proof");
    shown("the fix that ends most", tmux);
    for _ in 0..8 {
        let before = chosen(&tmux.screen());
        if before.contains(CUT) {
            break;
        }
        tmux.outer.send("o");
        tmux.outer.wait_until("another way", |screen| {
            let now = chosen(&screen.contents());
            !now.is_empty() && now != before
        });
    }
    answered(tmux, "survives");
    tmux.outer.send("y");
    let text = eventually("the copy", Duration::from_secs(10), || {
        let text = tmux.buffer()?;
        Ok(text.contains("rolebinding tokens").then_some(text))
    })?;
    tmux.outer.wait_for("proven     on the live objects");
    shown("the fix of this story", tmux);
    holds_in_order(
        &tmux.screen(),
        &[
            CUT,
            "ends       ways of sa:ops/bot: every right in the cluster (1 of ",
            "survives   to every right in the cluster: sa:ops/bot makes",
            "proven",
        ],
    )?;
    tmux.press("\x1b", "stops if");
    Ok(text)
}

/// The way that is shown, of those that there are.
fn chosen(screen: &str) -> String {
    let mut lines = screen.lines().filter_map(|line| line.split_once("> "));
    let way = lines.find(|(label, way)| {
        matches!(label.trim(), "" | "ways") && way.starts_with(|c: char| c.is_ascii_digit())
    });
    way.map(|(_, way)| way.trim().to_owned())
        .unwrap_or_default()
}

fn answered(tmux: &Tmux, line: &str) {
    tmux.outer
        .wait_until(&format!("{line}, of these facts"), |screen| {
            let text = screen.contents();
            text.contains(line) && !text.contains("of older facts")
        });
}

/// The story through pods is still on the screen, and so is every right within reach.
fn the_other_way_is_left(tmux: &mut Tmux) -> Result {
    to_the_top(tmux);
    tmux.step_to(PODS)?;
    ensure!(works(&tmux.screen(), PODS), "{}", tmux.screen());
    tmux.step_to(BOT)?;
    tmux.press("f", "every right in the cluster");
    tmux.outer.wait_for("RoleBinding ops/pods");
    shown("what is in reach", tmux);
    let screen = tmux.screen();
    let mut lines = screen.lines();
    let reached =
        lines.any(|line| line.contains("every right in the cluster") && line.contains("steps"));
    ensure!(reached && !screen.contains("ops/tokens"), "{screen}");
    Ok(())
}

/// For the log.
fn shown(what: &str, tmux: &Tmux) {
    eprintln!("identity: {what}\n{}\n", tmux.screen());
}
