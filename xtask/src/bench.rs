//! `cargo xtask bench`: measurements, each beside a peer measured in the same run.
//!
//! A number alone says more about the machine than about us, so each measurement is a ratio to
//! something everybody has. A benchmark of ours prints lines that end in `… <number> MB/s`; a peer
//! is a function that returns its number.

use crate::command::{cargo, command, output};
use anyhow::{Context, Result};
use std::process::Stdio;

/// A benchmark of ours and what it is held against.
struct Measurement {
    name: &'static str,
    package: &'static str,
    bench: &'static str,
    peer: &'static str,
    measure_peer: fn() -> Result<f64>,
}

const MEASUREMENTS: [Measurement; 1] = [Measurement {
    name: "vault: sealing and opening content",
    package: "vault",
    bench: "stream",
    peer: "openssl speed aes-256-gcm, one thread, 16 KiB",
    measure_peer: openssl_aes_256_gcm,
}];

/// How often a peer is asked.
const PEER_ROUNDS: u32 = 4;

/// Runs every measurement and prints its ratio.
pub(crate) fn run() -> Result<()> {
    for measurement in MEASUREMENTS {
        println!("== {}", measurement.name);
        let peer = (measurement.measure_peer)()?;
        println!("{:<48} {peer:>9.0} MB/s  1.00", measurement.peer);
        let mut bench = cargo(&["bench", "--locked", "--package", measurement.package]);
        bench.args(["--bench", measurement.bench]);
        // WHY: a cold build takes minutes, and silence would look like a hang
        bench.stderr(Stdio::inherit());
        let ours = output(bench)?;
        for line in ours.lines() {
            match rate(line) {
                Some((what, rate)) => {
                    println!("{what:<48} {rate:>9.0} MB/s  {:.2}", rate / peer);
                }
                None => println!("{line}"),
            }
        }
    }
    Ok(())
}

/// What a line measured, and how many megabytes a second.
fn rate(line: &str) -> Option<(&str, f64)> {
    let line = line.trim().strip_suffix("MB/s")?.trim_end();
    let (what, number) = line.rsplit_once([' ', ':'])?;
    Some((what.trim_end_matches([' ', ':']), number.parse().ok()?))
}

/// The best of several rounds, as our own benchmark takes it: what is slower is somebody else's
/// load.
fn openssl_aes_256_gcm() -> Result<f64> {
    let mut best: f64 = 0.0;
    for _ in 0..PEER_ROUNDS {
        let mut speed = command("openssl", &["speed", "-evp", "aes-256-gcm"]);
        speed.args(["-bytes", "16384", "-seconds", "1"]);
        let said = output(speed).context("the peer is the `openssl` program")?;
        best = best.max(openssl_rate(&said).context("`openssl speed` printed no rate")?);
    }
    Ok(best)
}

/// The rate in the last line, which openssl gives in thousands of bytes a second, as `123.45k`.
fn openssl_rate(said: &str) -> Option<f64> {
    let last = said.lines().rev().find(|line| line.ends_with('k'))?;
    let thousands: f64 = last
        .split_whitespace()
        .next_back()?
        .strip_suffix('k')?
        .parse()
        .ok()?;
    Some(thousands / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_from_both_sides() {
        assert_eq!(
            rate("seal 64 MiB:   812.5 MB/s"),
            Some(("seal 64 MiB", 812.5))
        );
        assert_eq!(rate("open 64 MiB 900 MB/s"), Some(("open 64 MiB", 900.0)));
        assert_eq!(rate("warming up"), None);
        let said = "version: 3.0\nThe 'numbers' are in 1000s of bytes per second processed.\n\
                    type          16384 bytes\nAES-256-GCM   3450000.00k\n";
        assert_eq!(openssl_rate(said), Some(3450.0));
        assert_eq!(openssl_rate("nothing"), None);
    }
}
