//! Tries the readers of packed streams.
#![no_main]

use inspect::Format;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(init: fuzz::begin(), |bytes: &[u8]| -> Corpus {
    fuzz::read(bytes, &[Format::Gz, Format::Bz2, Format::Xz, Format::Zst, Format::Lz4])
});
