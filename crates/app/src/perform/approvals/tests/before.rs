//! Gap 14: a rule compares a record with what it was, when an act is asked for and when it is
//! decided.

use super::*;
use crate::sight::on_each_database;

const GROWS: &str = r#"
[[rule]]
id = "R-2"
clause = "TEST"
letter = "D"
severity = "stop"
on = ["ask", "extend"]
check = "before == null || days == null || before.days == null || before.days < days"
say = { zh = "天数只能增加", en = "days only grow" }
"#;

#[test]
fn a_rule_sees_the_record_as_it_was_before_the_act() {
    on_each_database(|server| async move {
        let mut house = House::build_on(server).await;
        house.app = under(house.app, &format!("{ERRAND}{GROWS}"));
        let (approval, record) = house.ask(json!({ "what": "取件", "days": 3 })).await;
        for who in ["leader1", "head"] {
            waiting(house.approve(who, approval).await);
        }
        done(house.approve("leader2", approval).await);
        let fewer = house.act("asker", record, "extend", json!({ "days": 2 }));
        assert_eq!(code(fewer.await), "R-2");
        let more = house.act("asker", record, "extend", json!({ "days": 4 }));
        let (approval, _) = waiting(more.await);
        let extended = done(house.approve("leader1", approval).await);
        assert_eq!(extended.fields["days"], 4);
    });
}
