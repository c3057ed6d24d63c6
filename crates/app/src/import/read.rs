//! The rows of a file: CSV in UTF-8 or in GB 18030, as spreadsheets write it, or the first sheet of a
//! workbook. Both are read row by row, and what a workbook unpacks to is bounded before it is read.

use crate::{
    error::{Error, text},
    limits,
};
use calamine::{DataRef, DataType, Reader, Xlsx, XlsxError};
use quick_xml::events::Event;
use serde_json::{Value, json};
use std::{
    io::{Cursor, Read},
    ops::ControlFlow,
};

/// A row as it came: its number in the file, from 1, and its cells without empty ones at the end.
pub(super) type Cells = (i64, Vec<Value>);

/// Reads a file and hands each of its rows on until it is told to stop.
pub(super) fn rows(
    bytes: &[u8],
    take: &mut dyn FnMut(Cells) -> ControlFlow<()>,
) -> Result<(), Error> {
    if bytes.starts_with(b"PK\x03\x04") {
        workbook(bytes, take)
    } else if bytes.contains(&0) {
        Err(unreadable())
    } else {
        csv(bytes, take)
    }
}

pub(super) fn unreadable() -> Error {
    Error::malformed(
        "import.unreadable",
        "无法读取该文件：须为 XLSX 工作簿，或 UTF-8、GB 18030 编码的 CSV",
        "the file cannot be read: it has to be an XLSX workbook, or CSV in UTF-8 or GB 18030",
    )
}

pub(super) fn too_large() -> Error {
    Error::Limited {
        code: "import.too_large",
        say: text(
            "文件过大：至多 100000 行、200 列，内容至多 32 MiB、展开后至多 256 MiB；请分成几个文件",
            "the file is too large: 100,000 rows, 200 columns, 32 MiB of content and 256 MiB unpacked are the most; split it",
        ),
    }
}

/// What the cells of a row take, in bytes.
pub(super) fn weight(cells: &[Value]) -> usize {
    let one = |cell: &Value| 16 + cell.as_str().map_or(0, str::len);
    cells.iter().map(one).sum()
}

/// Cells of a row within bounds; nothing of an empty one.
fn row(number: usize, mut cells: Vec<Value>) -> Result<Option<Cells>, Error> {
    let filled = cells.iter().rposition(|cell| !cell.is_null());
    cells.truncate(filled.map_or(0, |last| last + 1));
    if cells.is_empty() {
        return Ok(None);
    }
    if cells.len() > limits::IMPORT_COLUMNS || weight(&cells) > limits::IMPORT_ROW_BYTES {
        return Err(too_large());
    }
    let number = i64::try_from(number).map_err(Error::internal)?;
    Ok(Some((number, cells)))
}

fn csv(bytes: &[u8], take: &mut dyn FnMut(Cells) -> ControlFlow<()>) -> Result<(), Error> {
    let (decoded, _) = encoding_rs::UTF_8.decode_with_bom_removal(bytes);
    let decoded = if std::str::from_utf8(bytes).is_ok() {
        decoded
    } else {
        let (decoded, _, broken) = encoding_rs::GB18030.decode(bytes);
        if broken {
            return Err(unreadable());
        }
        decoded
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&decoded))
        .from_reader(decoded.as_bytes());
    let mut number = 0;
    for record in reader.records() {
        let record = record.map_err(|_| unreadable())?;
        number += 1 + empty_lines(&decoded, record.position());
        if record.len() > 10 * limits::IMPORT_COLUMNS {
            return Err(too_large());
        }
        let cells = record.iter().map(text_cell).collect();
        if let Some(row) = row(number, cells)?
            && take(row).is_break()
        {
            return Ok(());
        }
    }
    Ok(())
}

/// Empty lines before a record, which count as rows of the sheet.
fn empty_lines(text: &str, place: Option<&csv::Position>) -> usize {
    let at = place.and_then(|place| usize::try_from(place.byte()).ok());
    let Some((before, rest)) = at.and_then(|at| text.split_at_checked(at)) else {
        return 0;
    };
    // the line before may end in two characters, of which the first ended its record
    let rest = match (before.ends_with('\r'), rest.strip_prefix('\n')) {
        (true, Some(rest)) => rest,
        _ => rest,
    };
    let ends = rest.find(|one| !matches!(one, '\r' | '\n'));
    let run = rest.get(..ends.unwrap_or(rest.len())).unwrap_or_default();
    run.matches('\n').count().max(run.matches('\r').count())
}

