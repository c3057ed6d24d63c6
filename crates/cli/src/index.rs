//! `ruping index …`: an index of registered documents on a disk, which scans ask with `--registered`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use domain::{Level, Text};
use inspect::Limits;
use passages::{Index, Keeper, Random};
use serde_json::json;

use crate::keys::KeySource;
use crate::{Error, Exit, Format, Terminal, rules};

/// Documents that are added between two commits.
const COMMIT_EVERY: usize = 10_000;

/// What to do with an index.
#[derive(Debug, clap::Subcommand)]
pub enum Verb {
    /// Make an index without documents, and its key where there is none.
    Make(At),
    /// Add documents, or put new ones in the place of those of the same name.
    Add(AddArgs),
    /// Take documents out.
    Remove(RemoveArgs),
    /// Tell which documents there are.
    List(At),
    /// Read everything, and tell whether it is as it was written.
    Check(At),
    /// Write everything anew, without what was taken out: it is then gone from the disk.
    Merge(At),
}

/// Where an index is.
#[derive(Debug, clap::Args)]
pub struct At {
    /// The folder of the index.
    #[arg(long, value_name = "DIR")]
    index: PathBuf,
    /// Its key: `file:PATH`, 32 bytes or 64 hexadecimal characters; not in the same folder.
    #[arg(long)]
    key: KeySource,
}

/// Documents to add.
#[derive(Debug, clap::Args)]
pub struct AddArgs {
    #[command(flatten)]
    at: At,
    /// The level of all of them; what each one's own marks say unless given.
    #[arg(long, value_parser = level)]
    level: Option<Level>,
    /// Files, and folders of them. A document is named as it is given here.
    #[arg(required = true, value_name = "DOCUMENT")]
    documents: Vec<PathBuf>,
}

/// Documents to take out.
#[derive(Debug, clap::Args)]
pub struct RemoveArgs {
    #[command(flatten)]
    at: At,
    /// Names of documents, as `list` tells them.
    #[arg(required = true, value_name = "DOCUMENT")]
    documents: Vec<String>,
}

fn level(text: &str) -> Result<Level, String> {
    Level::parse_key(text).map_err(|error| error.to_string())
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
    match verb {
        Verb::Make(at) => make(at, random, terminal),
        Verb::Add(args) => add(args, random, terminal),
        Verb::Remove(args) => remove(args, random, terminal),
        Verb::List(at) => list(at, terminal),
        Verb::Check(at) => check(at, terminal),
        Verb::Merge(at) => {
            let mut keeper = Keeper::open(&at.index, at.key.read()?)?;
            keeper.merge(random)?;
            drop(keeper);
            check(at, terminal)
        }
    }
}

fn make(at: &At, random: &mut Random<'_>, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    if inside(at.key.path(), &at.index) {
        return Err(Error::KeyInside {
            path: at.key.path().to_owned(),
        });
    }
    let key = at.key.read_or_make(random)?;
    Keeper::create(&at.index, key, random)?;
    let (index, key) = (at.index.display(), at.key.path().display());
    match terminal.format_or(Format::Text) {
        Format::Json => terminal.json(&json!({ "documents": 0 }))?,
        Format::Text => terminal.say(&Text::new(
            format!("已建立索引 `{index}`，密钥在 `{key}`：请另行保管，丢失后索引无法读取"),
            format!("made `{index}`; its key is `{key}`: keep it apart, without it the index cannot be read"),
        ))?,
    }
    Ok(Exit::Fine)
}

/// Whether a file lies in a folder, by the names that the disk has for them where it has any.
fn inside(file: &Path, folder: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let parent = file.parent().unwrap_or(Path::new(""));
    let here = Path::new(".");
    let parent = if parent == Path::new("") {
        here
    } else {
        parent
    };
    real(parent).starts_with(real(folder))
}

