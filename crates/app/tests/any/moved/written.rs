//! A version as it is written, with every step that leads to it.

use super::{
    shape::{Change, Field, Kind, Shape},
    version::{CLOSED, Chain, Version},
};
use std::{collections::BTreeSet, fmt::Write as _};

impl Chain {
    /// The register as it is written in one of its versions.
    pub(super) fn written(&self, number: u32) -> String {
        let version = self.version(number);
        let mut text = self.head(version);
        for field in version.of.fields.values() {
            put_field(&mut text, "field", field);
        }
        put_states(&mut text, "state", (&version.of, "begun"), &CLOSED);
        rows(&mut text, &version.rows);
        moves(&mut text, version);
        clocks(&mut text, version);
        for step in self.between(1, number) {
            put_change(&mut text, step.from, "", &step.of);
            put_change(&mut text, step.from, "line = \"rows\"\n", &step.rows);
        }
        text
    }

    fn head(&self, version: &Version) -> String {
        let (key, number) = (&self.key, version.number);
        let thing = version.of.key("thing");
        format!(
            "key = \"{key}\"\nversion = {number}\nname = {{ zh = \"{key}\", en = \"{key}\" }}\narea = \"office\"\n\
             help = {{ zh = \"随机\", en = \"random\" }}\nlabel = \"join({thing})\"\n\
             number = {{ format = \"{key}-{{seq:3}}\", at = \"make\" }}\n"
        )
    }
}

fn put_field(text: &mut String, head: &str, field: &Field) {
    let more = match &field.kind {
        Kind::Text {
            max,
            unique,
            hidden,
        } => {
            let unique = if *unique { "unique = true\n" } else { "" };
            let hidden = if *hidden {
                "visible = { roles = [\"role:leader\"] }\n"
            } else {
                ""
            };
            format!("type = \"text\"\nindex = true\nmax_length = {max}\n{unique}{hidden}")
        }
        Kind::Whole { max } => format!("type = \"integer\"\nmin = 0\nmax = {max}\n"),
        Kind::Choice { keys } => {
            let one = |key| format!("{{ key = \"{key}\", zh = \"{key}\", en = \"{key}\" }}");
            let choices: Vec<String> = keys.iter().map(one).collect();
            format!("type = \"choice\"\nchoices = [{}]\n", choices.join(", "))
        }
        Kind::Person => "type = \"person\"\n".to_owned(),
        Kind::Thing { reserve } => {
            format!("type = \"link\"\nto = \"thing\"\nrequired = true\nreserve = {reserve}\n")
        }
    };
    let key = &field.key;
    write!(
        text,
        "\n[[{head}]]\nkey = \"{key}\"\nname = {{ zh = \"{key}\", en = \"{key}\" }}\n{more}"
    )
    .unwrap();
}

/// States, each once, and the one in which a record begins.
fn put_states(text: &mut String, head: &str, (shape, first): (&Shape, &str), closed: &[&str]) {
    let keys: BTreeSet<&String> = shape.states.values().collect();
    for key in keys {
        let more = if key == shape.state(first) {
            "initial = true\n"
        } else if shape.is(key, closed) {
            "final = true\n"
        } else {
            ""
        };
        write!(
            text,
            "\n[[{head}]]\nkey = \"{key}\"\nname = {{ zh = \"{key}\", en = \"{key}\" }}\n{more}"
        )
        .unwrap();
    }
}

fn put_action(text: &mut String, head: &str, key: &str, who: &str, more: &str) {
    write!(
        text,
        "\n[[{head}]]\nkey = \"{key}\"\nname = {{ zh = \"{key}\", en = \"{key}\" }}\nwho = \"{who}\"\n{more}\n"
    )
    .unwrap();
}

