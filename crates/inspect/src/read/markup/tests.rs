use proptest::prelude::*;

use crate::{Limits, Part, Report, Rules, Status, inspect};

fn read(text: &str, name: &str) -> Report {
    inspect(text.as_bytes(), name, &Rules::default(), &Limits::default())
}

fn html(body: &str) -> String {
    read(
        &format!("<!DOCTYPE html><html><body>{body}</body></html>"),
        "",
    )
    .text
}

fn xml(inside: &str) -> String {
    read(&format!("<?xml version=\"1.0\"?><r>{inside}</r>"), "").text
}

#[test]
fn a_mark_split_over_tags_and_comments_is_one_word() {
    let text = html(
        "<p>机<b>密</b><!-- who wrote this -->★<span style='display: none'>x</span>10<i>年</i></p>",
    );
    assert!(text.contains("机密★10年\n"), "{text}");
    assert!(
        text.contains("who wrote this\n") && text.contains("\nx\n"),
        "{text}"
    );
}

#[test]
fn blocks_end_lines_and_cells_stand_apart() {
    let text = html("<div>a</div>b<br>c<table><tr><td>d<td>e</tr><tr><th>f</th><th>g</th></table>");
    assert!(text.contains("a\nb\nc\nd\te\nf\tg\n"), "{text}");
}

#[test]
fn characters_by_name_and_number_are_put_in() {
    let text = html("&#26426;&#x5BC6;&starf;10&#24180; &amp;amp; &copy &bogus; &#150;");
    assert!(text.contains("机密★10年 &amp; &copy &bogus; –"), "{text}");
}

#[test]
fn what_nobody_sees_is_read_as_hidden() {
    for hidden in [
        "<script>var a = '机密★10年'</script>",
        "<style>/* 机密★10年 */</style>",
        "<div hidden>机密★10年</div>",
        "<div style='visibility:hidden'><div>机密★10年</div></div>",
        "<input type=hidden value='机密★10年'>",
        "<template>机密★10年</template>",
    ] {
        let text = html(&format!("<p>seen</p>{hidden}<p>seen too</p>"));
        assert!(
            text.contains("机密★10年") && text.contains("seen too\n"),
            "{hidden}: {text}"
        );
    }
}

#[test]
fn title_meta_and_alternative_text_are_read() {
    let report = read(
        "<html><head><title>机密 &amp; more</title><meta name=author content=李雷></head><img alt=\"图\"></html>",
        "",
    );
    assert_eq!(report.status, Status::Read);
    for part in ["title: 机密 & more", "author: 李雷", "图"] {
        assert!(report.text.contains(part), "{}", report.text);
    }
}

#[test]
fn open_tags_and_quotes_lose_nothing() {
    for broken in [
        "<p title=\"x>机密",
        "<p>机密",
        "a < b 机密",
        "<script>机密",
        "<!-- 机密",
        "<p class='a\">机密</p>",
    ] {
        assert!(html(broken).contains("机密"), "{broken}");
    }
}

#[test]
fn a_page_is_read_in_the_encoding_it_names() {
    let page = "<html><head><meta charset=gb2312></head><body>機密文件</body></html>";
    let bytes = encoding_rs::GBK.encode(page).0;
    assert!(
        inspect(&bytes, "", &Rules::default(), &Limits::default())
            .text
            .contains("機密文件")
    );
    // a server that has changed the bytes and not what they say of themselves
    assert!(read(page, "").text.contains("機密文件"));
}

#[test]
fn text_attributes_and_comments_of_xml_are_read() {
    let text =
        xml("<x note='内部'>机密<b>★10</b>年</x><x>second</x><!-- third --><![CDATA[<fourth>]]>");
    for part in ["机密★10年\n", "内部\n", "second", "third", "<fourth>"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn entities_that_a_file_defines_do_not_grow() {
    let mut bomb = "<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY a \"机密\">".to_owned();
    for n in 0..60 {
        bomb.push_str(&format!("<!ENTITY a{n} \"&a;&a;&a;&a;&a;&a;&a;&a;\">"));
    }
    bomb.push_str("]><r>&a59;</r>");
    let report = read(&bomb, "");
    assert!(report.text.len() < bomb.len() * 2 && report.text.contains("机密"));
}

#[test]
fn names_in_chinese_say_what_their_value_is() {
    assert!(xml("<密级>机密</密级><期限>10年</期限>").contains("密级：机密\n期限：10年\n"));
}

#[test]
fn a_million_open_tags_end_soon() {
    for piece in [
        "<a ",
        "<a b='",
        "<!--",
        "<![CDATA[",
        "</",
        "<p title=\"",
        "<script>",
        "&#",
        "<div hidden>",
    ] {
        let report = read(&format!("<!DOCTYPE html>{}", piece.repeat(200_000)), "");
        assert!(report.status >= Status::Read);
    }
}

#[test]
fn parts_are_told() {
    let limits = Limits::default();
    let mut into = crate::read::Reading::new(&limits);
    crate::read::file("<html><p>a</p><!--b--></html>".as_bytes(), "", &mut into);
    let reading = into.end();
    let at = reading.text.as_str().find('b').unwrap();
    assert_eq!(reading.text.place(at).part, Part::Comment);
}

proptest! {
    #[test]
    fn any_markup_ends(text in "[<>/!a-c\"'=&;#x0-9机密\\[\\]? -]{0,200}") {
        let _ = html(&text);
        let _ = xml(&text);
    }
}
