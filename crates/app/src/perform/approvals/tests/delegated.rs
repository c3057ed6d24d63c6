//! Delegation: bounded in time and scope, told, and never a way around who may not decide.

use super::*;
use crate::sight::on_each_database;

/// The errand whose leaders may delegate; the office may not.
fn delegable() -> String {
    ERRAND.replace("role:leader\"", "role:leader\", delegate = true")
}

impl House {
    async fn with_deputy(server: Option<String>) -> Self {
        let mut house = Self::build_on(server).await;
        house.app = under(house.app, &delegable());
        house.hire("deputy", "staff").await;
        house
    }

    fn person(&self, who: &str) -> PersonId {
        self.callers[who].person.unwrap()
    }

    async fn try_delegating(
        &mut self,
        by: &str,
        from: &str,
        to: &str,
        more: Value,
    ) -> Result<Performed, Error> {
        self.step_up(by).await;
        let mut fields = json!({
            "delegator": self.person(from), "deputy": self.person(to), "reason": "出差",
            "days": { "from": "2026-03-02", "to": "2026-03-05" },
        });
        let all = fields.as_object_mut().unwrap();
        all.extend(more.as_object().unwrap().clone());
        self.run(by, new("delegation"), "delegate", fields).await
    }

    async fn delegate(&mut self, from: &str, to: &str, more: Value) -> RecordId {
        done(self.try_delegating(from, from, to, more).await).id
    }
}

#[test]
fn a_deputy_decides_in_their_own_name_and_it_is_told_for_whom() {
    on_each_database(|server| async move {
        let mut house = House::with_deputy(server).await;
        let (approval, record) = house.ask(json!({ "what": "取件" })).await;
        assert_eq!(
            code(house.approve("deputy", approval).await),
            "approval.not_yours"
        );
        house.delegate("leader1", "deputy", json!({})).await;
        assert_eq!(house.waits_for("deputy").await, [[0, 1]]);
        waiting(house.approve("deputy", approval).await);
        let inbox = house
            .app
            .inbox(&house.callers["leader2"], crate::PageInput::default());
        let told = inbox.await.unwrap().items.remove(0).decisions.remove(0);
        assert_eq!(told.person.id, house.person("deputy"));
        assert_eq!(told.on_behalf_of.unwrap().id, house.person("leader1"));
        for who in ["leader1", "deputy"] {
            assert_eq!(
                code(house.approve(who, approval).await),
                "approval.twice",
                "{who}"
            );
            assert!(house.waits_for(who).await.is_empty(), "{who}");
        }
        waiting(house.approve("head", approval).await);
        assert_eq!(
            done(house.approve("leader2", approval).await).state,
            "agreed"
        );
        for who in ["leader1", "deputy"] {
            let finished = house.act(who, record, "finish", json!({})).await;
            assert_eq!(code(finished), "R-234", "{who} has approved it");
        }
        let report = house.app.check(None).await.unwrap();
        assert!(report.ok, "{report:?}");
    });
}

#[test]
fn a_delegation_reaches_no_further_than_it_says() {
    on_each_database(|server| async move {
        let mut house = House::with_deputy(server).await;
        let (approval, _) = house.ask(json!({ "what": "取件" })).await;
        for short in [
            json!({ "areas": ["custody"] }),
            json!({ "days": { "from": "2026-03-03", "to": "2026-03-05" } }),
        ] {
            house.delegate("leader1", "deputy", short).await;
            assert!(house.waits_for("deputy").await.is_empty());
            assert_eq!(
                code(house.approve("deputy", approval).await),
                "approval.not_yours"
            );
        }
        // the office's step cannot be delegated
        house.delegate("head", "deputy", json!({})).await;
        assert_eq!(
            code(house.approve("deputy", approval).await),
            "approval.not_yours"
        );
        let whole = json!({ "areas": ["custody", "office"], "level_max": "work.internal" });
        let whole = house.delegate("leader1", "deputy", whole).await;
        assert_eq!(house.waits_for("deputy").await.len(), 1);
        done(house.act("deputy", whole, "end", json!({})).await);
        assert_eq!(
            code(house.approve("deputy", approval).await),
            "approval.not_yours"
        );
        assert_eq!(house.app.reassess().await.unwrap(), 0, "seen at once");
        assert!(house.waits_for("deputy").await.is_empty());
    });
}

