//! `draft.docx`: the draft of a plan, with the provisional mark that drafts carry too (R-168).

use super::zip::Zip;
use super::{FICTITIOUS, escaped};

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>"#;

const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

const DOCUMENT_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" Target="header1.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/></Relationships>"#;

const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋"/><w:sz w:val="32"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/><w:sz w:val="44"/></w:rPr></w:style><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style></w:styles>"#;

const SPACE: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;

/// A4 with the margins of an official document (R-173), in twentieths of a point.
const PAGE: &str = r#"<w:sectPr><w:headerReference w:type="default" r:id="rId2"/><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1985" w:left="1588" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr>"#;

const TITLE: &str = "“青瓷”工程二〇二七年度联合调试方案（草案）";

/// Style and text of each paragraph.
const PARAGRAPHS: [(&str, &str); 10] = [
    ("Heading1", "一、目的"),
    (
        "Normal",
        "为检验“青瓷”工程三号站与七号站之间链路的可靠性，拟于二〇二七年四月开展联合调试。",
    ),
    ("Heading1", "二、时间与地点"),
    (
        "Normal",
        "调试自四月十二日零时起，至四月十六日二十四时止；主站设于云汀市，备站设于石帆岛。",
    ),
    ("Heading1", "三、分工"),
    (
        "Normal",
        "系统室负责主站参数下发，测试室负责记录与判读，保障室负责备用电源与应急通信。",
    ),
    ("Heading1", "四、要求"),
    (
        "Normal",
        "参数表与频点表随本方案附后，份数由保密员统一编号，调试结束后三日内清退。",
    ),
    ("Heading1", "五、说明"),
    ("Normal", FICTITIOUS),
];

/// The file's bytes.
pub(super) fn make() -> Vec<u8> {
    let mut body = paragraph("Title", TITLE);
    for (style, text) in PARAGRAPHS {
        body.push_str(&paragraph(style, text));
    }
    let mut zip = Zip::default();
    zip.add("[Content_Types].xml", CONTENT_TYPES);
    zip.add("_rels/.rels", RELATIONS);
    zip.add("word/_rels/document.xml.rels", DOCUMENT_RELATIONS);
    zip.add(
        "word/document.xml",
        part("document", &format!("<w:body>{body}{PAGE}</w:body>")),
    );
    zip.add("word/styles.xml", STYLES);
    zip.add(
        "word/header1.xml",
        part("hdr", &paragraph("Normal", "机密★10年（预标志）")),
    );
    zip.add(
        "word/footer1.xml",
        part("ftr", &paragraph("Normal", "云汀仪表研究所（虚构）")),
    );
    zip.finish()
}

fn part(root: &str, inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <w:{root} {SPACE}>{inside}</w:{root}>"
    )
}

fn paragraph(style: &str, text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>",
        escaped(text)
    )
}
