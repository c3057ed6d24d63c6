use super::{RuleError, Rules};

const RULE: &str = "[[rule]]\nkey = \"a\"\nkind = \"keyword\"\nconfidence = 0.9\nwhy = { zh = \"甲\", en = \"a\" }\n";

fn told(errors: &[RuleError]) -> String {
    errors.iter().map(|error| format!("{error}\n")).collect()
}

#[test]
fn the_shipped_rules_pass_their_own_tests() {
    let rules = Rules::shipped().unwrap_or_else(|errors| panic!("{}", told(&errors)));
    assert!(rules.len() > 40);
    match rules.check() {
        Ok(tests) => assert!(tests > 200, "{tests}"),
        Err(errors) => panic!("{} fail\n{}", errors.len(), told(&errors)),
    }
}

#[test]
fn what_is_wrong_is_told_with_file_line_and_code() {
    let long = format!("words = [\"机密\"]\npattern = '(?:a{{1000}}){{1000}}'");
    for (line, code) in [
        ("words = [\"密\"]", "short"),
        ("words = [\"机密\"]\npattern = '\\bx'", "word_boundary"),
        ("words = [\"机密\"]\npattern = '('", "pattern"),
        ("words = [\"机密\"]\npattern = 'a*'", "empty"),
        (long.as_str(), "pattern"),
        ("words = [\"机密\"]\npattern = 'ab'\ngroup = 3", "group"),
        ("words = [\"机密\"]\nvalidator = \"none\"", "validator"),
        ("words = [\"机密\"]\ngrammar = \"none\"", "grammar"),
        ("words = [\"机密\"]\nlevel = \"top\"", "level"),
        ("words = [\"机密\"]\nwithin = 5000", "limits"),
        ("at_sign = true", "half"),
        ("", "nothing"),
        ("bogus = 1", "toml"),
    ] {
        let errors = Rules::parse(&[("x.toml", &format!("# first\n{RULE}{line}\n"))]).unwrap_err();
        assert!(
            errors
                .iter()
                .any(|error| error.code == code && error.file == "x.toml" && error.line >= 2),
            "{line}: {errors:?}"
        );
    }
    let twice = format!("{RULE}words = [\"机密\"]\n{RULE}words = [\"机密\"]\n");
    assert_eq!(
        Rules::parse(&[("x", &twice)]).unwrap_err()[0].code,
        "key_twice"
    );
}

#[test]
fn a_test_that_fails_is_told() {
    let rules = Rules::parse(&[(
        "x",
        &format!("{RULE}words = [\"长风计划\"]\nhit = [\"nothing\"]\nmiss = [\"长 风 計劃\"]\n"),
    )])
    .unwrap();
    let errors = rules.check().unwrap_err();
    assert_eq!(errors.len(), 2);
    assert!(errors.iter().all(|error| error.code == "test"));
}

#[test]
fn words_of_a_product_are_all_made() {
    let rules = Rules::parse(&[(
        "x",
        &format!(
            "{RULE}product = [\"京沪\", \"AB\"]\nhit = [\"沪B1\", \"京A\"]\nmiss = [\"京C\"]\n"
        ),
    )])
    .unwrap();
    assert_eq!(rules.check(), Ok(3));
}
