//! Sheets that go out: the empty one that people fill in, with drop-downs and what each column takes, and
//! the one that comes back with what became of each row.

use super::{columns, values};
use crate::{
    batch::{self, BatchLineView, Columns},
    error::Error,
    problems::Problem,
};
use domain::{Language, Level, Text};
use registers::{Action, Definition, Field, FieldKind, model::Required};
use rust_xlsxwriter::{DataValidation, Format, FormatAlign, Note, Workbook, XlsxError};
use serde_json::Value;
use store::{BatchRow, Tx};

/// What the result of a row that became a record begins with.
pub(super) const DONE: char = '✓';
/// Rows below the heads that have drop-downs.
const ROWS: u32 = 5000;
/// What a spreadsheet takes as a list in a cell's own rule.
const LIST_CHARS: usize = 255;

/// The form of such a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetFormat {
    /// A workbook.
    Xlsx,
    /// Text with commas.
    Csv,
}

impl SheetFormat {
    /// Every form with its key, which is how its files end.
    pub const ALL: [(&'static str, Self); 2] = [("xlsx", Self::Xlsx), ("csv", Self::Csv)];

    fn key(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The head of the column with what became of a row.
const RESULT: (&str, &str) = ("导入结果", "Import result");

/// Whether a head is that of the column of results.
pub(super) fn is_result(head: &str) -> bool {
    head == RESULT.0 || head == RESULT.1
}

/// A sheet's own name has at most 31 characters.
fn tab(name: &str) -> String {
    name.chars().take(31).collect()
}

fn broken(error: XlsxError) -> Error {
    Error::internal(error)
}

/// An empty sheet with the columns of an action.
pub(super) fn template(
    definition: &Definition,
    action: &Action,
    (format, language): (SheetFormat, Language),
) -> Result<(String, Vec<u8>), Error> {
    let name = definition.name.in_language(language);
    let name = format!(
        "{name}-{}.{}",
        action.name.in_language(language),
        format.key()
    );
    let targets = columns::targets(definition, action);
    if format == SheetFormat::Csv {
        let heads = targets
            .iter()
            .map(|target| target.name.in_language(language));
        return Ok((name, csv([heads.map(str::to_owned).collect()])?));
    }
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(tab(&definition.key)).map_err(broken)?;
    let plain = Format::new()
        .set_bold()
        .set_align(FormatAlign::Top)
        .set_text_wrap();
    let needed = plain.clone().set_font_color(0x00C0_0000);
    for (column, target) in (0..).zip(&targets) {
        let field = columns::field(definition, &target.key);
        let field = field.filter(|_| target.key != columns::STATE);
        // what a row of a table needs is needed only where there is one
        let own = !target.key.contains('.');
        let is_needed =
            own && field.is_some_and(|field| matches!(field.required, Required::Always));
        let head = target.name.in_language(language);
        let head = if is_needed {
            format!("* {head}")
        } else {
            head.to_owned()
        };
        let format = if is_needed { &needed } else { &plain };
        sheet
            .write_string_with_format(0, column, head, format)
            .map_err(broken)?;
        sheet.set_column_width(column, 18).map_err(broken)?;
        if let Some(help) = help(field, &target.key, language) {
            let note = Note::new(help).set_author("").add_author_prefix(false);
            sheet.insert_note(0, column, &note).map_err(broken)?;
        }
        let words = words(definition, action, (field, &target.key), language);
        if let Some(list) = list(&words)? {
            sheet
                .add_data_validation(1, column, ROWS, column, &list)
                .map_err(broken)?;
        } else if field.is_none_or(|field| !is_number(field.kind)) {
            // WHY: else a spreadsheet takes 000001 for 1, and a long number for a rounded one
            let text = Format::new().set_num_format("@");
            sheet.set_column_format(column, &text).map_err(broken)?;
        }
    }
    sheet.set_freeze_panes(1, 0).map_err(broken)?;
    Ok((name, book.save_to_buffer().map_err(broken)?))
}

fn is_number(kind: FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Integer | FieldKind::Decimal | FieldKind::Money | FieldKind::Score
    )
}

/// A drop-down of these words, if a spreadsheet takes them.
fn list(words: &[String]) -> Result<Option<DataValidation>, Error> {
    let length: usize = words.iter().map(|word| word.chars().count() + 1).sum();
    if words.is_empty() || length > LIST_CHARS || words.iter().any(|word| word.contains(',')) {
        return Ok(None);
    }
    let list = DataValidation::new()
        .allow_list_strings(words)
        .map_err(broken)?;
    Ok(Some(list))
}

/// The words a cell may hold, where there are only some.
fn words(
    definition: &Definition,
    action: &Action,
    (field, target): (Option<&Field>, &str),
    language: Language,
) -> Vec<String> {
    let said = |text: &Text| text.in_language(language).to_owned();
    let Some(field) = field else {
        let states = definition.states.iter();
        let states =
            states.filter(|state| target == columns::STATE && action.to_any.contains(&state.key));
        return states.map(|state| said(&state.name)).collect();
    };
    match field.kind {
        FieldKind::Choice => field
            .choices
            .iter()
            .map(|choice| said(&choice.name))
            .collect(),
        FieldKind::Bool => vec![said(&Text::new("是", "yes")), said(&Text::new("否", "no"))],
        FieldKind::Level => {
            let levels = Level::ALL.iter();
            let levels = levels.map(|level| said(&Text::new(level.zh(), level.en())));
            levels.chain([said(&Text::new("公开", "open"))]).collect()
        }
        FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Integer
        | FieldKind::Decimal
        | FieldKind::Money
        | FieldKind::Date
        | FieldKind::Datetime
        | FieldKind::Duration
        | FieldKind::Period
        | FieldKind::Choices
        | FieldKind::Person
        | FieldKind::Persons
        | FieldKind::Unit
        | FieldKind::Units
        | FieldKind::Post
        | FieldKind::Place
        | FieldKind::OutsideOrg
        | FieldKind::OutsidePerson
        | FieldKind::Link
        | FieldKind::Links
        | FieldKind::NumberRange
        | FieldKind::Table
        | FieldKind::File
        | FieldKind::Files
        | FieldKind::Label
        | FieldKind::Term
        | FieldKind::Mark
        | FieldKind::Checklist
        | FieldKind::Score
        | FieldKind::Signature
        | FieldKind::Computed => Vec::new(),
    }
}

/// What a column takes, in a few words.
fn help(field: Option<&Field>, target: &str, language: Language) -> Option<String> {
    let time = Text::new("时间，如 2026-03-01 22:10", "a time, 2026-03-01 22:10");
    let form = match field.map(|field| field.kind) {
        None if target == columns::STATE => return None,
        None | Some(FieldKind::Datetime) => Some(time),
        Some(FieldKind::Date) => Some(Text::new("日期，如 2026-03-01", "a day, 2026-03-01")),
        Some(FieldKind::Period) => Some(Text::new(
            "起止日期，如 2026-03-01 至 2026-03-05",
            "first and last day, 2026-03-01 – 2026-03-05",
        )),
        Some(FieldKind::Term) => Some(Text::new(
            "保密期限，如 10年、6个月、长期",
            "a secrecy period, such as 10年",
        )),
        Some(FieldKind::Choices) => Some(Text::new(
            "可填多项，用顿号隔开",
            "several, with commas between",
        )),
        Some(FieldKind::Persons | FieldKind::Units | FieldKind::Links) => Some(Text::new(
            "名称或编号，多个用顿号隔开",
            "names or numbers, with commas between",
        )),
        Some(_) if field.is_some_and(|field| field.target().is_some()) => {
            Some(Text::new("名称或编号", "a name or number"))
        }
        Some(_) => None,
    };
    let help = field.and_then(|field| field.help.as_ref());
    let said: Vec<&str> = [help, form.as_ref()]
        .into_iter()
        .flatten()
        .map(|text| text.in_language(language))
        .collect();
    (!said.is_empty()).then(|| said.join("\n"))
}

/// The rows as they came, each with what became of it.
pub(super) fn result(
    tx: &mut Tx<'_>,
    definition: &Definition,
    (row, file): (&BatchRow, &Columns),
    (format, language): (SheetFormat, Language),
) -> Result<(String, Vec<u8>), Error> {
    let said = Text::new(RESULT.0, RESULT.1);
    let kept = |at: &usize| file.heads.get(*at).is_some_and(|head| !is_result(head));
    let columns: Vec<usize> = (0..file.heads.len()).filter(kept).collect();
    let of = |cells: &[Value]| -> Vec<String> {
        let cell = |at: &usize| cells.get(*at).map(values::words).unwrap_or_default();
        columns.iter().map(cell).collect()
    };
    let heads: Vec<Value> = file.heads.iter().map(|head| head.as_str().into()).collect();
    let mut rows = vec![of(&heads)];
    if let Some(head) = rows.first_mut() {
        head.push(said.in_language(language).to_owned());
    }
    let mut after = 0;
    let goes_on = Text::new("续上行", "goes on with the row above");
    loop {
        let lines = tx.batch_lines(row.id, &[], (after, store::limits::PAGE))?;
        let Some(last) = lines.last() else { break };
        after = last.number;
        for line in lines {
            let mut cells = of(line.asked.as_array().map_or(&[][..], Vec::as_slice));
            // what was taken in before the file came again stays away
            if line.outcome == "before" {
                continue;
            }
            let said = match line.outcome.as_str() {
                "taken" => format!("{DONE} {}", goes_on.in_language(language)),
                "part" => goes_on.in_language(language).to_owned(),
                _ => sentence(definition, &batch::line_view(line), language),
            };
            cells.push(said);
            rows.push(cells);
        }
    }
    let stem = file
        .name
        .rsplit_once('.')
        .map_or(file.name.as_str(), |(stem, _)| stem);
    let name = format!("{stem}-{}.{}", said.in_language(language), format.key());
    let bytes = match format {
        SheetFormat::Csv => csv(rows)?,
        SheetFormat::Xlsx => workbook(&definition.key, &rows)?,
    };
    Ok((name, bytes))
}

/// What became of a row, in words.
fn sentence(definition: &Definition, line: &BatchLineView, language: Language) -> String {
    let say = |zh: &str, en: &str| Text::new(zh, en).in_language(language).to_owned();
    let number = line.number.as_deref().unwrap_or_default();
    match line.outcome.as_str() {
        "made" => format!(
            "{DONE} {}",
            say(&format!("已登记 {number}"), &format!("registered {number}"))
        ),
        "waits" => format!(
            "{DONE} {}",
            say("已提交，等待审批", "put forward, waits for a decision")
        ),
        "would" => say("检查通过", "would be taken in"),
        "waiting" => say("未处理", "not worked off"),
        _ => {
            let told = line
                .problems
                .iter()
                .map(|problem| told(definition, problem, language));
            told.collect::<Vec<_>>().join(&say("；", "; "))
        }
    }
    .trim()
    .to_owned()
}

fn told(definition: &Definition, problem: &Problem, language: Language) -> String {
    let field = problem.field.as_ref().map(|key| {
        // the check of a register says which row of a table it means: `tools.1.what`
        let plain: Vec<&str> = key
            .split('.')
            .filter(|step| step.parse::<usize>().is_err())
            .collect();
        let field = columns::field(definition, &plain.join("."));
        field.map_or(key.as_str(), |field| field.name.in_language(language))
    });
    let about = field.or(problem.rule.as_deref());
    let said = problem.say.in_language(language);
    about.map_or_else(|| said.to_owned(), |about| format!("{about}：{said}"))
}

fn csv(rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>, Error> {
    // WHY: spreadsheets read UTF-8 only where it says so
    let mut out = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    for row in rows {
        let cells = row.into_iter().map(crate::export::harmless);
        out.write_record(cells).map_err(Error::internal)?;
    }
    out.into_inner()
        .map_err(|error| Error::Internal(error.to_string().into()))
}

fn workbook(name: &str, rows: &[Vec<String>]) -> Result<Vec<u8>, Error> {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let sheet = book.add_worksheet();
    sheet.set_name(tab(name)).map_err(broken)?;
    for (at, row) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(row) {
            // a cell holds 32,767 characters
            let cell: String = cell.chars().take(32_767).collect();
            if at == 0 {
                sheet
                    .write_string_with_format(at, column, cell, &bold)
                    .map_err(broken)?;
                sheet.set_column_width(column, 18).map_err(broken)?;
            } else if !cell.is_empty() {
                sheet.write_string(at, column, cell).map_err(broken)?;
            }
        }
    }
    sheet.set_freeze_panes(1, 0).map_err(broken)?;
    book.save_to_buffer().map_err(broken)
}
