//! Documents that are packages of XML: Microsoft's, OpenDocument, OFD, EPUB, XPS.

mod docx;
mod epub;
mod flow;
mod markup;
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
mod words;
mod xlsx;
mod xps;

pub(super) use docx::read as docx;
pub(super) use epub::read as epub;
pub(super) use odf::read as odf;
pub(super) use ofd::read as ofd;
pub(super) use pptx::read as pptx;
pub(super) use xlsx::read as xlsx;
pub(super) use xps::read as xps;

use super::{Fault, Outcome, Reading};
use crate::report::Cause;

pub(super) fn xlsb(_bytes: &[u8], _into: &mut Reading<'_>) -> Outcome {
    Err(Fault(Cause::UnknownFormat))
}
