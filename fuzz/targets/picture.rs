//! Tries the readers of what programs write into pictures.
#![no_main]

use inspect::Format;
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(init: fuzz::begin(), |bytes: &[u8]| -> Corpus {
    fuzz::read(bytes, &[Format::Jpg, Format::Png, Format::Gif, Format::Tif, Format::Bmp, Format::Webp])
});
