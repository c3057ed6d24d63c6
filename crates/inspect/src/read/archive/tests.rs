#![expect(clippy::cast_possible_truncation, reason = "sizes of inputs made here")]

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};

use crate::{Cause, Format, Limits, Report, Rules, Status, inspect};

fn read(bytes: &[u8]) -> Report {
    inspect(bytes, "", &Rules::default(), &Limits::default())
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A ZIP of members `(name, flags, content)`; with a central directory.
fn zip(members: &[(&[u8], u16, &[u8])]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, flags, content) in members {
        let packed = deflated(content);
        let mut header = Vec::new();
        for two in [*flags, 8, 0, 0] {
            header.extend(two.to_le_bytes());
        }
        for four in [0, packed.len() as u32, content.len() as u32] {
            header.extend(four.to_le_bytes());
        }
        header.extend((name.len() as u16).to_le_bytes());
        header.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\x00\x14\x00");
        directory.extend(&header);
        directory.extend([0; 10]);
        directory.extend([0; 0]);
        directory.extend((bytes.len() as u32).to_le_bytes());
        directory.extend(*name);
        bytes.extend(b"PK\x03\x04\x14\x00");
        bytes.extend(&header);
        bytes.extend(*name);
        bytes.extend(packed);
    }
    let from = bytes.len() as u32;
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\x00\x00\x00\x00");
    bytes.extend((members.len() as u16).to_le_bytes());
    bytes.extend((members.len() as u16).to_le_bytes());
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(from.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

fn tar(name: &str, kind: u8, content: &[u8]) -> Vec<u8> {
    let mut block = vec![0_u8; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
    block[148..156].fill(b' ');
    block[156] = kind;
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block.extend(content);
    block.resize(block.len().next_multiple_of(512), 0);
    block
}

#[test]
fn a_name_in_gbk_is_read_and_what_the_member_holds_stands_inside_it() {
    let report = read(&zip(&[(
        b"\xbb\xfa\xc3\xdc.txt",
        0,
        "绝密★30年".as_bytes(),
    )]));
    assert_eq!(report.status, Status::Read);
    assert!(report.text.contains("机密.txt") && report.text.contains("绝密★30年"));
}

#[test]
fn a_locked_member_keeps_its_name_and_is_told() {
    let report = read(&zip(&[
        ("密码.txt".as_bytes(), 1, b"x"),
        (b"b.txt", 0, b"open"),
    ]));
    assert_eq!(report.causes, [Cause::Encrypted].into());
    assert!(report.text.contains("密码.txt") && report.text.contains("open"));
}

#[test]
fn without_a_directory_members_are_found_by_their_own_headers() {
    let whole = zip(&[(b"a.txt", 0, b"first"), (b"b.txt", 0, b"second")]);
    let end = whole.windows(4).position(|four| four == b"PK\x01\x02");
    let report = read(&whole[..end.unwrap()]);
    assert_eq!(report.causes, [Cause::Damaged].into());
    assert!(report.text.contains("first") && report.text.contains("second"));
}

#[test]
fn a_member_that_the_directory_hides_is_read() {
    let hidden = zip(&[(b"hidden.txt", 0, b"under the floor")]);
    let end = hidden.windows(4).position(|four| four == b"PK\x01\x02");
    let mut both = hidden[..end.unwrap()].to_vec();
    both.extend(zip(&[(b"shown.txt", 0, b"on the table")]));
    let report = read(&both);
    assert_eq!(report.status, Status::Read);
    assert!(report.text.contains("under the floor") && report.text.contains("on the table"));
}

#[test]
fn names_that_climb_out_are_text_and_links_are_named_not_followed() {
    let mut bytes = tar("../../etc/passwd", b'0', b"climbed");
    let mut link = tar("a", b'2', b"");
    link[157..163].copy_from_slice(b"/etc/x");
    link[148..156].fill(b' ');
    let sum: u32 = link[..512].iter().map(|byte| u32::from(*byte)).sum();
    link[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    bytes.extend(link);
    bytes.extend([0; 1_024]);
    let report = read(&bytes);
    assert_eq!((report.format, report.status), (Format::Tar, Status::Read));
    assert!(report.text.contains("../../etc/passwd") && report.text.contains("a -> /etc/x"));
}

#[test]
fn long_names_and_records_of_pax_are_read() {
    let path = "目录/".repeat(40) + "秘密.txt";
    let record = format!(" path={path}\n");
    let length = record.len() + 3;
    let mut bytes = tar(
        "p",
        b'x',
        format!("{length}{record}22 comment=kept apart\n").as_bytes(),
    );
    bytes.extend(tar("short", b'0', b"body"));
    bytes.extend([0; 1_024]);
    let report = read(&bytes);
    assert!(report.text.contains(&path), "{}", report.text);
    assert!(report.text.contains("comment: kept apart"));
}

#[test]
fn what_unpacks_to_too_much_is_told_and_ends() {
    let limits = Limits {
        unpacked: 3 << 20,
        ..Limits::default()
    };
    let bomb = gzipped(&vec![b'a'; 8 << 20]);
    let report = inspect(&bomb, "", &Rules::default(), &limits);
    assert!(report.causes.contains(&Cause::TooBig));
    assert!(report.text.len() <= 3 << 20);
}

#[test]
fn more_than_its_share_for_each_byte_is_too_big() {
    let limits = Limits {
        ratio: 2,
        ..Limits::default()
    };
    let report = inspect(
        &gzipped(&vec![b'a'; 4 << 20]),
        "",
        &Rules::default(),
        &limits,
    );
    assert_eq!(report.causes, [Cause::TooBig].into());
}

#[test]
fn a_hundred_levels_end_at_the_limit() {
    let mut bytes = b"the innermost".to_vec();
    for _ in 0..100 {
        bytes = zip(&[(b"in.zip", 0, &bytes)]);
    }
    let report = read(&bytes);
    assert_eq!(report.causes, [Cause::TooDeep].into());
}

#[test]
fn more_members_than_allowed_end_the_reading() {
    let limits = Limits {
        members: 3,
        ..Limits::default()
    };
    let members: Vec<(&[u8], u16, &[u8])> = vec![(b"n", 0, b"x"); 9];
    let report = inspect(&zip(&members), "", &Rules::default(), &limits);
    assert_eq!(report.causes, [Cause::TooBig].into());
}

#[test]
fn spoilt_copies_neither_panic_nor_hang() {
    let inner = zip(&[(b"a.txt", 0, b"first"), (b"b.txt", 8, b"second")]);
    let mut outer = tar("in.zip", b'0', &inner);
    outer.extend([0; 1_024]);
    for whole in [gzipped(&outer), inner, outer] {
        for end in 0..whole.len().min(2_000) {
            read(&whole[..end]);
        }
        for at in 0..whole.len().min(2_000) {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            read(&flipped);
            flipped[at] = 0xFF;
            read(&flipped);
        }
    }
}
