use super::*;

#[test]
fn checksums_are_those_of_the_zip_format() {
    assert_eq!(zip::crc32(b"123456789"), 0xCBF4_3926);
    assert_eq!(zip::crc32(b""), 0);
}

#[test]
fn an_archive_is_laid_out_as_the_format_says() {
    let mut archive = zip::Zip::default();
    archive.add("a.txt", "hello");
    archive.add("b/c.txt", "");
    let bytes = archive.finish();
    let end = &bytes[bytes.len() - 22..];
    assert_eq!(&end[..4], b"PK\x05\x06");
    assert_eq!(&end[8..12], [2, 0, 2, 0]);
    let start = u32::from_le_bytes(end[16..20].try_into().unwrap()) as usize;
    assert_eq!(&bytes[start..start + 4], b"PK\x01\x02");
    assert_eq!(&bytes[30..40], b"a.txthello");
}

#[test]
fn every_cross_reference_of_the_pdf_points_at_its_object() {
    let bytes = pdf::make();
    let text = String::from_utf8(bytes).unwrap();
    let start: usize = text
        .lines()
        .rev()
        .nth(1)
        .and_then(|line| line.parse().ok())
        .unwrap();
    let table = text.get(start..).unwrap();
    let entries = table.lines().filter(|line| line.ends_with(" n "));
    for (entry, number) in entries.zip(1..) {
        let offset: usize = entry.split(' ').next().unwrap().parse().unwrap();
        let object = text.get(offset..).unwrap();
        assert!(object.starts_with(&format!("{number} 0 obj\n")), "{number}");
    }
}

#[test]
fn samples_are_small_say_that_they_are_fictitious_and_are_current() {
    for (name, bytes) in all() {
        assert!(bytes.len() < 16 * 1024, "{name}");
        let marker: Vec<u8> = match name {
            "annex.pdf" => utf16_hex(FICTITIOUS).into_bytes(),
            _ => FICTITIOUS.into(),
        };
        assert!(
            bytes.windows(marker.len()).any(|part| part == marker),
            "{name}"
        );
    }
    assert_eq!(stale().unwrap(), [""; 0]);
}

fn utf16_hex(text: &str) -> String {
    text.encode_utf16()
        .map(|code| format!("{code:04X}"))
        .collect()
}
