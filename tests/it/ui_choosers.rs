//! Palette, help and pickers: what is typed, what is found, what Enter does.

use std::sync::Arc;

use bartizan::model::cluster::SourceName;
use bartizan::ui::{Effect, Msg};

use crate::ui_stage::Stage;

fn stage(source: SourceName) -> Stage {
    let id = bartizan::threats::stories()[0].rule.id;
    let mut stage = Stage::of_story(id);
    stage.show(|snapshot| {
        let mut cluster = (*snapshot.cluster).clone();
        cluster.source = source;
        snapshot.cluster = Arc::new(cluster);
    });
    stage.take();
    stage
}

#[test]
fn the_palette_finds_a_command_by_letters_and_enter_runs_it() {
    let mut stage = stage(SourceName::Demo);
    stage.keys(":");
    stage.types("cuts");
    stage.sees("go.cuts");
    stage.keys("Enter");
    stage.sees("> cuts");
}

#[test]
fn a_command_that_cannot_run_here_says_why() {
    let mut stage = stage(SourceName::Demo);
    stage.keys(":");
    stage.types("unmark all");
    stage.sees("(nothing is marked)");
    stage.keys("Enter");
    stage.sees("nothing is marked");
}

#[test]
fn words_go_to_threats_themes_namespaces_and_contexts() {
    let mut stage = stage(SourceName::Live);
    stage.keys(":");
    stage.types("theme mono");
    stage.keys("Enter");
    assert_eq!(stage.take(), [Effect::SetTheme("mono".into())]);
    stage.keys(":");
    stage.types("ns shop,pay");
    stage.keys("Enter");
    let names = Some(vec!["pay".to_owned(), "shop".to_owned()]);
    assert_eq!(stage.take(), [Effect::SetNamespaces(names)]);
    stage.keys(":");
    stage.types("ns all");
    stage.keys("Enter");
    assert_eq!(stage.take(), [Effect::SetNamespaces(None)]);
    stage.keys(":");
    stage.types("ctx pro");
    assert_eq!(stage.take(), [Effect::ListContexts]);
    stage.send(Msg::Contexts {
        current: Some("dev".into()),
        names: Ok(vec!["dev".into(), "prod-eu1".into()]),
    });
    stage.sees("ctx prod-eu1");
    stage.keys("Enter");
    assert_eq!(stage.take(), [Effect::SwitchContext("prod-eu1".into())]);
}

#[test]
fn without_an_api_server_no_other_context_is_looked_at() {
    let mut stage = stage(SourceName::Files);
    stage.keys(":");
    stage.types("ctx prod");
    stage.sees("(only with an API server)");
    stage.keys("Enter");
    assert_eq!(stage.take(), []);
}

#[test]
fn help_lists_the_keys_of_the_place_first_and_searches() {
    let mut stage = stage(SourceName::Demo);
    stage.keys("b ?");
    stage.sees("keys: not visible");
    stage.sees("copy the permission to ask for");
    stage.types("suspend");
    stage.sees("Ctrl-Z");
    stage.keys("Enter");
    assert_eq!(stage.take(), [Effect::Suspend]);
}

#[test]
fn the_context_picker_stands_on_the_one_in_use() {
    let mut stage = stage(SourceName::Live);
    stage.keys(":");
    stage.types("go.context");
    stage.keys("Enter");
    stage.sees("reading the kubeconfig");
    assert_eq!(stage.take(), [Effect::ListContexts]);
    stage.send(Msg::Contexts {
        current: Some("prod".into()),
        names: Ok(vec!["dev".into(), "prod".into()]),
    });
    stage.sees("in use");
    stage.keys("Up Enter");
    assert_eq!(stage.take(), [Effect::SwitchContext("dev".into())]);
}

#[test]
fn every_pane_draws_at_every_size_and_every_key_is_safe_in_it() {
    let ways = [
        "x", "x y", "t", "c", "b", "?", ":", "c Enter", "x d", "x m", "1", "2 v",
    ];
    for way in ways {
        let mut stage = stage(SourceName::Demo);
        stage.keys(way);
        for (width, height) in [
            (80, 24),
            (160, 50),
            (60, 15),
            (40, 10),
            (20, 5),
            (8, 2),
            (1, 1),
        ] {
            stage.resize(width, height);
            for key in [
                "j", "G", "Tab", "PgDn", "Right", "Left", "g", "}", "{", "Up",
            ] {
                stage.keys(key);
                stage.screen();
            }
            assert_eq!(stage.screen(), stage.screen(), "{way} {width}x{height}");
        }
    }
}
