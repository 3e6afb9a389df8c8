//! The live source when the server goes away, comes back, or does not know us: data stays, its age is shown, and
//! recovery needs no key.

use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use bartizan::model::sight::State;
use bartizan::model::{Kind, Reason};
use bartizan::source::live::{self, ConnectError, Options};
use serde_json::json;

use crate::fake_api::{FakeApi, Reply};
use crate::fake_api_paths::SERVED;

fn pod(name: &str) -> serde_json::Value {
    json!({"metadata": {"name": name, "namespace": "shop"}})
}

fn everything_breaks(fake: &FakeApi) {
    SERVED.iter().for_each(|s| fake.break_watches(s.2));
}

#[test]
fn a_server_that_dies_and_comes_back() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    let mut world = fake.watch();
    world.settle();
    fake.hook(|_| Some(Reply::Refuse));
    everything_breaks(&fake);
    world.until("its age is shown", |w| {
        w.state(Kind::Pod) == Some(&State::Stale) && w.state(Kind::Role) == Some(&State::Stale)
    });
    world.until("the header says so", |w| {
        w.cluster.trouble.contains("connection refused")
    });
    assert!(world.has(Kind::Pod, "shop", "cart-1") && world.gone.is_empty());
    fake.heal();
    fake.put("pods", pod("cart-2"));
    let back = Instant::now();
    world.until("it recovers by itself", |w| {
        w.has(Kind::Pod, "shop", "cart-2")
            && Kind::all().all(|k| w.state(k) == Some(&State::Live))
            && w.cluster.trouble.is_empty()
    });
    assert!(
        back.elapsed() < Duration::from_secs(8),
        "{:?}",
        back.elapsed()
    );
    assert_eq!(
        fake.count(&["/api/v1/pods?", "limit="]),
        1,
        "the version still holds: no second list"
    );
}

#[test]
fn a_server_that_starts_and_does_not_know_the_rules_yet_is_not_believed() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    fake.put("gateways", pod("front"));
    let mut world = fake.watch();
    world.settle();
    assert!(world.has(Kind::Gateway, "shop", "front"));
    fake.hook(|_| Some(Reply::Refuse));
    everything_breaks(&fake);
    world.until("the header says so", |w| !w.cluster.trouble.is_empty());
    // It is back, its watches have to begin anew, and it refuses what it will allow in a moment.
    fake.heal();
    fake.hook(|asked| match asked.path.as_str() {
        "/livez" => None,
        path if path.contains("gateway") => Some(Reply::Status(404, "NotFound", "not here yet")),
        _ if asked.is_watch() => Some(Reply::Status(410, "Expired", "too old resource version")),
        _ => Some(Reply::Status(403, "Forbidden", "rules are not read yet")),
    });
    let asked = fake.count(&["/api/v1/pods?", "limit="]);
    let gateways = fake.count(&["gateways?"]);
    world.until("it was refused more than once", |w| {
        w.cluster.trouble.is_empty()
            && fake.count(&["/api/v1/pods?", "limit="]) > asked + 2
            && fake.count(&["gateways?"]) > gateways + 3
    });
    assert_eq!(world.state(Kind::Pod), Some(&State::Stale));
    assert!(world.has(Kind::Pod, "shop", "cart-1") && world.has(Kind::Gateway, "shop", "front"));
    fake.heal();
    fake.put("pods", pod("cart-2"));
    world.until("all is live", |w| {
        w.has(Kind::Pod, "shop", "cart-2") && Kind::all().all(|k| w.state(k) == Some(&State::Live))
    });
    assert!(world.has(Kind::Gateway, "shop", "front") && world.gone.is_empty());
}

#[test]
fn a_server_that_falls_silent_is_noticed_and_old_streams_are_opened_again() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    let mut world = fake.watch();
    world.settle();
    let (watches, health) = (fake.open_watches("pods"), fake.count(&["/livez"]));
    assert_eq!(
        (watches, health),
        (1, 0),
        "no health question while there is news"
    );
    // A paused process: connections stand, nothing is answered.
    fake.hook(|_| Some(Reply::Hang));
    world.until("noticed", |w| {
        w.cluster.trouble.contains("no answer") && w.state(Kind::Pod) == Some(&State::Stale)
    });
    assert!(world.has(Kind::Pod, "shop", "cart-1"));
    let before = fake.count(&["/api/v1/pods?", "watch=true"]);
    fake.heal();
    world.until("back", |w| {
        w.cluster.trouble.is_empty() && w.state(Kind::Pod) == Some(&State::Live)
    });
    assert!(
        fake.count(&["/api/v1/pods?", "watch=true"]) > before,
        "the old stream may be dead"
    );
}

#[test]
fn a_server_whose_store_is_gone_says_so_and_any_other_illness_is_an_answer() {
    for (check, lost) in [("etcd", true), ("kms-provider-0", false)] {
        let fake = FakeApi::new();
        fake.put("pods", pod("cart-1"));
        let mut world = fake.watch();
        world.settle();
        // Watches stand and are silent; only the health question is answered, and badly.
        let body = format!("[+]ping ok\n[-]{check} failed: reason withheld\nlivez check failed\n");
        fake.hook(move |asked| {
            let health = asked.path == "/livez";
            health.then(|| Reply::Text(500, "text/plain", body.clone()))
        });
        if lost {
            world.until("said", |w| {
                w.cluster.trouble.contains("its store (etcd) does not")
                    && w.state(Kind::Pod) == Some(&State::Stale)
            });
            assert!(world.has(Kind::Pod, "shop", "cart-1"));
            fake.heal();
        } else {
            world.until("asked", |_| fake.count(&["/livez"]) > 0);
            world.listen(Duration::from_secs(1));
        }
        world.until("fine", |w| {
            w.cluster.trouble.is_empty() && w.state(Kind::Pod) == Some(&State::Live)
        });
    }
}

