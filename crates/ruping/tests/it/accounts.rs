//! Second factors, lock-outs and the three administrators, as somebody would try to get around them.

use client::{Act, Client, Version};
use domain::{PersonId, Timestamp};
use testkit::{Authenticator, House, PASSWORD, Server};
use wire::{
    AccountChange, ActionRequest, Login, NewAccount, PasswordChange, Record, Signature, StepUp,
    TotpConfirmation,
};

use crate::tokens::token;
use crate::{case, on_each_database};

pub(crate) const START: &str = "2026-03-02T01:00:00Z";

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// So many seconds after a test begins.
pub(crate) fn later(seconds: i64) -> Timestamp {
    at(START) + std::time::Duration::from_secs(seconds.unsigned_abs())
}

pub(crate) fn login(
    server: &Server,
    name: &str,
    password: &str,
    otp: Option<&str>,
) -> Result<Client, String> {
    let mut client = server.nobody().unwrap();
    let login = Login {
        name: name.to_owned(),
        password: password.into(),
        otp: otp.map(Into::into),
    };
    match client.open_session(&login) {
        Ok(_) => Ok(client),
        Err(error) => Err(error.code().to_owned()),
    }
}

fn step_up(client: &Client, password: Option<&str>, otp: Option<&str>) -> Result<(), String> {
    let proof = StepUp {
        password: password.map(Into::into),
        otp: otp.map(Into::into),
    };
    let proven = client.step_up_session(&proof);
    proven.map(drop).map_err(|error| error.code().to_owned())
}

fn change_password(client: &Client, old: &str, new: &str) -> Result<(), String> {
    let change = PasswordChange {
        old: old.into(),
        new: new.into(),
    };
    let changed = client.change_password(&change);
    changed.map_err(|error| error.code().to_owned())
}

fn refused<T>() -> Result<T, String> {
    Err("session.refused".to_owned())
}

/// Sets up a second factor; the app and the recovery codes.
pub(crate) fn enrol(client: &Client, now: Timestamp) -> (Authenticator, Vec<String>) {
    let told = client.propose_totp().unwrap();
    let app = Authenticator::new(told.secret.expose()).unwrap();
    let codes = confirm(client, &app.code(now)).unwrap();
    (app, codes)
}

fn confirm(client: &Client, code: &str) -> Result<Vec<String>, String> {
    let code = TotpConfirmation { code: code.into() };
    match client.confirm_totp(&code) {
        Ok(told) => Ok(told.codes.iter().map(|c| c.expose().to_owned()).collect()),
        Err(error) => Err(error.code().to_owned()),
    }
}

#[test]
fn wrong_proofs_of_a_session_count_and_a_locked_account_neither_proves_nor_changes() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        for _ in 0..3 {
            assert_eq!(step_up(&office, Some("wrong password"), None), refused());
        }
        assert_eq!(
            step_up(&office, None, None),
            refused(),
            "nothing is wrong too"
        );
        let wrong = change_password(&office, "wrong password", "another long password");
        assert_eq!(wrong, refused(), "the fifth locks");
        assert_eq!(step_up(&office, Some(PASSWORD), None), refused());
        let right = change_password(&office, PASSWORD, "another long password");
        assert_eq!(right, refused());
        assert!(login(&server, "office", PASSWORD, None).is_err());
        let locked = server.enter("sysadmin").unwrap().list_accounts().unwrap();
        let locked = locked
            .items
            .iter()
            .find(|one| one.name == "office")
            .unwrap();
        assert!(locked.locked_until.is_some());

        server.set_clock("2026-03-02T01:15:01Z").unwrap();
        assert!(office.read_me().is_ok(), "the session itself goes on");
        assert_eq!(step_up(&office, Some(PASSWORD), None), Ok(()));
        let changed = change_password(&office, PASSWORD, "another long password");
        assert_eq!(changed, Ok(()));
        assert!(login(&server, "office", PASSWORD, None).is_err());
        assert!(login(&server, "office", "another long password", None).is_ok());
    });
}

