//! Pieces come to what the whole comes to.

use std::sync::{Arc, LazyLock};

use encoding_rs::GB18030;
use proptest::prelude::*;

use super::*;
use crate::Stop;
use crate::copies::{self, Document, Enrolled, Hear, Key, Tag, Unanswered};
use crate::exact::{self, Head, Making};

/// Built once, for that takes long.
static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::shipped().unwrap());

/// Small chunks, so that a text of a hundred kilobytes has many.
const SMALL: Sizes = Sizes {
    held: 70 << 10,
    chunk: 16 << 10,
    margin: 8 << 10,
};

fn in_pieces(bytes: &[u8], cuts: &[usize], rules: &Rules) -> (Report, Option<Vec<u64>>) {
    in_pieces_within(bytes, cuts, rules, &Limits::default())
}

fn in_pieces_within(
    bytes: &[u8],
    cuts: &[usize],
    rules: &Rules,
    limits: &Limits,
) -> (Report, Option<Vec<u64>>) {
    let mut stream = Stream::with("a.txt", rules, limits, SMALL);
    let mut rest = bytes;
    for cut in cuts.iter().cycle().take(10_000) {
        let (piece, more) = rest.split_at((*cut).min(rest.len()));
        stream.push(piece);
        rest = more;
    }
    stream.push(rest);
    stream.end_with_lines()
}

fn whole(bytes: &[u8], rules: &Rules) -> Report {
    inspect(bytes, "a.txt", rules, &Limits::default())
}

fn lines_of(report: &Report) -> Vec<u64> {
    let line = |finding: &Finding| {
        let before = report.text.chars().take(finding.offset);
        1 + before.filter(|one| *one == '\n').count() as u64
    };
    report.findings.iter().map(line).collect()
}

/// Lines of a log, most of which say nothing.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        60 => "[a-z ]{0,60}",
        30 => "[的一是在不了有和人这中大为上个国]{0,60}",
        2 => Just("机密★10年".to_owned()),
        2 => Just("秘\u{200b} 密 ☆ ５ 年".to_owned()),
        1 => Just("证件 11010519491231002X 已核".to_owned()),
        1 => Just("token: ghp_0123456789abcdefghijABCDEFGHIJ456789".to_owned()),
        1 => Just("TOP SECRET//NOFORN".to_owned()),
        1 => Just("\t\u{3000}  \t".repeat(20)),
        1 => Just("&#26426;&#23494;★10年".to_owned()),
        1 => Just("机".to_owned()),
        1 => Just("密★长期".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]
    #[test]
    fn any_split_of_a_long_text_finds_what_the_whole_does(
        some in proptest::collection::vec(line(), 40..200),
        cuts in proptest::collection::vec(0_usize..40_000, 1..6),
        gb in any::<bool>(),
    ) {
        let once = some.join("\n") + "\n";
        let text = once.repeat(130_000 / once.len() + 1);
        let bytes = if gb { GB18030.encode(&text).0.into_owned() } else { text.into_bytes() };
        let rules = &RULES;
        let expected = whole(&bytes, rules);
        let lines = lines_of(&expected);
        let (report, told) = in_pieces(&bytes, &cuts, rules);
        prop_assert_eq!(&report.findings, &expected.findings);
        prop_assert_eq!(&report.verdict, &expected.verdict);
        prop_assert_eq!((report.status, report.format), (expected.status, expected.format));
        prop_assert_eq!(told, Some(lines));
    }

    #[test]
    fn what_is_held_is_read_as_a_whole(
        bytes in proptest::collection::vec(any::<u8>(), 0..2_000),
        cuts in proptest::collection::vec(1_usize..500, 1..4),
    ) {
        let rules = &RULES;
        prop_assert_eq!(in_pieces(&bytes, &cuts, rules).0, whole(&bytes, rules));
    }
}

