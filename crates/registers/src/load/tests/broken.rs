//! One mistake at a time: where it is seen, what is said, what to do.

use super::*;

const SOUND: &str = include_str!("sound.toml");

/// Name, what stands in the sound definition, what it is broken into.
const CASES: &[(&str, &str, &str)] = &[
    (
        "not TOML",
        "label = \"join(papers)\"",
        "label = join(papers)",
    ),
    (
        "a key twice",
        "title = \"purpose\"",
        "title = \"purpose\"\nkey = \"visit\"",
    ),
    ("a key that is missing", "area = \"places\"\n", ""),
    ("a key nobody knows", "max_length = 200", "max_lenght = 200"),
    ("a key far from any", "max_length = 200", "colour = \"red\""),
    (
        "a value of the wrong type",
        "required = true\nmax_length",
        "required = 3\nmax_length",
    ),
    (
        "a mask that cannot be read back",
        "max_length = 200",
        "mask = \"A-{day}-{seq:2}\"",
    ),
    (
        "a mask of what is not typed",
        "type = \"person\"",
        "type = \"person\"\nmask = \"A{seq:2}\"",
    ),
    (
        "a word nobody knows",
        "type = \"person\"",
        "type = \"persn\"",
    ),
    (
        "an area nobody knows",
        "area = \"places\"",
        "area = \"garden\"",
    ),
    (
        "a language is missing",
        "{ zh = \"陪同人\", en = \"Escort\" }",
        "{ zh = \"陪同人\" }",
    ),
    ("a language is empty", "en = \"Escort\"", "en = \" \""),
    (
        "a text that is no text",
        "{ zh = \"陪同人\", en = \"Escort\" }",
        "\"陪同人\"",
    ),
    (
        "a key in capitals",
        "key = \"left_at\"",
        "key = \"Left_At\"",
    ),
    ("a reserved key", "key = \"left_at\"", "key = \"today\""),
    (
        "a field twice",
        "key = \"day\"\nname",
        "key = \"kind\"\nname",
    ),
    ("a choice twice", "{ key = \"repair\"", "{ key = \"visit\""),
    (
        "a line named like a field",
        "key = \"rooms\"",
        "key = \"kind\"",
    ),
    ("a link to nowhere", "to = \"copy\"", "to = \"copi\""),
    ("a link without target", "to = \"copy\"\n", ""),
    (
        "choices on a date",
        "type = \"date\"",
        "type = \"date\"\nchoices = [{ key = \"a\", zh = \"甲\", en = \"a\" }]",
    ),
    (
        "reserve on a person",
        "type = \"person\"",
        "type = \"person\"\nreserve = true",
    ),
    (
        "a table in a table",
        "type = \"bool\"",
        "type = \"bool\"\n[[field.column.column]]\nkey = \"x\"",
    ),
    ("bounds crossed", "min = 0\nmax = 10", "min = 10\nmax = 0"),
    (
        "a computed field that is required",
        "compute = \"count(guests)\"",
        "compute = \"count(guests)\"\nrequired = true",
    ),
    (
        "input that is computed",
        "\"guests\", \"rooms\"]",
        "\"guests\", \"head_count\"]",
    ),
    (
        "input that does not exist",
        "input = [\"left_at\"]",
        "input = [\"left_on\"]",
    ),
    ("a label from a date", "join(papers)", "join(day)"),
    ("a label from nowhere", "join(papers)", "join(paper)"),
    (
        "a proposed label without period",
        "label = \"join(papers)\"",
        "label = \"proposed\"",
    ),
    ("a number without sequence", "LF{year}-{seq:4}", "LF{year}"),
    (
        "a number with a strange part",
        "LF{year}-{seq:4}",
        "LF{day}-{seq:4}",
    ),
    (
        "a number drawn by nobody",
        "at = \"announce\"",
        "at = \"anounce\"",
    ),
    (
        "no initial state",
        "name = { zh = \"待批准\", en = \"announced\" }\ninitial = true",
        "name = { zh = \"待批准\", en = \"announced\" }",
    ),
    (
        "two initial states",
        "key = \"inside\"\nname = { zh = \"在内\", en = \"inside\" }",
        "key = \"inside\"\nname = { zh = \"在内\", en = \"inside\" }\ninitial = true",
    ),
    (
        "no final state",
        "name = { zh = \"已离开\", en = \"left\" }\nfinal = true",
        "name = { zh = \"已离开\", en = \"left\" }",
    ),
    (
        "a state nothing leads to",
        "[[state]]\nkey = \"left\"",
        "[[state]]\nkey = \"lost\"\nname = { zh = \"失踪\", en = \"lost\" }\nfinal = true\n\n[[state]]\nkey = \"left\"",
    ),
    (
        "a line's state nothing leads to",
        "from = [\"planned\"]\nto = \"seen\"",
        "from = [\"planned\"]\nto = \"planned\"",
    ),
    (
        "no action creates",
        "to = \"inside\"\nwho = \"staff\"",
        "from = [\"announced\"]\nto = \"inside\"\nwho = \"staff\"",
    ),
    (
        "an action from nowhere",
        "from = [\"inside\"]\nto",
        "from = [\"insid\"]\nto",
    ),
    ("an action to nowhere", "to = \"left\"", "to = \"gone\""),
    (
        "an undoing action that does not start where the other leads",
        "to = \"left\"\nwho",
        "to = \"left\"\nundo = \"announce\"\nwho",
    ),
    (
        "several states where one is led to",
        "to = \"left\"\nwho",
        "to = [\"left\", \"inside\"]\nwho",
    ),
    (
        "a line of custody where there is none",
        "of = \"label\"",
        "of = \"custody\"",
    ),
    (
        "sizes of what is no label",
        "of = \"label\"",
        "of = \"list\"",
    ),
    (
        "a label that no code fits on",
        "height = 40.5",
        "height = 12",
    ),
    (
        "a length finer than a tenth of a millimetre",
        "height = 40.5",
        "height = 40.55",
    ),
    (
        "more labels than a sheet has room for",
        "columns = 2",
        "columns = 3",
    ),
    ("columns without rows", "rows = 7\n", ""),
    (
        "levels counted apart and not printed",
        "at = \"announce\" }",
        "at = \"announce\", per_level = true }",
    ),
    ("an empty from", "from = [\"inside\"]\nto", "from = []\nto"),
    ("an action by nobody", "who = \"staff\"\n", ""),
    (
        "a who that is none",
        "who = \"staff\"",
        "who = \"everybody\"",
    ),
    (
        "a role nobody has",
        "who = \"staff\"",
        "who = \"role:registar\"",
    ),
    (
        "a who that is no person",
        "who = \"field:escort\"",
        "who = \"field:day\"",
    ),
    (
        "the head of no unit",
        "step = [{ who = \"head_of(escort.unit)\" }]",
        "step = [{ who = \"head_of(papers)\" }]",
    ),
    (
        "a signer that does not exist",
        "sign = [\"escort\"]",
        "sign = [\"escrt\"]",
    ),
    (
        "an effect the program lacks",
        "custody.return",
        "custody.retrun",
    ),
    (
        "an approval of nothing",
        "[[approval]]\naction = \"announce\"",
        "[[approval]]\naction = \"request\"",
    ),
    (
        "a request that cannot be refused",
        "refused = \"left\"\n",
        "",
    ),
    (
        "a label that its fields cannot propose",
        "join(papers)",
        "join(papers, proposed)",
    ),
    (
        "a clock that starts nowhere",
        "start = \"state:inside\"",
        "start = \"state:in\"",
    ),
    (
        "a clock that stops on nothing known",
        "stop = [\"state:left\"]",
        "stop = [\"left\"]",
    ),
    (
        "a clock of acts on records that cannot name it",
        "stop = [\"state:left\"]\nwarn",
        "stop = [\"event:loan.return\"]\nwarn",
    ),
    (
        "a clock of an event without a register",
        "stop = [\"state:left\"]\nwarn",
        "stop = [\"event:returned\"]\nwarn",
    ),
    ("a clock without length", "due = \"day\"\n", ""),
    (
        "a clock with two lengths",
        "due = \"day\"",
        "due = \"day\"\nafter = \"1d\"",
    ),
    (
        "a length that is none",
        "due = \"day\"",
        "after = \"1 day\"",
    ),
    (
        "a warning that is none",
        "warn = [\"-1d\", \"0d\"]",
        "warn = [\"-1d\", \"soon\"]",
    ),
    (
        "a clock due by a text",
        "due = \"day\"",
        "due = \"purpose\"",
    ),
    ("a rule on nothing", "on = [\"leave\"]", "on = [\"depart\"]"),
    (
        "a P rule that only warns",
        "letter = \"P\"\non",
        "letter = \"P\"\nseverity = \"warn\"\non",
    ),
    ("a rule without id", "id = \"R-352\"", "id = \"352\""),
    (
        "a rule without check",
        "check = \"all(guests, phone_stored == true)\"\n",
        "",
    ),
    (
        "an expression cut short",
        "\"kind == 'repair'\"",
        "\"kind == 'repair' &&\"",
    ),
    (
        "a function that does not exist",
        "all(guests, phone_stored == true)",
        "every(guests, phone_stored == true)",
    ),
    (
        "a function short of arguments",
        "at_least(escort.clearance.levels, level)",
        "at_least(level)",
    ),
    (
        "a name that does not exist",
        "\"kind == 'repair'\"",
        "\"knid == 'repair'\"",
    ),
    (
        "a member that does not exist",
        "escort.clearance.levels",
        "escort.clearence.levels",
    ),
    (
        "a column that does not exist",
        "phone_stored == true",
        "phone_storde == true",
    ),
    (
        "a choice that does not exist",
        "kind == 'repair'",
        "kind == 'repairs'",
    ),
    (
        "levels compared by letters",
        "at_least(escort.clearance.levels, level)",
        "level == 'state.secret'",
    ),
    (
        "a level that does not exist",
        "at_least(escort.clearance.levels, level)",
        "at_least(level, 'state.secrt')",
    ),
    (
        "a day where a person is wanted",
        "at_least(escort.clearance.levels, level)",
        "clears(day, level)",
    ),
    (
        "a condition that is a number",
        "\"kind == 'repair'\"",
        "\"size(guests)\"",
    ),
    (
        "a day against an instant",
        "\"kind == 'repair'\"",
        "\"day < now\"",
    ),
    (
        "a check that an empty field breaks",
        "all(guests, phone_stored == true)",
        "left_at <= now",
    ),
    (
        "a check that never works",
        "all(guests, phone_stored == true)",
        "purpose + 1 == 2",
    ),
    (
        "a parameter nobody declares",
        "at_least(escort.clearance.levels, level)",
        "size(guests) <= param('guests.max')",
    ),
];