#[test]
fn a_second_factor_is_proven_before_it_counts_and_each_code_is_good_once() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        let told = office.propose_totp().unwrap();
        let app = Authenticator::new(told.secret.expose()).unwrap();
        assert!(!office.read_me().unwrap().totp, "nothing is in force yet");
        assert!(login(&server, "office", PASSWORD, None).is_ok());
        assert_eq!(confirm(&office, "000000"), refused());
        let other = login(&server, "office", PASSWORD, None).unwrap();
        assert_eq!(confirm(&office, &app.code(later(0))).unwrap().len(), 8);
        assert!(other.read_me().is_err(), "other sessions end");
        assert!(office.read_me().unwrap().totp);

        let code = app.code(later(0));
        let again = login(&server, "office", PASSWORD, Some(&code));
        assert!(again.is_err(), "the code that confirmed is used up");
        assert!(login(&server, "office", PASSWORD, None).is_err());
        assert_eq!(step_up(&office, Some(PASSWORD), None), refused());

        server.set_clock(&later(60).to_string()).unwrap();
        let code = app.code(later(60));
        let session = login(&server, "office", PASSWORD, Some(&code)).unwrap();
        assert_eq!(step_up(&session, None, Some(&code)), refused(), "replayed");
        server.set_clock(&later(120).to_string()).unwrap();
        let code = app.code(later(120));
        assert_eq!(step_up(&session, None, Some(&code)), Ok(()));
        assert!(login(&server, "office", PASSWORD, Some(&code)).is_err());
    });
}

#[test]
fn a_second_factor_is_set_up_replaced_and_removed_only_under_a_fresh_proof() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        let (old, codes) = enrol(&office, later(0));
        server.set_clock(&later(360).to_string()).unwrap();
        let needed = "session.step_up_needed";
        assert_eq!(office.propose_totp().unwrap_err().code(), needed);
        assert_eq!(office.remove_totp().unwrap_err().code(), needed);
        assert_eq!(confirm(&office, "000000"), Err(needed.to_owned()));
        assert_eq!(step_up(&office, Some(PASSWORD), None), refused());
        assert_eq!(step_up(&office, None, Some(&old.code(later(360)))), Ok(()));

        let (new, _) = enrol(&office, later(360));
        server.set_clock(&later(420).to_string()).unwrap();
        let stale = login(&server, "office", PASSWORD, Some(&old.code(later(420))));
        assert!(stale.is_err(), "the old app is out");
        let gone = login(&server, "office", PASSWORD, Some(&codes[0]));
        assert!(gone.is_err(), "and so are its recovery codes");
        assert!(login(&server, "office", PASSWORD, Some(&new.code(later(420)))).is_ok());

        office.remove_totp().unwrap();
        assert!(!office.read_me().unwrap().totp);
        assert!(login(&server, "office", PASSWORD, None).is_ok());
    });
}

#[test]
fn a_recovery_code_stands_in_once_for_a_lost_app() {
    on_each_database(|server| {
        let office = server.enter("office").unwrap();
        let (_, codes) = enrol(&office, later(0));
        let client = login(&server, "office", PASSWORD, Some(&codes[0])).unwrap();
        assert!(login(&server, "office", PASSWORD, Some(&codes[0])).is_err());
        client.remove_totp().unwrap();
        let (_, fresh) = enrol(&client, later(0));
        assert!(login(&server, "office", PASSWORD, Some(&codes[1])).is_err());
        assert!(login(&server, "office", PASSWORD, Some(&fresh[1])).is_ok());
    });
}

/// Lends what a loan is about, against a signature of yue's.
fn lend(house: &House<'_>, loan: &Record, method: &str, credential: &str) -> Result<(), String> {
    let act = ActionRequest {
        signatures: vec![Signature {
            person: Some(PersonId::from(house.id("yue").unwrap())),
            method: method.to_owned(),
            credential: credential.into(),
        }],
        ..ActionRequest::default()
    };
    let bao = house.client("bao").unwrap();
    let lent = bao.perform_action(Version::from(loan), "lend", &act, &Act::default());
    lent.map(drop).map_err(|error| error.code().to_owned())
}

#[test]
fn a_signature_uses_the_second_factor_and_no_code_is_good_twice_wherever_it_is_given() {
    on_each_database(|server| {
        let house = case::staff(&server);
        let (_, _, copies) = case::document(&house, "方案", "内容", 2);
        let loans: Vec<Record> = copies
            .iter()
            .map(|copy| {
                let loan = serde_json::json!({
                    "copy": copy, "borrower": house.id("yue").unwrap(), "purpose": "评审",
                    "due_at": "2026-03-05T09:00:00Z",
                });
                let waiting = house.make("bao", "loan", "request", loan, &[]).unwrap();
                case::approve(&house, "zhu", &waiting)
            })
            .collect();
        let (app, _) = enrol(house.client("yue").unwrap(), later(0));
        let wrong = || Err("signature.wrong".to_owned());
        assert_eq!(lend(&house, &loans[0], "password", PASSWORD), wrong());
        assert_eq!(
            lend(&house, &loans[0], "totp", &app.code(later(0))),
            wrong()
        );

        server.set_clock(&later(60).to_string()).unwrap();
        let code = app.code(later(60));
        assert_eq!(lend(&house, &loans[0], "totp", &code), Ok(()));
        assert_eq!(
            lend(&house, &loans[1], "totp", &code),
            wrong(),
            "signed with already"
        );
        assert!(login(&server, "yue", PASSWORD, Some(&code)).is_err());

        server.set_clock(&later(120).to_string()).unwrap();
        let code = app.code(later(120));
        assert!(login(&server, "yue", PASSWORD, Some(&code)).is_ok());
        assert_eq!(
            lend(&house, &loans[1], "totp", &code),
            wrong(),
            "used by the login"
        );
    });
}

