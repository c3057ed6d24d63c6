//! Tries the readers of plain text: the guess of its encoding, the normal form, all rules.
#![no_main]

use inspect::Format;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(init: fuzz::begin(), |bytes: &[u8]| -> Corpus {
    fuzz::read(bytes, &[Format::Txt])
});
