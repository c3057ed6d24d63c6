use super::*;
use serde_json::json;

fn press(layouts: &[(&str, &str)]) -> Press {
    let layouts = layouts
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    Press::new(layouts, [])
}

fn at() -> Timestamp {
    "2026-03-01T10:00:00Z".parse().unwrap()
}

fn told(press: &Press, layout: &str) -> String {
    match press.print(layout, json!({ "words": "密" }), at()) {
        Ok(printed) => panic!("{} pages", printed.pages),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_same_data_give_the_same_pages() {
    let press = press(&[(
        "one",
        "#set text(font: \"Ruping Song\")\n#sys.inputs.data.words",
    )]);
    let print = || {
        press
            .print("one", json!({ "words": "机密★10年" }), at())
            .unwrap()
    };
    let (one, other) = (print(), print());
    assert_eq!(one.pages, 1);
    assert!(one.pdf.starts_with(b"%PDF-"));
    assert!(one.pdf == other.pdf);
}

#[test]
fn words_are_no_markup() {
    let press = press(&[("one", "#sys.inputs.data.words")]);
    for words in [
        "#pagebreak() #read(\"/etc/passwd\")",
        "*a* _b_ $x$ `c`",
        "= Head",
        "#panic()",
    ] {
        let printed = press.print("one", json!({ "words": words }), at()).unwrap();
        assert_eq!(printed.pages, 1, "{words}");
    }
}

#[test]
fn layouts_use_each_other_and_nothing_else() {
    let press = press(&[
        ("page", "#let twice(words) = words + words"),
        (
            "one",
            "#import \"page.typ\": twice\n#twice(sys.inputs.data.words)",
        ),
        ("file", "#read(\"/etc/passwd\")"),
        ("image", "#image(\"/etc/passwd.png\")"),
        ("package", "#import \"@preview/cetz:0.3.0\""),
        ("clock", "#datetime.today()"),
        ("missing", "#import \"other.typ\": x"),
    ]);
    assert!(press.print("one", json!({ "words": "密" }), at()).is_ok());
    for outside in ["file", "image", "package", "missing"] {
        let told = told(&press, outside);
        assert!(told.contains("access denied"), "{outside}: {told}");
    }
    assert!(told(&press, "clock").contains("unable to get the current date"));
}

#[test]
fn a_wrong_layout_says_where() {
    let press = press(&[
        ("one", "\n\n#sys.inputs.data.nowhere"),
        ("two", "#let x = ("),
    ]);
    let told_of = |layout| told(&press, layout);
    assert!(
        told_of("one").starts_with("one.typ:3: "),
        "{}",
        told_of("one")
    );
    assert!(
        told_of("two").starts_with("two.typ:1: "),
        "{}",
        told_of("two")
    );
    assert!(matches!(
        press.print("three", json!({}), at()),
        Err(PrintError::NoSuchLayout(_))
    ));
}

#[test]
fn what_is_too_long_is_refused_before_it_is_set() {
    let press = press(&[("one", "#sys.inputs.data.words")]);
    let words = "x".repeat(DATA_BYTES_MAX + 1);
    let printed = press.print("one", json!({ "words": words }), at());
    assert!(matches!(printed, Err(PrintError::TooLong)));
}

#[test]
fn a_file_that_is_no_type_is_passed_over() {
    let layouts = [("one".to_owned(), "x".to_owned())];
    let press = Press::new(layouts, [b"no type at all".to_vec()]);
    assert_eq!(press.families(), ["Ruping Song"]);
}

#[test]
fn a_preview_has_its_first_pages_under_a_watermark_and_tells_of_all() {
    let press = press(&[
        ("page", "#let twice(words) = words + words"),
        (
            "one",
            "#import \"page.typ\": twice\n#set page(width: 40mm, height: 30mm, margin: 2mm, foreground: none)\n#for at in range(3) { pagebreak(weak: true); twice(sys.inputs.data.words) }",
        ),
    ]);
    let data = || json!({ "words": "密" });
    let seen = press.preview("one", data(), 2).unwrap();
    assert_eq!((seen.pages.len(), seen.total), (2, 3));
    for page in &seen.pages {
        assert!(page.starts_with("<svg"), "{page}");
        assert!(page.contains("#b02020"), "{page}");
        for outside in ["<script", "<foreignObject", "<image"] {
            assert!(!page.contains(outside), "{outside}");
        }
    }
    // what is printed has none, and is of so many pages
    assert_eq!(press.print("one", data(), at()).unwrap().pages, 3);
    let missing = press.preview("two", data(), 2);
    assert!(matches!(missing, Err(PrintError::NoSuchLayout(_))));
}
