//! A register as it is written.

use super::Spec;
use std::fmt::Write as _;

impl Spec {
    /// The register as it is written.
    pub(in super::super) fn toml(&self) -> String {
        let mut text = String::new();
        self.head(&mut text);
        self.fields(&mut text);
        if self.lines {
            self.lines(&mut text);
        }
        self.life(&mut text);
        self.moves(&mut text);
        self.rest(&mut text);
        text
    }

    fn head(&self, text: &mut String) {
        let key = &self.key;
        let label = if self.labelled { "join(thing)" } else { "open" };
        write!(
            text,
            "key = \"{key}\"\nname = {{ zh = \"{key}\", en = \"{key}\" }}\narea = \"office\"\n\
             help = {{ zh = \"随机\", en = \"random\" }}\nlabel = \"{label}\"\n"
        )
        .unwrap();
        if let Some(at) = self.number {
            writeln!(
                text,
                "number = {{ format = \"{key}-{{seq:3}}\", at = \"{at}\" }}"
            )
            .unwrap();
        }
    }

    fn field(text: &mut String, key: &str, more: &str) {
        writeln!(
            text,
            "\n[[field]]\nkey = \"{key}\"\nname = {{ zh = \"{key}\", en = \"{key}\" }}\n{more}"
        )
        .unwrap();
    }

    fn fields(&self, text: &mut String) {
        let flag = |on: bool, line: &str| if on { line.to_owned() } else { String::new() };
        let note = format!(
            "type = \"text\"\nmax_length = {}\nindex = true\n{}",
            self.note_max,
            flag(self.note_required, "required = true")
        );
        Self::field(text, "note", &note);
        let (min, max) = self.amount;
        let amount = format!("type = \"integer\"\nrequired = true\nmin = {min}\nmax = {max}");
        Self::field(text, "amount", &amount);
        let unique = flag(self.unique, "unique = true");
        Self::field(text, "code", &format!("type = \"text\"\n{unique}"));
        Self::field(
            text,
            "kind",
            "type = \"choice\"\nrequired = true\nchoices = [{ key = \"a\", zh = \"甲\", en = \"a\" }, { key = \"b\", zh = \"乙\", en = \"b\" }]",
        );
        let extra = format!(
            "type = \"text\"\n{}\n{}",
            flag(self.extra_shown, "shown = \"kind == 'b'\""),
            flag(self.extra_required, "required = \"kind == 'b'\"")
        );
        Self::field(text, "extra", &extra);
        Self::field(text, "holder", "type = \"person\"\nrequired = true");
        let reserve = flag(self.reserve, "reserve = true");
        Self::field(
            text,
            "thing",
            &format!("type = \"link\"\nto = \"thing\"\nrequired = true\n{reserve}"),
        );
        let many = format!("type = \"links\"\nto = \"thing\"\nmax = {}", self.many_max);
        Self::field(text, "many", &many);
        let marks = format!(
            "type = \"choices\"\nmax = {}\nchoices = [{{ key = \"x\", zh = \"子\", en = \"x\" }}, {{ key = \"y\", zh = \"丑\", en = \"y\" }}, {{ key = \"z\", zh = \"寅\", en = \"z\" }}]",
            self.marks_max
        );
        Self::field(text, "marks", &marks);
        Self::field(text, "days", "type = \"period\"");
        let hidden = flag(self.hidden, "visible = { roles = [\"role:leader\"] }");
        Self::field(text, "secret", &format!("type = \"text\"\n{hidden}"));
        Self::field(text, "stamp", "type = \"text\"\nset_by = \"effect\"");
        let double = format!("type = \"computed\"\ncompute = \"amount * {}\"", self.times);
        Self::field(text, "double", &double);
    }

    fn lines(&self, text: &mut String) {
        let parent = if self.lines_lead {
            "parent = { when = \"all(rows, state == 'done')\", action = \"finish\" }\n"
        } else {
            ""
        };
        write!(
            text,
            "\n[[line]]\nkey = \"rows\"\nname = {{ zh = \"行\", en = \"Rows\" }}\nmin = 1\nmax = {}\n{parent}\
             [[line.field]]\nkey = \"what\"\nname = {{ zh = \"项\", en = \"What\" }}\ntype = \"text\"\nrequired = true\n\
             [[line.state]]\nkey = \"open\"\nname = {{ zh = \"在\", en = \"open\" }}\ninitial = true\n\
             [[line.state]]\nkey = \"done\"\nname = {{ zh = \"毕\", en = \"done\" }}\nfinal = true\n\
             [[line.action]]\nkey = \"do\"\nname = {{ zh = \"办\", en = \"Do\" }}\nfrom = [\"open\"]\nto = \"done\"\n\
             who = \"role:registrar\"\nwhen = \"record.state == 's1'\"\n\
             [[line.action]]\nkey = \"add\"\nname = {{ zh = \"添\", en = \"Add\" }}\nto = \"open\"\nwho = \"role:registrar\"\n",
            self.lines_max
        )
        .unwrap();
    }

    fn life(&self, text: &mut String) {
        let mut states = vec![("s0", "initial = true"), ("s1", ""), ("s2", "final = true")];
        if self.lapses {
            states.push(("over", "final = true"));
        }
        for (key, more) in states {
            writeln!(
                text,
                "\n[[state]]\nkey = \"{key}\"\nname = {{ zh = \"{key}\", en = \"{key}\" }}\n{more}"
            )
            .unwrap();
        }
    }

    fn action(text: &mut String, key: &str, who: &str, more: &str) {
        writeln!(
            text,
            "\n[[action]]\nkey = \"{key}\"\nname = {{ zh = \"{key}\", en = \"{key}\" }}\nwho = {who}\n{more}"
        )
        .unwrap();
    }

