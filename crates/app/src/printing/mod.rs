//! Official pages: one record on its form, and, for `export`, a register as its ledger. What stands on a
//! page is what its reader sees; who printed what, and the digest of the file, stand in the log.

mod custody;
pub(crate) mod label;
mod preview;
mod proof;
mod sheet;

pub use preview::PreviewView;
pub(crate) use sheet::{printed, wrong_state};

use crate::{
    caller::Caller,
    core::{App, Inner},
    error::{Error, text},
    export::Exported,
    gate::Gate,
    limits, log, people,
    told::Cells,
    visibility,
};
use access::{Act, Grant, Granted};
use aws_lc_rs::digest;
use domain::{Language, RecordId, Timestamp};
use prints::{Press, PrintError, Printed};
use registers::{
    Definition, FieldKind,
    model::{Print, PrintOf},
};
use serde_json::Value;
use std::{
    fs,
    path::Path,
    sync::{Arc, OnceLock},
};
use store::{RecordRow, Tx};

/// What is to be printed.
#[derive(Debug, Clone)]
pub struct PrintInput {
    /// The record.
    pub record: RecordId,
    /// The form, by its key; the sheet that every register has unless told.
    pub form: Option<String>,
    /// The language of the page.
    pub language: Language,
    /// The size of a label, by its key; the form's first unless told.
    pub size: Option<String>,
    /// The first free place on a sheet of labels, from 1.
    pub first: Option<u32>,
}

/// WHY: one for the process, because the cores it guards are the process's.
static GATE: Gate = Gate::new(limits::PRINTS, limits::PRINTS_WAITING, || Error::Limited {
    code: "print.busy",
    say: text(
        "同时打印的人过多，请稍后重试",
        "too many people print at once, try again in a moment",
    ),
});

/// Layouts and type: read when something is printed for the first time.
#[derive(Debug)]
pub(crate) struct Shop {
    packs: crate::Packs,
    press: OnceLock<Arc<Press>>,
}

impl Shop {
    pub(crate) fn new(packs: &crate::Packs) -> Self {
        Self {
            packs: packs.clone(),
            press: OnceLock::new(),
        }
    }

    fn press(&self, data: &Path) -> Result<Arc<Press>, Error> {
        if let Some(press) = self.press.get() {
            return Ok(Arc::clone(press));
        }
        let press = Arc::new(self.packs.press(fonts(&data.join("fonts")))?);
        Ok(Arc::clone(self.press.get_or_init(|| press)))
    }
}

/// Type that the site has put beside its data, for characters that the built-in one lacks: by name.
fn fonts(folder: &Path) -> Vec<Vec<u8>> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<_> = files.map(|file| file.path()).collect();
    paths.sort();
    let mut room = limits::FONT_BYTES;
    let mut fonts = Vec::new();
    for path in paths {
        let size = fs::metadata(&path).map_or(u64::MAX, |file| file.len());
        let Some(left) = room.checked_sub(size) else {
            tracing::warn!(path = %path.display(), "more type than a page needs: passed over");
            continue;
        };
        if let Ok(bytes) = fs::read(&path) {
            room = left;
            fonts.push(bytes);
        }
    }
    fonts
}

/// A form of a register by its key.
pub(crate) fn form<'d>(
    definition: &'d Definition,
    key: &str,
    fits: fn(PrintOf) -> bool,
) -> Result<&'d Print, Error> {
    let mut prints = definition.prints.iter();
    let found = prints.find(|print| print.key == key && fits(print.of));
    found.ok_or_else(|| {
        Error::malformed(
            "print.unknown",
            "该台账没有这种打印格式",
            "the register has no form of this name",
        )
    })
}

/// What stands at the head of a form.
pub(crate) fn title(definition: &Definition, print: &Print, language: Language) -> String {
    let name = if print.added {
        &definition.name
    } else {
        &print.name
    };
    name.in_language(language).to_owned()
}

/// A path with what its end is called and its share of a page's width.
pub(crate) fn column(
    inner: &Inner,
    definition: &Definition,
    path: &[String],
    cells: &Cells<'_>,
) -> (Vec<String>, String, u8) {
    let mut at = definition;
    let mut steps = path.iter().peekable();
    while let Some(step) = steps.next() {
        let field = at.field(step);
        let target = field.and_then(|field| inner.catalogue.definition(field.target()?));
        match (steps.peek(), target) {
            (Some(_), Some(target)) => at = target,
            _ => {
                let share = field.map_or(0, |field| share(field.kind));
                return (path.to_vec(), cells.head(at, step), share);
            }
        }
    }
    (path.to_vec(), String::new(), 1)
}

