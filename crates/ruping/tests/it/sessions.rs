//! Who is let in, how far, and for how long.

use client::{Call, Client};
use testkit::{PASSWORD, Server};
use wire::{Login, NewToken};

use crate::bad_input::problem;
use crate::on_each_database;

fn login(name: &str, password: &str) -> Login {
    Login {
        name: name.to_owned(),
        password: password.into(),
        otp: None,
    }
}

/// A session whose one-time password has not been changed yet.
fn newcomer(server: &Server) -> Client {
    let mut client = server.nobody().unwrap();
    let once = server.one_time_password("office").unwrap();
    client.open_session(&login("office", once)).unwrap();
    client
}

#[test]
fn nobody_is_let_in_and_a_name_tells_nothing() {
    on_each_database(|server| {
        let mut nobody = server.nobody().unwrap();
        for path in [
            "/api/v1/me",
            "/api/v1/registers",
            "/log/checkpoint",
            "/api/v1/log/entries",
        ] {
            let answer = nobody.send(&Call::new("GET", path)).unwrap();
            assert_eq!(problem(&answer).code, "session.needed", "{path}");
            assert_eq!(answer.status, 401, "{path}");
        }
        let wrong = nobody
            .open_session(&login("office", "wrong password"))
            .unwrap_err();
        let unknown = nobody
            .open_session(&login("nobody", "wrong password"))
            .unwrap_err();
        assert_eq!(
            (wrong.code(), unknown.code()),
            ("session.refused", "session.refused")
        );
        let stranger = server.nobody().unwrap().with_token("no token".into());
        assert_eq!(stranger.read_me().unwrap_err().code(), "token.refused");
    });
}

#[test]
fn a_session_ends_and_a_clock_set_back_does_not_revive_it() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        assert!(office.read_me().is_ok());
        server.set_clock("2026-03-02T09:00:01Z").unwrap();
        assert_eq!(office.read_me().unwrap_err().code(), "session.ended");
        server.set_clock("2026-03-01T01:00:00Z").unwrap();
        let ended = office.send(&Call::new("GET", "/api/v1/me")).unwrap();
        assert_eq!(
            (ended.status, problem(&ended).code.as_str()),
            (401, "session.ended")
        );
        let call = Call::new("POST", "/api/v1/registers/unit/records");
        let body = br#"{"fields": {"name": "x"}}"#.to_vec();
        let late = office.send(&call.bytes("application/json", body)).unwrap();
        assert_eq!(problem(&late).code, "session.ended");
        server.set_clock("2026-03-02T10:00:00Z").unwrap();
        let office = server.enter_again("office").unwrap();
        let list = office
            .list_records("unit", &wire::ListQuery::default())
            .unwrap();
        assert!(list.items.is_empty(), "nothing half-done stays");
    });
}

#[test]
fn a_session_ends_when_nobody_uses_it_and_for_certain_after_eight_hours() {
    on_each_database(|server| {
        let minute = |minutes: u64| {
            let start: domain::Timestamp = "2026-03-02T01:00:00Z".parse().unwrap();
            let now = start + std::time::Duration::from_secs(60 * minutes);
            server.set_clock(&now.to_string()).unwrap();
        };
        let (busy, idle) = (
            server.enter("office").unwrap(),
            server.enter("auditor").unwrap(),
        );
        minute(29);
        assert!(busy.read_me().is_ok() && idle.read_me().is_ok());
        minute(58);
        assert!(busy.read_me().is_ok());
        minute(59);
        assert_eq!(idle.read_me().unwrap_err().code(), "session.ended");
        for so_far in (87..480).step_by(29) {
            minute(so_far);
            assert!(busy.read_me().is_ok(), "after {so_far} minutes");
        }
        minute(480);
        assert_eq!(busy.read_me().unwrap_err().code(), "session.ended");
    });
}

#[test]
fn a_session_that_somebody_else_chose_is_not_taken_up() {
    let server = crate::server();
    let once = server.one_time_password("office").unwrap();
    let chosen = "ruping_session=chosen-by-somebody-else";
    let call = Call::new("POST", "/api/v1/session")
        .json(&login("office", once))
        .unwrap()
        .header("cookie", chosen);
    let answer = server.nobody().unwrap().send(&call).unwrap();
    assert_eq!(answer.status, 201);
    assert!(!answer.header("set-cookie").unwrap().starts_with(chosen));
    let call = Call::new("GET", "/api/v1/me").header("cookie", chosen);
    let answer = server.nobody().unwrap().send(&call).unwrap();
    assert_eq!(problem(&answer).code, "session.ended");
}