#[test]
fn a_mark_is_found_once_wherever_a_chunk_ends() {
    let rules = &RULES;
    let filler = "无关的内容在这里重复出现。\n".repeat(3_000);
    for shift in 0..30 {
        let text = format!("{}{filler}机密★10年\n{filler}", "a".repeat(shift * 600));
        let (report, lines) = in_pieces(text.as_bytes(), &[10_000], rules);
        let expected = whole(text.as_bytes(), rules);
        assert_eq!(report.findings, expected.findings, "{shift}");
        assert_eq!(lines, Some(vec![3_001]));
    }
}

#[test]
fn a_passage_of_a_registered_document_is_found_across_chunks() {
    let secret = "本方案确定试验场区警戒范围、测控站点布设和应急处置分工，参试单位应当按照任务书要求逐项落实，并在点火前四十八小时完成联合检查，检查结论由总指挥签字确认后报任务办公室备案。";
    let mut enrolled = Enrolled::new(Key::new(&[7; 32]));
    enrolled.add("plan.txt", Some("state.secret"), secret);
    let rules = Rules::shipped()
        .unwrap()
        .with_registered(Arc::new(enrolled));
    let filler = "今天的天气很好，我们去公园散步。\n".repeat(2_500);
    for shift in 0..20 {
        let text = format!("{}{filler}{secret}{filler}", "a".repeat(shift * 1_000));
        let (report, _) = in_pieces(text.as_bytes(), &[9_000], &rules);
        let expected = whole(text.as_bytes(), &rules);
        assert_eq!(report.findings, expected.findings, "{shift}");
        assert_eq!(report.verdict.level.as_deref(), Some("state.secret"));
    }
}

/// An index that cannot be read.
#[derive(Debug)]
struct Gone(Key);

impl copies::Registered for Gone {
    fn key(&self) -> &Key {
        &self.0
    }

    fn look(&self, _: &[Tag], _: &mut Hear<'_>) -> Result<(), Unanswered> {
        Err(Unanswered)
    }

    fn document(&self, _: u32) -> Result<Option<Document>, Unanswered> {
        Err(Unanswered)
    }
}

#[test]
fn an_index_that_cannot_be_read_is_told_and_all_else_is_found() {
    let rules = Rules::shipped()
        .unwrap()
        .with_registered(Arc::new(Gone(Key::new(&[7; 32]))));
    let text = "今天的天气很好。\n".repeat(6_000) + "机密★10年\n";
    let (report, _) = in_pieces(text.as_bytes(), &[9_000], &rules);
    let expected = whole(text.as_bytes(), &rules);
    assert_eq!(report.causes, [Cause::Registered].into());
    assert_eq!(
        (report.status, &report.causes, &report.findings),
        (expected.status, &expected.causes, &expected.findings)
    );
    assert_eq!(report.findings.len(), 1);
}

const PEOPLE: [[&str; 3]; 3] = [
    ["11010519491231002X", "张卫国", "13800138000"],
    ["440304199001012345", "欧阳若兰", "13900001111"],
    ["ACC-778899", "李明", "13700002222"],
];

fn people(name: &str, needed: usize, within: usize) -> exact::Shared {
    let head = Head {
        name: name.to_owned(),
        level: Some("work.internal".to_owned()),
        primary: "number".to_owned(),
        supporting: vec!["name".to_owned(), "telephone".to_owned()],
        needed,
        within,
    };
    let mut making = Making::new(exact::Key::new(&[5; 16]), head);
    for [number, person, telephone] in PEOPLE {
        assert!(making.row(number, &[person, telephone]));
    }
    making.end().into()
}

/// Built once, for that takes long.
static WITH_PEOPLE: LazyLock<Rules> = LazyLock::new(|| {
    let tables = vec![people("near", 1, 100), people("both", 2, 500)];
    Rules::shipped().unwrap().with_exact(tables)
});

