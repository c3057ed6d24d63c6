use jiff::civil::date;
use proptest::prelude::*;

use super::{Mark, MarkError, MarkFlag};
use crate::term::tests::terms;
use crate::{Error, Level, Term};

fn state(level: Level, term: Term) -> Mark {
    Mark::for_level(level, term, None)
}

fn trade(level: Level, term: Term) -> Mark {
    Mark::for_level(level, term, Some("华光"))
}

#[test]
fn r161_valid_marks_parse_and_print() {
    for (text, mark) in [
        ("绝密★30年", state(Level::TopSecret, Term::Years(30))),
        ("机密★20年", state(Level::Secret, Term::Years(20))),
        ("秘密★10年", state(Level::Confidential, Term::Years(10))),
        ("秘密★6个月", state(Level::Confidential, Term::Months(6))),
        (
            "机密★2031年5月1日",
            state(Level::Secret, Term::Until(date(2031, 5, 1))),
        ),
        (
            "机密★会议开始前",
            state(Level::Secret, Term::Condition("会议开始前".into())),
        ),
    ] {
        let parsed = Mark::parse(text).unwrap();
        assert_eq!(parsed, mark);
        assert_eq!(parsed.to_string(), text);
        assert_eq!(parsed.flags(), [], "{text}");
    }
}

