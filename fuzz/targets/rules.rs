//! Tries the reader of rules, and asks rules that it takes about a text.
#![no_main]

use inspect::{Limits, Rules, inspect};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: fuzz::begin(), |text: &str| {
    if let Ok(rules) = Rules::parse(&[("fuzz.toml", text)]) {
        drop(rules.check());
        drop(inspect(text.as_bytes(), "", &rules, &Limits::default()));
    }
});