/// The share of a page's width that a column of this kind has; 0 for as wide as what stands in it.
pub(crate) const fn share(kind: FieldKind) -> u8 {
    match kind {
        FieldKind::Integer
        | FieldKind::Decimal
        | FieldKind::Money
        | FieldKind::Date
        | FieldKind::Datetime
        | FieldKind::Bool
        | FieldKind::Score => 0,
        FieldKind::Text | FieldKind::LongText | FieldKind::Table => 3,
        FieldKind::Level
        | FieldKind::Person
        | FieldKind::Duration
        | FieldKind::Period
        | FieldKind::Choice
        | FieldKind::Choices
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
        | FieldKind::File
        | FieldKind::Files
        | FieldKind::Label
        | FieldKind::Term
        | FieldKind::Mark
        | FieldKind::Checklist
        | FieldKind::Signature
        | FieldKind::Computed => 2,
    }
}

impl App {
    /// Sets pages; so many at once as the machine has cores for.
    pub(crate) async fn pages(
        &self,
        layout: String,
        data: Value,
        at: Timestamp,
    ) -> Result<Printed, Error> {
        let turn = GATE.enter().await?;
        let inner = Arc::clone(&self.inner);
        let made = tokio::task::spawn_blocking(move || {
            // WHY: the turn is with the work, not with a request that may be gone
            let _turn = turn;
            let press = inner.shop.press(&inner.data)?;
            press.print(&layout, data, at).map_err(failed)
        });
        made.await.map_err(Error::internal)?
    }

    /// A record on its form.
    pub async fn print(&self, caller: &Caller, input: PrintInput) -> Result<Exported, Error> {
        let now = self.inner.now();
        let sheet = self.sheet(caller, &input, false, now).await?;
        let sheet = if sheet.pending {
            // a form is evidence: it waits for the place of its record in the log
            self.sequence().await?;
            self.sheet(caller, &input, false, now).await?
        } else {
            sheet
        };
        let printed = self.pages(sheet.layout, sheet.data, now).await?;
        let sha256 = hex::encode(digest::digest(&digest::SHA256, &printed.pdf));
        let facts = vec![
            ("form", sheet.form),
            ("version", sheet.version.to_string()),
            ("level", sheet.level),
            ("pages", printed.pages.to_string()),
            ("sha256", sha256),
        ];
        let (who, record) = (caller.clone(), input.record);
        self.transact_anew(move |inner, tx| {
            let (row, granted) = permit(inner, tx, &who, record, now)?;
            let about = log::About {
                register: Some(row.register),
                record: Some(record),
                facts: facts.clone(),
                ..log::About::default()
            };
            let entry = log::entry(inner, &granted, "record.printed", &about, now)?;
            tx.write::<_, Error>(&granted, |_| Ok((entry, ())))
        })
        .await?;
        Ok(Exported {
            name: sheet.name,
            media_type: PDF,
            bytes: printed.pdf,
        })
    }

    async fn sheet(
        &self,
        caller: &Caller,
        input: &PrintInput,
        preview: bool,
        now: Timestamp,
    ) -> Result<sheet::Sheet, Error> {
        let (who, input) = (caller.clone(), input.clone());
        self.read_tx(move |inner, tx| {
            let (row, _) = permit(inner, tx, &who, input.record, now)?;
            sheet::sheet(inner, tx, &who, &row, (&input, preview), now)
        })
        .await
    }
}

/// How pages leave.
pub(crate) const PDF: &str = "application/pdf";

/// A record that the caller sees and may put on paper, now.
fn permit(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    record: RecordId,
    now: Timestamp,
) -> Result<(RecordRow, Granted), Error> {
    let sight = visibility::sight(inner, tx, caller, Grant::Handle, now)?;
    let row = tx.visible_record(record, &sight.visible)?;
    let row = row.ok_or(Error::NotFound)?;
    let definition = inner.catalogue.definition(&row.register);
    let definition = definition.ok_or(Error::NotFound)?;
    let grounds = people::grounds(tx, &sight.viewer, &row, now)?;
    let mut act = Act::new("record.print", &definition.key, "office");
    act.nature = visibility::nature(definition);
    act.step_up = caller.stepped_up(now);
    let class = row.label.class();
    let granted = access::decide(
        &sight.viewer,
        &class,
        &grounds,
        Grant::Handle,
        &act,
        &inner.policies,
    )
    .map_err(|denied| Error::denied(&denied))?;
    Ok((row, granted))
}

/// Why there are no pages, as callers are told.
fn failed(error: PrintError) -> Error {
    match error {
        PrintError::TooLong => too_large(),
        wrong @ (PrintError::NoSuchLayout(_) | PrintError::Layout(_)) => {
            Error::Internal(Box::new(wrong))
        }
    }
}

fn too_large() -> Error {
    Error::Limited {
        code: "print.too_large",
        say: text(
            "打印内容过多：请缩小范围，分几次打印",
            "there is too much to print at once: narrow it down, and do it in parts",
        ),
    }
}

#[cfg(test)]
mod tests;
