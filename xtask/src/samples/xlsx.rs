//! `list.xlsx`: the list that lies in a sealed envelope, against which its content is counted.
//!
//! The third row promises three copies; in the demo only two are in the envelope.

use super::zip::Zip;
use super::{FICTITIOUS, escaped};

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#;

const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

const WORKBOOK_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;

const WORKBOOK: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="发文清单" sheetId="1" r:id="rId1"/></sheets></workbook>"#;

const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#;

#[derive(Debug, Clone, Copy)]
enum Cell {
    Text(&'static str),
    Number(u32),
}
use Cell::{Number, Text};

const COLUMNS: [&str; 6] = ["A", "B", "C", "D", "E", "F"];

const ROWS: [[Cell; 6]; 4] = [
    [
        Text("序号"),
        Text("文号"),
        Text("标题"),
        Text("密级和保密期限"),
        Text("份号"),
        Text("份数"),
    ],
    [
        Number(1),
        Text("云试〔2026〕14号"),
        Text("关于“青瓷”工程试运行情况的通报"),
        Text("秘密★5年"),
        Text("000021"),
        Number(1),
    ],
    [
        Number(2),
        Text("云试〔2026〕15号"),
        Text("“青瓷”工程站点设备清册"),
        Text("机密★10年"),
        Text("000007-000008"),
        Number(2),
    ],
    [
        Number(3),
        Text("云试〔2026〕16号"),
        Text("“青瓷”工程联调频点安排"),
        Text("机密★10年"),
        Text("000004-000006"),
        Number(3),
    ],
];

/// The file's bytes.
pub(super) fn make() -> Vec<u8> {
    let mut zip = Zip::default();
    zip.add("[Content_Types].xml", CONTENT_TYPES);
    zip.add("_rels/.rels", RELATIONS);
    zip.add("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS);
    zip.add("xl/workbook.xml", WORKBOOK);
    zip.add("xl/styles.xml", STYLES);
    zip.add("xl/worksheets/sheet1.xml", sheet());
    zip.finish()
}

fn sheet() -> String {
    let mut rows = String::new();
    for (row, number) in ROWS.iter().zip(1_u32..) {
        let cells: String = COLUMNS
            .iter()
            .zip(row)
            .map(|(column, cell)| spell(column, number, *cell))
            .collect();
        rows.push_str(&format!("<row r=\"{number}\">{cells}</row>"));
    }
    let note = spell("A", 6, Text(FICTITIOUS));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
         <sheetData>{rows}<row r=\"6\">{note}</row></sheetData></worksheet>"
    )
}

fn spell(column: &str, row: u32, cell: Cell) -> String {
    match cell {
        Text(text) => format!(
            "<c r=\"{column}{row}\" t=\"inlineStr\"><is><t>{}</t></is></c>",
            escaped(text)
        ),
        Number(number) => format!("<c r=\"{column}{row}\"><v>{number}</v></c>"),
    }
}
