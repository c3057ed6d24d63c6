use proptest::prelude::*;

use crate::{Cause, Limits, Part, Report, Rules, Status, inspect};

fn report(inside: &str) -> Report {
    let whole = format!(
        "{{\\rtf1\\ansi\\ansicpg936\\deff0{{\\fonttbl{{\\f0\\fnil\\fcharset134 SimSun;}}{{\\f1\\fcharset0 Arial;}}{{\\f2\\fcharset136 Ming;}}}}{inside}}}"
    );
    inspect(whole.as_bytes(), "", &Rules::default(), &Limits::default())
}

fn text(inside: &str) -> String {
    report(inside).text
}

#[test]
fn bytes_are_read_in_the_code_page_of_their_font() {
    assert_eq!(text("\\f0 \\'bb\\'fa\\'c3\\'dc\\par"), "机密\n");
    assert_eq!(text("\\f2 \\'be\\'f7\\'b1\\'4b\\par"), "機密\n");
    // a western font in a Chinese document
    assert_eq!(text("\\f1 \\'bb\\'fa\\'c3\\'dc\\par"), "机密\n");
}

#[test]
fn characters_by_number_skip_what_stands_in_for_them() {
    assert_eq!(
        text("\\uc1\\u26426?\\u23494?\\u9733*10\\u24180 ?\\par"),
        "机密★10年\n"
    );
    assert_eq!(
        text("\\uc2\\u26426\\'bb\\'fa\\u23494\\'c3\\'dc\\par"),
        "机密\n"
    );
    assert_eq!(text("\\u-10187?\\u-9216?\\par"), "\u{1d400}\n");
}

#[test]
fn a_mark_split_over_runs_is_one_word() {
    let text = text(
        "{\\b\\'bb\\'fa}{\\i\\'c3\\'dc}{\\*\\annotation who}{\\v x}\\u9733?{\\b 10}\\'c4\\'ea\\par next",
    );
    assert!(text.starts_with("机密★10年\n"), "{text}");
    assert!(
        text.contains("who\n") && text.contains("\nx\n") && text.contains("next"),
        "{text}"
    );
}

#[test]
fn text_of_other_places_is_told_with_its_place() {
    let limits = Limits::default();
    let mut into = crate::read::Reading::new(&limits);
    let whole = b"{\\rtf1 body{\\header in the header\\par}{\\footer in the footer}{\\footnote in a note}{\\*\\annotation in a comment}{\\shp{\\*\\shpinst{\\shptxt in a box}}}{\\v unseen}{\\info{\\title of it}}\\par}";
    crate::read::file(whole, "", &mut into);
    let read = into.end();
    for (words, part) in [
        ("body", Part::Body),
        ("in the header", Part::Header),
        ("in the footer", Part::Footer),
        ("in a note", Part::Footnote),
        ("in a comment", Part::Comment),
        ("in a box", Part::Textbox),
        ("unseen", Part::Hidden),
        ("of it", Part::Metadata),
    ] {
        let at = read.text.as_str().find(words).unwrap();
        assert_eq!(read.text.place(at).part, part, "{words}");
    }
}

#[test]
fn tables_and_signs_become_text() {
    assert_eq!(
        text("a\\cell b\\cell\\row \\{c\\}\\~d\\emdash e\\par"),
        "a\tb\t\n{c}\u{a0}d—e\n"
    );
}

#[test]
fn properties_of_users_are_kept() {
    let text =
        text("{\\*\\userprops{\\propname Classification}\\proptype30{\\staticval SECRET}}\\par");
    assert!(text.contains("Classification: SECRET"), "{text}");
}

#[test]
fn objects_and_files_in_it_are_read() {
    let mut data: Vec<u8> = Vec::new();
    data.extend([1, 5, 0, 0, 2, 0, 0, 0]);
    data.extend(8_u32.to_le_bytes());
    data.extend(b"Package\0");
    data.extend([0; 8]);
    let file = "机密★10年".as_bytes();
    let mut native = b"\x02\0a.txt\0C:\\a.txt\0\0\0\x03\0".to_vec();
    native.extend(4_u32.to_le_bytes());
    native.extend(b"a.t\0");
    native.extend(u32::try_from(file.len()).unwrap().to_le_bytes());
    native.extend(file);
    data.extend(u32::try_from(native.len()).unwrap().to_le_bytes());
    data.extend(native);
    let hex: String = data.iter().map(|byte| format!("{byte:02x}")).collect();
    let text = text(&format!(
        "{{\\object\\objemb{{\\*\\objdata {hex}}}}}seen\\par"
    ));
    assert!(
        text.contains("机密★10年") && text.contains("seen"),
        "{text}"
    );
}

#[test]
fn a_truncated_file_keeps_what_was_read_and_says_so() {
    let report = inspect(
        b"{\\rtf1 first\\par {\\b sec",
        "",
        &Rules::default(),
        &Limits::default(),
    );
    assert_eq!(report.status, Status::Partial);
    assert!(report.causes.contains(&Cause::Damaged) && report.text.contains("first\nsec"));
}

#[test]
fn groups_without_end_are_a_depth_that_is_told() {
    let report = report(&"{".repeat(100_000));
    assert!(report.causes.contains(&Cause::TooDeep));
}

#[test]
fn what_follows_the_end_is_read_too() {
    let whole = "{\\rtf1 body\\par}\n机密★10年 written after the end of it";
    let report = inspect(whole.as_bytes(), "", &Rules::default(), &Limits::default());
    assert!(report.text.contains("written after"), "{}", report.text);
}

proptest! {
    #[test]
    fn any_rich_text_ends(inside in "[{}\\\\'*a-cu0-9 fxpvnrbi-]{0,200}") {
        let _ = text(&inside);
    }
}
