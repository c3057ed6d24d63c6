//! The rules of the shipped circulation on drawing up and handing out each refuse what they forbid, and
//! nothing else does: taken away, they refuse nothing.

use super::cost::{acting, document, making};
use super::world::{Person, World, person_id};
use crate::{Caller, Decision, Error, Perform, Performed, Target, Verdict};
use domain::RecordId;
use serde_json::{Map, json};

const PATH: &str = "base/registers/custody/circulation.toml";
const SHIPPED: &str = include_str!("../../../../packs/base/registers/custody/circulation.toml");

/// What a rule is tried on.
struct Trial {
    rule: &'static str,
    /// Level of the copy.
    level: &'static str,
    readers: &'static [usize],
    /// Which lines are handed out one after the other; the last is refused. None: drawing up is.
    handed: &'static [i64],
}

const fn trial(rule: &'static str, readers: &'static [usize], handed: &'static [i64]) -> Trial {
    Trial {
        rule,
        level: "state.secret",
        readers,
        handed,
    }
}

const TRIALS: [Trial; 7] = [
    trial("I-reader-once", &[1, 1], &[]),
    Trial {
        level: "state.top_secret",
        ..trial("R-215", &[1], &[])
    },
    trial("R-207", &[1, 4], &[1, 2]),
    trial("R-184", &[2], &[1]),
    trial("R-182", &[5], &[1]),
    trial("R-302", &[6], &[1]),
    trial("R-318", &[7], &[1]),
];

struct Desk {
    world: World,
    registrar: Caller,
    leader: Caller,
    copy: RecordId,
}

/// 1 and 4 may read; 2 is not cleared, 5 is in no scope, 6 made no pledge, 7 is cooling off.
async fn desk(definition: &str, level: &'static str) -> Desk {
    let mut world = World::build_with(None, &[(PATH, definition)]).await;
    let mut people: Vec<Person> = (0..8)
        .map(|number| Person::ready(number, "core", &["staff"]))
        .collect();
    people[0].roles = vec!["staff", "registrar"];
    people[3].roles = vec!["staff", "leader", "office_head"];
    people[2].grade = "none";
    people[6].pledged = false;
    people[7].resting = true;
    world.settle(people).await;
    let scope = [0, 1, 2, 3, 4, 6, 7];
    let mut document = document(1, &[level], &scope);
    let persons = scope.map(|number| person_id(number).to_string());
    document
        .fields
        .insert("scope_persons".into(), json!(persons));
    document.fields.insert("taken_from".into(), json!("旧台账"));
    let id = document.id;
    world.place(vec![document]).await;
    let caller = |number: usize| world.caller(&world.people[number]);
    let (registrar, leader) = (caller(0), caller(3));
    let unit = super::world::unit_id(0);
    let safe = json!({ "name": "一号柜", "kind": "safe", "unit": unit, "level_max": level });
    let safe = world
        .app
        .perform(&leader, making("place", "add", safe))
        .await;
    let Ok(Performed::Done { record: safe, .. }) = safe else {
        panic!("no safe: {safe:?}")
    };
    let stock = json!({ "copies_count": 1, "keeper": person_id(0), "place": safe.id });
    let stock = world
        .app
        .perform(&registrar, acting(id, "make_copies", stock))
        .await;
    let Ok(Performed::Done { made, .. }) = stock else {
        panic!("no copy: {stock:?}")
    };
    Desk {
        registrar,
        leader,
        copy: made[0].id,
        world,
    }
}

impl Desk {
    async fn draw_up(&self, readers: &[usize]) -> Result<RecordId, Error> {
        let readers: Vec<_> = readers
            .iter()
            .map(|number| json!({ "reader": person_id(*number) }))
            .collect();
        let input = json!({ "copy": self.copy, "subject": "征求意见", "readers": readers });
        let asked = making("circulation", "draw_up", input);
        let app = &self.world.app;
        let Performed::Waiting { approval, record } = app.perform(&self.registrar, asked).await?
        else {
            panic!("nobody decides")
        };
        let decision = Decision {
            approval,
            verdict: Verdict::Approve,
            comment: None,
            digest: None,
            idempotency_key: None,
        };
        app.decide(&self.leader, decision).await?;
        Ok(record.id)
    }

    async fn hand_out(&self, of: RecordId, no: i64) -> Result<(), Error> {
        let app = &self.world.app;
        let round = app.read(&self.registrar, of).await?;
        let line = round.lines.iter().find(|line| line.no == no).unwrap();
        let target = Target::Existing {
            id: line.id,
            version: line.version,
        };
        let request = Perform::new(target, "hand_out", Map::new());
        let reader = line.fields["reader"].as_str().unwrap().parse().unwrap();
        let signed = crate::perform::Signed {
            person: reader,
            method: registers::model::SignMethod::Counter,
            paper: None,
            otp_step: None,
            at: None,
        };
        let signer = crate::perform::perform_signed;
        signer(app, self.registrar.clone(), request, vec![signed]).await?;
        Ok(())
    }
}

/// The rules that object.
async fn objections(definition: &str, trial: &Trial) -> Vec<String> {
    let desk = desk(definition, trial.level).await;
    let outcome = async {
        let round = desk.draw_up(trial.readers).await?;
        for no in trial.handed {
            desk.hand_out(round, *no).await?;
        }
        Ok(())
    };
    match outcome.await {
        Err(Error::Rules(problems)) => problems.into_iter().map(|one| one.id).collect(),
        _ => Vec::new(),
    }
}

/// The text without the rule of this id.
fn without(rule: &str) -> String {
    let id = format!("id = \"{rule}\"\n");
    let blocks = SHIPPED.split("\n[[");
    let kept: Vec<&str> = blocks
        .filter(|block| {
            !block.starts_with("rule]]") && !block.starts_with("line.rule]]")
                || !block.contains(&id)
        })
        .collect();
    let text = kept.join("\n[[");
    assert_ne!(text, SHIPPED, "nothing was taken away");
    text
}

#[test]
fn r207_r182_r184_r215_r302_r318_each_refuse_and_nothing_else_does() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        for trial in &TRIALS {
            let objects = objections(SHIPPED, trial).await;
            assert!(
                objects.contains(&trial.rule.to_owned()),
                "{}: {objects:?}",
                trial.rule
            );
            let objects = objections(&without(trial.rule), trial).await;
            assert!(
                !objects.contains(&trial.rule.to_owned()),
                "{}: {objects:?}",
                trial.rule
            );
        }
    });
}
