use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::{Cause, Limits, Ocr, Report, Rules, Stop, inspect};

fn read(bytes: &[u8]) -> Report {
    inspect(bytes, "", &Rules::default(), &Limits::default())
}

fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend(kind);
    bytes.extend(data);
    bytes.extend([0; 4]);
    bytes
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn png(side: u32) -> Vec<u8> {
    let mut header = side.to_be_bytes().to_vec();
    header.extend(side.to_be_bytes());
    header.extend([8, 0, 0, 0, 0]);
    let mut packed = b"Packed\0\0".to_vec();
    packed.extend(zlib(b"words that are packed"));
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend(chunk(b"IHDR", &header));
    bytes.extend(chunk(b"tEXt", b"Title\0\xbb\xfa\xc3\xdc"));
    bytes.extend(chunk(b"zTXt", &packed));
    bytes.extend(chunk(b"iTXt", "Author\0\0\0zh\0作者\0张三".as_bytes()));
    let packet = "<x:xmpmeta><rdf:Description dc:format='image'><dc:title><rdf:Alt><rdf:li>秘密&amp;</rdf:li></rdf:Alt></dc:title></rdf:Description>";
    bytes.extend(chunk(
        b"iTXt",
        format!("XML:com.adobe.xmp\0\0\0\0\0{packet}").as_bytes(),
    ));
    bytes.extend(chunk(b"IEND", b""));
    bytes
}

fn jpeg() -> Vec<u8> {
    let mut bytes = b"\xff\xd8".to_vec();
    let mut segment = |marker: u8, data: &[u8]| {
        bytes.extend([0xFF, marker]);
        bytes.extend(u16::try_from(data.len() + 2).unwrap().to_be_bytes());
        bytes.extend(data);
    };
    segment(0xFE, "a comment 机密".as_bytes());
    let tiff = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x0e\0\x02\0\0\0\x06\0\0\0\x1ashown\0\0\0";
    let mut tiff = tiff.to_vec();
    // the description stands behind the table
    tiff.truncate(28);
    tiff.extend(b"\0\0\0\0shown\0");
    segment(0xE1, &tiff);
    let mut blocks = b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x0b".to_vec();
    blocks.extend(b"\x1c\x02\x78\0\x06captio");
    segment(0xED, &blocks);
    segment(0xC0, b"\x08\0\x60\0\x60\x01");
    segment(0xDA, b"\0\0");
    bytes.extend(b"\x12\xff\x00\x34\xff\xd9");
    bytes
}

#[test]
fn words_in_the_chunks_of_a_png_are_properties() {
    let report = read(&png(96));
    for words in [
        "Title: 机密",
        "Packed: words that are packed",
        "Author: 张三",
        "dc:title: 秘密&",
        "dc:format: image",
    ] {
        assert!(report.text.contains(words), "{words}: {}", report.text);
    }
    assert_eq!(report.causes, [Cause::ImageWithoutOcr].into());
}

#[test]
fn words_in_the_segments_of_a_jpeg_are_properties() {
    let report = read(&jpeg());
    for words in [
        "comment: a comment 机密",
        "ImageDescription: shown",
        "Caption: captio",
    ] {
        assert!(report.text.contains(words), "{words}: {}", report.text);
    }
    assert_eq!(report.causes, [Cause::ImageWithoutOcr].into());
}

#[test]
fn what_hangs_behind_a_picture_is_read() {
    for mut bytes in [png(96), jpeg()] {
        bytes.extend(b"words behind the picture");
        assert!(read(&bytes).text.contains("words behind the picture"));
    }
}

#[test]
fn a_dot_holds_no_words_and_a_half_picture_is_damaged() {
    assert!(read(&png(8)).causes.is_empty());
    let whole = png(96);
    let half = read(&whole[..whole.len() - 12]);
    assert!(half.causes.contains(&Cause::Damaged));
}

#[test]
fn whoever_reads_pictures_is_asked() {
    struct Eyes;
    impl Ocr for Eyes {
        fn text(&self, _: &[u8], _: Option<&dyn Stop>) -> Result<String, Cause> {
            Ok("seen in the picture".to_owned())
        }
    }
    let limits = Limits {
        ocr: Some(std::sync::Arc::new(Eyes)),
        ..Limits::default()
    };
    let report = inspect(&png(96), "", &Rules::default(), &limits);
    assert!(report.text.contains("seen in the picture") && report.causes.is_empty());
}

#[test]
fn a_bitmap_is_a_picture_and_a_text_that_begins_like_one_is_none() {
    let mut bytes = b"BM\x8a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    // as high as wide, and written from the top, which a number below zero says
    bytes.extend([96_i32.to_le_bytes(), (-96_i32).to_le_bytes()].concat());
    bytes.resize(138, 0);
    let report = read(&bytes);
    assert_eq!(report.format, crate::Format::Bmp);
    assert_eq!(report.causes, [Cause::ImageWithoutOcr].into());
    bytes[18] = 12;
    bytes[22..26].copy_from_slice(&12_i32.to_le_bytes());
    assert!(read(&bytes).causes.is_empty());
    let text = read(b"BM is short for many things, and this is a text.");
    assert_eq!(text.format, crate::Format::Txt);
}

#[test]
fn a_comment_in_a_gif_is_a_property() {
    let mut bytes = b"GIF89a\x40\0\x40\0\0\0\0".to_vec();
    bytes.extend(b"\x21\xfe\x07comment\0\x2c\0\0\0\0\x40\0\x40\0\0\x02\x01\x00\0\x3b");
    let report = read(&bytes);
    assert!(report.text.contains("comment: comment"), "{}", report.text);
    assert!(!report.causes.contains(&Cause::Damaged));
}

#[test]
fn spoilt_copies_neither_panic_nor_hang() {
    let mut gif = b"GIF89a\x40\0\x40\0\x80\0\0abcdef".to_vec();
    gif.extend(b"\x21\xfe\x07comment\0\x3b");
    for whole in [png(96), jpeg(), gif] {
        for at in 0..whole.len() {
            read(&whole[..at]);
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            read(&flipped);
            flipped[at] = 0xFF;
            read(&flipped);
        }
    }
}