/// What stands between the cells: whichever of the usual ones the first lines hold most of.
fn delimiter(text: &str) -> u8 {
    let head: String = text.lines().take(5).collect();
    let many = |one: char| head.matches(one).count();
    let usual = [(',', b','), ('\t', b'\t'), (';', b';')];
    let most = usual
        .iter()
        .rev()
        .max_by_key(|(character, _)| many(*character));
    most.map_or(b',', |(_, byte)| *byte)
}

/// A cell of text; the mark that keeps a spreadsheet from taking it for a formula is no part of it.
fn text_cell(text: &str) -> Value {
    // WHY: what no key types is no part of a name, and one database refuses some of it
    let printed = |one: &char| !one.is_control() || matches!(one, '\n' | '\t');
    let text: String = text.chars().filter(printed).collect();
    let text = text.trim();
    let plain = text
        .strip_prefix('\'')
        .filter(|rest| rest.starts_with(['=', '+', '-', '@']))
        .unwrap_or(text);
    if plain.is_empty() {
        Value::Null
    } else {
        Value::from(plain)
    }
}

fn workbook(bytes: &[u8], take: &mut dyn FnMut(Cells) -> ControlFlow<()>) -> Result<(), Error> {
    measure(bytes)?;
    let broken = |_: XlsxError| unreadable();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let sheet = book.sheet_names().first().cloned();
    let sheet = sheet.ok_or_else(unreadable)?;
    let mut reader = book.worksheet_cells_reader(&sheet).map_err(broken)?;
    let (mut at, mut cells) = (0, Vec::new());
    while let Some(cell) = reader.next_cell().map_err(broken)? {
        let (line, column) = cell.get_position();
        let (line, column) = (to_size(line), to_size(column));
        if line < at {
            return Err(unreadable());
        }
        if line != at {
            if let Some(row) = row(at + 1, std::mem::take(&mut cells))?
                && take(row).is_break()
            {
                return Ok(());
            }
            at = line;
        }
        let value = value(cell.get_value());
        if value.is_null() {
            continue;
        }
        if column >= limits::IMPORT_COLUMNS {
            return Err(too_large());
        }
        if cells.len() <= column {
            cells.resize(column + 1, Value::Null);
        }
        if let Some(place) = cells.get_mut(column) {
            *place = value;
        }
    }
    match row(at + 1, cells)?.map(take) {
        // the last row: whether more is wanted no longer matters
        None | Some(ControlFlow::Continue(()) | ControlFlow::Break(())) => Ok(()),
    }
}

fn to_size(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Looks at everything once before the workbook is read. WHY: what an archive says of its own sizes may be a
/// lie, and what reads the workbook believes its counts, and keeps its texts and styles in memory.
fn measure(bytes: &[u8]) -> Result<(), Error> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    if archive.len() > limits::IMPORT_PARTS {
        return Err(too_large());
    }
    let mut left = limits::IMPORT_UNPACKED;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| unreadable())?;
        let name = part.name().map_err(|_| unreadable())?.to_lowercase();
        let mut part = part.take(left + 1);
        let own = name.rsplit(['/', '\\']).next().unwrap_or_default();
        // these two are found by their names
        let unpacked = match own.strip_suffix(".xml") {
            Some("styles") => styles(&mut part)?,
            Some("sharedstrings") => texts(&mut part)?,
            _ => std::io::copy(&mut part, &mut std::io::sink()).map_err(|_| unreadable())?,
        };
        left = left.checked_sub(unpacked).ok_or_else(too_large)?;
    }
    Ok(())
}

/// The styles, small enough to be looked at whole: how many formats there are, and how much a tag says. WHY: each
/// format gets copies of what the tags it names say. Read by the same parser, so that nothing is read otherwise.
fn styles(part: &mut impl Read) -> Result<u64, Error> {
    let mut text = Vec::new();
    let limit = u64::try_from(limits::IMPORT_STYLES).unwrap_or(u64::MAX);
    part.take(limit + 1)
        .read_to_end(&mut text)
        .map_err(|_| unreadable())?;
    if text.len() > limits::IMPORT_STYLES {
        return Err(too_large());
    }
    let mut reader = quick_xml::Reader::from_reader(text.as_slice());
    let (mut formats, mut buffer) = (0, Vec::new());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) => {
                formats += usize::from(tag.local_name().as_ref() == "xf");
                if tag.len() > limits::IMPORT_STYLE_CHARS || formats > limits::IMPORT_FORMATS {
                    return Err(too_large());
                }
            }
            Ok(Event::Eof) => return Ok(text.len() as u64),
            Ok(_) => {}
            Err(_) => return Err(unreadable()),
        }
    }
}

