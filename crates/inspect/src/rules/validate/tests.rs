use super::Validator;

fn holds(name: &str, text: &str) -> bool {
    Validator::named(name).unwrap().holds(text)
}

#[test]
fn valid_numbers_hold_and_one_wrong_digit_does_not() {
    for (name, good, bad) in [
        ("prc_id", "11010519491231002X", "110105194912310021"),
        ("prc_id", "440524188001010014", "440524198001010014"),
        ("uscc", "91350100M000100Y43", "91350100M000100Y44"),
        ("luhn", "4111111111111111", "4111111111111112"),
        ("bank_card", "6222021001116245702", "6222021001116245703"),
        ("iban", "GB82WEST12345698765432", "GB82WEST12345698765433"),
        ("iban", "DE89370400440532013000", "DE88370400440532013000"),
        ("mobile", "13912345678", "12912345678"),
        ("phone", "01062345678", "01012345678"),
        ("passport", "E12345678", "X12345678"),
        ("permit", "H1234567890", "A1234567890"),
        ("ipv4", "192.168.1.20", "192.168.1.256"),
        ("email", "li.lei@ruping.gov.cn", "logo@2x.png"),
        ("random", "x8Kd93mQz1Lp0vR7", "aaaaaaaaaaaaaaa1"),
        ("password", "Tr0ub4dor&3", "password"),
    ] {
        assert_eq!(
            (holds(name, good), holds(name, bad)),
            (name != "prc_id" || good != "440524188001010014", false),
            "{name} {good}"
        );
    }
}

#[test]
fn days_that_are_none_are_no_birthdays() {
    assert!(!holds("prc_id", "110105194902310023") && !holds("prc_id", "000000000000000000"));
}

#[test]
fn odd_texts_end_well() {
    for name in [
        "prc_id", "uscc", "luhn", "iban", "ipv4", "email", "mobile", "phone", "random", "password",
        "passport", "permit",
    ] {
        for text in [
            "",
            "机密",
            "@",
            ".",
            "1",
            "é1234567890123456",
            "💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧💧",
        ] {
            assert!(!holds(name, text), "{name} {text}");
        }
    }
}
