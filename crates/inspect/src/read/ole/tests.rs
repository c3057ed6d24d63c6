use crate::read::probe::{survives, told};
use crate::report::Cause;
use crate::{Format, Part};

/// A storage or stream to be put into a file: the name of what it lies in, its own, and its bytes.
type Put<'a> = (&'a str, &'a str, Option<Vec<u8>>);

/// An OLE file. Streams are filled up with zeros, so that none lies in the small sectors.
fn compound(puts: &[Put<'_>]) -> Vec<u8> {
    let mut sectors: Vec<u8> = Vec::new();
    let mut fat: Vec<u32> = Vec::new();
    let mut entries = vec![entry("Root Entry", 5, 0xffff_fffe, 0)];
    let mut last_of: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for (parent, name, bytes) in puts {
        let at = entries.len();
        let (kind, first, size) = match bytes {
            Some(bytes) => {
                let size = bytes.len().max(4_096).next_multiple_of(512);
                let first = u32::try_from(fat.len()).unwrap();
                for number in 1..size / 512 {
                    fat.push(first + u32::try_from(number).unwrap());
                }
                fat.push(0xffff_fffe);
                sectors.extend_from_slice(bytes);
                sectors.resize(sectors.len() - bytes.len() + size, 0);
                (2, first, u32::try_from(size).unwrap())
            }
            None => (1, 0xffff_fffe, 0),
        };
        entries.push(entry(name, kind, first, size));
        let number = u32::try_from(at).unwrap().to_le_bytes();
        let (holder, field) = match last_of.insert((*parent).to_owned(), at) {
            Some(before) => (before, 72),
            None => (
                puts.iter()
                    .position(|(_, one, _)| one == parent)
                    .map_or(0, |one| one + 1),
                76,
            ),
        };
        entries[holder][field..field + 4].copy_from_slice(&number);
    }
    let directory = u32::try_from(fat.len()).unwrap();
    let directory_sectors = entries.len().div_ceil(4);
    for number in 1..directory_sectors {
        fat.push(directory + u32::try_from(number).unwrap());
    }
    fat.push(0xffff_fffe);
    for one in &entries {
        sectors.extend_from_slice(one);
    }
    sectors.resize(fat.len() * 512, 0);
    let fat_at = u32::try_from(fat.len()).unwrap();
    fat.push(0xffff_fffd);
    fat.resize(128, 0xffff_ffff);
    assert_eq!(fat.len(), 128, "a test's file has one sector of chains");
    let mut bytes = vec![0_u8; 512];
    bytes[..8].copy_from_slice(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
    bytes[30] = 9;
    bytes[48..52].copy_from_slice(&directory.to_le_bytes());
    bytes[60..64].copy_from_slice(&0xffff_fffe_u32.to_le_bytes());
    bytes[68..72].copy_from_slice(&0xffff_fffe_u32.to_le_bytes());
    bytes[76..512].fill(0xff);
    bytes[76..80].copy_from_slice(&fat_at.to_le_bytes());
    bytes.extend(sectors);
    bytes.extend(fat.iter().flat_map(|one| one.to_le_bytes()));
    bytes
}

fn entry(name: &str, kind: u8, first: u32, size: u32) -> [u8; 128] {
    let mut entry = [0_u8; 128];
    let wide = wide(name);
    entry[..wide.len()].copy_from_slice(&wide);
    entry[64] = u8::try_from(wide.len() + 2).unwrap();
    entry[66] = kind;
    entry[68..80].fill(0xff);
    entry[116..120].copy_from_slice(&first.to_le_bytes());
    entry[120..124].copy_from_slice(&size.to_le_bytes());
    entry
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn put(bytes: &mut [u8], at: usize, number: u32) {
    bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
}

/// Text in two pieces, the second part of which lies before the first; then a footnote, a header and a comment.
fn doc() -> Vec<u8> {
    let (body, after) = (
        "机密★10年\r\u{13}PAGE 域码\u{14}结果\u{15}\r藏",
        "脚注\r页眉\r批注\r",
    );
    let text: Vec<u8> = [wide(after), wide(body)].concat();
    let count = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap();
    let mut stream = vec![0_u8; 0x400];
    stream[..2].copy_from_slice(&0xa5ec_u16.to_le_bytes());
    for (part, letters) in [(0, count(body)), (1, 3), (2, 3), (4, 3)] {
        put(&mut stream, 0x4c + part * 4, letters);
    }
    stream.extend(&text);
    let end = u32::try_from(0x400 + text.len()).unwrap();
    // properties of letters: the last letter of the body is hidden
    stream.resize(0x800, 0);
    let mut page = [0_u8; 512];
    put(&mut page, 0, end - 2);
    put(&mut page, 4, end);
    page[8] = 100;
    page[200..204].copy_from_slice(&[3, 0x3c, 0x08, 1]);
    page[511] = 1;
    stream.extend(page);
    let mut table = vec![0_u8; 16];
    let pieces = table.len();
    table.push(2);
    table.extend(28_u32.to_le_bytes());
    for at in [0, count(body), count(body) + count(after)] {
        table.extend(at.to_le_bytes());
    }
    for place in [0x400 + u32::try_from(wide(after).len()).unwrap(), 0x400] {
        table.extend([0, 0]);
        table.extend(place.to_le_bytes());
        table.extend([0, 0]);
    }
    put(&mut stream, 0x1a2, u32::try_from(pieces).unwrap());
    put(
        &mut stream,
        0x1a6,
        u32::try_from(table.len() - pieces).unwrap(),
    );
    let letters = table.len();
    for number in [0x400, end, 4] {
        table.extend(u32::to_le_bytes(number));
    }
    put(&mut stream, 0xfa, u32::try_from(letters).unwrap());
    put(&mut stream, 0xfe, 12);
    compound(&[
        ("", "WordDocument", Some(stream)),
        ("", "0Table", Some(table)),
        ("", "\u{5}SummaryInformation", Some(summary())),
    ])
}

/// A title in GBK.
fn summary() -> Vec<u8> {
    let (title, _, _) = encoding_rs::GBK.encode("题目字");
    let mut section = Vec::new();
    section.extend(0_u32.to_le_bytes());
    section.extend(2_u32.to_le_bytes());
    for number in [1_u32, 24, 2, 32] {
        section.extend(number.to_le_bytes());
    }
    section.extend([2, 0, 0, 0]);
    section.extend(936_u32.to_le_bytes());
    section.extend(30_u32.to_le_bytes());
    section.extend(u32::try_from(title.len() + 1).unwrap().to_le_bytes());
    section.extend_from_slice(&title);
    let mut bytes = vec![0_u8; 24];
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend([0; 16]);
    bytes.extend(48_u32.to_le_bytes());
    bytes.extend(section);
    bytes
}

#[test]
fn pieces_of_a_document_are_put_into_order_and_told_by_their_part() {
    let told = told(&doc());
    assert!(
        told.causes().is_empty(),
        "{:?} {}",
        told.causes(),
        told.text()
    );
    for (words, part) in [
        ("机密★10年", Part::Body),
        ("结果", Part::Body),
        ("PAGE 域码", Part::Hidden),
        ("藏", Part::Hidden),
        ("脚注", Part::Footnote),
        ("页眉", Part::Header),
        ("批注", Part::Comment),
    ] {
        assert_eq!(told.part(words), part, "{words}");
    }
    assert_eq!(told.property("title"), Some("题目字"));
}

/// A document of Word 95: one run of bytes in the code page of its language.
fn old_doc() -> Vec<u8> {
    let (text, _, _) = encoding_rs::GBK.encode("机密★10年\r第二段");
    let mut stream = vec![0_u8; 0x300];
    stream[..2].copy_from_slice(&0xa5dc_u16.to_le_bytes());
    stream[6..8].copy_from_slice(&0x0804_u16.to_le_bytes());
    put(&mut stream, 0x18, 0x300);
    put(
        &mut stream,
        0x1c,
        u32::try_from(0x300 + text.len()).unwrap(),
    );
    put(&mut stream, 0x34, u32::try_from(text.len()).unwrap());
    stream.extend_from_slice(&text);
    compound(&[("", "WordDocument", Some(stream))])
}

#[test]
fn documents_before_unicode_are_read_in_the_code_page_of_their_language() {
    let told = told(&old_doc());
    assert_eq!(told.part("机密★10年\n第二段"), Part::Body);
    assert!(told.causes().is_empty());
}

#[test]
fn a_document_with_a_password_is_locked() {
    let mut stream = vec![0_u8; 0x400];
    stream[..2].copy_from_slice(&0xa5ec_u16.to_le_bytes());
    stream[11] = 1;
    let bytes = compound(&[("", "WordDocument", Some(stream))]);
    assert_eq!(told(&bytes).causes(), [Cause::Encrypted]);
    let bytes = compound(&[("", "EncryptedPackage", Some(vec![1; 100]))]);
    assert_eq!(Format::of(&bytes, ""), Format::Locked);
    assert_eq!(told(&bytes).causes(), [Cause::Encrypted]);
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap();
    [&kind.to_le_bytes(), &length.to_le_bytes(), data].concat()
}

/// A workbook whose shared string is cut between two records, and whose second sheet is hidden.
fn xls() -> Vec<u8> {
    let begin = record(0x809, &[0, 6, 5, 0, 0, 0, 0, 0]);
    let bound = |at: u32, hidden: u8, name: &str| {
        let mut data = at.to_le_bytes().to_vec();
        data.extend([
            hidden,
            0,
            u8::try_from(name.encode_utf16().count()).unwrap(),
            1,
        ]);
        data.extend(wide(name));
        record(0x85, &data)
    };
    let mut strings = [1_u32.to_le_bytes(), 1_u32.to_le_bytes()].concat();
    strings.extend([5, 0, 1]);
    strings.extend(wide("机密★"));
    let mut rest = vec![0];
    rest.extend(b"10");
    let shared = [record(0xfc, &strings), record(0x3c, &rest)].concat();
    let cell = [1, 0, 2, 0, 0, 0, 0, 0, 0, 0];
    let remark = [
        record(
            0x1b6,
            &[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 8, 0, 0, 0, 0, 0],
        ),
        record(0x3c, &[&[1], wide("批注字").as_slice()].concat()),
        record(0x1c, &[1, 0, 2, 0, 0, 0, 1, 0, 1, 0, 0, b'x']),
    ]
    .concat();
    let mut head = vec![3, 0, 1];
    head.extend(wide("&C眉"));
    let first = [
        &begin,
        &record(0x14, &head),
        &record(0xfd, &cell),
        &remark,
        &record(0x0a, &[]),
    ]
    .map(Vec::as_slice)
    .concat();
    let mut label = vec![0, 0, 0, 0, 0, 0, 3, 0, 1];
    label.extend(wide("表藏字"));
    let second = [&begin, &record(0x204, &label), &record(0x0a, &[])]
        .map(Vec::as_slice)
        .concat();
    let globals = |at: usize| {
        [
            begin.clone(),
            bound(u32::try_from(at).unwrap(), 0, "表一"),
            bound(u32::try_from(at + first.len()).unwrap(), 2, "表二"),
            shared.clone(),
            record(0x0a, &[]),
        ]
        .concat()
    };
    let length = globals(0).len();
    let stream = [globals(length), first.clone(), second].concat();
    compound(&[("", "Workbook", Some(stream))])
}

#[test]
fn cells_of_old_workbooks_stand_where_they_stand() {
    let told = told(&xls());
    assert!(
        told.causes().is_empty(),
        "{:?} {}",
        told.causes(),
        told.text()
    );
    let mark = told.place("机密★10");
    assert_eq!(
        (mark.part, mark.sheet.as_deref(), mark.cell.as_deref()),
        (Part::Body, Some("表一"), Some("C2"))
    );
    assert_eq!(told.place("批注字").cell.as_deref(), Some("C2"));
    assert_eq!(told.part("批注字"), Part::Comment);
    assert_eq!(told.part("眉"), Part::Header);
    assert_eq!(told.part("表藏字"), Part::Hidden);
}

fn ppt() -> Vec<u8> {
    let record = |kind: u16, first: u16, data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap().to_le_bytes();
        [
            &first.to_le_bytes(),
            &kind.to_le_bytes(),
            length.as_slice(),
            data,
        ]
        .concat()
    };
    let slide = record(1_006, 0xf, &record(4_000, 0, &wide("机密★\r第二段")));
    let old = record(1_006, 0xf, &record(4_000, 0, &wide("旧稿")));
    let notes = record(1_008, 0xf, &record(4_000, 0, &wide("备注字")));
    let mut entry = [0_u8; 20];
    entry[0] = 1;
    entry[12] = 9;
    let list = record(4_080, 0xf, &record(1_011, 0, &entry));
    let document = record(1_000, 0xf, &list);
    let places: Vec<u32> = [0, slide.len(), slide.len() + old.len()]
        .iter()
        .map(|at| u32::try_from(document.len() + at).unwrap())
        .collect();
    let mut persisted = (3_u32 << 20 | 1).to_le_bytes().to_vec();
    for place in [places[0], places[2], 0] {
        persisted.extend(place.to_le_bytes());
    }
    let persisted_at =
        u32::try_from(document.len() + slide.len() + old.len() + notes.len()).unwrap();
    let persisted = record(6_002, 0, &persisted);
    let mut edit = [0_u8; 28];
    put(&mut edit, 12, persisted_at);
    let edit_at = persisted_at + u32::try_from(persisted.len()).unwrap();
    let mut user = vec![0_u8; 20];
    put(&mut user, 16, edit_at);
    let stream = [
        document,
        slide,
        old,
        notes,
        persisted,
        record(4_085, 0, &edit),
    ]
    .concat();
    compound(&[
        ("", "PowerPoint Document", Some(stream)),
        ("", "Current User", Some(user)),
    ])
}

#[test]
fn slides_of_old_presentations_are_numbered_and_old_drafts_are_hidden() {
    let told = told(&ppt());
    let mark = told.place("机密★");
    assert_eq!((mark.part, mark.slide), (Part::Body, Some(1)));
    assert_eq!(told.part("旧稿"), Part::Hidden);
    assert_eq!(told.part("备注字"), Part::Notes);
}

#[test]
fn messages_are_read_with_what_is_attached() {
    let bytes = compound(&[
        ("", "__properties_version1.0", Some(vec![0; 64])),
        ("", "__substg1.0_0037001F", Some(wide("机密主题"))),
        ("", "__substg1.0_1000001F", Some(wide("正文字"))),
        ("", "__attach_version1.0_#00000000", None),
        (
            "__attach_version1.0_#00000000",
            "__substg1.0_3707001F",
            Some(wide("附.txt")),
        ),
        (
            "__attach_version1.0_#00000000",
            "__substg1.0_37010102",
            Some("附件字".into()),
        ),
    ]);
    let told = told(&bytes);
    assert_eq!(told.property("subject"), Some("机密主题"));
    assert_eq!(told.part("正文字"), Part::Body);
    assert_eq!(told.part("附.txt"), Part::Name);
}

#[test]
fn what_nobody_knows_is_looked_through_and_told() {
    let bytes = compound(&[(
        "",
        "Strange",
        Some([&[1, 2], wide("核心商密文字").as_slice()].concat()),
    )]);
    let told = told(&bytes);
    assert!(told.text().contains("核心商密文字"));
    assert_eq!(told.causes(), [Cause::UnknownFormat]);
}

#[test]
fn sources_of_macros_are_unpacked() {
    // the example of MS-OVBA 3.2.3: copies of copies
    let packed: &[u8] = b"\x01\x03\xb0\x02\x61\x45\x00";
    let mut list = Vec::new();
    for (kind, data) in [(0x1a_u16, b"Module1".as_slice()), (0x31, &[0, 0, 0, 0])] {
        list.extend(kind.to_le_bytes());
        list.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        list.extend(data);
    }
    // a chunk that is packed by nothing but flags
    let mut dir = vec![1];
    let mut chunk = Vec::new();
    for eight in list.chunks(8) {
        chunk.push(0);
        chunk.extend_from_slice(eight);
    }
    dir.extend((0xb000 | u16::try_from(chunk.len() - 1).unwrap()).to_le_bytes());
    dir.extend(chunk);
    let bytes = compound(&[
        ("", "VBA", None),
        ("VBA", "dir", Some(dir)),
        ("VBA", "Module1", Some(packed.to_vec())),
    ]);
    let told = told(&bytes);
    assert_eq!(told.part("aaaa"), Part::Hidden, "{}", told.text());
}

#[test]
fn damaged_files_end() {
    for bytes in [doc(), xls(), ppt()] {
        survives(&bytes);
    }
}