fn broken(from: &str, into: &str) -> String {
    assert_eq!(SOUND.matches(from).count(), 1, "`{from}` stands once");
    SOUND.replacen(from, into, 1)
}

pub(super) fn with_helpers(text: &str) -> Vec<Source> {
    let linked = [
        "person", "unit", "post", "place", "document", "copy", "regime",
    ];
    let mut sources = helpers();
    sources.retain(|source| linked.contains(&stem(&source.path)));
    sources.push(Source {
        path: "visit.toml".to_owned(),
        text: text.to_owned(),
    });
    sources
}

#[test]
fn the_sound_definition_is_sound() {
    loaded(&with_helpers(SOUND));
}

#[test]
fn a_mistake_is_reported_at_its_place_with_a_remedy() {
    assert!(CASES.len() >= 80);
    let mut told = String::new();
    for (name, from, into) in CASES {
        let text = broken(from, into);
        let reports = load(&with_helpers(&text), &known()).expect_err(name);
        told.push_str(&format!("# {name}\n"));
        for report in &reports {
            let line = text.lines().nth(report.line - 1).unwrap_or_default();
            told.push_str(&format!("    {line}\n"));
            told.push_str(&format!(
                "    {}^\n",
                " ".repeat(width_before(line, report.column))
            ));
            told.push_str(&format!("{report}\n"));
            told.push_str(&format!("  {}；{}\n", report.say.zh, report.remedy.zh));
        }
        told.push('\n');
    }
    insta::assert_snapshot!("broken", told);
}

