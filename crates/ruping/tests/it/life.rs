//! The life of a server: started, ended politely or not, started again, beside another one.

use client::Call;
use serde_json::json;
use testkit::{Database, House, Plan, databases};
use wire::{ListQuery, Login};

use crate::{RUPING, on_each_database};

#[test]
fn what_was_answered_survives_a_kill() {
    on_each_database(|mut server| {
        let made = {
            let house = House::furnish(&server).unwrap();
            let made = house.make("office", "unit", "add", json!({ "name": "二部" }), &[]);
            made.unwrap().record().unwrap().id
        };
        server.kill(0).unwrap();
        server.start_again(0).unwrap();
        let office = server.enter_again("office").unwrap();
        assert_eq!(office.read_record(made).unwrap().fields["name"], "二部");
        server.stop(0).unwrap();
        let check = server.on_folder("check").output().unwrap();
        assert_eq!(
            check.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&check.stdout)
        );
    });
}

#[test]
fn a_polite_end_is_a_good_end() {
    on_each_database(|mut server| {
        assert_eq!(server.stop(0).unwrap(), Some(0), "{}", server.said());
        server.start_again(0).unwrap();
        assert!(
            server
                .nobody()
                .unwrap()
                .send(&Call::new("GET", "/healthz"))
                .is_ok()
        );
    });
}

#[test]
fn it_says_when_it_lives_and_when_it_is_ready() {
    on_each_database(|server| {
        let nobody = server.nobody().unwrap();
        for path in ["/healthz", "/readyz"] {
            assert_eq!(
                nobody.send(&Call::new("GET", path)).unwrap().status,
                200,
                "{path}"
            );
        }
    });
}

#[test]
fn two_servers_share_one_postgresql() {
    for database in databases().unwrap() {
        if matches!(database, Database::Sqlite) {
            continue;
        }
        let mut server = Plan::new(RUPING, database).start().unwrap();
        let second = server.join().unwrap();
        let house = House::furnish(&server).unwrap();
        let made = house
            .make("office", "unit", "add", json!({ "name": "三部" }), &[])
            .unwrap();
        let mut other = server.nobody_at(second).unwrap();
        let login = Login {
            name: "office".to_owned(),
            password: testkit::PASSWORD.into(),
            otp: None,
        };
        other.open_session(&login).unwrap();
        let id = made.record().unwrap().id;
        assert_eq!(other.read_record(id).unwrap().fields["name"], "三部");
        assert_eq!(
            other
                .list_records("unit", &ListQuery::default())
                .unwrap()
                .items
                .len(),
            2
        );
    }
}

#[test]
fn gap_4_no_second_program_works_on_an_embedded_folder() {
    let mut server = crate::server();
    // an erasure that a running server has announced and not yet committed
    let mut keys = server.key_sql().unwrap();
    let announced = "INSERT INTO announced (id, wrapped, batch) VALUES ('one', NULL, 1000000)";
    assert_eq!(keys.run(announced).unwrap(), 1);
    let data = server.data().display().to_string();
    for (verb, more) in [("serve", &["--listen", "127.0.0.1:0"][..]), ("check", &[])] {
        for (language, words) in [
            ("zh_CN.UTF-8", "另一个如瓶程序"),
            ("en_US.UTF-8", "another ruping"),
        ] {
            let mut second = server.on_folder(verb);
            let refused = second.args(more).env("LANG", language).output().unwrap();
            let said = String::from_utf8(refused.stderr).unwrap();
            assert_eq!(refused.status.code(), Some(2), "{verb}: {said}");
            assert!(said.contains("[data.in_use]"), "{verb}: {said}");
            assert!(
                said.contains(&data) && said.contains(words),
                "{verb}: {said}"
            );
        }
    }
    assert_eq!(
        keys.count("announced").unwrap(),
        1,
        "it is not theirs to drop"
    );
    assert!(
        server
            .nobody()
            .unwrap()
            .send(&Call::new("GET", "/readyz"))
            .is_ok()
    );
    drop(keys);
    server.kill(0).unwrap();
    server.start_again(0).unwrap();
    server.stop(0).unwrap();
    let check = server.on_folder("check").output().unwrap();
    assert_eq!(
        check.status.code(),
        Some(0),
        "a killed server leaves no lock: {check:?}"
    );
}

#[test]
fn gap_4_servers_of_one_postgresql_and_a_check_beside_them_share_a_folder() {
    for database in databases().unwrap() {
        if matches!(database, Database::Sqlite) {
            continue;
        }
        let mut server = Plan::new(RUPING, database).start().unwrap();
        server.join().unwrap();
        let check = server.on_folder("check").output().unwrap();
        assert_eq!(check.status.code(), Some(0), "{check:?}");
    }
}

#[test]
fn plain_http_stays_on_this_machine() {
    let mut server = crate::server();
    server.stop(0).unwrap();
    let refused = server
        .on_folder("serve")
        .args(["--listen", "0.0.0.0:0"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("[serve.clear_text]"), "{said}");
}

#[test]
fn over_tls_cookies_and_browsers_stay_encrypted() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tls");
    let (cert, key) = (format!("{folder}/cert.pem"), format!("{folder}/key.pem"));
    let plan = Plan::new(RUPING, Database::Sqlite).serve("--tls-cert", &cert);
    let server = plan.serve("--tls-key", &key).start().unwrap();
    assert!(
        server.address().starts_with("https://127.0.0.1:"),
        "{}",
        server.address()
    );
    let stranger = server.nobody().unwrap();
    assert!(
        stranger.send(&Call::new("GET", "/healthz")).is_err(),
        "it trusts nobody unasked"
    );
    let nobody = stranger.trusting(&std::fs::read(&cert).unwrap()).unwrap();
    let login = Login {
        name: "office".to_owned(),
        password: server.one_time_password("office").unwrap().into(),
        otp: None,
    };
    let call = Call::new("POST", "/api/v1/session").json(&login).unwrap();
    let answer = nobody.send(&call).unwrap();
    assert!(answer.header("set-cookie").unwrap().ends_with("; Secure"));
    assert!(answer.header("strict-transport-security").is_some());
    let mut plain = client::Client::new(&server.address().replace("https", "http")).unwrap();
    assert!(
        plain.open_session(&login).is_err(),
        "nothing is answered in the clear"
    );
}

#[test]
fn a_test_clock_needs_a_folder_for_tests() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(path("clock"), "2026-03-02T01:00:00Z").unwrap();
    let ruping = |arguments: &[&str]| {
        let key = format!("file:{}", path("root.key"));
        let mut command = std::process::Command::new(RUPING);
        command
            .args(arguments)
            .args(["--data", &path("data"), "--root-key", &key]);
        command.output().unwrap()
    };
    assert_eq!(ruping(&["init"]).status.code(), Some(0));
    let clock = path("clock");
    let refused = ruping(&["serve", "--listen", "127.0.0.1:0", "--test-clock", &clock]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("[clock.not_a_test_folder]"), "{said}");
    let again = ruping(&["init"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(
        String::from_utf8(again.stderr)
            .unwrap()
            .contains("[init.not_empty]")
    );
}