#[test]
fn invalid_marks_are_refused_naming_the_rule() {
    for (text, rule) in [
        ("机密10年", "R-161"),
        ("机密10年★", "R-161"),
        ("★机密", "R-161"),
        ("内部★5年", "R-172"),
        ("核心商密★5年", "R-172"),
    ] {
        let error = Mark::parse(text).unwrap_err();
        assert_eq!(error.rule(), rule, "{text}");
        assert!(error.to_string().contains(rule), "{error}");
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[test]
fn r172_the_star_belongs_to_state_secrets() {
    for text in [
        "普通商密★长期",
        "华光 核心商密★5年",
        "个人信息★",
        "★",
        "公开★10年",
        "内部事项★",
    ] {
        assert!(
            matches!(Mark::parse(text).unwrap_err(), MarkError::Star { .. }),
            "{text}"
        );
    }
    assert!(Mark::parse("机密★10年★").is_err());
}

#[test]
fn r135_a_mark_without_period_is_valid_and_flagged() {
    let mark = Mark::parse("机密★").unwrap();
    assert_eq!(mark, state(Level::Secret, Term::Unmarked));
    assert_eq!(mark.flags(), [MarkFlag::NoPeriodMarked]);
    assert_eq!(mark.flags()[0].rule(), "R-135");
    let end = mark.term().unwrap().ends(date(2020, 1, 1), mark.level());
    assert_eq!(end.date(), Some(date(2040, 1, 1)), "20 years by default");
}

#[test]
fn strict_marks_refuse_what_only_a_detector_may_accept() {
    for text in [
        "机 密 ★ 1 0 年",
        "机密*10年",
        "机密☆10年",
        "機密★10年",
        "機密",
        "绝密",
        "机密★ 10年",
        "机密 ★10年",
        "机密★十年",
        "机密★１０年",
        "华光机密★5年",
        "内部 机密★5年",
        "公开",
    ] {
        assert!(Mark::parse(text).is_err(), "{text}");
    }
    assert_eq!(Mark::parse("机密★10").unwrap_err().rule(), "R-170");
    assert_eq!(Mark::parse(" ").unwrap_err(), MarkError::Empty);
    assert_eq!(
        Mark::parse(&"密".repeat(1000)).unwrap_err(),
        MarkError::TooLong
    );
}

#[test]
fn r522_work_marks_have_no_level_no_star_and_no_period() {
    assert_eq!(Mark::parse("内部").unwrap(), Mark::Work { careful: false });
    for text in ["内部事项 注意保管", "内部事项　注意保管"] {
        let mark = Mark::parse(text).unwrap();
        assert_eq!(mark, Mark::Work { careful: true });
        assert_eq!(mark.to_string(), "内部事项 注意保管");
        assert_eq!((mark.level(), mark.term()), (Level::Internal, None));
    }
    for text in ["内部5年", "内部 5年", "内部事项", "内部事项注意保管"] {
        assert_eq!(Mark::parse(text).unwrap_err().rule(), "R-522", "{text}");
    }
    let mark = Mark::for_level(Level::Internal, Term::Years(5), Some("华光"));
    assert_eq!(mark.to_string(), "内部");
}

#[test]
fn r532_trade_marks_have_three_parts() {
    for (text, mark) in [
        ("华光 核心商密 5年", trade(Level::Core, Term::Years(5))),
        ("华光 普通商密 30天", trade(Level::Ordinary, Term::Days(30))),
        ("华光 核心商密 长期", trade(Level::Core, Term::LongTerm)),
        (
            "华光 核心商密 公布前",
            trade(Level::Core, Term::Condition("公布前".into())),
        ),
        (
            "Acme Steel 核心商密 5年",
            Mark::for_level(Level::Core, Term::Years(5), Some("Acme  Steel")),
        ),
    ] {
        assert_eq!(Mark::parse(text).unwrap(), mark);
        assert_eq!(mark.to_string(), text);
        assert_eq!(mark.flags(), []);
    }
    for text in [
        "核心商密",
        "核心商密 5年",
        "华光 核心商密",
        "华光核心商密 5年",
        "华光 核心商密5年",
    ] {
        assert_eq!(Mark::parse(text).unwrap_err().rule(), "R-532", "{text}");
    }
    assert_eq!(
        Mark::parse("华光 核心商密 会议开始前").unwrap_err().rule(),
        "R-533"
    );
}

#[test]
fn r532_an_incomplete_trade_mark_is_printed_but_flagged() {
    let bare = Mark::for_level(Level::Core, Term::Unmarked, None);
    assert_eq!(bare.to_string(), "核心商密");
    assert_eq!(
        bare.flags(),
        [MarkFlag::NoPeriodMarked, MarkFlag::NoOwnerMarked]
    );
    for owner in ["", " ", "华★光", "核心商密 公司"] {
        let mark = Mark::for_level(Level::Core, Term::Years(5), Some(owner));
        assert_eq!(mark.flags(), [MarkFlag::NoOwnerMarked], "{owner}");
    }
}

#[test]
fn r134_r136_odd_periods_are_flagged() {
    assert_eq!(
        Mark::parse("秘密★18个月").unwrap().flags(),
        [MarkFlag::Unit]
    );
    assert_eq!(Mark::parse("秘密★30天").unwrap().flags(), [MarkFlag::Unit]);
    assert_eq!(
        Mark::parse("机密★长期").unwrap().flags(),
        [MarkFlag::LongTerm]
    );
}

#[test]
fn marks_are_shown_as_printed_and_errors_keep_their_code() {
    let mark: Mark = "机密★10年".parse().unwrap();
    assert_eq!(serde_json::to_string(&mark).unwrap(), "\"机密★10年\"");
    let error = Error::from(Mark::parse("机密10年").unwrap_err());
    assert_eq!(error.code(), "domain.mark.state_form");
    let error = Error::from(Term::parse("十年").unwrap_err());
    assert_eq!(error.code(), "domain.term.not_period");
    let long = "很".repeat(150);
    assert!(Mark::parse(&long).unwrap_err().to_string().chars().count() < 80);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn complete_marks_read_back(pick in 0usize..6, term in terms()) {
        let level = Level::ALL[pick];
        let mark = Mark::for_level(level, term, Some("华光集团"));
        let printed = mark.to_string();
        match Mark::parse(&printed) {
            Ok(parsed) => prop_assert_eq!(parsed, mark),
            Err(error) => prop_assert_eq!(error.rule(), "R-533", "{}", printed),
        }
        prop_assert_eq!(printed.contains('★'), level.family() == crate::Family::State);
    }

    #[test]
    fn any_text_parses_or_is_refused(text in "\\PC{0,16}|[绝机秘密内部核心普通商★0-9年个月前 ]{0,12}") {
        if let Ok(mark) = Mark::parse(&text) {
            prop_assert_eq!(Mark::parse(&mark.to_string()), Ok(mark));
        }
    }
}
