//! Tries the readers of OLE files: Word, Excel and PowerPoint before 2007, messages, Hangul, OneNote.
#![no_main]

use inspect::Format;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(init: fuzz::begin(), |bytes: &[u8]| -> Corpus {
    fuzz::read(bytes, &[Format::Doc, Format::Xls, Format::Ppt, Format::Msg, Format::Ole, Format::Hwp, Format::One, Format::Locked])
});
