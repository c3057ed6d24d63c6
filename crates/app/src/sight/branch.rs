//! Gap 14: a rule sees the record as it was. Whoever keeps the units moves none that their own unit
//! is in, which would widen what is in their scope.

use super::on_each_database;
use super::world::{Person, World, unit_id};
use crate::{Caller, Error, Perform, Performed, Target};
use domain::RecordId;
use serde_json::{Value, json};

impl World {
    async fn correct(&self, who: &Caller, unit: usize, input: Value) -> Result<Performed, Error> {
        let id = RecordId::from(unit_id(unit));
        let version = self.app.read(who, id).await.unwrap().version;
        let Value::Object(input) = input else {
            panic!("not an object")
        };
        let target = Target::Existing { id, version };
        let request = Perform::new(target, "correct", input);
        self.app.perform(who, request).await
    }
}

fn rule(result: Result<Performed, Error>) -> String {
    match result {
        Err(Error::Rules(mut rules)) => rules.remove(0).id,
        other => panic!("no rule was met: {other:?}"),
    }
}

#[test]
fn nobody_moves_a_unit_above_their_own() {
    on_each_database(|server| async move {
        // the third unit is in the second, that in the first; the fourth stands alone
        let mut world = World::build(server).await;
        let head = Person {
            unit: 2,
            ..Person::ready(0, "core", &["staff", "office_head"])
        };
        world.settle(vec![head]).await;
        let head = world.caller(&world.people[0]);
        for (unit, upper) in [
            (2, json!(unit_id(3))),
            (1, json!(unit_id(3))),
            (0, json!(unit_id(3))),
        ] {
            let moved = world.correct(&head, unit, json!({ "upper": upper })).await;
            assert_eq!(rule(moved), "I-own-branch", "{unit}");
        }
        let out = world.correct(&head, 1, json!({ "upper": null })).await;
        assert_eq!(rule(out), "I-own-branch", "nor takes it out");
        let renamed = json!({ "name": "二室", "upper": unit_id(0) });
        assert!(
            world.correct(&head, 1, renamed).await.is_ok(),
            "it stays where it was"
        );
        let elsewhere = world
            .correct(&head, 3, json!({ "upper": unit_id(2) }))
            .await;
        assert!(elsewhere.is_ok(), "{elsewhere:?}");
    });
}
