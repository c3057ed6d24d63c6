use super::*;
use crate::model::Action;
use domain::Text;

/// What stands in a page stays in its cell and its line.
#[test]
fn a_bar_or_a_line_break_does_not_end_a_cell() {
    let rows = vec![vec!["a || b".to_owned(), "two\nlines".to_owned()]];
    let made = table(&["x", "y"], &rows);
    assert_eq!(made, "| x | y |\n|---|---|\n| a \\|\\| b | two lines |\n");
}

#[test]
fn an_empty_table_is_nothing() {
    assert_eq!(table(&["x"], &[]), "");
}

#[test]
fn both_languages_stand_side_by_side() {
    assert_eq!(both(&Text::new("借阅", "Loan")), "借阅 · Loan");
    let none: [Action; 0] = [];
    assert_eq!(moves::added(&none), "");
}
