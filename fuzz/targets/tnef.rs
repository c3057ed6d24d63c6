//! Tries the readers of TNEF, which is winmail.dat.
#![no_main]

use inspect::Format;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(init: fuzz::begin(), |bytes: &[u8]| -> Corpus {
    fuzz::read(bytes, &[Format::Tnef])
});
