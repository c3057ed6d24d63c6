//! Loading: definitions and regimes from text, with every mistake of every file at once.
//!
//! Files are read first, then everything they refer to is settled, because registers link to each
//! other in circles. Sizes are refused before work grows with them. Nothing here touches a disk.

mod check;
mod extend;
mod file;
mod finish;
mod item;
mod mistake;
mod read;
mod reader;
mod table;
mod wanted;

use std::collections::BTreeMap;

use toml::de::DeTable;

use crate::model::Definition;
use crate::{Catalogue, Report, limits};

use file::File;
use read::{Extension, ReadRegime};
use reader::Reader;
use table::Table;
use wanted::Wanted;

pub(crate) use check::World;
pub(crate) use finish::{given_lines, settable};
pub(crate) use mistake::{Mistake, Thing};
pub(crate) use wanted::{ExprScope, Scope};

/// One file: its name as people know it, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Path relative to the packs, for messages; a file called `regime.toml` is a regime.
    pub path: String,
    /// The text.
    pub text: String,
}

/// Names that definitions may use and that are not in any definition.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'k> {
    /// Effects of the program, `custody.lend`.
    pub effects: &'k [Effect<'k>],
    /// Checks of the program, for `by = …`.
    pub checks: &'k [&'k str],
    /// Roles, for `role:…`.
    pub roles: &'k [&'k str],
    /// Layouts of printed pages, by name.
    pub layouts: &'k [String],
    /// Registers whose records have a line of custody.
    pub custody: &'k [&'k str],
    /// Registers that exist beside those that are loaded; their fields are not judged.
    pub registers: &'k [&'k str],
}

/// An effect of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effect<'k> {
    /// Its name, `custody.lend`.
    pub name: &'k str,
    /// The fields it reads: a definition that calls it has them, and they are not corrected
    /// behind its back.
    pub reads: &'k [&'k str],
    /// Of these, the links to what it takes away from whatever open record reserves it, by that
    /// record's `strike` or `lose`.
    pub takes: &'k [&'k str],
}

/// One definition while it is being put together.
struct Draft<'t> {
    definition: Definition,
    wanted: Vec<Wanted<'t>>,
    file: &'t File<'t>,
    at: usize,
}

/// Everything that was read.
#[derive(Default)]
struct Drafts<'t> {
    definitions: BTreeMap<String, Draft<'t>>,
    extensions: Vec<(Extension, Wanted<'t>, &'t File<'t>)>,
    regimes: Vec<(ReadRegime, &'t File<'t>)>,
    /// Registers that are there but could not be read.
    lost: Vec<String>,
}

/// Reads definitions and regimes. All mistakes of all files come back at once, in the order of
/// the files.
pub fn load(sources: &[Source], known: &Known<'_>) -> Result<Catalogue, Vec<Report>> {
    let sources: Vec<&Source> = sources
        .iter()
        .filter(|source| !is_of_inspection(source))
        .collect();
    let files: Vec<File<'_>> = sources
        .iter()
        .take(limits::FILES_MAX)
        .map(|source| File::new(&source.path, &source.text))
        .collect();
    if let (true, Some(first)) = (sources.len() > limits::FILES_MAX, files.first()) {
        first.note(
            0,
            Mistake::TooManyFiles {
                max: limits::FILES_MAX,
            },
        );
    }
    let tables: Vec<_> = files.iter().map(parse).collect();
    let mut drafts = Drafts::default();
    for (file, table) in files.iter().zip(&tables) {
        if let Some((table, at)) = table {
            drafts.read(file, table, *at);
        }
    }
    drafts.put_together(known);
    let catalogue = check::settle(drafts, known);
    let reports: Vec<Report> = files.iter().flat_map(File::reports).collect();
    if reports.is_empty() {
        Ok(catalogue)
    } else {
        Err(reports)
    }
}

/// Rules of inspection lie in packs beside registers, and have a loader of their own. WHY both signs: nothing that
/// may be a register is passed over because of its folder alone.
fn is_of_inspection(source: &Source) -> bool {
    let in_rules = source
        .path
        .rsplit(['/', '\\'])
        .nth(1)
        .is_some_and(|folder| folder == "rules");
    in_rules
        && source
            .text
            .lines()
            .any(|line| line.trim_end() == "[[rule]]")
}

fn parse<'s>(file: &File<'s>) -> Option<(DeTable<'s>, usize)> {
    if file.text.len() > limits::FILE_BYTES_MAX {
        file.note(
            0,
            Mistake::FileTooBig {
                max: limits::FILE_BYTES_MAX,
            },
        );
        return None;
    }
    let (table, errors) = DeTable::parse_recoverable(file.text);
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        let detail = error
            .message()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        file.note(at, Mistake::Syntax { detail });
    }
    Some((table.into_inner(), 0))
}

/// The key a file's register most likely has: its name.
fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".toml").unwrap_or(name)
}

impl<'t> Drafts<'t> {
    fn read(&mut self, file: &'t File<'t>, table: &'t DeTable<'t>, at: usize) {
        let reader = Reader::new();
        if stem(file.path) == "regime" {
            let table = Table::new(file, table, at, "the regime");
            let regime = read::regime(&reader, table);
            self.regimes.extend(regime.map(|regime| (regime, file)));
            return;
        }
        if table.contains_key("extends") {
            let table = Table::new(file, table, at, "the extension");
            if let Some(extension) = read::extension(&reader, table) {
                self.extensions
                    .push((extension, reader.into_wanted(), file));
            }
            return;
        }
        let definition = read::definition(&reader, Table::new(file, table, at, "the register"));
        let Some(definition) = definition else {
            self.lost.push(stem(file.path).to_owned());
            return;
        };
        let wanted = reader.into_wanted();
        let at = finish::place_of(&wanted, &wanted::Spot::Register).map_or(at, |(_, at)| at);
        if let Some(other) = self.definitions.get(&definition.key) {
            let file_name = other.file.path.to_owned();
            let key = definition.key;
            file.note(
                at,
                Mistake::DuplicateRegister {
                    key,
                    file: file_name,
                },
            );
            return;
        }
        let key = definition.key.clone();
        let draft = Draft {
            definition,
            wanted: vec![wanted],
            file,
            at,
        };
        self.definitions.insert(key, draft);
    }

    /// Merges extensions and fills in what a definition leaves to the language.
    fn put_together(&mut self, known: &Known<'_>) {
        for (extension, wanted, file) in std::mem::take(&mut self.extensions) {
            extend::apply(self, extension, wanted, file);
        }
        for draft in self.definitions.values_mut() {
            finish::finish(&mut draft.definition, known);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