#[test]
fn a_delegation_is_no_way_around_who_may_not_decide() {
    on_each_database(|server| async move {
        let mut house = House::with_deputy(server).await;
        house.hire("other", "staff").await;
        let anothers = house
            .try_delegating("other", "leader1", "deputy", json!({}))
            .await;
        assert_eq!(code(anothers), "I-own-powers");
        let oneself = house
            .try_delegating("leader1", "leader1", "leader1", json!({}))
            .await;
        assert_eq!(code(oneself), "I-not-to-oneself");
        // nor by taking one over, or by correcting what was delegated
        let taken = json!({
            "delegator": house.person("leader1"), "deputy": house.person("deputy"), "reason": "出差",
            "days": { "from": "2026-03-02", "to": "2026-03-05" }, "taken_from": "簿册",
        });
        let taken = house
            .run("head", new("delegation"), "take_over", taken)
            .await;
        assert_eq!(code(taken), "access.who");
        let none = house.delegate("other", "deputy", json!({})).await;
        let moved = json!({ "delegator": house.person("leader1") });
        for who in ["other", "deputy", "head"] {
            let moved = house.act(who, none, "correct", moved.clone()).await;
            assert!(moved.is_err(), "{who}");
        }
        let long = json!({ "days": { "from": "2026-03-02", "to": "2027-03-02" } });
        let endless = house
            .try_delegating("leader1", "leader1", "deputy", long)
            .await;
        assert_eq!(code(endless), "I-delegation-bounded");

        house.delegate("leader1", "deputy", json!({})).await;
        // who asked has nobody decide for them
        let own = house.run("leader1", new("errand"), "ask", json!({ "what": "本人" }));
        let (own, _) = waiting(own.await);
        assert_eq!(
            code(house.approve("deputy", own).await),
            "approval.not_yours"
        );
        // the deputy does not decide on what they asked for
        let theirs = house.run("deputy", new("errand"), "ask", json!({ "what": "本人" }));
        let (theirs, _) = waiting(theirs.await);
        assert_eq!(
            code(house.approve("deputy", theirs).await),
            "approval.own_request"
        );
        // nor is it passed on
        house.delegate("deputy", "other", json!({})).await;
        let (approval, _) = house.ask(json!({ "what": "取件" })).await;
        assert_eq!(
            code(house.approve("other", approval).await),
            "approval.not_yours"
        );
        // two leaders are two people
        house.delegate("leader2", "deputy", json!({})).await;
        waiting(house.approve("deputy", approval).await);
        assert_eq!(
            code(house.approve("deputy", approval).await),
            "approval.twice"
        );
    });
}

/// Who could not decide themselves has nobody decide for them: no ground to know of it, no yes, and no no.
#[test]
fn nobody_stands_in_for_who_could_not_decide() {
    on_each_database(|server| async move {
        let mut house = House::with_deputy(server).await;
        let headed = ERRAND.replace("role:leader\"", "head_of(proposer.unit)\", delegate = true");
        let headed = headed.replace(", quorum = 2", "");
        house.app = under(house.app, &headed);
        let (unit, judge) = (house.unit.unwrap(), house.person("judge"));
        done(
            house
                .act("office", unit, "correct", json!({ "head": judge }))
                .await,
        );
        house.delegate("judge", "deputy", json!({})).await;
        let (approval, record) = house.ask(json!({ "what": "取件" })).await;
        assert_eq!(house.waits_for("deputy").await.len(), 1);

        let account = house.callers["judge"].account;
        house.step_up("secadmin").await;
        let secadmin = &house.callers["secadmin"];
        let closed = house
            .app
            .set_account(secadmin, account, vec!["staff".to_owned()], true);
        closed.await.unwrap();
        house.app.reassess().await.unwrap();
        assert!(house.waits_for("deputy").await.is_empty());
        assert!(
            !house
                .deciding(record)
                .await
                .contains(&house.person("deputy"))
        );
        for verdict in [Verdict::Approve, Verdict::Refuse, Verdict::Return] {
            assert_eq!(
                code(house.decide("deputy", approval, verdict).await),
                "approval.not_yours"
            );
        }
    });
}
