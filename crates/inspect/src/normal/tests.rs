use proptest::prelude::*;

use super::{Normal, layers};

fn normal(text: &str) -> String {
    Normal::of(text).as_str().to_owned()
}

#[test]
fn what_says_the_same_gets_one_form() {
    for (written, form) in [
        ("机密★10年", "机密★10年"),
        ("机 密 ★ １０ 年", "机密★10年"),
        ("機密☆十年", "机密★十年"),
        ("祕密", "秘密"),
        ("机\u{3000}密\u{3000}★\u{3000}10\u{3000}年", "机密★10年"),
        ("机\u{200b}密\u{2060}★1\u{feff}0年", "机密★10年"),
        ("机\n密\n★\n", "机密★\n"),
        ("机-密", "机密"),
        ("机·密", "机密"),
        ("绝/密★30年", "绝密★30年"),
        ("密·级·：机_密", "密级·:机密"),
        ("机\u{336}密\u{20dd}★\u{332}1\u{336}0\u{336}年", "机密★10年"),
        ("和平/发展、卡尔·马克思", "和平/发展、卡尔·马克思"),
        ("⽣⼈", "生人"),
        ("㊙密 ⑩年", "秘密10年"),
        ("ＳＥＣＲＥＴ／／ＮＯＦＯＲＮ", "SECRET//NOFORN"),
        ("ЅЕСRЕT", "SECRET"),
        ("\u{202e}abc\u{202c}", "abc"),
        ("soft\u{ad}hyphen", "softhyphen"),
    ] {
        assert_eq!(normal(written), form, "{written}");
    }
}

#[test]
fn ascii_and_its_lines_stay_as_they_are() {
    let code = "fn main() {\n    let a = b * c;\n}\n";
    assert_eq!(normal(code), code);
    assert_eq!(
        normal("中文 english  words 中文\nnext"),
        "中文english  words中文\nnext"
    );
}

#[test]
fn every_piece_knows_where_it_stood() {
    let long = "前面的文字，".repeat(50) + "ascii text   with gaps\n";
    for mark in [
        "机 密 ★ １０ 年",
        "機\u{200b}密☆十年",
        "机\n密\n★10年",
        "SECRET",
        "⑩⑪年",
    ] {
        let source = format!("{long}（{mark}）{long}");
        let normal = Normal::of(&source);
        let form = Normal::of(mark);
        let at = normal.as_str().find(form.as_str()).unwrap();
        let origin = normal.origin(&source, at..at + form.as_str().len());
        assert_eq!(source.get(origin), Some(mark));
    }
}

#[test]
fn text_in_other_writings_is_read() {
    let said = |text: &str| {
        layers(text)
            .into_iter()
            .map(|layer| layer.text)
            .collect::<Vec<_>>()
    };
    for written in [
        "x=&#26426;&#x5bc6;&#9733;10&#24180;",
        "?q=%E6%9C%BA%E5%AF%86%E2%98%8510%E5%B9%B4 x",
        "=E6=9C=BA=E5=AF=86=E2=98=8510=E5=B9=B4",
        "=BB=FA=C3=DC=A1=EF10=C4=EA",
        r#"{"a": "\u673a\u5bc6\u260510\u5e74"}"#,
        "data: 5py65a+G4piFMTDlubQ= end",
        "\u{202e}年01★密机\u{202c}",
    ] {
        assert!(
            said(written).iter().any(|text| text.contains("机密★10年")),
            "{written}: {:?}",
            said(written)
        );
    }
    assert_eq!(
        said("text\nT O P   S E C R E T / / N O F O R N\nbody"),
        ["TOP SECRET//NOFORN"]
    );
    assert_eq!(said("1\tC U I / / S P"), ["1 CUI//SP"]);
    for shift in 0..9 {
        let text = format!("{}\nT O P   S E C R E T / / S I\n", "xy".repeat(shift));
        assert_eq!(said(&text), ["TOP SECRET//SI"], "{shift}");
    }
    assert_eq!(said(r"\u666e\u901a\u5546\u5bc6 3\u5e74"), ["普通商密 3年"]);
    assert_eq!(said("=E5=86=85 =E9=83=A8"), ["内 部"]);
    assert!(
        said("a%20b 100%25 x=1&y=2 C:\\Users\\x VGhpc0lzQVdvcmQ")
            .iter()
            .all(|text| text.is_ascii())
    );
}

#[test]
fn a_layer_says_where_it_stood() {
    let text = "see %E6%9C%BA%E5%AF%86 there";
    let found = layers(text);
    assert_eq!(found.len(), 1);
    assert_eq!(
        text.get(found[0].at..found[0].at + found[0].length),
        Some("%E6%9C%BA%E5%AF%86")
    );
}

proptest! {
    #[test]
    fn any_text_has_a_form_and_a_way_back(source in "[a-z 机密★☆１０年\u{200b}\u{3000}\n.%=&#;0-9A-Z⑩㊙ﬁ🌟-]{0,400}") {
        let normal = Normal::of(&source);
        for (at, c) in normal.as_str().char_indices() {
            let origin = normal.origin(&source, at..at + c.len_utf8());
            prop_assert!(source.get(origin.clone()).is_some(), "{origin:?}");
            let back = Normal::of(source.get(origin).unwrap_or_default());
            prop_assert!(c.is_whitespace() || back.as_str().contains(c), "{c} {:?}", back.as_str());
        }
        let _ = layers(&source);
    }
}
