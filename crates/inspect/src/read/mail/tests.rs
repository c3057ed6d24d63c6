use crate::{Cause, Format, Limits, Part, Report, Rules, Status, Text, inspect};

use super::super::{Reading, file};

fn read(bytes: &[u8]) -> Report {
    inspect(bytes, "", &Rules::default(), &Limits::default())
}

fn text(bytes: &[u8]) -> Text {
    let limits = Limits::default();
    let mut reading = Reading::new(&limits);
    file(bytes, "", &mut reading);
    reading.end().text
}

const MESSAGE: &str = "From: =?gbk?B?1cXI/Q==?= <z@x.cn>\r\n\
    Subject: =?utf-8?B?5py65a+G4piF?=\r\n =?utf-8?B?MTDlubQ=?=\r\n\
    X-Label: state secret\r\n\
    MIME-Version: 1.0\r\n\
    Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n\
    before all parts\r\n\
    --b\r\nContent-Type: text/plain; charset=gbk\r\nContent-Transfer-Encoding: base64\r\n\r\nu/rD3A==\r\n\
    --b\r\nContent-Type: application/octet-stream\r\n\
    Content-Disposition: attachment; filename*=utf-8''%E7%A7%98%E5%AF%86.txt\r\n\
    Content-Transfer-Encoding: base64\r\n\r\ndGhlIGF0dGFjaGVkIHdvcmRz\r\n\
    --b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\nFrom: a\r\nDate: b\r\n\r\nthe inner words\r\n\
    --b--\r\n";

#[test]
fn headers_bodies_attachments_and_inner_messages_are_read_each_at_its_place() {
    let text = text(MESSAGE.as_bytes());
    for (words, part, container) in [
        ("Subject: 机密★10年", Part::Header, &[][..]),
        ("张三", Part::Header, &[]),
        ("state secret", Part::Metadata, &[]),
        ("before all parts", Part::Hidden, &[]),
        ("秘密.txt", Part::Name, &[]),
        ("the attached words", Part::Body, &["秘密.txt"]),
        ("the inner words", Part::Body, &["inner.eml"]),
    ] {
        let at = text.as_str().find(words);
        let at = at.unwrap_or_else(|| panic!("{words}: {}", text.as_str()));
        let place = text.place_told(at);
        assert_eq!(place.part, part, "{words}");
        assert_eq!(place.container, container, "{words}");
    }
    assert!(text.as_str().contains("\n机密\n"), "{}", text.as_str());
}

#[test]
fn a_header_in_no_code_at_all_is_of_the_code_page_of_its_writer() {
    let mut bytes = b"From: a\r\nTo: b\r\nSubject: ".to_vec();
    bytes.extend(b"\xbb\xfa\xc3\xdc\r\n\r\nbody");
    assert!(read(&bytes).text.contains("Subject: 机密"));
}

#[test]
fn what_is_encrypted_is_told() {
    let message = "From: a\r\nTo: b\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; \
        smime-type=enveloped-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHA6CAMIA=\r\n";
    assert_eq!(read(message.as_bytes()).causes, [Cause::Encrypted].into());
    let message = "From: a\r\nTo: b\r\nSubject: c\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n";
    assert_eq!(read(message.as_bytes()).causes, [Cause::Encrypted].into());
}

#[test]
fn boxes_give_each_message_its_own_place() {
    let one = "From a Mon Jan 1\nFrom: a\nSubject: first\n\nwords of one\n\n";
    let two = "From b Mon Jan 1\nFrom: b\nTo: x\nSubject: second\n\nwords of two\n";
    let bytes = format!("{one}{two}");
    assert_eq!(read(bytes.as_bytes()).format, Format::Mbox);
    let text = text(bytes.as_bytes());
    let at = text.as_str().find("words of two").unwrap();
    assert_eq!(text.place_told(at).container, ["2.eml"]);
}

fn attribute(level: u8, id: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![level];
    bytes.extend(id.to_le_bytes());
    bytes.extend(u32::try_from(data.len()).unwrap_or_default().to_le_bytes());
    bytes.extend(data);
    bytes.extend([0, 0]);
    bytes
}

#[test]
fn attachments_in_outlooks_own_box_are_read() {
    let mut bytes = b"\x78\x9f\x3e\x22\x01\x00".to_vec();
    bytes.extend(attribute(1, 0x0001_8004, b"the subject\0"));
    bytes.extend(attribute(2, 0x0006_9002, &[0; 14]));
    bytes.extend(attribute(2, 0x0001_8010, b"\xbb\xfa\xc3\xdc.txt\0"));
    bytes.extend(attribute(2, 0x0006_800F, b"the attached words"));
    let report = read(&bytes);
    assert_eq!((report.format, report.status), (Format::Tnef, Status::Read));
    for words in ["the subject", "机密.txt", "the attached words"] {
        assert!(report.text.contains(words), "{}", report.text);
    }
    for end in 0..bytes.len() {
        read(&bytes[..end]);
        let mut flipped = bytes.clone();
        flipped[end] ^= 0xFF;
        read(&flipped);
    }
}

#[test]
fn spoilt_copies_neither_panic_nor_hang() {
    for end in 0..MESSAGE.len() {
        read(&MESSAGE.as_bytes()[..end]);
        let mut flipped = MESSAGE.as_bytes().to_vec();
        flipped[end] ^= 1 << (end % 8);
        read(&flipped);
    }
}
