//! Official pages: a layout and what stands on it, made into a PDF.
//!
//! A layout is a typst file of a pack. What it is given is data, never markup: the words of a record are
//! strings to it, so nothing that people write can act in a layout. There is no network, no file and no
//! clock behind it; the same layout and data give the same bytes.
//!
//! No page hides a character: one that the type has no shape for, or that would be invisible or turn the
//! direction of reading, stands as its code point, `〔U+202E〕`.

mod code;
mod ink;
mod press;
mod value;

pub use code::{Code, code};
pub use press::{Press, Previewed, PrintError, Printed};

/// The type that pages are set in where nothing else is installed: a subset of Noto Serif CJK SC (GB 2312,
/// the characters of a general dictionary, simplified and traditional, and signs), OFL 1.1.
pub const SONG: &[u8] = include_bytes!("../fonts/ruping-song.otf");

/// Pages of a preview in bytes: what comes after is only counted.
pub const PREVIEW_BYTES_MAX: usize = 24 * 1024 * 1024;

/// Words on one page set, in bytes: what a layout is given, all of it.
pub const DATA_BYTES_MAX: usize = 16 * 1024 * 1024;