/// The texts, byte by byte: how many there are, and how many they say there are.
fn texts(part: &mut impl Read) -> Result<u64, Error> {
    let mut scan = Texts::default();
    let (mut buffer, mut size) = (vec![0; 64 * 1024], 0);
    loop {
        let read = part.read(&mut buffer).map_err(|_| unreadable())?;
        let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else {
            return Ok(size);
        };
        size += piece.len() as u64;
        piece.iter().for_each(|byte| scan.take(*byte));
        if scan.items > limits::IMPORT_TEXTS || scan.said > limits::IMPORT_TEXTS {
            return Err(too_large());
        }
    }
}

/// Counts texts in a stream of bytes.
#[derive(Default)]
struct Texts {
    /// The last bytes, the newest lowest.
    last: u128,
    items: u64,
    said: u64,
    /// The number that follows a count's name, while it goes on.
    number: Option<u64>,
}

impl Texts {
    fn take(&mut self, byte: u8) {
        self.number = match (self.number, byte) {
            (Some(number), b'0'..=b'9') => {
                let number = number.saturating_mul(10);
                let number = number.saturating_add(u64::from(byte - b'0'));
                self.said = self.said.max(number);
                Some(number)
            }
            // what may stand between a name and its value
            (Some(0), b'=' | b'"' | b'\'' | b' ' | b'\t' | b'\r' | b'\n') => Some(0),
            _ => None,
        };
        self.last = (self.last << 8) | u128::from(byte);
        if self.ends_with(b"uniqueCount") {
            self.number = Some(0);
        }
        self.items += u64::from(self.ends_with(b"<si") || self.ends_with(b":si"));
    }

    fn ends_with(&self, word: &[u8]) -> bool {
        let wanted = word
            .iter()
            .fold(0_u128, |wanted, byte| (wanted << 8) | u128::from(*byte));
        let mask = (1_u128 << (8 * word.len())) - 1;
        self.last & mask == wanted
    }
}

fn value(cell: &DataRef<'_>) -> Value {
    match cell {
        DataRef::Empty => Value::Null,
        // what went wrong in the workbook is no value of any field
        DataRef::Error(error) => json!({ "error": error.to_string() }),
        DataRef::Bool(yes) => Value::from(*yes),
        DataRef::Int(number) => Value::from(*number),
        DataRef::Float(number) => number_of(*number),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) => day(cell),
        DataRef::DurationIso(text) | DataRef::String(text) => text_cell(text),
        DataRef::SharedString(text) => text_cell(text),
    }
}

/// A whole number stays one: a workbook knows decimals only.
fn number_of(number: f64) -> Value {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and far smaller than the largest whole number"
    )]
    if number.fract() == 0.0 && number.abs() < 1e15 {
        Value::from(number as i64)
    } else {
        // as many digits as a spreadsheet shows: what it computes has more
        let shown = format!("{number:.14e}").parse().unwrap_or(number);
        Value::from(shown)
    }
}

