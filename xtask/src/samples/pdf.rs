//! `annex.pdf`: a one-page annex in PDF 1.4.
//!
//! The Chinese text uses a standard font name and character map that every reader knows, so no
//! font is embedded; a map back to Unicode makes the text extractable.

use super::FICTITIOUS;
use std::collections::BTreeSet;

/// Size in points, distance from the bottom of the page, and the text, line by line.
const LINES: [(u32, u32, &str); 7] = [
    (16, 760, "机密★10年"),
    (20, 700, "附件：“青瓷”工程联合调试参数表"),
    (14, 650, "主站：云汀市三号站　　备站：石帆岛七号站"),
    (
        14,
        620,
        "发射功率：四十二瓦　　调试窗口：每日二十时至二十二时",
    ),
    (
        14,
        590,
        "频点一：一百三十八点五兆赫　　频点二：一百四十二兆赫",
    ),
    (14, 560, "本表随方案编号发放，不得复制。"),
    (10, 80, FICTITIOUS),
];

/// The file's bytes.
pub(super) fn make() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] \
         /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>"
            .to_owned(),
        stream(&content()),
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H \
         /DescendantFonts [6 0 R] /ToUnicode 8 0 R >>"
            .to_owned(),
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 \
         /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> \
         /FontDescriptor 7 0 R >>"
            .to_owned(),
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] \
         /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
            .to_owned(),
        stream(&to_unicode()),
    ];
    assemble(&objects)
}

fn assemble(objects: &[String]) -> Vec<u8> {
    let mut file = String::from("%PDF-1.4\n");
    let mut table = String::from("0000000000 65535 f \n");
    for (object, number) in objects.iter().zip(1_u32..) {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let start = file.len();
    let count = objects.len() + 1;
    file.push_str(&format!(
        "xref\n0 {count}\n{table}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    file.into_bytes()
}

fn stream(content: &str) -> String {
    format!(
        "<< /Length {} >>\nstream\n{content}\nendstream",
        content.len()
    )
}

fn content() -> String {
    let mut content = String::from("BT");
    for (size, bottom, text) in LINES {
        let code = hex(text);
        content.push_str(&format!(
            "\n/F1 {size} Tf 1 0 0 1 72 {bottom} Tm <{code}> Tj"
        ));
    }
    content.push_str("\nET");
    content
}

/// The codes of the character map are UCS-2, so the way back is the identity, for each code used.
fn to_unicode() -> String {
    let codes: BTreeSet<u16> = LINES
        .iter()
        .flat_map(|(_, _, text)| text.encode_utf16())
        .collect();
    let codes: Vec<u16> = codes.into_iter().collect();
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n\
         /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
         /CMapName /Adobe-Identity-UCS def /CMapType 2 def\n\
         1 begincodespacerange <0000> <FFFF> endcodespacerange",
    );
    // at most a hundred entries a block, says the specification
    for block in codes.chunks(100) {
        map.push_str(&format!("\n{} beginbfchar", block.len()));
        for code in block {
            map.push_str(&format!("\n<{code:04X}> <{code:04X}>"));
        }
        map.push_str("\nendbfchar");
    }
    map.push_str("\nendcmap CMapName currentdict /CMap defineresource pop end end");
    map
}

fn hex(text: &str) -> String {
    text.encode_utf16()
        .map(|code| format!("{code:04X}"))
        .collect()
}
