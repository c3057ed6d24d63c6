//! Definitions at random: which constructs a register has, and the register written out. A fault is a register
//! in which one construct is written as an engine would obey it that does not know it.

use std::fmt::Write as _;

/// Numbers that look random and are the same in every run (`SplitMix64`).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap()
    }

    pub(super) fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

/// What a register has.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each construct is one of its own"
)]
pub(super) struct Spec {
    pub(super) key: String,
    /// `note` must be there, and is so long at most.
    pub(super) note_required: bool,
    pub(super) note_max: usize,
    /// The bounds of `amount`.
    pub(super) amount: (i64, i64),
    /// No two records share their `code`.
    pub(super) unique: bool,
    /// `extra` is shown for the kind b alone, and needed there.
    pub(super) extra_shown: bool,
    pub(super) extra_required: bool,
    /// `thing` is held while the record is open.
    pub(super) reserve: bool,
    /// The holder starts, else the registrar.
    pub(super) holder_starts: bool,
    /// Anybody may start.
    pub(super) anybody_starts: bool,
    /// Starting needs more than this amount.
    pub(super) when: Option<i64>,
    /// Ending is stopped from this amount on.
    pub(super) stop: Option<i64>,
    /// Making warns of this amount.
    pub(super) warn: Option<i64>,
    /// Who decides on ending, in order.
    pub(super) approval: Vec<&'static str>,
    /// The action that draws the number.
    pub(super) number: Option<&'static str>,
    /// Days from the start until it is due.
    pub(super) clock: Option<u32>,
    pub(super) clock_stops: bool,
    /// At the end of the clock the record lapses.
    pub(super) lapses: bool,
    /// Starting sets `stamp`.
    pub(super) sets: bool,
    /// `double` is so many times the amount.
    pub(super) times: i64,
    /// `secret` is shown to leaders.
    pub(super) hidden: bool,
    /// The holder signs the start.
    pub(super) signs: bool,
    /// Starting needs a comment.
    pub(super) comment: bool,
    /// It has lines, which end it when all are done.
    pub(super) lines: bool,
    pub(super) lines_lead: bool,
    /// Ending notes something in the journal.
    pub(super) creates: bool,
    /// Starting leads to the started state.
    pub(super) moves: bool,
    /// `many` names so many things at most.
    pub(super) many_max: usize,
    /// `marks` are so many choices at most.
    pub(super) marks_max: usize,
    /// Who decides as a leader may have somebody else decide.
    pub(super) delegates: bool,
}

impl Spec {
    /// A register with some of the constructs.
    pub(super) fn any(key: &str, dice: &mut Dice) -> Self {
        let mut has = |bound: usize| !dice.one_in(bound);
        let (lines, clock) = (has(2), has(2));
        let number = match (has(3), has(2)) {
            (false, _) => None,
            (true, true) => Some("make"),
            (true, false) => Some("start"),
        };
        let approval: &[&str] = if lines || !has(5) {
            &[]
        } else if has(2) {
            &["leader"]
        } else {
            &["leader", "office_head"]
        };
        Self {
            key: key.to_owned(),
            note_required: has(2),
            note_max: 6,
            amount: (0, 9),
            unique: has(2),
            extra_shown: has(2),
            extra_required: has(2),
            reserve: has(2),
            holder_starts: has(2),
            anybody_starts: false,
            when: has(2).then_some(2),
            stop: has(2).then_some(8),
            warn: has(2).then_some(5),
            approval: approval.to_vec(),
            number,
            clock: clock.then_some(3),
            clock_stops: true,
            lapses: clock && approval.is_empty() && has(2),
            sets: has(2),
            times: 2,
            hidden: has(2),
            signs: has(2),
            comment: has(3),
            lines,
            lines_lead: true,
            creates: has(2),
            moves: true,
            many_max: 2,
            marks_max: 2,
            delegates: has(12),
        }
    }