#[test]
fn a_server_that_is_not_there_yet_is_tried_until_it_is() {
    let fake = FakeApi::new();
    fake.hook(|_| Some(Reply::Refuse));
    let mut world = fake.watch();
    world.until("the header says so", |w| {
        w.cluster.trouble.contains("connection refused")
    });
    assert!(world.states.is_empty(), "loading, not blind and not empty");
    fake.heal();
    world.until("connected", |w| {
        w.state(Kind::Pod) == Some(&State::Live) && w.cluster.trouble.is_empty()
    });
}

#[test]
fn a_server_that_has_only_just_come_up_is_asked_again() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    fake.put("gateways", pod("front"));
    fake.hook(|_| Some(Reply::Refuse));
    let mut world = fake.watch();
    world.until("nobody is there", |w| !w.cluster.trouble.is_empty());
    // It answers, and knows neither rules nor add-ons yet.
    fake.allow(|_, _, _| false);
    fake.heal();
    fake.hook(|asked| match asked.path.as_str() {
        "/version" if asked.nth < 2 => {
            Some(Reply::Status(403, "Forbidden", "rules are not read yet"))
        }
        path if path.contains("gateway") => Some(Reply::Status(404, "NotFound", "not here yet")),
        _ => None,
    });
    world.until("asked more than once", |w| {
        w.cluster.trouble.is_empty() && fake.count(&["selfsubjectaccessreviews"]) > 40
    });
    assert!(world.states.is_empty(), "loading, not blind and not empty");
    assert!(world.cluster.version.is_some());
    fake.allow(|_, _, _| true);
    fake.heal();
    world.until("all is live", |w| {
        Kind::all().all(|k| w.state(k) == Some(&State::Live))
            && w.has(Kind::Pod, "shop", "cart-1")
            && w.has(Kind::Gateway, "shop", "front")
    });
}

#[test]
fn a_caller_that_waits_is_told_at_once() {
    let options = Options {
        wait: true,
        ..Options::default()
    };
    for (reply, unauthorized) in [
        (Reply::Refuse, false),
        (Reply::Status(401, "Unauthorized", "Unauthorized"), true),
        (Reply::Text(302, "text/html", String::new()), false),
    ] {
        let fake = FakeApi::new();
        fake.hook(move |_| Some(reply.clone()));
        let (out, _batches) = sync_channel(8);
        let error = live::attach(move || fake.client(), &options, out).unwrap_err();
        assert_eq!(
            matches!(error, ConnectError::Unauthorized { .. }),
            unauthorized,
            "{error}"
        );
    }
    let fake = FakeApi::new();
    let (out, _batches) = sync_channel(8);
    live::attach(move || fake.client(), &options, out).unwrap();
}

#[test]
fn a_login_that_ends_while_watching() {
    let fake = FakeApi::new();
    fake.put("pods", pod("cart-1"));
    let mut world = fake.watch();
    world.settle();
    fake.hook(|asked| {
        (asked.path != "/livez").then_some(Reply::Status(401, "Unauthorized", "token has expired"))
    });
    everything_breaks(&fake);
    world.until("said, and data kept", |w| {
        w.cluster.trouble.contains("does not accept the login")
            && w.state(Kind::Pod) == Some(&State::Stale)
    });
    assert!(world.has(Kind::Pod, "shop", "cart-1"));
    fake.heal();
    world.until("accepted again", |w| {
        w.cluster.trouble.is_empty() && w.state(Kind::Pod) == Some(&State::Live)
    });
}

#[test]
fn a_server_that_answers_but_is_not_well_is_there() {
    let fake = FakeApi::new();
    let mut world = fake.watch();
    world.settle();
    fake.hook(|asked| {
        (asked.path == "/livez").then(|| {
            Reply::Text(
                500,
                "text/plain",
                "[-]etcd failed: reason withheld\nlivez check failed".into(),
            )
        })
    });
    fake.break_watches("pods");
    world.until("asked", |_| fake.count(&["/livez"]) >= 1);
    world.until("resumed", |w| w.state(Kind::Pod) == Some(&State::Live));
    assert!(
        world.cluster.trouble.is_empty(),
        "{}",
        world.cluster.trouble
    );
}

#[test]
fn a_version_of_the_future_is_waited_for() {
    let fake = FakeApi::new();
    // A server that came back from a backup, or a replica that lags behind.
    fake.hook(|asked| {
        (asked.watches("pods") && asked.nth < 2).then_some(Reply::Status(
            504,
            "Timeout",
            "Too large resource version: 9, current: 5",
        ))
    });
    let mut world = fake.watch();
    world.settle();
    world.until("watched", |_| fake.open_watches("pods") == 1);
    assert!(
        !world
            .said
            .iter()
            .any(|s| s.starts_with("state Pod") && s.contains("Blind"))
    );
}

#[test]
fn unreachable_is_not_forbidden() {
    let fake = FakeApi::new();
    fake.hook(|asked| {
        asked.is_list("nodes").then(|| {
            Reply::Text(
                403,
                "text/html",
                "<html>blocked by the company proxy</html>".into(),
            )
        })
    });
    let mut world = fake.watch();
    world.until("a proxy's page is no verdict", |w| {
        w.state(Kind::Node) == Some(&State::Blind(Reason::Unreachable))
    });
}
