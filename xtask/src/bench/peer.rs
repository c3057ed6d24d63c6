//! Peers that are programs of others.

use crate::command::{command, output};
use anyhow::{Context, Result};

/// How often a peer is asked.
const ROUNDS: u32 = 4;

/// The best of several rounds, as our own benchmark takes it: what is slower is somebody else's
/// load.
pub(super) fn openssl_aes_256_gcm() -> Result<f64> {
    let mut best: f64 = 0.0;
    for _ in 0..ROUNDS {
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
    fn the_rate_is_read_from_the_last_line() {
        let said = "version: 3.0\nThe 'numbers' are in 1000s of bytes per second processed.\n\
                    type          16384 bytes\nAES-256-GCM   3450000.00k\n";
        assert_eq!(openssl_rate(said), Some(3450.0));
        assert_eq!(openssl_rate("nothing"), None);
    }
}
