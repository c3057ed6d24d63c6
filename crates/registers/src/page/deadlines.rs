//! Which deadlines run.

use crate::model::{After, ClockDef, Due, Length, Trigger};

use super::words::{both, code, condition, table, who};

pub(super) fn table_of(clocks: &[ClockDef]) -> String {
    let rows: Vec<Vec<String>> = clocks.iter().map(row).collect();
    table(
        &[
            "时限 Clock",
            "名称 Name",
            "起 Starts",
            "到期 Due",
            "止 Stops",
            "提醒与到期 Tells and does",
        ],
        &rows,
    )
}

fn row(clock: &ClockDef) -> Vec<String> {
    let stops: Vec<String> = clock.stop.iter().map(trigger).collect();
    let starts: Vec<String> = clock.start.iter().map(trigger).collect();
    let starts = starts.join(", ");
    let start = match condition("若 if", clock.when.as_ref()) {
        Some(when) => format!("{starts} {when}"),
        None => starts,
    };
    vec![
        code(&clock.key),
        both(&clock.name),
        start,
        due(&clock.due),
        stops.join(", "),
        notes(clock).join("; "),
    ]
}

fn trigger(trigger: &Trigger) -> String {
    code(&match trigger {
        Trigger::State(state) => format!("state:{state}"),
        Trigger::Field(field) => format!("field:{field}"),
        Trigger::Event(event) => format!("event:{event}"),
    })
}

fn due(due: &Due) -> String {
    match due {
        Due::Due(due) => code(due.source()),
        Due::After(cases) => {
            let all: Vec<String> = cases.iter().map(after).collect();
            all.join(", ")
        }
    }
}

fn after(after: &After) -> String {
    let length = match &after.length {
        Length::After(span) => code(&span.to_string()),
        Length::Param(key) => format!("参数 parameter {}", code(key)),
    };
    match condition("若 if", after.when.as_ref()) {
        Some(when) => format!("{length} {when}"),
        None => length,
    }
}

fn notes(clock: &ClockDef) -> Vec<String> {
    let mut notes = Vec::new();
    if !clock.warn.is_empty() {
        let all: Vec<String> = clock
            .warn
            .iter()
            .map(|warn| code(&warn.to_string()))
            .collect();
        notes.push(format!("提醒 reminds {}", all.join(", ")));
    }
    notes.extend(
        clock
            .escalate
            .as_ref()
            .map(|set| format!("逾期告知 then tells {}", who(set))),
    );
    notes.extend(
        clock
            .expire
            .as_ref()
            .map(|action| format!("到期执行 does {}", code(action))),
    );
    notes
}