#[test]
fn sixty_four_people_log_in_at_once() {
    let server = crate::server();
    server.enter("office").unwrap();
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..64)
            .map(|_| {
                scope.spawn(|| {
                    server
                        .nobody()
                        .unwrap()
                        .open_session(&login("office", PASSWORD))
                        .is_ok()
                })
            })
            .collect();
        let open = all.into_iter().filter_map(|one| one.join().ok());
        assert_eq!(open.filter(|open| *open).count(), 64);
    });
}

#[test]
fn guesses_made_at_once_are_counted_one_by_one() {
    on_each_database(|server| {
        server.enter("office").unwrap();
        std::thread::scope(|scope| {
            for number in 0..20 {
                let guess = format!("wrong password {number}");
                let server = &server;
                scope.spawn(move || {
                    let wrong = server
                        .nobody()
                        .unwrap()
                        .open_session(&login("office", &guess));
                    assert_eq!(wrong.unwrap_err().code(), "session.refused");
                });
            }
        });
        let right = server
            .nobody()
            .unwrap()
            .open_session(&login("office", PASSWORD));
        assert_eq!(right.unwrap_err().code(), "session.refused", "locked");
    });
}

#[test]
fn a_one_time_password_opens_nothing_but_its_own_change() {
    let server = crate::server();
    let mut newcomer = newcomer(&server);
    assert!(newcomer.read_me().unwrap().must_change);
    let refused = newcomer.list_registers().unwrap_err();
    assert_eq!(refused.code(), "account.password_change_needed");
    let change = |new: &str| {
        let old = server.one_time_password("office").unwrap().into();
        newcomer.change_password(&wire::PasswordChange {
            old,
            new: new.into(),
        })
    };
    assert_eq!(change("short").unwrap_err().code(), "password.weak");
    change(PASSWORD).unwrap();
    assert!(newcomer.list_registers().is_ok());
    newcomer.close_session().unwrap();
    assert!(newcomer.read_me().is_err());
}

#[test]
fn a_request_that_another_page_forged_is_refused() {
    let server = crate::server();
    let office = server.enter("office").unwrap();
    let units = "/api/v1/registers/unit/records";
    for csrf in ["", "guessed"] {
        let call = Call::new("POST", units)
            .bytes("application/json", br#"{"fields": {"name": "x"}}"#.to_vec())
            .header("x-csrf-token", csrf);
        let answer = office.send(&call).unwrap();
        assert_eq!(
            (answer.status, problem(&answer).code.as_str()),
            (403, "session.csrf")
        );
    }
    let read = office
        .send(&Call::new("GET", units).header("x-csrf-token", "guessed"))
        .unwrap();
    assert_eq!(read.status, 200, "reading changes nothing");
}

#[test]
fn browsers_are_told_to_be_careful() {
    let server = crate::server();
    let once = server.one_time_password("office").unwrap();
    let call = Call::new("POST", "/api/v1/session")
        .json(&login("office", once))
        .unwrap();
    let answer = server.nobody().unwrap().send(&call).unwrap();
    assert_eq!(answer.status, 201);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("ruping_session="), "{cookie}");
    for part in ["; Path=/", "; HttpOnly", "; SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "plain HTTP on this machine");
    let token = cookie.split(['=', ';']).nth(1).unwrap();
    assert!(
        !String::from_utf8_lossy(&answer.body).contains(token),
        "the cookie alone has it"
    );
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
}

#[test]
fn a_program_acts_by_its_token_until_it_ends() {
    on_each_database(|server| {
        let auditor = server.enter("auditor").unwrap();
        let new = NewToken {
            name: "verifier".to_owned(),
            scopes: vec!["log".to_owned()],
            expires_at: "2026-03-03T00:00:00Z".parse().unwrap(),
        };
        let token = auditor.create_token(&new).unwrap().token;
        let program = server.nobody().unwrap().with_token(token);
        assert_eq!(program.read_me().unwrap().name, "auditor");
        assert!(!program.read_checkpoint().unwrap().is_empty());
        let again = program.create_token(&new).unwrap_err();
        assert_eq!(again.code(), "token.scope", "a token makes no token");
        server.set_clock("2026-03-03T00:00:00Z").unwrap();
        assert_eq!(program.read_me().unwrap_err().code(), "token.refused");
    });
}
