use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{Term, TermError};
use crate::{Ends, Level};

const START: Date = date(2026, 3, 1);

fn refused(text: &str) -> TermError {
    Term::parse(text).unwrap_err()
}

#[test]
fn r161_periods_dates_and_conditions_parse_and_print() {
    for (text, term) in [
        ("10年", Term::Years(10)),
        ("6个月", Term::Months(6)),
        ("30天", Term::Days(30)),
        ("2031年5月1日", Term::Until(date(2031, 5, 1))),
        ("会议开始前", Term::Condition("会议开始前".into())),
        ("公布前", Term::Condition("公布前".into())),
        (
            "2031年党代会召开前",
            Term::Condition("2031年党代会召开前".into()),
        ),
        ("第3次验收后", Term::Condition("第3次验收后".into())),
        (
            "一年一度的会议召开时",
            Term::Condition("一年一度的会议召开时".into()),
        ),
        ("三号工程验收", Term::Condition("三号工程验收".into())),
        ("项目验收", Term::Condition("项目验收".into())),
        ("长期", Term::LongTerm),
    ] {
        assert_eq!(Term::parse(text).unwrap(), term, "{text}");
        assert_eq!(term.to_string(), text);
    }
    assert_eq!(Term::parse(" 30日 ").unwrap(), Term::Days(30));
    assert_eq!(
        Term::parse("2031年05月01日").unwrap(),
        Term::Until(date(2031, 5, 1))
    );
    assert_eq!(Term::Unmarked.to_string(), "");
}

#[test]
fn r170_failed_periods_do_not_become_conditions() {
    for text in [
        "10",
        "10 年",
        "10年半",
        "十年",
        "三十年",
        "十年后",
        "10年后",
        "5年前",
        "6月",
        "１０年",
        "１０年前",
        "2031年5月",
        "2031-05-01",
        "2031年5月1日前",
        "10个工作日",
        "半年",
        "两周",
        "前",
        "10years",
        "24小时",
        "十小时",
        "10年以后",
    ] {
        assert!(
            matches!(refused(text), TermError::NotPeriod { .. }),
            "{text}"
        );
        assert_eq!(refused(text).rule(), "R-170");
    }
}

#[test]
fn terms_out_of_range_are_refused() {
    for text in [
        "0年",
        "010年",
        "101年",
        "2031年",
        "99999年",
        "0个月",
        "1201个月",
        "99999天",
    ] {
        assert!(
            matches!(refused(text), TermError::OutOfRange { .. }),
            "{text}"
        );
    }
    for text in ["2031年2月30日", "2031年13月1日", "2031年123456月1日"] {
        assert!(matches!(refused(text), TermError::NotADay { .. }), "{text}");
    }
}

#[test]
fn conditions_are_bounded_visible_and_without_a_star() {
    assert!(Term::parse(&"会".repeat(100)).is_ok());
    assert_eq!(refused(&"会".repeat(101)), TermError::TooLong);
    assert_eq!(refused("会议★开始前"), TermError::Star);
    assert_eq!(refused("会议\u{200b}开始前"), TermError::Invisible);
    assert_eq!(refused("会议\n开始前"), TermError::Invisible);
    assert_eq!(refused("  "), TermError::Empty);
    assert_eq!(refused("").rule(), "R-132");
}

#[test]
fn r131_longer_than_the_level_allows() {
    let issued = date(2020, 1, 1);
    assert!(Term::Years(15).exceeds_max(Level::Confidential, issued));
    assert!(!Term::Years(10).exceeds_max(Level::Confidential, issued));
    assert!(!Term::Years(15).exceeds_max(Level::Secret, issued));
    assert!(Term::Months(121).exceeds_max(Level::Confidential, issued));
    assert!(Term::Until(date(2030, 1, 2)).exceeds_max(Level::Confidential, issued));
    assert!(!Term::Until(date(2030, 1, 1)).exceeds_max(Level::Confidential, issued));
    assert!(!Term::Years(10).exceeds_max(Level::Confidential, date(2016, 2, 29)));
    assert!(
        Term::LongTerm.exceeds_max(Level::TopSecret, issued),
        "R-136"
    );
    assert!(!Term::LongTerm.exceeds_max(Level::Core, issued));
    assert!(!Term::Years(50).exceeds_max(Level::Ordinary, issued));
    assert!(!Term::Condition("公布前".into()).exceeds_max(Level::Confidential, issued));
    assert!(!Term::Unmarked.exceeds_max(Level::Confidential, issued));
}

#[test]
fn r134_a_year_and_more_is_counted_in_years() {
    assert!(Term::Months(18).unit_warning());
    assert!(Term::Months(12).unit_warning());
    assert!(!Term::Months(11).unit_warning());
    assert!(Term::Days(365).unit_warning());
    assert!(!Term::Days(30).unit_warning());
    assert!(!Term::Years(1).unit_warning());
    assert!(!Term::LongTerm.unit_warning());
}

