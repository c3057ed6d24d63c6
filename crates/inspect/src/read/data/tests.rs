use crate::{Cause, Format, Limits, Report, Rules, Status, inspect};

fn read(bytes: &[u8]) -> Report {
    inspect(bytes, "", &Rules::default(), &Limits::default())
}

fn table() -> Vec<u8> {
    let mut bytes = vec![0x03, 124, 1, 31];
    bytes.extend(2_u32.to_le_bytes());
    bytes.extend(65_u16.to_le_bytes());
    bytes.extend(11_u16.to_le_bytes());
    bytes.resize(32, 0);
    bytes.extend(b"NAME\0\0\0\0\0\0\0C\0\0\0\0\x0a");
    bytes.resize(64, 0);
    bytes.push(0x0D);
    bytes.extend(b" \xbb\xfa\xc3\xdc      ");
    bytes.extend(b"*deleted   ");
    bytes
}

#[test]
fn records_of_a_table_are_lines_also_those_that_are_deleted() {
    let report = read(&table());
    assert_eq!((report.format, report.status), (Format::Dbf, Status::Read));
    assert_eq!(report.text.trim(), "NAME\n机密\ndeleted");
}

/// A database of one page with one row, and another page that the row goes on upon.
fn database(text: &str) -> Vec<u8> {
    let mut bytes = b"SQLite format 3\0".to_vec();
    bytes.extend(512_u16.to_be_bytes());
    bytes.resize(512 * 3, 0);
    bytes[28..32].copy_from_slice(&3_u32.to_be_bytes());
    bytes[59] = 1;
    bytes[100] = 0x0D;
    bytes[104] = 1;
    bytes[108..110].copy_from_slice(&150_u16.to_be_bytes());
    let kind = text.len() * 2 + 13;
    let varint = |value: usize| {
        [
            u8::try_from(value >> 7).unwrap() | 0x80,
            u8::try_from(value & 0x7F).unwrap(),
        ]
    };
    let mut payload = vec![4, 4];
    payload.extend(varint(kind));
    payload.extend(7_000_001_u32.to_be_bytes());
    payload.extend(text.as_bytes());
    let mut cell = varint(payload.len()).to_vec();
    cell.push(1);
    let whole = payload.len();
    let here = if whole <= 477 {
        whole
    } else {
        39 + (whole - 39) % 508
    };
    cell.extend(&payload[..here]);
    if here < whole {
        cell.extend(2_u32.to_be_bytes());
        bytes[516..516 + whole - here].copy_from_slice(&payload[here..]);
    }
    bytes[150..150 + cell.len()].copy_from_slice(&cell);
    bytes
}

#[test]
fn rows_of_a_database_are_read_also_those_that_go_on_elsewhere() {
    for text in ["a secret 机密".repeat(3), "long 机密 ".repeat(50)] {
        let report = read(&database(&text));
        assert_eq!(report.status, Status::Read);
        assert!(
            report.text.contains(&format!("7000001\t{text}")),
            "{}",
            report.text
        );
    }
}

#[test]
fn a_database_that_is_cut_off_is_damaged() {
    let whole = database("words");
    assert!(read(&whole[..1_024]).causes.contains(&Cause::Damaged));
}

#[test]
fn spoilt_copies_neither_panic_nor_hang() {
    for whole in [table(), database(&"long 机密 ".repeat(50))] {
        for at in 0..whole.len() {
            read(&whole[..at]);
            for with in [0xFF, 0x80, 0x01] {
                let mut flipped = whole.clone();
                flipped[at] ^= with;
                read(&flipped);
            }
        }
    }
}
