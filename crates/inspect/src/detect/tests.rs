use proptest::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

use crate::{Cause, Kind, Limits, Ocr, Part, Report, Rules, Stop, inspect};

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::shipped().unwrap());

fn report(text: &str) -> Report {
    inspect(text.as_bytes(), "", &RULES, &Limits::default())
}

#[test]
fn a_finding_knows_where_it_stands_and_why() {
    let report = report("第一行\n机密★10年\n");
    assert_eq!(report.findings.len(), 1);
    let finding = &report.findings[0];
    assert_eq!(
        (finding.rule.as_str(), finding.kind, finding.offset),
        ("mark.state.secret", Kind::Mark, 4)
    );
    assert_eq!(
        (finding.text.as_str(), finding.place.part),
        ("机密★10年", Part::Body)
    );
    assert!(!finding.why.zh.is_empty() && !finding.why.en.is_empty());
    assert_eq!(report.verdict.level.as_deref(), Some("state.secret"));
    assert!(report.verdict.confidence >= 0.9);
}

#[test]
fn clean_marks_are_surer_than_bent_ones_and_both_are_shown() {
    for (clean, bent) in [
        ("机密★10年", "机 密 ★ １０ 年"),
        ("绝密★30年", "絕\u{200b}密☆三十年"),
        ("秘密★5年", "秘\n密\n★\n5\n年"),
        ("机密★10年", "机-密·10年"),
    ] {
        let (clean, bent) = (report(clean).verdict, report(bent).verdict);
        assert_eq!(clean.level, bent.level);
        assert!(
            clean.confidence >= 0.9 && bent.confidence < clean.confidence && bent.confidence >= 0.5,
            "{clean:?} {bent:?}"
        );
    }
}

#[test]
fn the_highest_level_is_the_verdict() {
    let report = report("普通商密\n机密★10年\n内部资料 注意保存\n绝密★30年\n");
    assert_eq!(report.verdict.level.as_deref(), Some("state.top_secret"));
    assert!(report.findings.len() >= 4);
}

#[test]
fn labels_decide_by_their_value() {
    for (name, value, level) in [
        ("密级", "机密★10年", "state.secret"),
        ("Classification", "NATO SECRET", "foreign.nato.secret"),
        (
            "MSIP_Label_2096f6a2-d2f7-48be-b329-b73aaa526e5d_Name",
            "Confidential",
            "foreign.general.confidential",
        ),
        ("SecurityClassification", "Unclassified", "open"),
        ("pdfx:Classification", "机密", "state.secret"),
        ("keywords", "绝密", "state.top_secret"),
    ] {
        let page = format!(
            "<html><head><meta name=\"{name}\" content=\"{value}\"></head><body>text</body></html>"
        );
        let report = report(&page);
        let found = report
            .findings
            .iter()
            .find(|finding| finding.kind == Kind::Label);
        assert_eq!(
            found.and_then(|finding| finding.level.as_deref()),
            Some(level),
            "{name}: {:?}",
            report.findings
        );
    }
}

#[test]
fn properties_that_may_hold_anything_are_labels_only_where_they_are_a_level() {
    for value in ["机密, 电影", "internal", "public"] {
        let page = format!(
            "<html><head><meta name=keywords content='{value}'></head><body>text</body></html>"
        );
        assert_eq!(report(&page).verdict.level, None, "{value}");
    }
}

#[test]
fn labels_of_stanag_4774_are_read_in_xml() {
    let label = "<?xml version='1.0'?><slab:ConfidentialityLabel xmlns:slab='urn:nato:stanag:4774:confidentialitymetadatalabel:1:0'><slab:ConfidentialityInformation><slab:PolicyIdentifier>NATO</slab:PolicyIdentifier><slab:Classification>SECRET</slab:Classification></slab:ConfidentialityInformation></slab:ConfidentialityLabel>";
    let report = report(label);
    assert!(
        report
            .findings
            .iter()
            .any(|finding| finding.level.as_deref() == Some("foreign.nato.secret")),
        "{:?}",
        report.findings
    );
}

#[test]
fn a_mark_split_over_tags_is_one_mark() {
    let report = report("<html><body><p><b>机</b><i>密</i>★<span>1</span>0年</p></body></html>");
    assert_eq!(report.verdict.level.as_deref(), Some("state.secret"));
}

