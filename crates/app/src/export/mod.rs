//! Taking a register out in a file: exactly what the caller sees of it, marked with the highest level in it,
//! after a second proof of identity, with an entry that tells the file's digest.

mod columns;
mod page;
mod table;
mod write;

pub(crate) use table::{levels, mark};
pub(crate) use write::harmless;

use crate::{
    caller::Caller,
    core::{App, Inner},
    error::{Error, text},
    log, people,
    printing::{self, PreviewView},
    views::ListInput,
};
use access::{Act, Grant, Granted};
use aws_lc_rs::digest;
use domain::{Label, Language, RecordId, Timestamp};
use registers::Definition;
use serde_json::Value;
use std::collections::BTreeSet;
use store::Tx;

/// What a file is asked for.
#[derive(Debug, Clone)]
pub struct ExportInput {
    /// Conditions, words and order, as a list takes them; its page is left out of account.
    pub list: ListInput,
    /// These records instead, in this order.
    pub ids: Vec<RecordId>,
    /// The form of the file.
    pub format: ExportFormat,
    /// Which page, for [`ExportFormat::Pdf`]: the ledger that every register has unless told.
    pub print: Option<String>,
    /// The size of labels, by its key; the form's first unless told.
    pub size: Option<String>,
    /// The first free place on a sheet of labels, from 1.
    pub first: Option<u32>,
    /// The language of heads and words.
    pub language: Language,
}

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Text with commas, UTF-8, for spreadsheets.
    Csv,
    /// For programs: ids and keys as they are kept.
    Json,
    /// A workbook.
    Xlsx,
    /// Pages, to be kept and signed on paper.
    Pdf,
}

impl ExportFormat {
    /// Every form with its key, which is how its files end.
    pub const ALL: [(&'static str, Self); 4] = [
        ("csv", Self::Csv),
        ("json", Self::Json),
        ("xlsx", Self::Xlsx),
        ("pdf", Self::Pdf),
    ];

    fn key(self) -> &'static str {
        let row = Self::ALL.iter().find(|(_, format)| *format == self);
        row.map_or("", |(key, _)| key)
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pdf => printing::PDF,
        }
    }
}

/// The key of a language, as layouts and callers write it.
pub(crate) const fn language_key(language: Language) -> &'static str {
    match language {
        Language::Zh => "zh",
        Language::En => "en",
    }
}

/// A file that leaves the program.
#[derive(Debug)]
pub struct Exported {
    /// Its name, with the highest level first.
    pub name: String,
    /// Its media type.
    pub media_type: &'static str,
    /// All of it.
    pub bytes: Vec<u8>,
}

impl App {
    /// Everything of a register that the caller sees and the conditions let through, as a file.
    pub async fn export(
        &self,
        caller: &Caller,
        register: &str,
        input: ExportInput,
    ) -> Result<Exported, Error> {
        let now = self.inner.now();
        let (table, pages) = self.taken(caller, register, &input, false, now).await?;
        let format = input.format;
        let name = table.file_name(format.key());
        let summary = table.summary();
        let named: BTreeSet<RecordId> = input.ids.iter().copied().collect();
        let bytes = match pages {
            Some(data) => {
                let layout = table.columns.layout.clone();
                self.pages(layout, data, now).await?.pdf
            }
            None => tokio::task::spawn_blocking(move || write::file(&table, &input))
                .await
                .map_err(Error::internal)??,
        };
        let exported = Exported {
            name,
            media_type: format.media_type(),
            bytes,
        };
        let (who, key) = (caller.clone(), register.to_owned());
        let sha256 = hex::encode(digest::digest(&digest::SHA256, &exported.bytes));
        self.transact_anew(move |inner, tx| {
            let definition = inner.catalogue.definition(&key).ok_or(Error::NotFound)?;
            let granted = permit(inner, tx, &who, definition, now)?;
            let mut facts = vec![
                ("rows", summary.rows.to_string()),
                ("level", summary.level.clone()),
                ("format", format.key().to_owned()),
                ("sha256", sha256.clone()),
            ];
            if !summary.form.is_empty() {
                facts.push(("form", summary.form.clone()));
            }
            let about = log::About {
                register: Some(key.clone()),
                facts,
                ..log::About::default()
            };
            let entry = log::entry(inner, &granted, "records.exported", &about, now)?;
            tx.write::<_, Error>(&granted, |_| Ok((entry, ())))?;
            // a list is told by its conditions; of records that were named each has to be found again
            for record in named {
                let about = log::About {
                    register: Some(key.clone()),
                    record: Some(record),
                    facts: vec![("sha256", sha256.clone())],
                    ..log::About::default()
                };
                let entry = log::entry(inner, &granted, "record.exported", &about, now)?;
                tx.write::<_, Error>(&granted, |_| Ok((entry, ())))?;
            }
            Ok(())
        })
        .await?;
        Ok(exported)
    }

    /// The pages of a register, to look at: for who could take them out.
    pub async fn preview_export(
        &self,
        caller: &Caller,
        register: &str,
        mut input: ExportInput,
    ) -> Result<PreviewView, Error> {
        input.format = ExportFormat::Pdf;
        let now = self.inner.now();
        let (table, pages) = self.taken(caller, register, &input, true, now).await?;
        let data = pages.ok_or_else(|| Error::defect("pages without their data"))?;
        self.look(table.columns.layout, data).await
    }

    /// What a file or its pages are made of.
    async fn taken(
        &self,
        caller: &Caller,
        register: &str,
        input: &ExportInput,
        preview: bool,
        now: Timestamp,
    ) -> Result<(table::Table, Option<Value>), Error> {
        let (who, key, asked) = (caller.clone(), register.to_owned(), input.clone());
        self.read_tx(move |inner, tx| {
            let definition = inner.catalogue.definition(&key).ok_or(Error::NotFound)?;
            // WHY: nothing is read for who may not take it out
            drop(permit(inner, tx, &who, definition, now)?);
            let by = table::By {
                caller: &who,
                input: &asked,
                preview,
                now,
            };
            let table = table::collect(inner, tx, definition, by)?;
            let pages = match asked.format {
                ExportFormat::Pdf => Some(page::data(inner, tx, &table, by)?),
                ExportFormat::Csv | ExportFormat::Json | ExportFormat::Xlsx => None,
            };
            Ok((table, pages))
        })
        .await
    }
}

/// Whether somebody may take records of a register out, now.
fn permit(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    definition: &Definition,
    now: Timestamp,
) -> Result<Granted, Error> {
    let viewer = people::viewer(inner, tx, caller, now)?;
    let mut act = Act::new("records.export", &definition.key, "office");
    act.step_up = caller.stepped_up(now);
    // each row is judged by its own label; this is about the act
    let class = Label::open().class();
    access::decide(&viewer, &class, &[], Grant::Handle, &act, &inner.policies)
        .map_err(|denied| Error::denied(&denied))
}

fn too_large() -> Error {
    Error::Limited {
        code: "export.too_large",
        say: text(
            "导出内容过多：请缩小范围，分几次导出",
            "there is too much to take out at once: narrow it down, and do it in parts",
        ),
    }
}