    fn moves(&self, text: &mut String) {
        let rows = if self.lines { ", \"rows\"" } else { "" };
        let made = format!(
            "to = \"s0\"\ninput = [\"note\", \"amount\", \"code\", \"kind\", \"extra\", \"holder\", \"thing\", \"many\", \"marks\", \"days\", \"secret\"{rows}]"
        );
        Self::action(text, "make", "\"role:registrar\"", &made);
        Self::action(
            text,
            "edit",
            "\"role:registrar\"",
            "from = [\"s0\", \"s1\"]\ninput = [\"note\", \"amount\", \"code\"]",
        );
        self.start(text);
        let mut end = "from = [\"s1\"]\nto = \"s2\"\ninput = []\n".to_owned();
        if self.creates {
            end.push_str("creates = [{ register = \"journal\", action = \"enter\", set = { what = \"kind\" } }]\n");
        }
        Self::action(text, "end", "\"role:registrar\"", &end);
        if self.lines {
            Self::action(
                text,
                "finish",
                "\"system\"",
                "from = [\"s1\"]\nto = \"s2\"\ninput = []",
            );
        }
        if self.lapses {
            Self::action(
                text,
                "lapse",
                "\"system\"",
                "from = [\"s1\"]\nto = \"over\"\ninput = []",
            );
        }
        if !self.moves {
            // so that the started state can be reached at all
            Self::action(
                text,
                "other",
                "\"system\"",
                "from = [\"s0\"]\nto = \"s1\"\ninput = []",
            );
        }
        for builtin in ["correct", "take_over", "cancel"] {
            if builtin == "correct" && self.corrects {
                continue;
            }
            let from = if builtin == "take_over" {
                "to = [\"s0\"]"
            } else {
                "from = [\"s0\"]\ncomment = \"required\""
            };
            let more = if builtin == "cancel" {
                "\nto = \"s2\""
            } else {
                ""
            };
            Self::action(
                text,
                builtin,
                "\"role:office_head\"",
                &format!("{from}{more}"),
            );
        }
    }

    fn start(&self, text: &mut String) {
        let who = match (self.anybody_starts, self.holder_starts) {
            (true, _) => "\"staff\"",
            (false, true) => "\"field:holder\"",
            (false, false) => "\"role:registrar\"",
        };
        let mut start = "from = [\"s0\"]\ninput = []\n".to_owned();
        if self.moves {
            start.push_str("to = \"s1\"\n");
        }
        if let Some(more) = self.when {
            writeln!(start, "when = \"amount > {more}\"").unwrap();
        }
        if self.sets {
            start.push_str("set = { stamp = \"note != null ? note : 'none'\" }\n");
        }
        if self.signs {
            start.push_str("sign = [\"field:holder\"]\n");
        }
        if self.comment {
            start.push_str("comment = \"required\"\n");
        }
        Self::action(text, "start", who, &start);
    }

    fn rest(&self, text: &mut String) {
        let mut rule = |id: &str, on: &str, severity: &str, check: &str| {
            writeln!(
                text,
                "\n[[rule]]\nid = \"{id}\"\nclause = \"样例\"\nletter = \"S\"\nseverity = \"{severity}\"\non = [\"{on}\"]\n\
                 check = \"{check}\"\nsay = {{ zh = \"不行\", en = \"no\" }}"
            )
            .unwrap();
        };
        if let Some(stop) = self.stop {
            rule("R-901", "end", "stop", &format!("amount < {stop}"));
        }
        if let Some(warn) = self.warn {
            rule("R-902", "make", "warn", &format!("amount != {warn}"));
        }
        if !self.approval.is_empty() {
            let steps: Vec<String> = self
                .approval
                .iter()
                .map(|role| {
                    if *role == "both" {
                        let both = "[\"role:leader\", \"role:office_head\"]";
                        return format!("{{ who = {both}, quorum = {} }}", self.quorum);
                    }
                    let delegate = if self.delegates && *role == "leader" {
                        ", delegate = true"
                    } else {
                        ""
                    };
                    format!("{{ who = \"role:{role}\"{delegate} }}")
                })
                .collect();
            writeln!(
                text,
                "\n[[approval]]\naction = \"end\"\nstep = [{}]",
                steps.join(", ")
            )
            .unwrap();
        }
        if let Some(days) = self.clock {
            let expire = if self.lapses {
                "expire = \"lapse\"\n"
            } else {
                ""
            };
            let stop = if self.clock_stops {
                "\"state:s2\""
            } else {
                "\"state:s0\""
            };
            let over = if self.lapses { ", \"state:over\"" } else { "" };
            writeln!(
                text,
                "\n[[clock]]\nkey = \"due\"\nname = {{ zh = \"期限\", en = \"Due\" }}\nstart = \"state:s1\"\nafter = \"{days}d\"\n\
                 stop = [{stop}{over}]\nwarn = [\"0d\"]\nescalate = \"role:office_head\"\n{expire}"
            )
            .unwrap();
        }
    }
}

impl Spec {
    /// What it adds to the register of things: how long one may be used.
    pub(in super::super) fn of_things(&self) -> Option<String> {
        let (key, days) = (&self.key, self.used?);
        let finish = if self.lines {
            format!(", \"event:{key}.finish\"")
        } else {
            String::new()
        };
        Some(format!(
            "extends = \"thing\"\n\n[[clock]]\nkey = \"{key}\"\nname = {{ zh = \"{key}\", en = \"{key}\" }}\n\
             start = \"event:{key}.start\"\nafter = \"{days}d\"\nstop = [\"event:{key}.end\"{finish}]\n\
             warn = [\"0d\"]\nescalate = \"role:office_head\"\n"
        ))
    }
}
