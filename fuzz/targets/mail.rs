//! Tries the readers of messages of the Internet.
#![no_main]

use inspect::Format;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(init: fuzz::begin(), |bytes: &[u8]| -> Corpus {
    fuzz::read(bytes, &[Format::Eml, Format::Mbox])
});
