use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, ISO_2022_JP, KOI8_R, SHIFT_JIS};
use proptest::prelude::*;

use super::{Coding, decode_to, guess};

const CHINESE: &str = "为了加强对计算机信息网络国际联网的管理，保障国际计算机信息交流的健康发展，制定本规定。\n第一条 机密★10年\n";
const TRADITIONAL: &str =
    "列席省人民代表大會會議，務委員會第十六次會議，聽取報告進行審查。機密★10年\n";
const JAPANESE: &str =
    "情報処理技術者試験は、税務経理知識を持つ人のための試験です。よろしくお願いします。\n";
const KOREAN: &str = "안녕하세요. 이 문서는 대외비입니다. 다른 사람에게 보여주지 마십시오.\n";
const RUSSIAN: &str = "Этот документ содержит сведения, составляющие государственную тайну.\n";

fn read(bytes: &[u8]) -> String {
    guess(bytes).map_or_else(
        || "no text".to_owned(),
        |coding| decode_to(bytes, coding, 1 << 20).0,
    )
}

fn written(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    encoding.encode(text).0.into_owned()
}

fn sixteen(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

#[test]
fn text_in_the_encodings_of_its_language_is_read() {
    for (text, encoding) in [
        (CHINESE, GB18030),
        (CHINESE, GBK),
        (TRADITIONAL, BIG5),
        (JAPANESE, SHIFT_JIS),
        (JAPANESE, EUC_JP),
        (JAPANESE, ISO_2022_JP),
        (KOREAN, EUC_KR),
        (RUSSIAN, KOI8_R),
    ] {
        assert_eq!(read(&written(text, encoding)), text, "{}", encoding.name());
    }
}

#[test]
fn a_mark_alone_is_enough_to_know_its_encoding() {
    for text in [
        "机密★10年",
        "绝密★30年\r\n",
        "内部事项 注意保管",
        "密级：秘密",
    ] {
        assert_eq!(read(&written(text, GBK)), text);
    }
    assert_eq!(read(&written("機密★10年", BIG5)), "機密★10年");
}

#[test]
fn wide_text_is_read_without_a_mark_too() {
    for text in [
        CHINESE,
        TRADITIONAL,
        JAPANESE,
        "SECRET//NOFORN\r\nplain text\r\n",
        "机密★10年\n",
    ] {
        assert_eq!(read(&sixteen(text, u16::to_le_bytes)), text);
        assert_eq!(read(&sixteen(text, u16::to_be_bytes)), text);
        let little: Vec<u8> = text
            .chars()
            .flat_map(|c| u32::from(c).to_le_bytes())
            .collect();
        let big: Vec<u8> = text
            .chars()
            .flat_map(|c| u32::from(c).to_be_bytes())
            .collect();
        assert_eq!(
            (read(&little), read(&big)),
            (text.to_owned(), text.to_owned())
        );
    }
}

#[test]
fn byte_order_marks_are_believed_and_dropped() {
    let mut utf8 = b"\xef\xbb\xbf".to_vec();
    utf8.extend(CHINESE.as_bytes());
    assert_eq!(read(&utf8), CHINESE);
    let mut utf16 = b"\xff\xfe".to_vec();
    utf16.extend(sixteen(CHINESE, u16::to_le_bytes));
    assert_eq!(read(&utf16), CHINESE);
}

#[test]
fn shifted_text_is_read_and_shells_are_no_shifted_text() {
    let gb: Vec<u8> = written("机密文件的管理", GBK)
        .iter()
        .map(|byte| byte & 0x7f)
        .collect();
    let hz = [b"note ~~ ~{", gb.as_slice(), b"~} end\n"].concat();
    assert_eq!(read(&hz), "note ~ 机密文件的管理 end\n");
    let korean: Vec<u8> = written("대외비", EUC_KR)
        .iter()
        .map(|byte| byte & 0x7f)
        .collect();
    let iso = [b"\x1b$)C\n\x0e", korean.as_slice(), b"\x0f ok\n"].concat();
    assert_eq!(read(&iso), "\n대외비 ok\n");
    let shell = "a=~{b,c}~ ; echo ~}\n";
    assert_eq!(read(shell.as_bytes()), shell);
}

#[test]
fn lines_of_another_encoding_between_are_read() {
    let bytes = [
        CHINESE.as_bytes(),
        &written("机密★10年\n", GBK),
        CHINESE.as_bytes(),
    ]
    .concat();
    assert_eq!(guess(&bytes), Some(Coding::Mixed));
    assert_eq!(read(&bytes), format!("{CHINESE}机密★10年\n{CHINESE}"));
}

#[test]
fn programs_and_noise_are_no_text() {
    let noise: Vec<u8> = (0_u32..4_096)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0])
        .collect();
    assert_eq!(guess(&noise), None);
    let program: Vec<u8> = (0_u32..1_024).flat_map(|n| (n * 7).to_le_bytes()).collect();
    assert_eq!(guess(&program), None);
}

#[test]
fn bytes_that_are_no_characters_are_told() {
    let (text, whole) = decode_to(b"abc\xff\xfedef", Coding::Web(encoding_rs::UTF_8), 100);
    assert!(!whole && text.starts_with("abc") && text.ends_with("def"));
}

#[test]
fn a_limit_of_text_ends_decoding() {
    let long = "密".repeat(200_000);
    let (text, whole) = decode_to(long.as_bytes(), Coding::Web(encoding_rs::UTF_8), 1_000);
    assert!(!whole && text.len() < 300_000);
}

proptest! {
    #[test]
    fn any_bytes_end(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        if let Some(coding) = guess(&bytes) {
            let (_, _) = decode_to(&bytes, coding, 1 << 20);
        }
        for coding in [Coding::Hz, Coding::Shifted(GBK), Coding::Mixed, Coding::Utf32Big] {
            let (_, _) = decode_to(&bytes, coding, 1 << 20);
        }
    }
}
