//! What all fuzz targets share: small limits, a clock, and which panics are findings.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use inspect::{Format, Limits, Rules, Stop};
use libfuzzer_sys::Corpus;

/// How long one input may take by the library's own clock. The fuzzer's `-timeout` is longer: who does not look at the
/// clock is found.
const PATIENCE: Duration = Duration::from_secs(2);

struct Until(Instant);

impl Stop for Until {
    fn now(&self) -> bool {
        Instant::now() >= self.0
    }
}

/// WHY not every panic: foreign readers may panic, and the library says "damaged" then. A panic of its own is a finding,
/// and so is an abort, a stack that runs over, too much memory and too much time, whoever's they are.
pub fn begin() {
    let to_abort = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let ours = panic
            .location()
            .is_some_and(|place| place.file().contains("crates/inspect/"));
        if ours || std::env::var_os("FUZZ_ALL_PANICS").is_some() {
            to_abort(panic);
        }
    }));
}

/// Reads an input as one of these formats: as the one it looks like, or else as the one that its last byte names.
pub fn read(bytes: &[u8], formats: &[Format]) -> Corpus {
    static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::shipped().unwrap());
    let Some(last) = bytes.last() else {
        return Corpus::Reject;
    };
    let looks = Format::of(bytes, "");
    let format = if formats.contains(&looks) {
        looks
    } else {
        formats[usize::from(*last) % formats.len()]
    };
    let limits = Limits {
        input: 1 << 20,
        text: 1 << 20,
        unpacked: 4 << 20,
        depth: 4,
        members: 200,
        stop: Some(Arc::new(Until(Instant::now() + PATIENCE))),
        ..Limits::default()
    };
    let report = inspect::inspect_as(format, bytes, &RULES, &limits);
    assert!(report.text.len() <= limits.text, "more text than the limit");
    for finding in &report.findings {
        assert!(finding.offset <= report.text.len(), "a finding beyond the text");
    }
    Corpus::Keep
}
