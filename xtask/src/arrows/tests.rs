use super::*;
use serde_json::json;

fn everyone() -> BTreeSet<String> {
    OURS.iter().map(|(name, _)| (*name).to_owned()).collect()
}

fn arrow(from: &str, to: &str, kind: Kind) -> BTreeSet<Arrow> {
    BTreeSet::from([Arrow {
        from: from.to_owned(),
        to: to.to_owned(),
        kind,
    }])
}

#[test]
fn metadata_is_read_with_its_kinds() {
    let metadata = json!({"packages": [{
        "name": "app",
        "dependencies": [{"name": "store", "kind": null}, {"name": "testkit", "kind": "dev"}],
    }]});
    let (crates, arrows) = read(&metadata).unwrap();
    assert_eq!(crates, BTreeSet::from(["app".to_owned()]));
    let mut expected = arrow("app", "store", Kind::Product);
    expected.append(&mut arrow("app", "testkit", Kind::Tests));
    assert_eq!(arrows, expected);
}

#[test]
fn arrows_of_the_table_pass() {
    for (from, allowed) in OURS {
        for to in allowed {
            assert_eq!(
                violations(&everyone(), &arrow(from, to, Kind::Product)),
                [""; 0]
            );
        }
    }
}

#[test]
fn an_arrow_against_the_direction_fails_even_in_tests() {
    for kind in [Kind::Product, Kind::Tests] {
        let wrong = violations(&everyone(), &arrow("domain", "store", kind));
        assert_eq!(wrong, ["`domain` -> `store` is not in the table"]);
    }
}

#[test]
fn cli_never_reaches_past_the_client() {
    let wrong = violations(&everyone(), &arrow("cli", "store", Kind::Product));
    assert_eq!(wrong, ["`cli` -> `store` is not in the table"]);
}

#[test]
fn testkit_is_for_tests_only_and_never_uses_the_binary() {
    let wrong = violations(&everyone(), &arrow("app", "testkit", Kind::Product));
    assert_eq!(
        wrong,
        ["`app` -> `testkit`: `testkit` is for [dev-dependencies] only"]
    );
    assert!(violations(&everyone(), &arrow("app", "testkit", Kind::Tests)).is_empty());
    let wrong = violations(&everyone(), &arrow("testkit", "ruping", Kind::Product));
    assert_eq!(wrong, ["`testkit` -> `ruping` is not in the table"]);
}

#[test]
fn the_gate_depends_on_none_of_our_crates() {
    let wrong = violations(&everyone(), &arrow("xtask", "domain", Kind::Product));
    assert_eq!(wrong, ["`xtask` -> `domain` is not in the table"]);
}

#[test]
fn a_database_crate_stays_in_its_room() {
    assert!(violations(&everyone(), &arrow("store", "rusqlite", Kind::Product)).is_empty());
    let wrong = violations(&everyone(), &arrow("app", "rusqlite", Kind::Product));
    assert_eq!(wrong, ["`app` must not know the foreign crate `rusqlite`"]);
    let wrong = violations(&everyone(), &arrow("domain", "tokio", Kind::Tests));
    assert_eq!(wrong, ["`domain` must not know the foreign crate `tokio`"]);
}

#[test]
fn the_table_and_the_workspace_name_the_same_crates() {
    let mut crates = everyone();
    crates.remove("wire");
    crates.insert("utils".to_owned());
    let wrong = violations(&crates, &BTreeSet::new());
    assert_eq!(
        wrong,
        [
            "`utils` has no row in the table of arrows",
            "the table of arrows names `wire`, which is gone"
        ]
    );
}
