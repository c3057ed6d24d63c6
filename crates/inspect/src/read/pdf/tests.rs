use std::io::Write;
use std::sync::{Arc, Mutex};

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::{Cause, Limits, Ocr, Part, Report, Rules, Status, Stop, Text, inspect};

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

/// A document of objects, each as it stands in the file, numbered from 1; the first is the catalog. There is no table of
/// objects: readers find them all the same.
fn document(objects: &[String]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    for (object, number) in objects.iter().zip(1..) {
        places.push(bytes.len());
        bytes.extend(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
    }
    let table = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for place in places {
        bytes.extend(format!("{place:010} 00000 n \n").as_bytes());
    }
    let size = objects.len() + 1;
    bytes.extend(format!("trailer\n<< /Size {size} /Root 1 0 R /Info 2 0 R >>\n").as_bytes());
    bytes.extend(format!("startxref\n{table}\n%%EOF\n").as_bytes());
    bytes
}

fn stream(dict: &str, data: &str) -> String {
    format!(
        "<< {dict} /Length {} >>\nstream\n{data}\nendstream",
        data.len()
    )
}

/// One page with a content, and further objects from number 7 on.
fn page(content: &str, catalog: &str, page: &str, more: &[&str]) -> Vec<u8> {
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 3 0 R {catalog} >>"),
        "<< /Title (\\273\\372\\303\\334) /MSIP_Label_x_Name (Secret) >>".to_owned(),
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 3 0 R /MediaBox [0 0 600 800] /Contents 5 0 R /Resources << /Font << /F 6 0 R /G 7 0 R >> /Properties << /L 9 0 R >> >> {page} >>"
        ),
        stream("", content),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong /Encoding /UniGB-UCS2-H /DescendantFonts [8 0 R] >>".to_owned(),
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>".to_owned(),
        "<< /Type /OCG /Name (layer) >>".to_owned(),
    ];
    objects.extend(more.iter().map(|object| (*object).to_owned()));
    document(&objects)
}

#[test]
fn letters_of_a_font_that_is_not_in_the_file_are_read() {
    let report = read(&page(
        "BT /G 12 Tf 50 700 Td <673A5BC6260500310030> Tj 40 0 Td <5E74> Tj ET",
        "",
        "",
        &[],
    ));
    assert_eq!(report.status, Status::Read, "{:?}", report.causes);
    assert!(report.text.contains("机密★10"), "{}", report.text);
}

#[test]
fn information_with_any_key_is_read() {
    let text = text(&page("", "", "", &[]));
    let told: Vec<(&str, &str)> = text
        .properties()
        .iter()
        .map(|property| (property.name.as_str(), property.value.as_str()))
        .collect();
    assert!(told.contains(&("Title", "机密")));
    assert!(told.contains(&("MSIP_Label_x_Name", "Secret")));
}

#[test]
fn what_is_not_shown_stands_in_a_hidden_place() {
    let drawn = "BT /F 12 Tf 50 700 Td (shown) Tj 3 Tr 0 -20 Td (under a picture) Tj 0 Tr ET \
                 /OC /L BDC BT 50 600 Td (on a layer) Tj ET EMC";
    let catalog = "/OCProperties << /OCGs [9 0 R] /D << /OFF [9 0 R] >> >>";
    let text = text(&page(drawn, catalog, "", &[]));
    for (words, part) in [
        ("shown", Part::Body),
        ("under a picture", Part::Hidden),
        ("on a layer", Part::Hidden),
    ] {
        let at = text.as_str().find(words).unwrap();
        assert_eq!(
            (text.place(at).part, text.place(at).page),
            (part, 1),
            "{words}"
        );
    }
}

#[test]
fn what_is_to_be_read_instead_and_what_is_drawn_are_both_kept() {
    let drawn = "BT /F 12 Tf 50 700 Td /Span << /ActualText (secret) >> BDC (s3cr3t) Tj EMC ET";
    let report = read(&page(drawn, "", "", &[]));
    assert!(report.text.contains("secret") && report.text.contains("s3cr3t"));
}

