//! Files of OLE: Word, Excel and PowerPoint before 2007 and their Chinese kin, Outlook's messages, Hangul, and locked
//! packages. A storage is read by what streams lie in it, for documents lie in each other.

mod compound;
mod doc;
mod drawings;
mod harvest;
mod hwp;
pub(crate) mod lzfu;
mod msg;
mod objects;
mod pages;
mod ppt;
mod records;
mod summary;
#[cfg(test)]
mod tests;
mod vba;
mod xls;

pub(crate) use compound::{Compound, ROOT};

use super::{Fault, Outcome, Reading};
use crate::report::Cause;

type Reader = fn(&Compound<'_>, usize, &mut Reading<'_>) -> Outcome;

/// Which reader a stream asks for.
const READERS: &[(&str, Reader)] = &[
    ("EncryptedPackage", |_, _, _| Err(Fault(Cause::Encrypted))),
    ("__properties_version1.0", msg::read),
    ("PowerPoint Document", ppt::read),
    ("Workbook", xls::read),
    ("Book", xls::read),
    ("WordDocument", doc::read),
    ("BodyText", hwp::read),
    ("dir", vba::read),
];

pub(super) fn read(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let Some(compound) = Compound::open(bytes) else {
        if doc::is_bare(bytes) {
            return doc::bare(bytes, into);
        }
        if !bytes.starts_with(b"\xd0\xcf\x11\xe0") {
            return unknown(bytes, into);
        }
        into.note(Cause::Damaged);
        return match xls::lost(bytes, into) {
            Some(outcome) => outcome,
            None => harvest::read(bytes, into),
        };
    };
    storage(&compound, ROOT, into)
}

/// Reads a storage and those inside it.
fn storage(compound: &Compound<'_>, of: usize, into: &mut Reading<'_>) -> Outcome {
    // PowerPoint once wrote its newer form beside an older one
    if let Some(newer) = compound.find(of, "PP97_DUALSTORAGE") {
        return storage(compound, newer, into);
    }
    let mut ended = Ok(());
    let mut known = false;
    let mut is_message = false;
    for (stream, reader) in READERS {
        if compound.find(of, stream).is_none() || (known && *stream == "Book") {
            continue;
        }
        known = true;
        is_message |= stream.starts_with("__properties");
        let outcome = reader(compound, of, into);
        if ended.is_ok() {
            ended = outcome;
        }
        into.line()?;
    }
    summary::read(compound, of, into)?;
    if is_message {
        return ended;
    }
    known |= objects::read(compound, of, into)?;
    known |= storages(compound, of, into)?;
    if !known {
        into.note(Cause::UnknownFormat);
        strings(compound, of, into)?;
    }
    if compound.damaged() {
        into.note(Cause::Damaged);
    }
    ended
}

/// Storages inside one: objects, macros, custom data.
fn storages(compound: &Compound<'_>, of: usize, into: &mut Reading<'_>) -> Result<bool, Fault> {
    let children: Vec<(String, usize)> = compound
        .children(of)
        .filter(|(_, _, is_stream)| !is_stream)
        .map(|(name, at, _)| (name.to_owned(), at))
        .collect();
    let mut known = false;
    for (name, at) in children {
        match name.as_str() {
            "ObjectPool" => {
                let objects: Vec<(String, usize)> = compound
                    .children(at)
                    .map(|(name, at, _)| (name.to_owned(), at))
                    .collect();
                for (name, object) in objects {
                    into.within(&name, |into| storage(compound, object, into))?;
                }
            }
            "VBA" => {
                known |= is_project(compound, of);
                vba::read(compound, at, into)?;
            }
            "Macros" | "_VBA_PROJECT_CUR" => {
                if let Some(project) = compound.find(at, "VBA") {
                    vba::read(compound, project, into)?;
                }
            }
            "MsoDataStore" => objects::data_store(compound, at, into)?,
            name if name.starts_with("MBD") => {
                into.within(name, |into| storage(compound, at, into))?;
            }
            _ => {}
        }
    }
    Ok(known)
}

/// Whether a storage is a project of macros and nothing else.
fn is_project(compound: &Compound<'_>, of: usize) -> bool {
    compound
        .children(of)
        .all(|(name, _, is_stream)| !is_stream || name.starts_with("PROJECT"))
}

/// What can be seen of text in streams that nobody here knows.
fn strings(compound: &Compound<'_>, of: usize, into: &mut Reading<'_>) -> Outcome {
    let children: Vec<(String, usize, bool)> = compound
        .children(of)
        .filter(|(name, _, _)| !name.starts_with(['\u{1}', '\u{3}', '\u{5}']))
        .map(|(name, at, is_stream)| (name.to_owned(), at, is_stream))
        .collect();
    for (name, at, is_stream) in children {
        if is_stream {
            let bytes = compound.stream(at, into)?;
            harvest::read(&bytes, into)?;
        } else {
            into.within(&name, |into| storage(compound, at, into))?;
        }
    }
    Ok(())
}

/// Text in a file of a format without a reader.
pub(super) fn unknown(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    into.note(Cause::UnknownFormat);
    harvest::read(bytes, into)
}
