//! The reference page of registers, in both languages: what each holds, who does what and what that
//! waits for, which rules hold how hard, which deadlines run. It is made from the definitions.

mod deadlines;
mod fields;
mod moves;
mod rules;
mod words;

use crate::Catalogue;
use crate::model::{Area, Definition, LabelRule, Line, Nature, Scan, State};
use words::{both, code, codes, table};

/// The page of every register of a catalogue, by its key.
pub fn page(catalogue: &Catalogue) -> String {
    let severities = rules::Severities::of(catalogue);
    let contents: Vec<Vec<String>> = catalogue.definitions().map(entry).collect();
    let mut parts = vec![table(
        &["台账 Register", "章 Chapter", "职责 Duties", "号 Number"],
        &contents,
    )];
    parts.extend(
        catalogue
            .definitions()
            .map(|definition| register(definition, &severities)),
    );
    parts.join("\n")
}

/// A register's row in the table of contents.
fn entry(definition: &Definition) -> Vec<String> {
    let number = definition.number.as_ref();
    vec![
        format!("[{}](#{})", both(&definition.name), definition.key),
        area(definition.area).to_owned(),
        definition.duties.join(" "),
        number.map_or_else(String::new, |rule| code(&rule.format.to_string())),
    ]
}

fn register(definition: &Definition, severities: &rules::Severities<'_>) -> String {
    let Definition {
        key, name, help, ..
    } = definition;
    let mut parts = vec![
        format!("## <a id=\"{key}\"></a>{} `{key}`\n", both(name)),
        format!("{}\n\n{}\n", help.zh, help.en),
        about(definition),
        fields::table_of(&definition.fields),
        states(&definition.states),
        moves::table_of(&definition.actions, &definition.approvals),
        moves::added(&definition.actions),
        rules::table_of(&definition.rules, severities),
        deadlines::table_of(&definition.clocks),
    ];
    parts.extend(definition.lines.iter().map(|one| line(one, severities)));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// Kind, label and number in one sentence.
fn about(definition: &Definition) -> String {
    let nature = match definition.nature {
        Nature::Business => "业务记录 business records",
        Nature::Directory => "名录 a directory",
    };
    let label = match &definition.label {
        LabelRule::Open => "公开 open".to_owned(),
        LabelRule::Proposed => "按所填拟定密级 as its fields propose".to_owned(),
        LabelRule::Parent(_) => "随所属记录 as its record".to_owned(),
        LabelRule::Join(sources) => format!("随所涉对象 as secret as {}", codes(sources)),
    };
    format!("{nature}; 密级 label: {label}\n")
}

fn states(states: &[State]) -> String {
    let one = |state: &State| {
        let mark = match (state.initial, state.is_final) {
            (true, _) => " (初始 first)",
            (_, true) => " (终结 last)",
            (false, false) => "",
        };
        format!("{} {}{mark}", code(&state.key), both(&state.name))
    };
    let all: Vec<String> = states.iter().map(one).collect();
    format!("状态 States: {}\n", all.join("; "))
}

/// Child records with a life of their own.
fn line(line: &Line, severities: &rules::Severities<'_>) -> String {
    let mut parts = vec![
        format!("### {} `{}`\n", both(&line.name), line.key),
        line.help
            .as_ref()
            .map_or_else(String::new, |help| format!("{}\n", both(help))),
        fields::table_of(&line.fields),
        states(&line.states),
        line.scan.as_ref().map_or_else(String::new, scan),
        moves::table_of(&line.actions, &[]),
        rules::table_of(&line.rules, severities),
        deadlines::table_of(&line.clocks),
    ];
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// What is done by scanning, and when what waits for it is kept back.
fn scan(scan: &Scan) -> String {
    let action = code(&scan.action);
    let mut by = vec![scan.by.clone()];
    by.extend(scan.number.iter().cloned());
    let by = codes(&by);
    let mut text = format!("扫码 By scanning: {action} ({by})");
    if !scan.blind.is_empty() {
        let states = codes(&scan.blind);
        text.push_str(&format!(
            "; 所属记录在 {states} 时未扫的不显示 what was not scanned is not shown while the record is {states}"
        ));
    }
    text.push('\n');
    text
}

fn area(area: Area) -> &'static str {
    Area::ALL
        .iter()
        .find(|(_, one)| *one == area)
        .map_or("", |(key, _)| key)
}

#[cfg(test)]
mod tests;
