//! What is found of a table's rows, and what is not.

use proptest::prelude::*;

use super::{Head, Key, Making, Table};
use crate::{Limits, Rules, inspect};

const PEOPLE: [[&str; 3]; 3] = [
    ["11010519491231002X", "张卫国", "138-0013-8000"],
    ["440304199001012345", "欧阳若兰", "13900001111"],
    ["11010519880605123X", "李明", "13711112222"],
];

fn rows_of(
    table: &Table,
    text: &str,
    most: usize,
    stop: Option<&dyn crate::Stop>,
) -> (Vec<super::Row>, bool) {
    let asked = super::Asked {
        counts: &|_| true,
        most,
        stop,
    };
    let mut seen = std::collections::HashSet::new();
    super::rows(table, text, &mut seen, &asked)
}

fn key() -> Key {
    Key::new(&[5; 16])
}

fn head(needed: usize, within: usize) -> Head {
    Head {
        name: "人员名册".to_owned(),
        level: Some("work.internal".to_owned()),
        primary: "身份证号".to_owned(),
        supporting: vec!["姓名".to_owned(), "电话".to_owned()],
        needed,
        within,
    }
}

fn table(needed: usize, within: usize) -> Table {
    let mut making = Making::new(key(), head(needed, within));
    for [number, name, telephone] in PEOPLE {
        assert!(making.row(number, &[name, telephone]));
    }
    making.end()
}

/// The numbers of the rows that are found, and how many columns stand beside each.
fn found(table: &Table, text: &str) -> Vec<(u32, usize)> {
    let normal = crate::copies::normal(text);
    let (rows, whole) = rows_of(table, &normal, 1_000, None);
    assert!(whole);
    rows.iter()
        .map(|row| (row.number, row.columns.len()))
        .collect()
}

#[test]
fn a_row_is_found_with_its_own_cells_beside_it() {
    let table = table(1, 100);
    let text = "姓名：张卫国，身份证号：11010519491231002X，电话 13800138000。";
    assert_eq!(found(&table, text), [(1, 2)]);
    let written_otherwise = "張衛國　身份證號 110105 19491231 002x";
    assert_eq!(found(&table, written_otherwise), [(1, 1)]);
    let sheet = "440304199001012345,欧阳若兰,x\n11010519491231002X,,138-0013-8000\n";
    assert_eq!(found(&table, sheet), [(2, 1), (1, 1)]);
}

#[test]
fn one_column_alone_is_no_finding_and_rows_do_not_mix() {
    let one = table(1, 100);
    for text in [
        "11010519491231002X",
        "张卫国，电话 138-0013-8000",
        "11010519491231002X 欧阳若兰 13711112222",
        "911010519491231002X 张卫国",
        "11010519491231002X9 张卫国",
        "",
    ] {
        assert_eq!(found(&one, text), [], "{text}");
    }
    let two = table(2, 100);
    assert_eq!(found(&two, "11010519491231002X 张卫国"), []);
    assert_eq!(
        found(&two, "11010519491231002X 张卫国 13711112222"),
        [],
        "a telephone of another row"
    );
    assert_eq!(
        found(&two, "11010519491231002X 张卫国 13800138000"),
        [(1, 2)]
    );
}

#[test]
fn cells_that_stand_too_far_away_do_not_count() {
    let table = table(1, 20);
    let text = |apart: usize| format!("李明{}11010519880605123X。", "，".repeat(apart));
    assert_eq!(found(&table, &text(18)), [(3, 1)]);
    assert_eq!(found(&table, &text(19)), []);
}

#[test]
fn a_value_in_two_columns_counts_once_and_what_cannot_be_found_is_told() {
    let mut making = Making::new(key(), head(2, 100));
    assert!(!making.row("11010519491231002X", &["张卫国", "张卫国"]));
    assert!(!making.row("1234", &["张卫国", "13800138000"]), "too short");
    assert!(!making.row(&"9".repeat(64), &["张卫国", "13800138000"]));
    assert!(!making.row("11010519491231002X", &["张卫国"]));
    assert!(making.end().is_empty());
}

#[test]
fn a_table_tells_no_cell_and_comes_back_from_its_bytes() {
    let table = table(1, 100);
    let bytes = table.to_bytes();
    for cell in PEOPLE.iter().flatten() {
        let there = |text: &str| {
            bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        };
        assert!(!there(cell) && !there(&cell.replace('-', "")), "{cell}");
    }
    let again = Table::from_bytes(key(), &bytes).unwrap();
    assert_eq!(again.to_bytes(), bytes);
    let text = "11010519491231002X 张卫国 138 0013 8000";
    assert_eq!(found(&again, text), [(1, 2)]);
    let other = Table::from_bytes(Key::new(&[6; 16]), &bytes).unwrap();
    assert_eq!(found(&other, text), [], "another key");
}

#[test]
fn a_finding_tells_the_table_the_row_and_the_columns() {
    let rules = Rules::default().with_exact(vec![table(1, 100).into()]);
    let text = "附：\n身份证号 11010519491231002X，姓名 张卫国";
    let report = inspect(text.as_bytes(), "a.txt", &rules, &Limits::default());
    let [finding] = report.findings.as_slice() else {
        panic!("{report:?}")
    };
    assert_eq!(
        (finding.text.as_str(), finding.level.as_deref()),
        ("11010519491231002X", Some("work.internal"))
    );
    assert_eq!(finding.offset, 8);
    for words in ["人员名册", "第 1 行", "身份证号", "姓名"] {
        assert!(finding.why.zh.contains(words), "{}", finding.why.zh);
    }
    assert!(finding.why.en.contains("row 1"), "{}", finding.why.en);
    assert_eq!(report.verdict.level.as_deref(), Some("work.internal"));
}

#[test]
fn rows_are_told_once_and_no_more_than_are_wanted() {
    let table = table(1, 100);
    let text = "11010519491231002X 张卫国\n".repeat(1_000) + "11010519880605123X 李明";
    assert_eq!(found(&table, &text), [(1, 1), (3, 1)]);
    let (rows, _) = rows_of(&table, &text, 1, None);
    assert_eq!(rows.len(), 1);
}

#[test]
fn the_clock_ends_a_search() {
    struct Now;
    impl crate::Stop for Now {
        fn now(&self) -> bool {
            true
        }
    }
    let text = "11010519491231002X ".repeat(1_000);
    let (rows, whole) = rows_of(&table(1, 100), &text, 1_000, Some(&Now));
    assert_eq!((rows, whole), (Vec::new(), false));
}

proptest! {
    #[test]
    fn any_bytes_are_a_table_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0_usize..400, flip in 1_u8..) {
        let _any = Table::from_bytes(key(), &bytes);
        let mut whole = table(1, 100).to_bytes();
        let at = at % whole.len();
        whole[at] ^= flip;
        if let Some(table) = Table::from_bytes(key(), &whole) {
            let _rows = rows_of(&table, "11010519491231002X 张卫国", 10, None);
        }
        whole.truncate(at);
        prop_assert!(Table::from_bytes(key(), &whole).is_none());
    }
}
