//! `notice.ofd`: a one-page notice in OFD (GB/T 33190), the format of Chinese official documents.

use super::zip::Zip;
use super::{FICTITIOUS, escaped};

const ROOT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>7275706e6700000000000000000000a1</ofd:DocID><ofd:Title>关于开展载体清点工作的通知</ofd:Title><ofd:CreationDate>2027-01-04</ofd:CreationDate></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"#;

const DOCUMENT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>"#;

const RESOURCES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<ofd:Res xmlns:ofd="http://www.ofdspec.org/2016" BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>"#;

/// Left margin, distance from the top and size in millimetres, and the text, line by line.
const LINES: [(u32, u32, u32, &str); 8] = [
    (28, 37, 6, "内部"),
    (60, 60, 8, "关于开展载体清点工作的通知"),
    (28, 84, 5, "各室："),
    (
        38,
        94,
        5,
        "定于一月十一日至十三日对“青瓷”工程纸质载体进行清点。",
    ),
    (38, 104, 5, "请保管人于清点前核对份号、页数与存放位置。"),
    (38, 114, 5, "清点中发现短少的，立即向保密办公室报告。"),
    (110, 134, 5, "云汀仪表研究所保密办公室"),
    (28, 250, 4, FICTITIOUS),
];

/// The file's bytes.
pub(super) fn make() -> Vec<u8> {
    let mut zip = Zip::default();
    zip.add("OFD.xml", ROOT);
    zip.add("Doc_0/Document.xml", DOCUMENT);
    zip.add("Doc_0/PublicRes.xml", RESOURCES);
    zip.add("Doc_0/Pages/Page_0/Content.xml", page());
    zip.finish()
}

fn page() -> String {
    let mut objects = String::new();
    for ((left, top, size, text), id) in LINES.into_iter().zip(10_u32..) {
        objects.push_str(&object(id, left, top, size, text));
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <ofd:Page xmlns:ofd=\"http://www.ofdspec.org/2016\"><ofd:Content>\
         <ofd:Layer Type=\"Body\" ID=\"2\">{objects}</ofd:Layer></ofd:Content></ofd:Page>"
    )
}

/// One line of full-width characters: each advances by the font size.
fn object(id: u32, left: u32, top: u32, size: u32, text: &str) -> String {
    let count = text.chars().count();
    let advances = vec![size.to_string(); count.saturating_sub(1)].join(" ");
    let width = 210 - left;
    let height = size + 2;
    format!(
        "<ofd:TextObject ID=\"{id}\" Boundary=\"{left} {top} {width} {height}\" Font=\"3\" \
         Size=\"{size}\"><ofd:TextCode X=\"0\" Y=\"{size}\" DeltaX=\"{advances}\">{}\
         </ofd:TextCode></ofd:TextObject>",
        escaped(text)
    )
}