#[test]
fn remarks_fields_links_and_attached_files_are_read() {
    let attached = stream("/Type /EmbeddedFile", "the attached words");
    let bytes = page(
        "",
        "/AcroForm << /Fields [11 0 R] >> /Names << /EmbeddedFiles << /Names [(a) 12 0 R] >> >> \
         /Outlines << /First 14 0 R >>",
        "/Annots [10 0 R]",
        &[
            "<< /Type /Annot /Subtype /Text /Contents (a remark) /A << /URI (http://x.cn) >> >>",
            "<< /T (level) /V (top secret) /FT /Tx >>",
            "<< /Type /Filespec /F (a.txt) /UF (a.txt) /EF << /F 13 0 R >> >>",
            &attached,
            "<< /Title (Chapter one) /Next 14 0 R /First 14 0 R >>",
        ],
    );
    let text = text(&bytes);
    for (words, part) in [
        ("a remark", Part::Comment),
        ("http://x.cn", Part::Comment),
        ("level: top secret", Part::Textbox),
        ("a.txt", Part::Name),
        ("Chapter one", Part::Metadata),
    ] {
        let at = text.as_str().find(words).unwrap();
        assert_eq!(text.place(at).part, part, "{words}");
    }
    let at = text.as_str().find("the attached words").unwrap();
    assert_eq!(text.place_told(at).container, ["a.txt"]);
}

#[test]
fn a_page_that_is_a_picture_is_told() {
    for (side, causes) in [(96, vec![Cause::ImageWithoutOcr]), (9, Vec::new())] {
        let dict = format!("/Subtype /Image /Width {side} /Height {side} /Filter /DCTDecode");
        let picture = stream(&dict, "x");
        let bytes = page(
            "/P Do",
            "",
            "/Resources << /XObject << /P 10 0 R >> >>",
            &[&picture],
        );
        assert_eq!(read(&bytes).causes, causes.into_iter().collect(), "{side}");
    }
    let stripe = stream(
        "/Subtype /Image /Width 800 /Height 8 /Filter /DCTDecode",
        "x",
    );
    let bytes = page(
        &"/P Do ".repeat(20),
        "",
        "/Resources << /XObject << /P 10 0 R >> >>",
        &[&stripe],
    );
    assert_eq!(read(&bytes).causes, [Cause::ImageWithoutOcr].into());
}

/// Keeps what it was asked to read.
#[derive(Default)]
struct Eyes(Mutex<Vec<Vec<u8>>>);

impl Ocr for Eyes {
    fn text(&self, picture: &[u8], _: Option<&dyn Stop>) -> Result<String, Cause> {
        self.0.lock().unwrap().push(picture.to_vec());
        Ok("seen".to_owned())
    }
}

#[test]
fn pictures_are_given_as_files_to_whoever_reads_pictures() {
    let dots = stream(
        "/Subtype /Image /Width 48 /Height 12 /BitsPerComponent 8 /ColorSpace /DeviceGray",
        &"0123456789abcdef".repeat(36),
    );
    let fax = stream(
        "/Subtype /Image /Width 48 /Height 12 /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 48 >>",
        "fax",
    );
    let bytes = page(
        "/P Do /Q Do",
        "",
        "/Resources << /XObject << /P 10 0 R /Q 11 0 R >> >>",
        &[&dots, &fax],
    );
    let (eyes, report) = seen(&bytes);
    assert!(report.causes.is_empty() && report.text.contains("seen"));
    let seen = eyes.0.lock().unwrap();
    assert!(seen[0].starts_with(b"\x89PNG") && seen[0].windows(4).any(|four| four == b"IEND"));
    assert!(seen[1].starts_with(b"II*\0") && seen[1].windows(3).any(|three| three == b"fax"));
}

/// A file as somebody sees it who reads pictures.
fn seen(bytes: &[u8]) -> (Arc<Eyes>, Report) {
    let eyes = Arc::new(Eyes::default());
    let limits = Limits {
        ocr: Some(eyes.clone()),
        ..Limits::default()
    };
    let report = inspect(bytes, "", &Rules::default(), &limits);
    (eyes, report)
}