/// Columns a terminal takes before a character; Chinese takes two.
fn width_before(line: &str, column: usize) -> usize {
    line.chars()
        .take(column - 1)
        .map(|c| if c > '\u{2e80}' { 2 } else { 1 })
        .sum()
}

#[test]
fn all_mistakes_of_all_files_come_at_once() {
    let mut text = SOUND.to_owned();
    let independent = [
        "a key nobody knows",
        "a word nobody knows",
        "a language is missing",
        "bounds crossed",
        "a choice that does not exist",
        "an effect the program lacks",
        "a warning that is none",
        "a role nobody has",
        "a P rule that only warns",
        "a state nothing leads to",
    ];
    for name in independent {
        let (_, from, into) = CASES.iter().find(|(known, _, _)| *known == name).unwrap();
        text = text.replacen(from, into, 1);
    }
    let mut sources = with_helpers(&text);
    let copy = sources
        .iter_mut()
        .find(|source| source.path == "copy.toml")
        .unwrap();
    copy.text = copy.text.replace("to = \"document\"", "to = \"documents\"");
    let reports = load(&sources, &known()).unwrap_err();
    let in_visit = reports
        .iter()
        .filter(|report| report.file == "visit.toml")
        .count();
    let in_copy = reports
        .iter()
        .filter(|report| report.file == "copy.toml")
        .count();
    assert_eq!((in_visit, in_copy), (independent.len(), 1), "{reports:#?}");
}

