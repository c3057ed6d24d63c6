//! Registers with lines at random: the parts that all of them have, and what each has of its own.

use super::super::spec::Dice;
use std::fmt::Write as _;

/// How a step is signed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Later, by whom it asks.
    Inbox,
    /// In a book.
    Paper,
    /// By a slip of somebody from outside.
    Slip,
}

impl Way {
    const ALL: [Self; 3] = [Self::Inbox, Self::Paper, Self::Slip];

    pub(super) fn action(self) -> &'static str {
        match self {
            Self::Inbox => "sign_off",
            Self::Paper => "book_off",
            Self::Slip => "slip_off",
        }
    }

    pub(super) fn method(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Paper => "paper",
            Self::Slip => "slip",
        }
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
    /// Steps that are there once it is opened.
    pub(super) rows: usize,
    /// Whatever is there once it is opened, else what is there and is not heavy.
    pub(super) finds_all: bool,
    pub(super) step_up: bool,
    pub(super) ways: Vec<Way>,
    /// Steps are signed for by the leader, else by the holder.
    pub(super) leader_signs: bool,
    /// Steps in these states are skipped when it is closed.
    pub(super) fans: &'static [&'static str],
    /// For each step in this state something is noted when it is closed.
    pub(super) noted: Option<&'static str>,
    /// States in which it can be taken over.
    pub(super) taken: &'static [&'static str],
    /// It ends with the last of its steps.
    pub(super) led: bool,
    /// A step that was done can be done again.
    pub(super) again: bool,
    /// Finds are checked by scanning what was found.
    pub(super) scanned: bool,
    /// Those that were not checked are shown to nobody while it is open.
    pub(super) blind: bool,
}

impl Spec {
    /// A register with some of the constructs.
    pub(super) fn any(key: &str, dice: &mut Dice) -> Self {
        let mut ways: Vec<Way> = Way::ALL.to_vec();
        if dice.one_in(2) {
            ways.remove(dice.below(3));
        }
        Self {
            key: key.to_owned(),
            rows: 1 + dice.below(3),
            finds_all: dice.one_in(2),
            step_up: dice.one_in(2),
            ways,
            leader_signs: dice.one_in(2),
            fans: [&[][..], &["waiting"], &["waiting", "done"]][dice.below(3)],
            noted: [None, Some("signed"), Some("skipped"), Some("waiting")][dice.below(4)],
            taken: [&["s0"][..], &["s0", "s1"]][dice.below(2)],
            led: !dice.one_in(3),
            again: dice.one_in(2),
            scanned: !dice.one_in(4),
            blind: dice.one_in(2),
        }
    }

    /// The register as it is written.
    pub(super) fn toml(&self) -> String {
        let mut text = include_str!("flow.toml").replace("\"flow\"", &format!("\"{}\"", self.key));
        self.lines(&mut text);
        self.acts(&mut text);
        text
    }

    fn lines(&self, text: &mut String) {
        let rows = ["'a'", "'b'", "'c'"][..self.rows].iter();
        let rows: Vec<String> = rows
            .map(|what| format!("{{ what = \"{what}\" }}"))
            .collect();
        let steps = format!("fill = {{ at = \"open\", rows = [{}] }}", rows.join(", "));
        *text = text.replace("fill = \"rows\"", &self.with_parent(steps));
        let light = if self.finds_all {
            ""
        } else {
            " && heavy != true"
        };
        let finds = format!(
            "fill = {{ from = \"thing\", at = \"open\", where = \"state == 'there'{light}\", set = {{ thing = \"id\" }} }}"
        );
        *text = text.replace("fill = \"query\"", &finds);
        let scan = match (self.scanned, self.blind) {
            (false, _) => "",
            (true, false) => "scan = { by = \"thing\", action = \"check\" }",
            (true, true) => "scan = { by = \"thing\", action = \"check\", blind = [\"s1\"] }",
        };
        *text = text.replace("scan = \"thing\"", scan);
        let from = if self.again {
            "from = [\"waiting\", \"done\"]"
        } else {
            "from = [\"waiting\"]"
        };
        *text = text.replace("from = \"again\"", from);
        let signer = if self.leader_signs {
            "role:leader"
        } else {
            "field:record.holder"
        };
        for way in &self.ways {
            let who = match way {
                Way::Slip => "field:record.outside",
                Way::Inbox | Way::Paper => signer,
            };
            let (action, method) = (way.action(), way.method());
            let written = format!(
                "[[line.action]]\nkey = \"{action}\"\nname = {{ zh = \"{action}\", en = \"{action}\" }}\n\
                 from = [\"done\"]\nto = \"signed\"\nwho = \"role:registrar\"\n\
                 sign = [{{ who = \"{who}\", method = [\"{method}\"] }}]\n\n# ways\n"
            );
            *text = text.replacen("# ways\n", &written, 1);
        }
    }