#[test]
fn laws_that_speak_of_secrets_are_no_hits() {
    for prose in [
        "国家秘密的密级分为绝密、机密、秘密三级。绝密级国家秘密是最重要的国家秘密，泄露会使国家安全和利益遭受特别严重的损害；机密级国家秘密是重要的国家秘密。",
        "侵犯商业秘密的，责令停止违法行为。前款所称商业秘密，是指不为公众所知悉的技术信息。",
        "机关、单位内部应当建立健全管理制度，对工作秘密加强管理。",
        "The board keeps all confidential information secret and shares it internally.",
    ] {
        assert_eq!(
            report(prose).verdict.level,
            None,
            "{:?}",
            report(prose).findings
        );
    }
}

#[test]
fn findings_have_a_limit_and_the_verdict_has_all() {
    let text = "li.lei@ruping.gov.cn\n".repeat(50) + "绝密★30年\n";
    let limits = Limits {
        findings: 10,
        ..Limits::default()
    };
    let report = inspect(text.as_bytes(), "", &RULES, &limits);
    assert_eq!(report.findings.len(), 10);
    assert_eq!(report.verdict.level.as_deref(), Some("state.top_secret"));
}

#[test]
fn a_mark_behind_more_hits_than_are_kept_still_is_the_verdict() {
    let text = "秘密★5年\n".repeat(super::HITS_MOST + 10) + "绝密★30年\n";
    assert_eq!(
        report(&text).verdict.level.as_deref(),
        Some("state.top_secret")
    );
}

#[derive(Debug)]
struct After(AtomicUsize);

impl Stop for After {
    fn now(&self) -> bool {
        self.0.fetch_sub(1, Ordering::Relaxed) <= 1
    }
}

#[test]
fn the_end_of_time_is_told() {
    let limits = Limits {
        stop: Some(Arc::new(After(AtomicUsize::new(3)))),
        ..Limits::default()
    };
    let report = inspect(
        "机密★10年 %E6%9C%BA%E5%AF%86".as_bytes(),
        "",
        &RULES,
        &limits,
    );
    assert!(report.causes.contains(&Cause::Time));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_is_judged(text in "[机密绝秘内部★☆* ０1年：:“”/\\n\\t.@a-cA-Z0-9=%&#;x\u{200b}-]{0,200}") {
        for finding in report(&text).findings {
            prop_assert!((0.0..=1.0).contains(&finding.confidence));
            prop_assert!(finding.offset <= text.chars().count());
        }
    }
}

/// Reads every picture as the same words.
struct Eyes(&'static str);

impl Ocr for Eyes {
    fn text(&self, _: &[u8], _: Option<&dyn Stop>) -> Result<String, Cause> {
        Ok(self.0.to_owned())
    }
}

fn seen(words: &'static str) -> Report {
    let limits = Limits {
        ocr: Some(Arc::new(Eyes(words))),
        ..Limits::default()
    };
    // a facsimile of which nothing but its beginning is needed
    inspect(b"II*\0\x08\0\0\0\0\0\0\0", "", &RULES, &limits)
}

#[test]
fn a_mark_on_a_picture_is_found_as_recognition_spoils_it() {
    for words in [
        "机密★10年",
        "000012\n机密女10年\n\n特急\n关于开展保密检查工作的通知",
        "机密坟10年",
        "秘密大5年",
        "绝密雪30年",
        "机密友长期",
        "机密娘长其",
        "秘密妇6个月",
        "机密娘",
        "机 密 太 2 0 年",
        "機密歺20年",
        "机密x10年",
        "000012 机密太10年 特急",
    ] {
        let report = seen(words);
        let finding = report.findings.first();
        assert!(
            finding.is_some_and(|one| one.kind == Kind::Mark && one.place.part == Part::Picture),
            "{words}: {report:?}"
        );
        assert!(
            (0.5..0.9).contains(&report.verdict.confidence),
            "{words}: {report:?}"
        );
        assert!(report.verdict.level.is_some(), "{words}: {report:?}");
    }
}

#[test]
fn what_recognition_may_spoil_is_no_excuse_where_text_was_written() {
    for words in ["机密女10年", "秘密大5年", "机密娘", "机密歺20年"] {
        let report = report(words);
        assert_eq!(report.verdict.level, None, "{words}: {report:?}");
    }
    for words in [
        "机密文件的保护期为10年",
        "机密大赛10年了，他还记得。",
        "他掌握了公司的机密太多",
        "秘密花园10年纪念版",
        "商业秘密第10年",
        "机密级不超过二十年",
    ] {
        let report = seen(words);
        assert_eq!(report.verdict.level, None, "{words}: {report:?}");
    }
}