    /// The register as it is written.
    pub(super) fn toml(&self) -> String {
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
        write!(
            text,
            "key = \"{key}\"\nname = {{ zh = \"{key}\", en = \"{key}\" }}\narea = \"office\"\n\
             help = {{ zh = \"随机\", en = \"random\" }}\nlabel = \"open\"\n"
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
            "\n[[line]]\nkey = \"rows\"\nname = {{ zh = \"行\", en = \"Rows\" }}\nmin = 1\nmax = 5\n{parent}\
             [[line.field]]\nkey = \"what\"\nname = {{ zh = \"项\", en = \"What\" }}\ntype = \"text\"\nrequired = true\n\
             [[line.state]]\nkey = \"open\"\nname = {{ zh = \"在\", en = \"open\" }}\ninitial = true\n\
             [[line.state]]\nkey = \"done\"\nname = {{ zh = \"毕\", en = \"done\" }}\nfinal = true\n\
             [[line.action]]\nkey = \"do\"\nname = {{ zh = \"办\", en = \"Do\" }}\nfrom = [\"open\"]\nto = \"done\"\n\
             who = \"role:registrar\"\nwhen = \"record.state == 's1'\"\n"
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
            "from = [\"s0\"]\ninput = [\"note\", \"amount\", \"code\"]",
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

type Change = fn(&mut Spec);

/// What an engine could do wrong: what the register has, and how it is obeyed.
const FAULTS: [(&str, Change, Change); 28] = [
    (
        "a required field is not asked for",
        |s| s.note_required = true,
        |s| s.note_required = false,
    ),
    (
        "a text may be too long",
        |s| s.note_max = 6,
        |s| s.note_max = 60,
    ),
    (
        "a list of links may be too long",
        |s| s.many_max = 2,
        |s| s.many_max = 9,
    ),
    (
        "too much may be chosen",
        |s| s.marks_max = 2,
        |s| s.marks_max = 3,
    ),
    (
        "nobody stands in",
        |s| {
            s.approval = vec!["leader"];
            s.delegates = true;
            s.lines = false;
            s.lapses = false;
        },
        |s| s.delegates = false,
    ),
    (
        "a number may be out of bounds",
        |s| s.amount = (0, 9),
        |s| s.amount = (-9, 99),
    ),
    (
        "a unique value is not",
        |s| s.unique = true,
        |s| s.unique = false,
    ),
    (
        "a field is not needed when it should be",
        |s| {
            s.extra_shown = true;
            s.extra_required = true;
        },
        |s| s.extra_required = false,
    ),
    (
        "a field is taken where it is not shown",
        |s| s.extra_shown = true,
        |s| s.extra_shown = false,
    ),
    (
        "a target is held twice",
        |s| s.reserve = true,
        |s| s.reserve = false,
    ),
    (
        "anybody may do it",
        |s| s.anybody_starts = false,
        |s| s.anybody_starts = true,
    ),
    (
        "a field names nobody",
        |s| s.holder_starts = true,
        |s| s.holder_starts = false,
    ),
    (
        "a condition is not asked",
        |s| s.when = Some(2),
        |s| s.when = None,
    ),
    (
        "a stop does not stop",
        |s| {
            s.stop = Some(8);
            s.lines = false;
        },
        |s| s.stop = None,
    ),
    (
        "a warning is not given",
        |s| s.warn = Some(5),
        |s| s.warn = None,
    ),
    (
        "a decision is left out",
        |s| {
            s.approval = vec!["leader", "office_head"];
            s.lines = false;
            s.lapses = false;
        },
        |s| s.approval = vec!["leader"],
    ),
    (
        "nothing is decided",
        |s| {
            s.approval = vec!["leader"];
            s.lines = false;
            s.lapses = false;
        },
        |s| s.approval = Vec::new(),
    ),
    (
        "no number is drawn",
        |s| s.number = Some("make"),
        |s| s.number = None,
    ),
    (
        "a deadline is another",
        |s| s.clock = Some(3),
        |s| s.clock = Some(4),
    ),
    (
        "a deadline does not end",
        |s| {
            s.clock = Some(3);
            s.clock_stops = true;
        },
        |s| s.clock_stops = false,
    ),
    (
        "nothing happens at its end",
        |s| {
            s.clock = Some(3);
            s.lapses = true;
            s.approval = Vec::new();
        },
        |s| s.lapses = false,
    ),
    ("nothing is set", |s| s.sets = true, |s| s.sets = false),
    ("a sum is wrong", |s| s.times = 2, |s| s.times = 3),
    (
        "a hidden field is shown",
        |s| s.hidden = true,
        |s| s.hidden = false,
    ),
    ("nobody signs", |s| s.signs = true, |s| s.signs = false),
    (
        "no comment is asked for",
        |s| s.comment = true,
        |s| s.comment = false,
    ),
    (
        "lines lead nowhere",
        |s| {
            s.lines = true;
            s.lines_lead = true;
            s.approval = Vec::new();
        },
        |s| s.lines_lead = false,
    ),
    (
        "nothing is created",
        |s| {
            s.creates = true;
            s.lines = false;
        },
        |s| s.creates = false,
    ),
];

/// Each fault with a register that surely has the construct: as it should be obeyed and as it is.
pub(super) fn faults(dice: &mut Dice) -> Vec<(&'static str, Spec, Spec)> {
    let specs = FAULTS.into_iter().enumerate();
    specs
        .map(|(number, (name, has, loses))| {
            let mut spec = Spec::any(&format!("fault{number}"), dice);
            has(&mut spec);
            let mut wrong = spec.clone();
            loses(&mut wrong);
            (name, spec, wrong)
        })
        .collect()
}
