//! Files and pictures inside OLE files: packed objects, pages of other programs, pictures of drawings.

use super::compound::Compound;
use super::drawings;
use crate::read::le::{Le, index};
use crate::read::office::custom_xml;
use crate::read::picture::is_small;
use crate::read::{Outcome, Reading};

/// Reads what the streams of a storage hold as files; says whether there was one.
pub(super) fn read(
    compound: &Compound<'_>,
    of: usize,
    into: &mut Reading<'_>,
) -> Result<bool, crate::read::Fault> {
    let mut found = false;
    for name in ["Package", "EmbeddedOdf", "package_stream"] {
        if let Some(bytes) = compound.named(of, name, into)? {
            found = true;
            into.inside(name, &bytes)?;
        }
    }
    if let Some(bytes) = compound.named(of, "CONTENTS", into)?
        && (bytes.starts_with(b"%PDF") || bytes.starts_with(b"PK") || bytes.starts_with(b"\x89PNG"))
    {
        found = true;
        into.inside("CONTENTS", &bytes)?;
    }
    if let Some(bytes) = compound.named(of, "\u{1}Ole10Native", into)? {
        found = true;
        native(&bytes, into)?;
    }
    for name in ["Pictures", "Data", "WordDocument"] {
        if let Some(bytes) = compound.named(of, name, into)? {
            pictures(&bytes, into)?;
        }
    }
    for name in [
        "0Table",
        "1Table",
        "Data",
        "PowerPoint Document",
        "Workbook",
    ] {
        if let Some(bytes) = compound.named(of, name, into)? {
            drawings::read(&bytes, into)?;
        }
    }
    Ok(found)
}

/// A file that was packed by the packager: its name, its path, its bytes.
fn native(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let after = |at: usize| {
        let rest = bytes.rest(at);
        memchr::memchr(0, rest.some(0, 1_024)).map(|length| (rest.some(0, length), at + length + 1))
    };
    let packed = after(6).and_then(|(name, at)| {
        let (_, at) = after(at)?;
        let path = index(bytes.u32(at + 4)?);
        let at = (at + 8).checked_add(path)?;
        let length = index(bytes.u32(at)?);
        Some((name, bytes.all(at + 4, length)?))
    });
    match packed {
        Some((name, data)) => {
            let name = super::pages::decoded(name, 936);
            into.member(&name)?;
            into.inside(&name, data)
        }
        None => into.inside("object", bytes.rest(4)),
    }
}

/// Pictures of drawings: a record of a known kind, a head, and the picture as it was.
pub(super) fn pictures(bytes: &[u8], into: &mut Reading<'_>) -> Outcome {
    let mut at = 0;
    while let Some(next) = memchr::memchr(0xf0, bytes.rest(at)) {
        let kind_at = (at + next).saturating_sub(1);
        at += next + 1;
        let Some(0xf01d | 0xf01e | 0xf01f | 0xf029 | 0xf02a) = bytes.u16(kind_at) else {
            continue;
        };
        let length = index(bytes.u32(kind_at + 2).unwrap_or_default());
        let Some(record) = bytes.all(kind_at + 6, length) else {
            continue;
        };
        let head = [17, 33].into_iter().find(|head| {
            let data = record.rest(*head);
            data.starts_with(b"\x89PNG") || data.starts_with(b"\xff\xd8\xff")
        });
        if let Some(head) = head {
            let picture = record.rest(head);
            if !is_small(picture) {
                into.inside("picture", picture)?;
            }
            at = kind_at + 6 + length;
        }
    }
    Ok(())
}

/// Custom XML of a document: a storage of storages, each with an item.
pub(super) fn data_store(compound: &Compound<'_>, of: usize, into: &mut Reading<'_>) -> Outcome {
    let items: Vec<usize> = compound.children(of).map(|(_, at, _)| at).collect();
    for item in items {
        if let Some(xml) = compound.named(item, "Item", into)? {
            custom_xml(&xml, into)?;
        }
    }
    Ok(())
}