    fn with_parent(&self, steps: String) -> String {
        if !self.led {
            return steps;
        }
        let over = "state == 'signed' || state == 'skipped'";
        format!("{steps}\nparent = {{ when = \"all(steps, {over})\", action = \"finish\" }}")
    }

    fn acts(&self, text: &mut String) {
        let mut action = |key: &str, who: &str, more: &str| {
            writeln!(
                text,
                "\n[[action]]\nkey = \"{key}\"\nname = {{ zh = \"{key}\", en = \"{key}\" }}\nwho = \"{who}\"\n{more}"
            )
            .unwrap();
        };
        let step_up = if self.step_up { "step_up = true" } else { "" };
        let open = format!("from = [\"s0\"]\nto = \"s1\"\ninput = []\n{step_up}");
        action("open", "role:registrar", &open);
        let mut close = "from = [\"s1\"]\nto = \"s2\"\ninput = []\n".to_owned();
        if !self.fans.is_empty() {
            let states: Vec<String> = self.fans.iter().map(|one| format!("'{one}'")).collect();
            let states = states.join(", ");
            writeln!(
                close,
                "fan_out = [{{ line = \"steps\", action = \"skip\", when = \"state in [{states}]\" }}]"
            )
            .unwrap();
        }
        if let Some(state) = self.noted {
            writeln!(
                close,
                "creates = [{{ register = \"journal\", action = \"enter\", each = \"filter(steps, state == '{state}')\", \
                 set = {{ what = \"what\" }} }}]"
            )
            .unwrap();
        }
        action("close", "role:registrar", &close);
        if self.led {
            let finish = "from = [\"s1\"]\nto = \"s2\"\ninput = []";
            action("finish", "system", finish);
        }
        let states: Vec<String> = self.taken.iter().map(|one| format!("\"{one}\"")).collect();
        let taken = format!("to = [{}]", states.join(", "));
        action("take_over", "role:registrar", &taken);
    }
}

type Change = fn(&mut Spec);

/// What an engine could do wrong: what the register has, and how it is obeyed.
const FAULTS: [(&str, Change, Change); 13] = [
    ("a step is not filled in", |s| s.rows = 3, |s| s.rows = 2),
    (
        "a query looks at less than is written",
        |s| s.finds_all = false,
        |s| s.finds_all = true,
    ),
    (
        "no fresh proof is asked for",
        |s| s.step_up = true,
        |s| s.step_up = false,
    ),
    (
        "the wrong person signs later",
        |s| {
            s.ways = vec![Way::Inbox];
            s.leader_signs = true;
        },
        |s| s.leader_signs = false,
    ),
    (
        "the wrong person signs in the book",
        |s| {
            s.ways = vec![Way::Paper];
            s.leader_signs = true;
        },
        |s| s.leader_signs = false,
    ),
    (
        "nothing follows the record",
        |s| s.fans = &["waiting"],
        |s| s.fans = &[],
    ),
    (
        "more follows the record than is said",
        |s| s.fans = &["waiting"],
        |s| s.fans = &["waiting", "done"],
    ),
    (
        "nothing is noted",
        |s| {
            s.noted = Some("signed");
            // one that ends with its last step is closed by nobody
            s.led = false;
        },
        |s| s.noted = None,
    ),
    (
        "something else is noted",
        |s| {
            s.noted = Some("signed");
            s.led = false;
            s.fans = &["waiting"];
        },
        |s| s.noted = Some("skipped"),
    ),
    (
        "it is taken over in one state only",
        |s| s.taken = &["s0", "s1"],
        |s| s.taken = &["s0"],
    ),
    (
        "a scan finds nothing",
        |s| s.scanned = true,
        |s| s.scanned = false,
    ),
    (
        "what was not scanned is told",
        |s| {
            s.scanned = true;
            s.blind = true;
        },
        |s| s.blind = false,
    ),
    (
        "the last step ends nothing",
        |s| s.led = true,
        |s| s.led = false,
    ),
];

/// Each fault: its name, what is obeyed, what an engine without it would obey.
pub(super) fn faults(dice: &mut Dice) -> Vec<(&'static str, Spec, Spec)> {
    let all = FAULTS.iter().enumerate();
    all.map(|(number, (name, has, wrong))| {
        let mut spec = Spec::any(&format!("flow{number}"), dice);
        has(&mut spec);
        let mut obeyed = spec.clone();
        wrong(&mut obeyed);
        (*name, spec, obeyed)
    })
    .collect()
}
