//! Every kind of field at random: what is good is kept in one form and read back so, what is not is refused and changes
//! nothing, in fields of a record and in the rows of its lines.

use super::spec::Dice;
use crate::house::{House, on_each_database, shipped_with};
use app::{Perform, Performed, RecordView, Target};
use domain::RecordId;
use serde_json::{Map, Value, json};
use std::{collections::BTreeMap, fmt::Write as _};

/// What is written, and how it is kept; nothing where it is refused.
type Case = (&'static str, Option<&'static str>);

/// A kind: its field as it is written, and values of it. `@name` is the id of somebody or something of the house.
const KINDS: [(&str, &str, &[Case]); 28] = [
    (
        "text",
        "mask = \"A{year}-{seq:2}\"",
        &[
            (r#""A2026-07""#, Some(r#""A2026-07""#)),
            (r#""A26-7""#, None),
        ],
    ),
    (
        "long_text",
        "max_length = 5",
        &[
            (r#""一\r\n二""#, Some(r#""一\n二""#)),
            (r#""一二三四五六""#, None),
        ],
    ),
    (
        "integer",
        "min = 1\nmax = 9",
        &[(r#""7""#, Some("7")), ("10", None), ("2.5", None)],
    ),
    (
        "decimal",
        "min = 0\nmax = 10",
        &[("2.5", Some("2.5")), ("11", None)],
    ),
    ("score", "max = 5", &[("4.5", Some("4.5")), ("-1", None)]),
    (
        "money",
        "max = 99",
        &[("12.3", Some(r#""12.30""#)), (r#""1.234""#, None)],
    ),
    (
        "date",
        "",
        &[
            (r#""2026-03-01""#, Some(r#""2026-03-01""#)),
            (r#""2026-02-30""#, None),
        ],
    ),
    (
        "datetime",
        "",
        &[
            (
                r#""2026-03-01T10:00:00+08:00""#,
                Some(r#""2026-03-01T02:00:00Z""#),
            ),
            (r#""2026-03-01""#, None),
        ],
    ),
    (
        "duration",
        "",
        &[(r#""10d""#, Some(r#""10d""#)), (r#""ten""#, None)],
    ),
    (
        "period",
        "",
        &[
            (
                r#"{"from":"2026-03-01","to":"2026-03-02"}"#,
                Some(r#"{"from":"2026-03-01","to":"2026-03-02"}"#),
            ),
            (r#"{"from":"2026-03-02","to":"2026-03-01"}"#, None),
        ],
    ),
    (
        "bool",
        "",
        &[("false", Some("false")), (r#""maybe""#, None)],
    ),
    (
        "choice",
        CHOICES,
        &[(r#""x""#, Some(r#""x""#)), (r#""w""#, None)],
    ),
    (
        "choices",
        CHOICES,
        &[
            (r#"["y","x"]"#, Some(r#"["x","y"]"#)),
            (r#"["x","x"]"#, None),
        ],
    ),
    (
        "checklist",
        CHOICES,
        &[
            (r#"{"x":"na"}"#, Some(r#"{"x":"na","y":null}"#)),
            (r#"{"x":"sure"}"#, None),
        ],
    ),
    (
        "person",
        "",
        &[(r#""@reader""#, Some(r#""@reader""#)), (r#""@unit""#, None)],
    ),
    (
        "persons",
        "max = 2",
        &[
            (r#"["@reader"]"#, Some(r#"["@reader"]"#)),
            (r#"["@reader","@reader"]"#, None),
        ],
    ),
    (
        "unit",
        "",
        &[(r#""@unit""#, Some(r#""@unit""#)), (r#""unit""#, None)],
    ),
    (
        "units",
        "min = 1",
        &[
            (r#"["@unit"]"#, Some(r#"["@unit"]"#)),
            (r#"["@safe"]"#, None),
        ],
    ),
    (
        "post",
        "",
        &[
            (r#""@core_post""#, Some(r#""@core_post""#)),
            (r#""@reader""#, None),
        ],
    ),
    (
        "place",
        "",
        &[(r#""@safe""#, Some(r#""@safe""#)), (r#""@unit""#, None)],
    ),
    (
        "outside_org",
        "",
        &[
            (r#"{"name":"甲厂"}"#, Some(r#"{"name":"甲厂"}"#)),
            ("7", None),
        ],
    ),
    (
        "outside_person",
        "",
        &[(r#""张三""#, Some(r#"{"name":"张三"}"#)), ("7", None)],
    ),
    (
        "number_range",
        "",
        &[
            (r#""000001-000005""#, Some(r#""000001-000005""#)),
            (r#""5-1""#, None),
        ],
    ),
    (
        "level",
        "",
        &[
            (r#""state.secret""#, Some(r#""state.secret""#)),
            (r#""state.open""#, None),
        ],
    ),
    (
        "term",
        "",
        &[(r#""10年""#, Some(r#"{"years":10}"#)), ("7", None)],
    ),
    (
        "file",
        "",
        &[(r#""@file""#, Some(r#""@file""#)), (r#""@unit""#, None)],
    ),
    (
        "files",
        "max = 2",
        &[
            (r#"["@file"]"#, Some(r#"["@file"]"#)),
            (r#"["@file","@file"]"#, None),
        ],
    ),
    (
        "mark",
        "",
        &[
            (r#""机密★10年""#, Some(r#""机密★10年""#)),
            (r#""机要""#, None),
        ],
    ),
];

const CHOICES: &str = "choices = [{ key = \"x\", zh = \"子\", en = \"x\" }, { key = \"y\", zh = \"丑\", en = \"y\" }]";

const ACTS: usize = 400;
const HITS: usize = 100;

/// A register with a field of every kind, and a line with the same; a table holds a column of some.
fn register() -> String {
    let mut text = "key = \"kinds\"\nname = { zh = \"种类\", en = \"Kinds\" }\narea = \"office\"\n\
         help = { zh = \"各种字段\", en = \"fields\" }\nlabel = \"open\"\n"
        .to_owned();
    let field = |text: &mut String, head: &str, (kind, more): (&str, &str)| {
        let key = format!("a_{kind}");
        writeln!(
            text,
            "\n[[{head}]]\nkey = \"{key}\"\nname = {{ zh = \"{kind}\", en = \"{kind}\" }}\ntype = \"{kind}\"\n{more}"
        )
        .unwrap();
    };
    for (kind, more, _) in KINDS {
        field(&mut text, "field", (kind, more));
    }
    text.push_str("\n[[line]]\nkey = \"rows\"\nname = { zh = \"行\", en = \"Rows\" }\nmax = 1\n");
    for (kind, more, _) in KINDS {
        field(&mut text, "line.field", (kind, more));
    }
    text.push_str(
        "\n[[line.state]]\nkey = \"there\"\nname = { zh = \"在\", en = \"there\" }\ninitial = true\nfinal = true\n\
         [[line.action]]\nkey = \"put\"\nname = { zh = \"放\", en = \"Put\" }\nto = \"there\"\nwho = \"role:registrar\"\n\
         [[state]]\nkey = \"open\"\nname = { zh = \"在办\", en = \"open\" }\ninitial = true\n\
         [[state]]\nkey = \"shut\"\nname = { zh = \"办结\", en = \"shut\" }\nfinal = true\n\
         [[action]]\nkey = \"make\"\nname = { zh = \"建\", en = \"Make\" }\nto = \"open\"\nwho = \"role:registrar\"\ninput = [\"*\"]\n\
         [[action]]\nkey = \"edit\"\nname = { zh = \"改\", en = \"Edit\" }\nfrom = [\"open\"]\nwho = \"role:registrar\"\ninput = [\"*\"]\n\
         [[action]]\nkey = \"close\"\nname = { zh = \"结\", en = \"Close\" }\nfrom = [\"open\"]\nto = \"shut\"\nwho = \"role:registrar\"\ninput = []\n",
    );
    text
}

struct Walk {
    house: House,
    dice: Dice,
    /// Files that were sent and that nothing names yet.
    files: Vec<String>,
    hits: BTreeMap<(&'static str, bool), usize>,
}

impl Walk {
    /// Some fields at random: what is written, and how it is kept if all of it is good.
    fn some(&mut self) -> (Map<String, Value>, Option<Map<String, Value>>) {
        let (mut given, mut kept) = (Map::new(), Some(Map::new()));
        for _ in 0..4 {
            let (kind, _, cases) = KINDS[self.dice.below(KINDS.len())];
            let bad = self.dice.one_in(6);
            let fitting: Vec<Case> = cases
                .iter()
                .copied()
                .filter(|(_, kept)| kept.is_none() == bad)
                .collect();
            let (written, good) = self.dice.pick(&fitting);
            let key = format!("a_{kind}");
            if given.contains_key(&key) {
                continue;
            }
            *self.hits.entry((kind, good.is_some())).or_default() += 1;
            let file = if kind.starts_with("file") {
                self.files.pop().unwrap()
            } else {
                String::new()
            };
            given.insert(key.clone(), self.value(written, &file));
            match good {
                Some(good) => {
                    let good = self.value(good, &file);
                    kept.iter_mut().for_each(|kept| {
                        kept.insert(key.clone(), good.clone());
                    });
                }
                None => kept = None,
            }
        }
        (given, kept)
    }

    /// A value with the ids of the house in it.
    fn value(&self, written: &str, file: &str) -> Value {
        let mut text = written.replace("@file", file);
        for name in ["reader", "unit", "core_post", "safe"] {
            text = text.replace(&format!("@{name}"), &self.house.id(name));
        }
        serde_json::from_str(&text).unwrap()
    }

    async fn act(
        &self,
        target: Target,
        action: &str,
        input: Map<String, Value>,
    ) -> Option<RecordView> {
        let request = Perform::new(target, action, input);
        match self
            .house
            .app
            .perform(self.house.who("registrar"), request)
            .await
        {
            Ok(Performed::Done { record, .. }) => Some(*record),
            Ok(other) => panic!("{other:?}"),
            Err(_) => None,
        }
    }

    async fn read(&self, id: RecordId) -> RecordView {
        self.house
            .app
            .read(self.house.who("registrar"), id)
            .await
            .unwrap()
    }

    /// Makes a record, changes it, and gives it a line.
    async fn step(&mut self) {
        while self.files.len() < 24 {
            let file = self.house.upload_by("registrar", "扫描件.zip", b"PK").await;
            self.files.push(file.to_string());
        }
        let (mut given, mut kept) = self.some();
        let (row, row_kept) = self.some();
        let with_row = self.dice.one_in(2);
        if with_row {
            given.insert("rows".to_owned(), json!([row]));
            kept = kept.filter(|_| row_kept.is_some());
        }
        let target = Target::New {
            register: "kinds".to_owned(),
        };
        let made = self.act(target, "make", given.clone()).await;
        assert_eq!(made.is_some(), kept.is_some(), "{given:?}");
        let (Some(made), Some(mut kept)) = (made, kept) else {
            return;
        };
        assert_eq!(self.read(made.id).await.fields, kept, "{given:?}");
        if with_row {
            let line = self.read(made.lines.first().unwrap().id).await;
            assert_eq!(Some(line.fields), row_kept, "{row:?}");
        }
        let (given, changed) = self.some();
        let target = Target::Existing {
            id: made.id,
            version: made.version,
        };
        let edited = self.act(target, "edit", given.clone()).await;
        assert_eq!(edited.is_some(), changed.is_some(), "{given:?}");
        kept.extend(changed.unwrap_or_default());
        assert_eq!(self.read(made.id).await.fields, kept, "{given:?}");
    }
}

#[test]
fn every_kind_of_field_keeps_what_is_good_in_one_form_and_nothing_else() {
    on_each_database(|database| async {
        let server = database.is_some();
        let packs = shipped_with(&[("kinds", &register())]);
        let mut house = House::build_on(database, &packs.packs()).await;
        house.people().await;
        let mut walk = Walk {
            house,
            dice: Dice::new(26),
            files: Vec::new(),
            hits: BTreeMap::new(),
        };
        for _ in 0..if server { ACTS / 9 } else { ACTS } {
            walk.step().await;
        }
        let mut met: BTreeMap<&str, usize> = BTreeMap::new();
        for ((kind, _), hits) in &walk.hits {
            *met.entry(kind).or_default() += hits;
        }
        let few = met.iter().filter(|(_, hits)| **hits < HITS);
        assert!(server || few.count() == 0, "hardly met: {met:?}");
        assert!(
            server || walk.hits.len() == 2 * KINDS.len(),
            "good and bad of each"
        );
    });
}
