//! `ruping exact …`: tables whose rows are looked for in files (`scan --exact`), kept as keyed hashes.

use std::path::{Path, PathBuf};

use domain::{Level, Text};
use inspect::exact::{Head, Table};
use passages::{Random, table};
use scan::table::{Columns, rows};
use serde_json::json;

use crate::keys::KeySource;
use crate::{Error, Exit, Format, Terminal};

/// What to do with tables.
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Make a file of keyed hashes from a table in CSV.
    Make(MakeArgs),
}

/// A table to make.
#[derive(Debug, clap::Args)]
pub struct MakeArgs {
    /// The table: CSV in UTF-8 or GB 18030, whose first row names its columns.
    file: PathBuf,
    #[command(flatten)]
    asked: Asked,
    /// The key: `file:PATH`; made where there is no such file.
    #[arg(long)]
    key: KeySource,
    /// What the table is called in findings; as its file unless given.
    #[arg(long)]
    name: Option<String>,
    /// Where to write it.
    #[arg(long, short)]
    out: PathBuf,
}

/// Which columns, and how much of a row is a finding.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Asked {
    /// The columns that are looked for, `PRIMARY:OTHER,OTHER`: `身份证号:姓名,电话`.
    #[arg(long)]
    columns: Columns,
    #[command(flatten)]
    enough: Enough,
}

/// How much of a row is a finding.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Enough {
    /// How many of the other columns have to stand beside the primary one.
    #[arg(long, value_name = "COUNT", default_value_t = NEED, value_parser = clap::value_parser!(u8).range(1..=15))]
    need: u8,
    /// Within how many characters.
    #[arg(long, value_name = "CHARACTERS", default_value_t = WITHIN, value_parser = clap::value_parser!(u16).range(1..=2_000))]
    within: u16,
    /// The level of the table's rows.
    #[arg(long = "table-level", value_name = "LEVEL", value_parser = level)]
    level: Option<Level>,
}

/// Supporting columns that a finding needs, unless given.
const NEED: u8 = 1;
/// Characters within which they stand, unless given.
const WITHIN: u16 = 100;

impl Default for Enough {
    fn default() -> Self {
        Self {
            need: NEED,
            within: WITHIN,
            level: None,
        }
    }
}

fn level(text: &str) -> Result<Level, String> {
    Level::parse_key(text).map_err(|error| error.to_string())
}

impl Enough {
    /// As arguments of a program that is started.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let mut words = vec![
            format!("--need={}", self.need),
            format!("--within={}", self.within),
        ];
        words.extend(
            self.level
                .map(|level| format!("--table-level={}", level.key())),
        );
        words
    }
}

/// A table that was read from CSV, and how many of its rows can never be found.
pub(crate) struct Made {
    pub(crate) new: table::NewTable,
    pub(crate) rows: u64,
    pub(crate) left_out: u64,
}

/// Reads a table for a key.
pub(crate) fn read(
    file: &Path,
    name: Option<&str>,
    columns: &Columns,
    enough: &Enough,
    key: &passages::Key,
    random: &mut Random<'_>,
) -> Result<Made, Error> {
    let own = file.file_name().unwrap_or_default().to_string_lossy();
    let head = Head {
        name: name.unwrap_or(&own).to_owned(),
        level: enough.level.map(|level| level.key().to_owned()),
        primary: columns.primary.clone(),
        supporting: columns.supporting.clone(),
        needed: usize::from(enough.need),
        within: usize::from(enough.within),
    };
    if head.needed > head.supporting.len() {
        return Err(Error::Need);
    }
    let mut made = Made {
        new: table::NewTable::new(key, head, random)?,
        rows: 0,
        left_out: 0,
    };
    let read = rows(file, columns, &mut |primary, cells| {
        made.rows += 1;
        made.left_out += u64::from(!made.new.row(primary, cells));
    });
    read.map_err(|source| Error::Table {
        path: file.to_owned(),
        source,
    })?;
    Ok(made)
}

/// A table for one scan: read from CSV where columns are named, otherwise opened with its key.
pub(crate) fn open(
    file: &Path,
    columns: Option<&Columns>,
    enough: &Enough,
    key: Option<&passages::Key>,
    random: &mut Random<'_>,
) -> Result<Table, Error> {
    let Some(columns) = columns else {
        let key = key.ok_or(Error::KeyNeeded)?;
        return Ok(table::read(file, key)?);
    };
    let mut secret = [0; passages::KEY_BYTES];
    random(&mut secret).map_err(passages::Error::Random)?;
    let key = passages::Key::new(secret);
    Ok(read(file, None, columns, enough, &key, random)?
        .new
        .into_table())
}

/// Runs a verb.
///
/// # Errors
/// When it could not do its work.
pub fn run(
    verb: &Verb,
    random: &mut Random<'_>,
    terminal: &mut Terminal<'_>,
) -> Result<Exit, Error> {
    let Verb::Make(args) = verb;
    let key = args.key.read_or_make(random)?;
    let (columns, enough) = (&args.asked.columns, &args.asked.enough);
    let made = read(
        &args.file,
        args.name.as_deref(),
        columns,
        enough,
        &key,
        random,
    )?;
    let (rows, left_out) = (made.rows, made.left_out);
    let kept = made.new.write(&args.out, &key)?;
    match terminal.format_or(Format::Text) {
        Format::Json => {
            terminal.json(&json!({ "rows": rows, "kept": kept, "left_out": left_out }))?;
        }
        Format::Text => terminal.say(&Text::new(
            format!("共 {rows} 行，收入 {kept} 行；{left_out} 行过短或缺列，无法比对"),
            format!("{rows} rows, {kept} kept; {left_out} are too short or have too few cells to be found"),
        ))?,
    }
    Ok(Exit::Fine)
}
