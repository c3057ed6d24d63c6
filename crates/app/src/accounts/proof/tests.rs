use super::*;
use crate::setup::{self, RootKeySource};
use domain::{Clock, FixedClock, Level};
use std::sync::Arc;

struct Site {
    app: App,
    clock: Arc<FixedClock>,
    _folder: tempfile::TempDir,
}

async fn site() -> Site {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock::new("2026-03-02T01:00:00Z".parse().unwrap()));
    let root_key: RootKeySource = format!("file:{}", folder.path().join("root.key").display())
        .parse()
        .unwrap();
    let data = folder.path().join("data");
    let init = setup::InitOptions {
        data: data.clone(),
        root_key: root_key.clone(),
        org: "示范单位".into(),
        regimes: Vec::new(),
        max_levels: vec![Level::Core],
        test: true,
        database: None,
    };
    let as_clock = || Arc::clone(&clock) as Arc<dyn Clock>;
    setup::init(init, as_clock()).await.unwrap();
    let open = setup::OpenOptions {
        data,
        root_key,
        database: None,
        clock: as_clock(),
        test_clock: true,
    };
    let app = setup::open(open).await.unwrap();
    Site {
        app,
        clock,
        _folder: folder,
    }
}

fn claim(id: AccountId, hash: &str, password_right: bool) -> Checked {
    Checked {
        id,
        hash: hash.to_owned(),
        need: Need::Login,
        password_right,
        code: None,
    }
}

impl Site {
    async fn account(&self, name: &'static str) -> AccountRow {
        let found = self.app.read_tx(move |_, tx| Ok(tx.account_by_name(name)?));
        found.await.unwrap().unwrap()
    }

    /// Whether a claim is taken, and how many statements that took.
    async fn settle(&self, checked: Checked) -> (bool, u64) {
        let now = self.clock.now();
        let settled = self.app.transact(move |inner, tx| {
            let before = tx.statements();
            let proven = settle(inner, tx, &checked, now)?;
            Ok((proven.is_some(), tx.statements() - before))
        });
        settled.await.unwrap()
    }
}

#[tokio::test]
async fn an_unknown_name_a_wrong_password_and_a_locked_account_cost_the_same_statements() {
    let site = site().await;
    let office = site.account("office").await;
    let unknown = site.settle(claim(nobody(), "decoy", false)).await;
    let wrong = site.settle(claim(office.id, &office.password, false)).await;
    assert_eq!((unknown.0, wrong.0), (false, false));
    assert_eq!(unknown.1, wrong.1);
    for _ in 1..limits::FAILURES {
        site.settle(claim(office.id, &office.password, false)).await;
    }
    assert!(site.account("office").await.locked_until.is_some());
    let locked = site.settle(claim(office.id, &office.password, true)).await;
    assert_eq!(locked, (false, wrong.1), "even with the right password");
}

#[tokio::test]
async fn a_password_that_was_changed_meanwhile_is_judged_anew() {
    let site = site().await;
    let office = site.account("office").await;
    let stale = site
        .settle(claim(office.id, "the hash of another", true))
        .await;
    assert!(
        !stale.0,
        "it was checked against a hash that is no longer there"
    );
    assert!(
        site.settle(claim(office.id, &office.password, true))
            .await
            .0
    );
}

#[tokio::test]
async fn a_right_claim_forgets_the_wrong_ones_before_it() {
    let site = site().await;
    let office = site.account("office").await;
    for _ in 1..limits::FAILURES {
        site.settle(claim(office.id, &office.password, false)).await;
    }
    assert!(
        site.settle(claim(office.id, &office.password, true))
            .await
            .0
    );
    assert_eq!(site.account("office").await.failures, 0);
    site.settle(claim(office.id, &office.password, false)).await;
    assert_eq!(site.account("office").await.locked_until, None);
}

#[tokio::test]
async fn the_oldest_session_ends_when_there_are_too_many() {
    let site = site().await;
    let office = site.account("office").await;
    let session = move |number: i64| store::SessionRow {
        token: format!("token {number}"),
        account: office.id,
        csrf: String::new(),
        created_at: Timestamp::from_second(number).unwrap(),
        seen_at: Timestamp::from_second(number).unwrap(),
        expires_at: Timestamp::from_second(1_000).unwrap(),
        step_up_until: None,
    };
    let kept = site.app.transact(move |_, tx| {
        for number in 1..=3 {
            tx.keep().insert_session(&session(number), 2)?;
        }
        let is_there = |number: i64| Ok(tx.session(&format!("token {number}"))?.is_some());
        (1..=3).map(is_there).collect::<Result<Vec<bool>, Error>>()
    });
    assert_eq!(kept.await.unwrap(), [false, true, true]);
}
