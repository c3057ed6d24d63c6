//! Documents that are packages of XML: Microsoft's, OpenDocument, OFD, EPUB, XPS.

mod docx;
mod epub;
mod flow;
mod markup;
mod metafile;
mod numbers;
mod odf;
mod ofd;
pub(crate) mod package;
mod parts;
mod pptx;
mod properties;
mod runs;
mod sheet;
mod strings;
#[cfg(test)]
mod tests;
mod words;
mod xlsb;
mod xlsx;
mod xps;

pub(super) use docx::read as docx;
pub(super) use epub::read as epub;
pub(super) use odf::read as odf;
pub(super) use ofd::read as ofd;
pub(super) use pptx::read as pptx;
pub(super) use xlsb::read as xlsb;
pub(super) use xlsx::read as xlsx;
pub(super) use xps::read as xps;

// what readers of OLE files share with these
pub(super) use flow::Flow;
pub(super) use numbers::{Formats, writes_words};
pub(super) use sheet::header;
pub(super) use strings::Strings;
pub(super) use xlsb::packed;

use super::{Fault, Outcome, Reading};

/// Inflates bare deflated data within the limits.
pub(super) fn inflate(packed: &[u8], into: &mut Reading<'_>) -> Result<Vec<u8>, Fault> {
    let room = usize::try_from(into.room(packed.len() as u64)).unwrap_or(usize::MAX);
    let bytes = package::inflate(packed, packed.len().saturating_mul(4), room, into);
    into.unpacked(bytes.len())?;
    Ok(bytes)
}

/// As [`inflate`], with zlib's head, and the size that is told.
pub(super) fn inflate_zlib(
    packed: &[u8],
    told: usize,
    into: &mut Reading<'_>,
) -> Result<Vec<u8>, Fault> {
    let room = usize::try_from(into.room(packed.len() as u64)).unwrap_or(usize::MAX);
    let bytes = package::inflate_as(packed, told, room, into, true);
    into.unpacked(bytes.len())?;
    Ok(bytes)
}

/// Reads custom XML: every element and attribute is a named value.
pub(super) fn custom_xml(xml: &[u8], into: &mut Reading<'_>) -> Outcome {
    properties::read(xml, properties::Attributes::Tell, into)
}