fn change(roles: &[&str], disabled: bool) -> AccountChange {
    AccountChange {
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        disabled,
    }
}

fn new_account(name: &str, person: Option<PersonId>, roles: &[&str]) -> NewAccount {
    NewAccount {
        name: name.to_owned(),
        person,
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    }
}

#[test]
fn other_roles_end_sessions_and_tokens_and_so_does_switching_off() {
    on_each_database(|server| {
        let mut house = House::furnish(&server).unwrap();
        house.hire("bao", "important", &["staff"]).unwrap();
        let (bao, secadmin) = (
            house.client("bao").unwrap(),
            house.client("secadmin").unwrap(),
        );
        let id = bao.read_me().unwrap().account;
        let made = token(bao, &["read"], "2026-04-01T00:00:00Z").unwrap();
        let program = server.nobody().unwrap().with_token(made.token);
        secadmin
            .change_account(id, &change(&["staff"], false))
            .unwrap();
        assert!(bao.read_me().is_ok(), "nothing has changed");
        assert!(program.read_me().is_ok());
        secadmin
            .change_account(id, &change(&["staff", "leader"], false))
            .unwrap();
        assert_eq!(bao.read_me().unwrap_err().code(), "session.ended");
        assert_eq!(program.read_me().unwrap_err().code(), "token.refused");

        let bao = server.enter_again("bao").unwrap();
        let made = token(&bao, &["read"], "2026-04-01T00:00:00Z").unwrap();
        let program = server.nobody().unwrap().with_token(made.token);
        secadmin
            .change_account(id, &change(&["staff", "leader"], true))
            .unwrap();
        assert_eq!(bao.read_me().unwrap_err().code(), "session.ended");
        assert_eq!(
            login(&server, "bao", PASSWORD, None).unwrap_err(),
            "session.refused"
        );
        secadmin
            .change_account(id, &change(&["staff", "leader"], false))
            .unwrap();
        assert_eq!(
            program.read_me().unwrap_err().code(),
            "token.refused",
            "gone for good"
        );
        assert!(bao.read_me().is_err());
        assert!(login(&server, "bao", PASSWORD, None).is_ok());
    });
}

#[test]
fn r406_r407_no_way_gathers_two_duties_in_one_account() {
    on_each_database(|server| {
        let mut house = House::furnish(&server).unwrap();
        house.hire("bao", "important", &["staff"]).unwrap();
        let sysadmin = house.client("sysadmin").unwrap();
        let secadmin = house.client("secadmin").unwrap();
        let code = |refused: client::Error| {
            if let client::Error::Problem(problem) = &refused
                && let Some(rule) = problem.rules.first()
            {
                return rule.id.clone();
            }
            refused.code().to_owned()
        };
        let set = |id, roles: &[&str], off| {
            secadmin
                .change_account(id, &change(roles, off))
                .map_err(code)
        };
        let made = sysadmin.create_account(&new_account("x", None, &["staff"]));
        assert_eq!(
            code(made.unwrap_err()),
            "R-409",
            "who makes accounts gives no roles"
        );
        let bao = Some(PersonId::from(house.id("bao").unwrap()));
        let twice = sysadmin.create_account(&new_account("bao2", bao, &[]));
        assert_eq!(
            code(twice.unwrap_err()),
            "account.exists",
            "one person, one account"
        );

        let new = sysadmin
            .create_account(&new_account("second", None, &[]))
            .unwrap();
        let id = new.account.id;
        assert_eq!(
            set(id, &["system_admin", "security_admin"], false).unwrap_err(),
            "R-406"
        );
        assert_eq!(
            set(id, &["audit_admin", "staff"], false).unwrap_err(),
            "R-407"
        );
        set(id, &["system_admin"], false).unwrap();
        assert_eq!(
            set(id, &["security_admin"], false).unwrap_err(),
            "R-406",
            "in two steps"
        );
        set(id, &[], true).unwrap();
        assert_eq!(
            set(id, &["audit_admin"], false).unwrap_err(),
            "R-406",
            "off and on again"
        );
        assert_eq!(set(id, &["staff"], false).unwrap_err(), "R-407");
        set(id, &["system_admin"], false).unwrap();

        let staff = house.client("bao").unwrap().read_me().unwrap().account;
        assert_eq!(set(staff, &["security_admin"], false).unwrap_err(), "R-407");
        let own = secadmin.read_me().unwrap().account;
        assert_eq!(
            set(own, &["system_admin"], false).unwrap_err(),
            "account.own"
        );
        let roles = sysadmin.change_account(staff, &change(&["leader"], false));
        assert_eq!(code(roles.unwrap_err()), "access.denied");
        let made = secadmin.create_account(&new_account("third", None, &[]));
        assert_eq!(code(made.unwrap_err()), "access.denied");
    });
}

