//! The bytes of the file. The mark stands in it, above everything else.

use super::{ExportFormat, ExportInput, table::Table};
use crate::{error::Error, told::Cell};
use rust_xlsxwriter::{DocProperties, Format, Workbook};
use serde_json::json;

/// Writes the table in the form that is asked for.
pub(super) fn file(table: &Table, input: &ExportInput) -> Result<Vec<u8>, Error> {
    match input.format {
        ExportFormat::Csv => csv(table),
        ExportFormat::Json => json(table),
        ExportFormat::Xlsx => workbook(table),
        ExportFormat::Pdf => Err(Error::defect("pages are made by the press")),
    }
}

/// The line above the table.
fn line(table: &Table) -> String {
    format!("{}　{}　{}", table.mark, table.title, table.taken)
}

fn csv(table: &Table) -> Result<Vec<u8>, Error> {
    // WHY: spreadsheets read UTF-8 only where it says so
    let mut out = csv::WriterBuilder::new()
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    out.write_record([line(table)]).map_err(Error::internal)?;
    out.write_record(table.columns.heads())
        .map_err(Error::internal)?;
    for row in &table.rows {
        let cells = row.iter().map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Number(number) => number.to_string(),
            Cell::Text(text) => harmless(text.clone()),
        });
        out.write_record(cells).map_err(Error::internal)?;
    }
    out.into_inner()
        .map_err(|error| Error::Internal(error.to_string().into()))
}

/// A cell that no spreadsheet takes for a formula.
pub(crate) fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text
    }
}

fn json(table: &Table) -> Result<Vec<u8>, Error> {
    let all = json!({
        "mark": table.mark,
        "register": table.register,
        "taken_at": table.taken,
        "records": table.objects,
    });
    serde_json::to_vec(&all).map_err(Error::internal)
}

fn workbook(table: &Table) -> Result<Vec<u8>, Error> {
    let mut book = Workbook::new();
    let properties = DocProperties::new()
        .set_title(&table.title)
        .set_subject(&table.mark)
        .set_keywords(&table.mark)
        .set_comment(line(table));
    book.set_properties(&properties);
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet();
    let failed = |error: rust_xlsxwriter::XlsxError| Error::Internal(error.to_string().into());
    sheet.set_name(&table.register).map_err(failed)?;
    sheet.set_header(format!("&L{}&R{}", table.mark, table.title));
    sheet.set_footer("&C&P / &N");
    sheet.set_landscape();
    sheet.set_repeat_rows(0, 1).map_err(failed)?;
    sheet
        .write_string_with_format(0, 0, line(table), &bold)
        .map_err(failed)?;
    for (at, head) in (0..).zip(table.columns.heads()) {
        sheet
            .write_string_with_format(1, at, head, &bold)
            .map_err(failed)?;
        sheet.set_column_width(at, 16).map_err(failed)?;
    }
    for (at, row) in (2..).zip(&table.rows) {
        for (column, cell) in (0..).zip(row) {
            match cell {
                Cell::Empty => {}
                Cell::Number(number) => {
                    sheet.write_number(at, column, *number).map_err(failed)?;
                }
                Cell::Text(text) => {
                    // a cell holds 32,767 characters
                    let text: String = text.chars().take(32_767).collect();
                    sheet.write_string(at, column, text).map_err(failed)?;
                }
            }
        }
    }
    sheet.set_freeze_panes(2, 1).map_err(failed)?;
    book.save_to_buffer().map_err(failed)
}
