use super::*;

#[test]
fn every_form_prints_as_it_is_read() {
    for text in [
        "role:registrar",
        "field:borrower",
        "field:copy.holder",
        "head_of(borrower.unit)",
        "holder_of(copy)",
        "drafter",
        "proposer",
        "system",
        "staff",
    ] {
        assert_eq!(Who::parse(text).unwrap().to_string(), text);
    }
}

#[test]
fn a_slip_names_the_form_that_was_meant() {
    assert_eq!(
        Who::parse("rol:registrar").unwrap_err().nearest,
        Some("role:")
    );
    assert_eq!(
        Who::parse("headof(x.unit)").unwrap_err().nearest,
        Some("head_of(…)")
    );
    assert_eq!(Who::parse("drafer").unwrap_err().nearest, Some("drafter"));
    for text in [
        "",
        "role:",
        "role:Registrar",
        "head_of(",
        "head_of(a..b)",
        "everyone",
        "field:",
    ] {
        assert!(Who::parse(text).is_err(), "{text}");
    }
}