fn add(
    args: &AddArgs,
    random: &mut Random<'_>,
    terminal: &mut Terminal<'_>,
) -> Result<Exit, Error> {
    let parsed = rules::parse(&rules::texts(None)?);
    let found = match parsed {
        Ok(found) => found,
        Err(errors) => {
            rules::tell(&errors, terminal)?;
            return Ok(Exit::Failed);
        }
    };
    let mut keeper = Keeper::open(&args.at.index, args.at.key.read()?)?;
    let before = numbers(&keeper)?;
    let (mut replaced, mut short, mut waiting) = (0_u64, Vec::new(), 0);
    let given = args.level.map(Level::key);
    let enrolled = scan::enrol(
        &args.documents,
        &found,
        &Limits::default(),
        &mut |path, report| {
            let name = path.to_string_lossy();
            for number in before.get(name.as_ref()).into_iter().flatten() {
                replaced += u64::from(keeper.remove(*number)?);
            }
            let level = given.or(report.verdict.level.as_deref());
            let added = keeper.add(&name, level, &report.text, random)?;
            if added.tags == 0 {
                short.push(name.into_owned());
            }
            waiting += 1;
            if waiting % COMMIT_EVERY == 0 {
                keeper.commit(random)?;
            }
            Ok::<(), Error>(())
        },
    )?;
    keeper.commit(random)?;
    let (documents, missed) = (enrolled.documents, &enrolled.missed);
    match terminal.format_or(Format::Text) {
        Format::Json => terminal.json(&json!({
            "added": documents, "replaced": replaced, "missed": missed, "too_short": short
        }))?,
        Format::Text => {
            terminal.say(&Text::new(
                format!("已登记 {documents} 个文件，其中替换 {replaced} 个；未读或未读全 {} 个，过短无法比对 {} 个", missed.len(), short.len()),
                format!("{documents} documents added, {replaced} of them in the place of others; {} not read or not all of it, {} too short to be found", missed.len(), short.len()),
            ))?;
            for path in missed.iter().chain(&short) {
                terminal.line(&format!("  {}", crate::scan::printable(path)))?;
            }
        }
    }
    Ok(Exit::of_check(missed.is_empty()))
}

/// The numbers of documents by their names.
fn numbers(keeper: &Keeper) -> Result<HashMap<String, Vec<u32>>, Error> {
    let mut numbers: HashMap<String, Vec<u32>> = HashMap::new();
    keeper.documents(&mut |number, document| {
        numbers.entry(document.name).or_default().push(number);
        Ok(())
    })?;
    Ok(numbers)
}

fn remove(
    args: &RemoveArgs,
    random: &mut Random<'_>,
    terminal: &mut Terminal<'_>,
) -> Result<Exit, Error> {
    let mut keeper = Keeper::open(&args.at.index, args.at.key.read()?)?;
    let wanted: HashSet<&str> = args.documents.iter().map(String::as_str).collect();
    let mut found: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    keeper.documents(&mut |number, document| {
        if wanted.contains(document.name.as_str()) {
            found.entry(document.name).or_default().push(number);
        }
        Ok(())
    })?;
    for number in found.values().flatten() {
        keeper.remove(*number)?;
    }
    keeper.commit(random)?;
    let absent: Vec<&String> = args
        .documents
        .iter()
        .filter(|name| !found.contains_key(*name))
        .collect();
    let removed = found.len();
    match terminal.format_or(Format::Text) {
        Format::Json => terminal.json(&json!({ "removed": removed, "absent": absent }))?,
        Format::Text => {
            terminal.say(&Text::new(
                format!("已移除 {removed} 个文件，{} 个不在索引中", absent.len()),
                format!(
                    "{removed} documents taken out, {} not in the index",
                    absent.len()
                ),
            ))?;
            for name in &absent {
                terminal.line(&format!("  {}", crate::scan::printable(name)))?;
            }
        }
    }
    Ok(Exit::of_check(absent.is_empty()))
}

fn list(at: &At, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    let key = at.key.read()?;
    let mut told = Ok(());
    let shape = terminal.format_or(Format::Text);
    Index::documents(&at.index, &key, &mut |number, document| {
        if told.is_err() {
            return Ok(());
        }
        let (name, level) = (&document.name, document.level.as_deref());
        told = match shape {
            Format::Json => terminal.json(&json!({
                "number": number, "name": name, "level": level, "tags": document.tags
            })),
            Format::Text => terminal.line(&format!(
                "{number}\t{}\t{}",
                level.unwrap_or("-"),
                crate::scan::printable(name)
            )),
        };
        Ok(())
    })?;
    told.map(|()| Exit::Fine)
}

fn check(at: &At, terminal: &mut Terminal<'_>) -> Result<Exit, Error> {
    let checked = Index::check(&at.index, &at.key.read()?)?;
    let passages::Checked {
        documents,
        postings,
        removed,
        segments,
        bytes,
    } = checked;
    match terminal.format_or(Format::Text) {
        Format::Json => terminal.json(&json!({
            "documents": documents, "postings": postings, "removed": removed, "segments": segments, "bytes": bytes
        }))?,
        Format::Text => terminal.say(&Text::new(
            format!("索引完好：文件 {documents} 个，特征 {postings} 个，已移除尚在盘上的文件 {removed} 个，分段 {segments} 个，{bytes} 字节"),
            format!("the index is whole: {documents} documents, {postings} tags, {removed} documents taken out and still on the disk, {segments} segments, {bytes} bytes"),
        ))?,
    }
    Ok(Exit::Fine)
}
