use jiff::civil::date;
use proptest::prelude::*;

use super::*;

fn parts(sequence: u64) -> NumberParts<'static> {
    NumberParts {
        day: date(2026, 3, 1),
        sequence,
        unit: Some("科研"),
        level: Some(Level::Secret),
    }
}

#[test]
fn a_loan_is_numbered_by_year() {
    let format = NumberFormat::parse("JY{year}-{seq:4}").unwrap();
    assert_eq!(format.render(&parts(7)), "JY2026-0007");
    assert_eq!(format.render(&parts(12_345)), "JY2026-12345");
    assert_eq!(format.series(&parts(7), false), "y2026");
    assert_eq!(format.series(&parts(7), true), "y2026/lstate.secret");
    let read = format.read("JY2026-0007").unwrap();
    assert_eq!((read.year, read.sequence), (Some(2026), 7));
    for wrong in [
        "JY2026-007",
        "JY2026-00007",
        "JY26-0007",
        "JY2026-0007 ",
        "JY2026-0000",
        "",
    ] {
        assert!(!format.matches(wrong), "{wrong}");
    }
}

#[test]
fn a_document_number_prints_unit_and_level() {
    let format = NumberFormat::parse("{unit}〔{year}〕{seq:3}号{level}").unwrap();
    assert_eq!(format.render(&parts(3)), "科研〔2026〕003号机密");
    assert_eq!(format.series(&parts(3), false), "y2026/u科研/lstate.secret");
    let read = format.read("科研〔2026〕003号机密").unwrap();
    assert_eq!(read.unit.as_deref(), Some("科研"));
    assert_eq!(read.level, Some(Level::Secret));
}

#[test]
fn a_format_that_cannot_be_read_back_is_refused() {
    use NumberFormatError as E;
    let error = |text| NumberFormat::parse(text).unwrap_err();
    assert_eq!(error("JY{year}"), E::Sequence);
    assert_eq!(error("{seq:4}{seq:4}"), E::Sequence);
    assert_eq!(error("{seq:0}"), E::Width);
    assert_eq!(error("{seq:13}"), E::Width);
    assert_eq!(error("{month}-{seq:4}"), E::MonthWithoutYear);
    assert_eq!(error("{seq:4}{year}"), E::Adjacent);
    assert_eq!(error("{unit}{seq:4}"), E::Adjacent);
    assert_eq!(
        error("{day}-{seq:4}"),
        E::UnknownPart { part: "day".into() }
    );
    assert_eq!(error("{seq:4"), E::Unclosed);
    assert_eq!(error("seq:4}"), E::Unclosed);
    assert_eq!(
        error("{year}{year}{seq:4}"),
        E::Twice {
            part: "year".into()
        }
    );
}

fn any_format() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("{year}".to_owned()),
        Just("{month}".to_owned()),
        Just("{unit}".to_owned()),
        Just("{level}".to_owned()),
        (1usize..=6).prop_map(|width| format!("{{seq:{width}}}")),
        "[A-Z〔〕号/-]{1,3}",
    ];
    proptest::collection::vec(part, 1..6).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_printed_is_read_back(
        text in any_format(),
        sequence in 1u64..2_000_000,
        year in 1i16..=9999,
        month in 1i8..=12,
        unit in "[a-z0-9甲乙]{1,6}",
        level in proptest::option::of(proptest::sample::select(Level::ALL.to_vec())),
    ) {
        let Ok(format) = NumberFormat::parse(&text) else { return Ok(()) };
        prop_assert_eq!(format.to_string(), text);
        let number =
            NumberParts { day: date(year, month, 1), sequence, unit: Some(&unit), level };
        let printed = format.render(&number);
        let read = format.read(&printed);
        prop_assert!(read.is_some(), "{} not read by {}", printed, format);
        prop_assert_eq!(read.unwrap().sequence, sequence);
    }

    #[test]
    fn reading_never_panics(format in "\\PC{0,40}", number in "\\PC{0,40}") {
        if let Ok(format) = NumberFormat::parse(&format) {
            format.matches(&number);
        }
    }
}
