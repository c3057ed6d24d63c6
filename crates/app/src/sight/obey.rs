//! What a definition asks of an action is asked of whoever does it: a register made for the test,
//! in the same world, on both databases. Credentials are checked elsewhere; who has to sign is not.

use super::cost::making;
use super::on_each_database;
use super::world::{Person, World, now, person_id};
use crate::caller::{SessionFacts, Through};
use crate::perform::{Signed, perform_signed};
use crate::{Caller, Error, Perform, Performed, RecordView, Target};
use domain::PersonId;
use registers::model::SignMethod;
use serde_json::{Map, Value, json};

const ERRAND: &str = include_str!("errand.toml");

/// Person 0 orders, 1 runs, 2, 3 and 4 lead.
async fn errands(server: Option<String>) -> World {
    let mut world = World::build_with(server, &[("errand.toml", ERRAND)]).await;
    let mut people = vec![
        Person::ready(0, "core", &["staff"]),
        Person::ready(1, "core", &["staff"]),
    ];
    people.extend([2, 3, 4].map(|number| Person::ready(number, "core", &["leader"])));
    world.settle(people).await;
    world
}

/// Whether the caller has proved themselves a second time.
#[derive(Clone, Copy, PartialEq)]
enum Proof {
    Fresh,
    None,
}

impl World {
    fn orderer(&self, proof: Proof) -> Caller {
        let until = now() + std::time::Duration::from_secs(60);
        let session = SessionFacts {
            token_hash: String::new(),
            csrf: String::new(),
            step_up_until: (proof == Proof::Fresh).then_some(until),
        };
        Caller {
            through: Through::Session(session),
            ..self.caller(&self.people[0])
        }
    }

    async fn order(&self, input: Value) -> Result<Performed, Error> {
        let caller = self.orderer(Proof::Fresh);
        self.app
            .perform(&caller, making("errand", "order", input))
            .await
    }

    async fn act(
        &self,
        record: &RecordView,
        (action, proof): (&str, Proof),
        signers: &[(usize, SignMethod)],
    ) -> Result<Performed, Error> {
        let target = Target::Existing {
            id: record.id,
            version: record.version,
        };
        let request = Perform {
            target,
            action: Some(action.to_owned()),
            ..making("errand", action, Value::Object(Map::new()))
        };
        let signed = signers.iter().map(|(number, method)| Signed {
            person: person_id(*number),
            method: *method,
            paper: None,
            otp_step: None,
            at: None,
        });
        perform_signed(&self.app, self.orderer(proof), request, signed.collect()).await
    }
}

fn order(what: &str, dept: Option<&str>) -> Value {
    json!({ "what": what, "dept": dept, "runner": person_id(1) })
}

fn done(performed: Result<Performed, Error>) -> (RecordView, usize) {
    match performed {
        Ok(Performed::Done { record, made }) => (*record, made.len()),
        other => panic!("not done: {other:?}"),
    }
}

fn code(performed: Result<Performed, Error>) -> &'static str {
    match performed {
        Err(Error::Conflict { code, .. } | Error::Malformed { code, .. }) => code,
        Err(Error::StepUpNeeded) => "step_up",
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn an_action_sets_numbers_and_creates_what_it_says() {
    on_each_database(|server| async move {
        let world = errands(server).await;
        assert_eq!(
            code(world.order(order("一次", None)).await),
            "number.no_unit"
        );
        let (first, _) = done(world.order(order("往返", Some("ZT"))).await);
        assert_eq!(first.number.as_deref(), Some("CCZT-001"));
        assert_eq!(first.fields["noted_on"], "2026-03-02", "set by the action");
        let (other, _) = done(world.order(order("一次", Some("CW"))).await);
        assert_eq!(
            other.number.as_deref(),
            Some("CCCW-001"),
            "each unit counts apart"
        );
        let (ready, _) = done(world.act(&first, ("prepare", Proof::Fresh), &[]).await);
        let leaders = [
            (1, SignMethod::Counter),
            (2, SignMethod::Counter),
            (3, SignMethod::Paper),
        ];
        let (gone, made) = done(world.act(&ready, ("finish", Proof::Fresh), &leaders).await);
        assert_eq!(
            (gone.state.as_str(), made),
            ("finished", 1),
            "there and back"
        );
        let (ready, _) = done(world.act(&other, ("prepare", Proof::Fresh), &[]).await);
        let (_, made) = done(world.act(&ready, ("finish", Proof::Fresh), &leaders).await);
        assert_eq!(made, 0, "its condition does not hold");
    });
}

#[test]
fn what_waits_for_a_decision_elsewhere_is_not_created_behind_it() {
    on_each_database(|server| async move {
        let world = errands(server).await;
        let (errand, _) = done(world.order(order("一次", Some("ZT"))).await);
        let reached = world.act(&errand, ("reach", Proof::Fresh), &[]).await;
        assert_eq!(code(reached), "action.creates_decided");
    });
}

#[test]
fn an_action_asks_for_its_condition_proof_and_signers() {
    use SignMethod::{Counter, Paper};
    on_each_database(|server| async move {
        let world = errands(server).await;
        let (errand, _) = done(world.order(order("一次", Some("ZT"))).await);
        let all = [(1, Counter), (2, Counter), (3, Counter)];
        let early = world.act(&errand, ("finish", Proof::Fresh), &all).await;
        assert_eq!(code(early), "action.not_now");
        let (errand, _) = done(world.act(&errand, ("prepare", Proof::Fresh), &[]).await);
        let unproved = world.act(&errand, ("finish", Proof::None), &all).await;
        assert_eq!(code(unproved), "step_up");
        for (signers, why) in [
            (vec![(2, Counter), (3, Counter)], "the runner is named"),
            (
                vec![(1, Paper), (2, Counter), (3, Counter)],
                "the runner not on paper",
            ),
            (vec![(1, Counter), (2, Counter)], "two leaders"),
            (
                vec![(1, Counter), (0, Counter), (2, Counter)],
                "staff is no leader",
            ),
        ] {
            let missing = world.act(&errand, ("finish", Proof::Fresh), &signers).await;
            assert_eq!(code(missing), "signature.missing", "{why}");
        }
        let extra = [(0, Counter), (1, Counter), (3, Counter), (4, Paper)];
        done(world.act(&errand, ("finish", Proof::Fresh), &extra).await);
        let id = errand.id;
        let signed = world
            .app
            .read_tx(move |_, tx| Ok(tx.signatures(id)?))
            .await
            .unwrap();
        let mut persons: Vec<PersonId> = signed.iter().map(|one| one.person).collect();
        persons.sort_unstable();
        assert_eq!(
            persons,
            [1, 3, 4].map(person_id),
            "who was not asked for has not signed"
        );

        let own = json!({ "what": "一次", "dept": "ZT", "runner": person_id(0) });
        let (own, _) = done(world.order(own).await);
        let (own, _) = done(world.act(&own, ("prepare", Proof::Fresh), &[]).await);
        let own = world
            .act(
                &own,
                ("finish", Proof::Fresh),
                &[(0, Counter), (2, Counter), (3, Counter)],
            )
            .await;
        assert_eq!(
            code(own),
            "signature.not_distinct",
            "nobody signs for what they do themselves"
        );
    });
}
