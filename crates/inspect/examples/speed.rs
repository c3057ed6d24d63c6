//! How fast text is read and searched: `cargo run -p inspect --release --example speed FILE… [KEYWORDS]`. Prints, for all
//! files together, MB per second of processor time without rules (decoding alone) and with all shipped rules, and with a list of 5,000
//! words, each the best of three.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a tool that is run by hand"
)]

use inspect::{Limits, Rules, inspect};

/// Seconds of processor time of this thread; the clock on the wall tells of others too.
fn cpu() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    told.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn best(files: &[Vec<u8>], rules: &Rules) -> (f64, usize) {
    let bytes: usize = files.iter().map(Vec::len).sum();
    let mut best = 0.0_f64;
    let mut findings = 0;
    for _ in 0..3 {
        let begun = cpu();
        findings = files
            .iter()
            .map(|file| {
                inspect(file, "a.txt", rules, &Limits::default())
                    .findings
                    .len()
            })
            .sum();
        best = best.max(bytes as f64 / 1e6 / (cpu() - begun));
    }
    (best, findings)
}

/// A file with so many words of three to eight Chinese characters.
fn keywords(count: u32) -> String {
    let mut seed = 12_345_u32;
    let mut next = |most: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) % most
    };
    let words: Vec<String> = (0..count)
        .map(|_| {
            let length = 3 + next(6);
            let word: String = (0..length)
                .filter_map(|_| char::from_u32(0x4e00 + next(6_000)))
                .collect();
            format!("\"{word}\"")
        })
        .collect();
    format!(
        "[[rule]]\nkey = \"words\"\nkind = \"keyword\"\nconfidence = 0.9\nwhy = {{ zh = \"词\", en = \"word\" }}\nwords = [{}]\n",
        words.join(", ")
    )
}

fn main() {
    let files: Vec<Vec<u8>> = std::env::args()
        .skip(1)
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    let bytes: usize = files.iter().map(Vec::len).sum();
    println!("{} files, {:.1} MB", files.len(), bytes as f64 / 1e6);
    for (name, rules) in [
        ("decode alone", Rules::default()),
        (
            "5,000 words",
            Rules::parse(&[("words", &keywords(5_000))]).unwrap(),
        ),
        ("all shipped rules", Rules::shipped().unwrap()),
    ] {
        let (speed, findings) = best(&files, &rules);
        println!("{name}\t{speed:.0} MB/s\t{findings} findings told");
    }
}