#[test]
fn each_kind_of_administrator_stays_and_nobody_alone_silences_an_auditor() {
    on_each_database(|server| {
        let sysadmin = server.enter("sysadmin").unwrap();
        let secadmin = server.enter("secadmin").unwrap();
        let auditor = server.enter("auditor").unwrap();
        let code = |error: client::Error| error.code().to_owned();
        let id = |client: &Client| client.read_me().unwrap().account;
        for last in [&sysadmin, &auditor] {
            for change in [change(&[], false), change(&[], true)] {
                let gone = secadmin.change_account(id(last), &change);
                assert_eq!(
                    gone.map_err(code).unwrap_err(),
                    "account.last_administrator"
                );
            }
        }
        let second = sysadmin
            .create_account(&new_account("auditor2", None, &[]))
            .unwrap();
        let audit = change(&["audit_admin"], false);
        secadmin.change_account(second.account.id, &audit).unwrap();
        let off = change(&["audit_admin"], true);
        let gone = secadmin.change_account(id(&auditor), &off);
        let unused = "one who never came is none";
        assert_eq!(
            gone.map_err(code).unwrap_err(),
            "account.last_administrator",
            "{unused}"
        );
        server
            .enter_first("auditor2", second.password.expose())
            .unwrap();

        let asked = secadmin.change_account(id(&auditor), &off).unwrap();
        assert!(!asked.disabled && asked.waiting.is_some());
        assert!(
            auditor.list_entries(&wire::LogQuery::default()).is_ok(),
            "not silenced yet"
        );
        let alone = secadmin.confirm_account(id(&auditor));
        assert_eq!(alone.map_err(code).unwrap_err(), "access.denied");
        let target = auditor.confirm_account(id(&auditor));
        assert_eq!(target.map_err(code).unwrap_err(), "access.denied");
        let auditor_id = id(&auditor);
        assert!(sysadmin.confirm_account(auditor_id).unwrap().disabled);
        assert!(auditor.read_me().is_err());
        let again = sysadmin.confirm_account(auditor_id);
        assert_eq!(again.map_err(code).unwrap_err(), "not_found");
    });
}

#[test]
fn a_reset_takes_two_administrators_and_forces_a_new_password() {
    on_each_database(|server| {
        let sysadmin = server.enter("sysadmin").unwrap();
        let secadmin = server.enter("secadmin").unwrap();
        let office = server.enter("office").unwrap();
        enrol(&office, later(0));
        let id = office.read_me().unwrap().account;
        let code = |error: client::Error| error.code().to_owned();
        let denied = secadmin.reset_account(id);
        assert_eq!(denied.map_err(code).unwrap_err(), "access.denied");
        let reset = sysadmin.reset_account(id).unwrap();
        let once = reset.password.expose();
        assert!(
            login(&server, "office", once, None).is_err(),
            "not good yet"
        );
        assert!(office.read_me().is_ok());
        let alone = sysadmin.confirm_account(id);
        assert_eq!(alone.map_err(code).unwrap_err(), "access.denied");
        let account = secadmin.confirm_account(id).unwrap();
        assert!(!account.totp && account.waiting.is_none());
        assert!(office.read_me().is_err(), "sessions end");
        assert!(login(&server, "office", PASSWORD, None).is_err());
        let client = login(&server, "office", once, None).unwrap();
        let blocked = client.list_registers().unwrap_err();
        assert_eq!(blocked.code(), "account.password_change_needed");
        assert_eq!(
            change_password(&client, once, once),
            Err("password.same".to_owned())
        );
        assert_eq!(change_password(&client, once, PASSWORD), Ok(()));
        assert!(client.list_registers().is_ok());

        let own = sysadmin.reset_account(sysadmin.read_me().unwrap().account);
        assert_eq!(own.map_err(code).unwrap_err(), "account.own");
        let waits = sysadmin.reset_account(id).unwrap();
        server.set_clock("2026-03-10T01:00:00Z").unwrap();
        let secadmin = server.enter_again("secadmin").unwrap();
        let late = secadmin.confirm_account(id);
        assert_eq!(
            late.map_err(code).unwrap_err(),
            "not_found",
            "a week is enough"
        );
        assert!(login(&server, "office", waits.password.expose(), None).is_err());
    });
}