#[test]
fn black_and_white_is_unpacked_unless_it_says_that_it_is_enormous() {
    // one segment, that of the page, which is white where nothing is drawn
    let packed = |height: u32| {
        let mut bytes = vec![0, 0, 0, 0, 48, 0, 1, 0, 0, 0, 19, 0, 0, 0, 64];
        bytes.extend(height.to_be_bytes());
        bytes.extend([0; 11]);
        String::from_utf8(bytes).unwrap()
    };
    for (height, read) in [(16, true), (0x0303_0303, false)] {
        let dict =
            "/Subtype /Image /Width 64 /Height 16 /BitsPerComponent 1 /ColorSpace /DeviceGray";
        let picture = stream(&format!("{dict} /Filter /JBIG2Decode"), &packed(height));
        let bytes = page(
            "/P Do",
            "",
            "/Resources << /XObject << /P 10 0 R >> >>",
            &[&picture],
        );
        let (eyes, report) = seen(&bytes);
        let seen = eyes.0.lock().unwrap();
        assert_eq!(
            (seen.len() == 1, report.causes.is_empty()),
            (read, read),
            "{report:?}"
        );
        assert!(
            seen.iter()
                .all(|png| png[16..24] == [0, 0, 0, 64, 0, 0, 0, 16])
        );
    }
}

#[test]
fn a_nearly_white_page_is_unpacked_however_well_it_packs() {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&vec![0; 2_000 * 1_500]).unwrap();
    let packed = packer.finish().unwrap();
    assert!(packed.len() < 4_000);
    // bytes that are no text take the place of letters
    let letters = "~".repeat(packed.len());
    let dict = "/Subtype /Image /Width 2000 /Height 1500 /BitsPerComponent 8 /ColorSpace /DeviceGray \
                /Filter /FlateDecode";
    let mut bytes = page(
        "/P Do",
        "",
        "/Resources << /XObject << /P 10 0 R >> >>",
        &[&stream(dict, &letters)],
    );
    let at = memchr::memmem::find(&bytes, letters.as_bytes()).unwrap();
    bytes[at..at + packed.len()].copy_from_slice(&packed);
    let (eyes, report) = seen(&bytes);
    assert!(report.causes.is_empty(), "{:?}", report.causes);
    assert_eq!(eyes.0.lock().unwrap().len(), 1);
}

#[test]
fn letters_behind_a_picture_were_recognised_before() {
    let picture = stream(
        "/Subtype /Image /Width 960 /Height 96 /Filter /DCTDecode",
        "x",
    );
    for (letters, looks) in [(10, 1), (60, 0)] {
        let said = "a".repeat(letters);
        let bytes = page(
            &format!("/P Do BT /F 9 Tf 3 Tr ({said}) Tj ET"),
            "",
            "/Resources << /XObject << /P 10 0 R >> /Font << /F 6 0 R >> >>",
            &[&picture],
        );
        let (eyes, report) = seen(&bytes);
        assert!(report.text.contains(&said), "{report:?}");
        assert_eq!(eyes.0.lock().unwrap().len(), looks, "{letters}");
    }
}

#[test]
fn objects_that_unpack_to_too_much_are_told_before_they_are_unpacked() {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&vec![b'0'; 8 << 20]).unwrap();
    let packed = packer.finish().unwrap();
    let mut bytes =
        b"%PDF-1.5\n1 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n".to_vec();
    bytes.extend(packed);
    bytes.extend(b"\nendstream\nendobj\n%%EOF");
    let limits = Limits {
        unpacked: 4 << 20,
        ..Limits::default()
    };
    let report = inspect(&bytes, "", &Rules::default(), &limits);
    assert_eq!(report.causes, [Cause::TooBig].into());
}

#[test]
fn forms_that_draw_themselves_and_trees_that_loop_end() {
    let form = stream(
        "/Subtype /Form /Resources << /XObject << /P 10 0 R >> /Font << /F 6 0 R >> >>",
        "/P Do BT /F 9 Tf (once) Tj ET",
    );
    let bytes = page(
        "/P Do",
        "",
        "/Resources << /XObject << /P 10 0 R >> >>",
        &[&form],
    );
    assert!(read(&bytes).text.contains("once"));
    let looped = document(&[
        "<< /Type /Catalog /Pages 3 0 R >>".to_owned(),
        "<< >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>".to_owned(),
    ]);
    read(&looped);
}

#[test]
fn spoilt_copies_neither_panic_nor_hang() {
    let whole = page(
        "BT /F 12 Tf 1 0 0 1 50 700 Tm [(wo) -100 (rds)] TJ /F 9 Tf (words) ' ET",
        "/Outlines << /First 4 0 R >>",
        "/Annots [<< /Contents (x) >>]",
        &[],
    );
    for end in (0..whole.len()).step_by(7) {
        read(&whole[..end]);
    }
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        read(&flipped);
    }
}