/// The entries of a file: what stands before its first `[[…]]`, and each of these.
fn entries(text: &str) -> Vec<String> {
    let mut entries = vec![String::new()];
    for line in text.lines() {
        if line.starts_with("[[") {
            entries.push(String::new());
        }
        let entry = entries.last_mut().unwrap();
        entry.push_str(line);
        entry.push('\n');
    }
    entries
}

/// An entry once more, with a mistake, under another name.
fn again(entry: &str, (from, into): (&str, &str), number: usize) -> String {
    let broken = entry.replacen(from, into, 1);
    ["key", "id"].iter().fold(broken, |text, word| {
        let head = format!("\n{word} = \"");
        let Some((before, rest)) = text.split_once(&head) else {
            return text;
        };
        match rest.split_once('"') {
            Some((name, after)) if entry.contains(&format!("{head}{name}\"")) => {
                format!("{before}{head}{name}_{number}\"{after}")
            }
            _ => text,
        }
    })
}

/// One file with every kind of mistake that can stand beside the others: each is told of, as if it were alone. Where two
/// are of one entry, the file has that entry once more.
#[test]
fn one_file_with_all_of_them_tells_of_all() {
    let codes = |text: &str| -> Vec<&'static str> {
        let reports = load(&with_helpers(text), &known())
            .err()
            .unwrap_or_default();
        reports.iter().map(|report| report.code).collect()
    };
    let count = |all: &[&str], code: &str| all.iter().filter(|one| **one == code).count();
    let sound = entries(SOUND);
    // each entry with its number in the sound file, and whether it was broken
    let mut file: Vec<(usize, bool, String)> = sound
        .iter()
        .enumerate()
        .map(|(number, entry)| (number, false, entry.clone()))
        .collect();
    let (mut expected, mut together, mut apart) = (Vec::new(), 0, Vec::new());
    for (number, (name, from, into)) in CASES.iter().enumerate() {
        let alone = codes(&broken(from, into));
        let next = sound
            .iter()
            .position(|entry| entry.contains(from))
            .map(|at| {
                let mut next = file.clone();
                let place = next.iter().position(|(of, _, _)| *of == at).unwrap();
                if next[place].1 && at > 0 {
                    let copy = again(&sound[at], (from, into), number);
                    next.insert(place + 1, (at, true, copy));
                } else {
                    next[place].2 = next[place].2.replacen(from, into, 1);
                    next[place].1 = true;
                }
                next
            });
        let with: Vec<&str> = expected.iter().chain(&alone).copied().collect();
        let told = next.as_ref().map_or(Vec::new(), |next| {
            codes(
                &next
                    .iter()
                    .map(|(_, _, entry)| entry.as_str())
                    .collect::<String>(),
            )
        });
        match next.filter(|_| {
            with.iter()
                .all(|code| count(&told, code) >= count(&with, code))
        }) {
            Some(next) => {
                (file, expected, together) = (next, with, together + 1);
            }
            None => apart.push(*name),
        }
    }
    assert!(
        together >= 59,
        "{together}; not beside the others: {apart:#?}"
    );
}

#[test]
fn a_place_inside_an_expression_is_a_place_in_the_file() {
    let text = broken(
        "check = \"all(guests, phone_stored == true)\"",
        "check = \"\"\"\nall(guests, 手机 == true)\"\"\"",
    );
    let reports = load(&with_helpers(&text), &known()).unwrap_err();
    let line = text
        .lines()
        .position(|line| line.starts_with("all(guests"))
        .unwrap()
        + 1;
    assert_eq!(
        reports.first().map(|report| report.line),
        Some(line),
        "{reports:#?}"
    );
}
