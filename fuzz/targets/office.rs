//! Tries the readers of packages of XML: Office Open XML, OpenDocument, OFD, XPS, EPUB.
#![no_main]

use inspect::Format;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(init: fuzz::begin(), |bytes: &[u8]| -> Corpus {
    fuzz::read(bytes, &[Format::Docx, Format::Xlsx, Format::Xlsb, Format::Pptx, Format::Odt, Format::Ods, Format::Odp, Format::Ofd, Format::Xps, Format::Epub])
});