#[test]
fn r139_years_end_on_the_same_day_and_29_february_on_the_28th() {
    let ends = |term: Term, start| term.ends(start, Level::Secret);
    assert_eq!(
        ends(Term::Years(10), date(2016, 2, 29)),
        Ends::on(date(2026, 2, 28))
    );
    assert_eq!(
        ends(Term::Years(4), date(2016, 2, 29)),
        Ends::on(date(2020, 2, 29))
    );
    assert_eq!(ends(Term::Years(10), START), Ends::on(date(2036, 3, 1)));
    assert_eq!(
        ends(Term::Months(6), date(2026, 8, 31)),
        Ends::on(date(2027, 2, 28))
    );
    assert_eq!(ends(Term::Days(30), START), Ends::on(date(2026, 3, 31)));
    assert_eq!(
        ends(Term::Until(date(2031, 5, 1)), START),
        Ends::on(date(2031, 5, 1))
    );
    assert_eq!(
        ends(Term::Condition("公布前".into()), START),
        Ends::when("公布前")
    );
    assert_eq!(ends(Term::LongTerm, START), Ends::long_term());
}

#[test]
fn r135_an_unmarked_period_is_the_longest_of_the_level() {
    let years = |level: Level| Term::Unmarked.ends(START, level);
    assert_eq!(years(Level::TopSecret), Ends::on(date(2056, 3, 1)));
    assert_eq!(years(Level::Secret), Ends::on(date(2046, 3, 1)));
    assert_eq!(years(Level::Confidential), Ends::on(date(2036, 3, 1)));
    assert_eq!(
        years(Level::Internal),
        Ends::long_term(),
        "no longest period: no end date"
    );
    assert_eq!(years(Level::Core), Ends::long_term());
}

#[test]
fn the_end_of_the_calendar_is_not_a_panic() {
    for term in [
        Term::Years(u16::MAX),
        Term::Months(u16::MAX),
        Term::Days(u16::MAX),
    ] {
        let end = term.ends(Date::MAX, Level::Secret).date().unwrap();
        assert_eq!(end, Date::MAX);
        assert!(!term.exceeds_max(Level::Secret, Date::MAX));
    }
}

#[test]
fn terms_are_stored_by_kind_and_checked_on_reading() {
    for (term, json) in [
        (Term::Years(10), r#"{"years":10}"#),
        (Term::Months(6), r#"{"months":6}"#),
        (Term::Days(30), r#"{"days":30}"#),
        (Term::Until(date(2031, 5, 1)), r#"{"until":"2031-05-01"}"#),
        (
            Term::Condition("会议开始前".into()),
            r#"{"condition":"会议开始前"}"#,
        ),
        (Term::LongTerm, r#""long_term""#),
        (Term::Unmarked, r#""unmarked""#),
    ] {
        assert_eq!(serde_json::to_string(&term).unwrap(), json);
        assert_eq!(serde_json::from_str::<Term>(json).unwrap(), term);
    }
    for wrong in [
        r#"{"years":0}"#,
        r#"{"years":101}"#,
        r#"{"condition":"10年"}"#,
        r#"{"condition":"长期"}"#,
        r#"{"condition":"机密★"}"#,
        r#"{"condition":""}"#,
        r#"{"until":"2031-02-30"}"#,
        r#""forever""#,
    ] {
        assert!(serde_json::from_str::<Term>(wrong).is_err(), "{wrong}");
    }
}

pub(crate) fn terms() -> impl Strategy<Value = Term> {
    prop_oneof![
        (1u16..=100).prop_map(Term::Years),
        (1u16..=1200).prop_map(Term::Months),
        (1u16..=36_600).prop_map(Term::Days),
        (0i32..40_000).prop_map(|n| {
            Term::Until(date(2000, 1, 1).saturating_add(jiff::Span::new().days(n)))
        }),
        "[会议验收公布]{1,20}[前后时]".prop_map(Term::Condition),
        Just(Term::LongTerm),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_printed_reads_back(term in terms()) {
        prop_assert_eq!(Term::parse(&term.to_string()), Ok(term));
    }

    #[test]
    fn any_text_parses_or_is_refused_and_what_parses_is_stable(text in "\\PC{0,12}|[0-9一十★年个月日天前后 ]{0,10}") {
        if let Ok(term) = Term::parse(&text) {
            prop_assert_eq!(Term::parse(&term.to_string()), Ok(term.clone()));
            let json = serde_json::to_string(&term).unwrap();
            prop_assert_eq!(serde_json::from_str::<Term>(&json).unwrap(), term);
        }
    }

    #[test]
    fn a_longer_period_never_ends_sooner(years in 1u16..60, more in 0u16..40, day in 0i32..3000) {
        let start = date(2016, 1, 1).saturating_add(jiff::Span::new().days(day));
        let short = Term::Years(years).ends(start, Level::Secret);
        prop_assert!(Term::Years(years + more).ends(start, Level::Secret).covers(&short));
    }
}