fn rows(text: &mut String, rows: &Shape) {
    text.push_str("\n[[line]]\nkey = \"rows\"\nname = { zh = \"行\", en = \"Rows\" }\n");
    for field in rows.fields.values() {
        put_field(text, "line.field", field);
    }
    put_states(text, "line.state", (rows, "open"), &["done"]);
    let [open, half, done] = ["open", "half", "done"].map(|role| rows.state(role));
    let mut action =
        |key: &str, more: &str| put_action(text, "line.action", key, "role:registrar", more);
    action("add", &format!("to = \"{open}\""));
    if open != half {
        action("take", &format!("from = [\"{open}\"]\nto = \"{half}\""));
    }
    action("do", &format!("from = [\"{half}\"]\nto = \"{done}\""));
}

fn moves(text: &mut String, version: &Version) {
    let of = &version.of;
    let state = |role| of.state(role);
    let (begun, going, paused) = (state("begun"), state("going"), state("paused"));
    let (ended, dropped) = (state("ended"), state("dropped"));
    let mut action = |key: &str, who: &str, more: &str| put_action(text, "action", key, who, more);
    let registrar = "role:registrar";
    action("make", registrar, &format!("to = \"{begun}\""));
    let open = if going == paused {
        format!("\"{going}\"")
    } else {
        format!("\"{going}\", \"{paused}\"")
    };
    let [note, amount, code] = ["note", "amount", "code"].map(|role| of.key(role));
    let edit =
        format!("from = [\"{begun}\", {open}]\ninput = [\"{note}\", \"{amount}\", \"{code}\"]");
    action("edit", registrar, &edit);
    let from = |from: &str, to: &str| format!("from = [{from}]\nto = \"{to}\"\ninput = []");
    let begin = format!("\"{begun}\"");
    let holder = format!("field:{}", of.key("holder"));
    action("start", &holder, &from(&begin, going));
    action("drop", registrar, &from(&begin, dropped));
    if of.has("helper") {
        let helper = format!("field:{}", of.key("helper"));
        action("help", &helper, &format!("from = [{begin}]\ninput = []"));
    }
    if going != paused {
        action("pause", registrar, &from(&format!("\"{going}\""), paused));
        action("resume", registrar, &from(&format!("\"{paused}\""), going));
    }
    action(&version.end, registrar, &from(&open, ended));
    if version.decided {
        let end = &version.end;
        write!(
            text,
            "\n[[approval]]\naction = \"{end}\"\nstep = [{{ who = \"role:leader\" }}]\n"
        )
        .unwrap();
    }
}

fn clocks(text: &mut String, version: &Version) {
    let (ended, dropped) = (version.of.state("ended"), version.of.state("dropped"));
    let mut stop = vec![format!("\"state:{ended}\"")];
    if ended != dropped {
        stop.push(format!("\"state:{dropped}\""));
    }
    for (key, clock) in &version.clocks {
        let (start, days) = (version.of.state(clock.start), clock.days);
        write!(
            text,
            "\n[[clock]]\nkey = \"{key}\"\nname = {{ zh = \"{key}\", en = \"{key}\" }}\nstart = \"state:{start}\"\n\
             after = \"{days}d\"\nstop = [{}]\nwarn = [\"0d\"]\nescalate = \"role:office_head\"\n",
            stop.join(", ")
        )
        .unwrap();
    }
}

/// A step, if it says anything.
fn put_change(text: &mut String, from: u32, line: &str, change: &Change) {
    let names = |names: &mut dyn Iterator<Item = (&String, String)>| {
        let pairs: Vec<String> = names.map(|(key, to)| format!("{key} = \"{to}\"")).collect();
        pairs.join(", ")
    };
    let rename = names(&mut change.rename.iter().map(|(key, to)| (key, to.clone())));
    let states = names(&mut change.states.iter().map(|(key, to)| (key, to.clone())));
    let set = names(&mut change.set.iter().map(|(key, made)| (key, made.written())));
    write!(text, "\n[[migrate]]\nfrom = {from}\n{line}").unwrap();
    for (key, pairs) in [("rename", rename), ("states", states), ("set", set)] {
        if !pairs.is_empty() {
            writeln!(text, "{key} = {{ {pairs} }}").unwrap();
        }
    }
    if !change.remove.is_empty() {
        writeln!(text, "remove = {:?}", change.remove).unwrap();
    }
}