/// `2026-03-01`, with a time behind it where the cell has one.
fn day(cell: &DataRef<'_>) -> Value {
    let Some(at) = cell.get_datetime() else {
        return cell
            .as_string()
            .map_or(Value::Null, |text| text_cell(&text));
    };
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        Value::from(format!("{year:04}-{month:02}-{day:02}"))
    } else {
        Value::from(format!(
            "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::{Format, Workbook};

    fn read(bytes: &[u8]) -> Result<Vec<Cells>, Error> {
        let mut all = Vec::new();
        rows(bytes, &mut |row| {
            all.push(row);
            ControlFlow::Continue(())
        })?;
        Ok(all)
    }

    #[test]
    fn text_is_read_in_either_encoding_with_any_usual_delimiter() {
        let wanted = vec![
            (1, vec![json!("名称"), json!("备注")]),
            (3, vec![json!("研究室"), json!("=1+1")]),
        ];
        let plain = "名称,备注\r\n\r\n研究室,'=1+1,\r\n";
        assert_eq!(read(plain.as_bytes()).unwrap(), wanted);
        assert_eq!(
            read(format!("\u{feff}{plain}").as_bytes()).unwrap(),
            wanted,
            "with a mark of its encoding"
        );
        let tabs = plain.replace(',', "\t");
        assert_eq!(read(tabs.as_bytes()).unwrap(), wanted);
        let (chinese, _, _) = encoding_rs::GB18030.encode(plain);
        assert_eq!(read(&chinese).unwrap(), wanted);
    }

    #[test]
    fn a_workbook_gives_numbers_days_and_words() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write_string(0, 0, "a").unwrap();
        sheet.write_number(2, 0, 3.0).unwrap();
        sheet.write_number(2, 1, 0.5).unwrap();
        sheet.write_boolean(2, 2, true).unwrap();
        let day = Format::new().set_num_format("yyyy-mm-dd");
        sheet
            .write_number_with_format(2, 4, 46_082.0, &day)
            .unwrap();
        let bytes = book.save_to_buffer().unwrap();
        let row = vec![
            json!(3),
            json!(0.5),
            json!(true),
            Value::Null,
            json!("2026-03-01"),
        ];
        assert_eq!(
            read(&bytes).unwrap(),
            [(1, vec![json!("a")]), (3, row)],
            "empty rows are left out and numbered all the same"
        );
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for bytes in [
            b"PK\x03\x04".as_slice(),
            b"PK\x03\x04 and no more",
            b"a\0b",
            b"\xff\xff,",
        ] {
            let said = read(bytes).unwrap_err().to_string();
            assert!(said.starts_with("import.unreadable"), "{said}");
        }
        let wide = "x,".repeat(limits::IMPORT_COLUMNS + 1);
        let said = read(wide.as_bytes()).unwrap_err().to_string();
        assert!(said.starts_with("import.too_large"), "{said}");
    }

    /// A workbook with one part of this text in it.
    fn with_part(name: &str, text: &[u8]) -> Vec<u8> {
        use std::io::Write;
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        archive.start_file(name, options).unwrap();
        archive.write_all(text).unwrap();
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn counts_and_styles_that_would_take_all_memory_are_refused_before_they_are_believed() {
        let styles = |text: &str| ("xl/styles.xml", text.to_owned());
        let texts = |text: &str| ("x/SharedStrings.xml", text.to_owned());
        let spaces = " ".repeat(70_000);
        for (name, text) in [
            texts("<sst uniqueCount = '10000000000000000'/>"),
            texts(&format!("<sst {spaces}uniqueCount={spaces}\"99999999\"/>")),
            texts("<sst uniqueCount=\"99999999999999999999999999999\"/>"),
            styles(&"<xf/>".repeat(limits::IMPORT_FORMATS + 1)),
            styles(&"<x:xf/>".repeat(limits::IMPORT_FORMATS + 1)),
            styles(&format!("<numFmt formatCode=\"{}\"/>", "0'".repeat(2000))),
            styles(&format!(
                "<!-- ' --><numFmt formatCode=\"{}\"/>",
                "0'".repeat(2000)
            )),
            styles(&"<font/>".repeat(1_000_000)),
        ] {
            let said = read(&with_part(name, text.as_bytes())).unwrap_err();
            let said = said.to_string();
            assert!(said.starts_with("import.too_large"), "{name}: {said}");
        }
        let many = "<si/>".repeat(usize::try_from(limits::IMPORT_TEXTS + 1).unwrap());
        let mut many = many.as_bytes();
        assert!(
            super::texts(&mut many).is_err(),
            "more texts than there may be"
        );
    }

    #[test]
    fn a_cell_that_went_wrong_is_no_text() {
        let error = DataRef::Error(calamine::CellErrorType::NA);
        assert_eq!(value(&error), json!({ "error": "#N/A" }));
        assert_eq!(number_of(1.1 * 3.0), json!(3.3));
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused_before_it_is_read() {
        let zeros = vec![0; usize::try_from(limits::IMPORT_UNPACKED + 1).unwrap()];
        let bytes = with_part("xl/sharedStrings.xml", &zeros);
        let said = read(&bytes).unwrap_err().to_string();
        assert!(said.starts_with("import.too_large"), "{said}");
    }
}