fn line_of_people() -> impl Strategy<Value = String> {
    let cell = (0_usize..3, 0_usize..3).prop_map(|(row, cell)| PEOPLE[row][cell].to_owned());
    prop_oneof![
        30 => line(),
        3 => cell,
        1 => (0_usize..3).prop_map(|row| PEOPLE[row].join("，")),
        1 => (0_usize..3).prop_map(|row| PEOPLE[row].join(&" \u{200b}".repeat(40))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]
    #[test]
    fn any_split_finds_the_rows_of_tables_that_the_whole_has(
        some in proptest::collection::vec(line_of_people(), 40..2_000),
        cuts in proptest::collection::vec(0_usize..40_000, 1..6),
    ) {
        let once = some.join("\n") + "\n";
        let text = once.repeat(130_000 / once.len() + 1);
        let rules = &WITH_PEOPLE;
        let expected = whole(text.as_bytes(), rules);
        let lines = lines_of(&expected);
        let (report, told) = in_pieces(text.as_bytes(), &cuts, rules);
        prop_assert_eq!(&report.findings, &expected.findings);
        prop_assert_eq!(&report.verdict, &expected.verdict);
        prop_assert_eq!((report.status, told), (expected.status, Some(lines)));
    }
}

#[test]
fn a_row_of_a_table_is_found_once_wherever_a_chunk_ends() {
    let rules = &WITH_PEOPLE;
    let filler = "无关的内容在这里重复出现。\n".repeat(3_000);
    let [number, person, telephone] = PEOPLE[0];
    for shift in 0..10 {
        let before = "a ".repeat(shift * 900);
        let row = format!("{person}\n{}{number}\n{telephone}\n", "x\n".repeat(40));
        let text = format!("{before}{filler}{row}{filler}{row}");
        let (report, lines) = in_pieces(text.as_bytes(), &[10_000], rules);
        let expected = whole(text.as_bytes(), rules);
        assert_eq!(report.findings, expected.findings, "{shift}");
        let of_tables = |report: &Report| {
            let findings = report.findings.iter();
            findings.filter(|one| one.rule == "data.registered").count()
        };
        assert_eq!((of_tables(&report), lines.unwrap().pop()), (2, Some(3_042)));
    }
}

#[test]
fn of_rows_of_tables_as_many_are_told_as_of_the_whole() {
    let rules = Rules::default().with_exact(vec![people("near", 1, 100), people("again", 1, 100)]);
    let filler = "无关的内容在这里重复出现。\n".repeat(1_500);
    let text: String = PEOPLE
        .iter()
        .rev()
        .map(|row| format!("{filler}{}\n", row.join(" ")))
        .collect();
    for findings in 0..8 {
        let limits = Limits {
            findings,
            ..Limits::default()
        };
        let (report, _) = in_pieces_within(text.as_bytes(), &[7_000], &rules, &limits);
        let expected = inspect(text.as_bytes(), "a.txt", &rules, &limits);
        assert_eq!(report.findings, expected.findings);
        assert_eq!(report.findings.len(), findings.min(6));
    }
}

#[test]
fn other_formats_are_held_as_far_as_the_limits_go() {
    let rules = &RULES;
    let limits = Limits {
        input: 100 << 10,
        text: 300 << 10,
        ..Limits::default()
    };
    let html = format!("<html><body>机密★10年{}</body>", "<p>x</p>".repeat(40_000));
    let mut stream = Stream::new("a.html", rules, &limits);
    for piece in html.as_bytes().chunks(7_000) {
        stream.push(piece);
    }
    assert!(stream.is_full());
    let report = stream.end();
    assert_eq!(
        (report.format, report.status),
        (Format::Html, Status::Partial)
    );
    assert!(report.causes.contains(&Cause::TooBig) && !report.findings.is_empty());
}

struct Over;

impl Stop for Over {
    fn now(&self) -> bool {
        true
    }
}

#[test]
fn when_the_time_is_over_nothing_more_is_taken() {
    let rules = &RULES;
    let limits = Limits {
        input: 70 << 10,
        stop: Some(Arc::new(Over)),
        ..Limits::default()
    };
    let mut stream = Stream::new("a.log", rules, &limits);
    let mut pushed = 0;
    while !stream.is_full() {
        stream.push(&b"nothing\n".repeat(10_000));
        pushed += 1;
        assert!(pushed < 1_000, "it never ends");
    }
    let report = stream.end();
    assert_eq!(report.causes.into_iter().collect::<Vec<_>>(), [Cause::Time]);
}
