//! Regimes and registers as they are written.

use super::said::{
    Check, Content, PARAMETERS, Regime, Register, Rule, Said, Severity, Stricter, Value,
};
use std::{collections::BTreeMap, fmt::Write as _};

impl Severity {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Warn => "warn",
            Self::Stop => "stop",
        }
    }
}

impl Content {
    fn word(self) -> &'static str {
        match self {
            Self::Vault => "vault",
            Self::Fingerprint => "fingerprint",
            Self::Nothing => "none",
        }
    }
}

impl Value {
    fn text(self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Days(days) => format!("\"{days}d\""),
            Self::Hours(hours) => format!("\"{hours}h\""),
        }
    }
}

impl Stricter {
    fn word(self) -> &'static str {
        match self {
            Self::Less => "less",
            Self::More => "more",
            Self::Fixed => "fixed",
        }
    }
}

impl Check {
    fn text(self) -> String {
        match self {
            Self::Below(most) => format!("amount < {most}"),
            Self::Most => "amount <= param('any.most')".to_owned(),
            Self::Least => "amount >= param('any.least')".to_owned(),
            Self::Law => "amount != param('any.law')".to_owned(),
        }
    }
}

fn severities(text: &mut String, said: &BTreeMap<String, Severity>) {
    text.push_str("\n[severities]\n");
    for (rule, severity) in said {
        writeln!(text, "\"{rule}\" = \"{}\"", severity.word()).unwrap();
    }
}

impl Said {
    /// What the base says besides what is shipped: it ends with its parameters.
    pub(super) fn base(&self) -> String {
        let mut text = String::new();
        for (key, stricter, _) in PARAMETERS {
            let (value, stricter) = (self.declared[key].text(), stricter.word());
            writeln!(
                text,
                "\"{key}\" = {{ value = {value}, rule = \"R-900\", stricter = \"{stricter}\" }}"
            )
            .unwrap();
        }
        severities(&mut text, &self.base);
        text
    }
}

impl Regime {
    pub(super) fn toml(&self) -> String {
        let key = &self.key;
        let mut text = format!("key = \"{key}\"\nname = {{ zh = \"{key}\", en = \"{key}\" }}\n");
        if let Some(content) = self.content {
            writeln!(text, "content = \"{}\"", content.word()).unwrap();
        }
        text.push_str("\n[parameters]\n");
        for (key, value) in &self.parameters {
            let value = value.text();
            writeln!(text, "\"{key}\" = {{ value = {value}, rule = \"R-900\" }}").unwrap();
        }
        severities(&mut text, &self.severities);
        text
    }
}

/// Fields of every register, and those of a label of its own.
const FIELDS: [(&str, &str); 4] = [
    ("amount", "integer\"\nrequired = true"),
    ("unit", "unit\""),
    ("person", "person\""),
    ("papers", "files\"\nmax = 3"),
];
const OWN: [(&str, &str); 4] = [
    ("level", "level\""),
    ("term", "term\""),
    ("compartments", "text\""),
    ("scope_persons", "persons\""),
];

impl Register {
    pub(super) fn toml(&self) -> String {
        let key = &self.key;
        let label = match (self.label.is_things(), self.label.is_own()) {
            (false, false) => "open",
            (true, false) => "join(thing)",
            (false, true) => "proposed",
            (true, true) => "join(thing, proposed)",
        };
        let mut text = format!(
            "key = \"{key}\"\nname = {{ zh = \"{key}\", en = \"{key}\" }}\narea = \"office\"\n\
             help = {{ zh = \"随机\", en = \"random\" }}\nlabel = \"{label}\"\n"
        );
        let own = OWN.iter().filter(|_| self.label.is_own());
        let thing = ("thing", "link\"\nto = \"thing\"\nrequired = true");
        let thing = Some(&thing).filter(|_| self.label.is_things());
        for (key, more) in FIELDS.iter().chain(own).chain(thing) {
            writeln!(
                text,
                "\n[[field]]\nkey = \"{key}\"\nname = {{ zh = \"{key}\", en = \"{key}\" }}\ntype = \"{more}"
            )
            .unwrap();
        }
        if self.lines {
            text.push_str(ROWS);
        }
        self.life(&mut text);
        for rule in &self.rules {
            rule.write(&mut text);
        }
        text
    }

    fn life(&self, text: &mut String) {
        for (key, more) in [("s0", "initial = true"), ("s1", ""), ("s2", "final = true")] {
            writeln!(
                text,
                "\n[[state]]\nkey = \"{key}\"\nname = {{ zh = \"{key}\", en = \"{key}\" }}\n{more}"
            )
            .unwrap();
        }
        let compartments = if self.label.is_own() {
            ", \"compartments\""
        } else {
            ""
        };
        let edit = format!(
            "from = [\"s0\", \"s1\"]\ninput = [\"amount\", \"unit\", \"person\", \"papers\"{compartments}]"
        );
        for (key, more) in [
            ("make", "to = \"s0\""),
            ("edit", &edit),
            ("start", "from = [\"s0\"]\nto = \"s1\"\ninput = []"),
            ("end", "from = [\"s1\"]\nto = \"s2\"\ninput = []"),
        ] {
            writeln!(
                text,
                "\n[[action]]\nkey = \"{key}\"\nname = {{ zh = \"{key}\", en = \"{key}\" }}\nwho = \"staff\"\n{more}"
            )
            .unwrap();
        }
        if self.decided {
            text.push_str("\n[[approval]]\naction = \"end\"\nstep = [{ who = \"role:leader\" }]\n");
        }
        if let Some((parameter, start)) = self.clock {
            writeln!(
                text,
                "\n[[clock]]\nkey = \"due\"\nname = {{ zh = \"期限\", en = \"Due\" }}\nstart = \"state:{start}\"\n\
                 after = {{ param = \"{parameter}\" }}\nstop = [\"state:s2\"]\nwarn = [\"0d\"]\nescalate = \"role:office_head\""
            )
            .unwrap();
        }
    }
}

/// A line has an amount of its own, which its rules mean.
const ROWS: &str = r#"
[[line]]
key = "rows"
name = { zh = "行", en = "Rows" }
max = 1

[[line.field]]
key = "amount"
name = { zh = "数", en = "Amount" }
type = "integer"
required = true

[[line.state]]
key = "open"
name = { zh = "在", en = "open" }
initial = true

[[line.state]]
key = "done"
name = { zh = "毕", en = "done" }
final = true

[[line.action]]
key = "do"
name = { zh = "办", en = "Do" }
from = ["open"]
to = "done"
who = "staff"
"#;

impl Rule {
    fn write(&self, text: &mut String) {
        let Self { id, letter, .. } = self;
        let (severity, check) = (self.severity.word(), self.check.text());
        let on: Vec<String> = self.on.iter().map(|on| format!("\"{on}\"")).collect();
        writeln!(
            text,
            "\n[[rule]]\nid = \"{id}\"\nclause = \"样例\"\nletter = \"{letter}\"\nseverity = \"{severity}\"\n\
             on = [{}]\ncheck = \"{check}\"\nsay = {{ zh = \"不行\", en = \"no\" }}",
            on.join(", ")
        )
        .unwrap();
    }
}
