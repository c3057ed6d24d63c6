//! An authenticator app as people carry it (RFC 6238), written apart from the product's own code.

use anyhow::{Context, Result, ensure};
use aws_lc_rs::hmac;
use domain::Timestamp;

/// How long a code is shown.
const SECONDS: i64 = 30;

/// An app that was told a secret.
#[derive(Debug)]
pub struct Authenticator(hmac::Key);

impl Authenticator {
    /// Takes in a secret in base32.
    ///
    /// # Errors
    /// When it is not base32.
    pub fn new(base32: &str) -> Result<Self> {
        let mut bits = String::new();
        for letter in base32.chars() {
            let place = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(letter);
            let place = place.context("a letter that is not base32")?;
            bits.push_str(&format!("{place:05b}"));
        }
        let bytes: Vec<u8> = bits
            .as_bytes()
            .chunks_exact(8)
            .filter_map(|byte| u8::from_str_radix(std::str::from_utf8(byte).ok()?, 2).ok())
            .collect();
        ensure!(
            bytes.len() >= 16,
            "a secret of RFC 4226 has 128 bits at least"
        );
        let algorithm = hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY;
        Ok(Self(hmac::Key::new(algorithm, &bytes)))
    }

    /// The code it shows at a moment.
    #[must_use]
    pub fn code(&self, at: Timestamp) -> String {
        let step = at.as_second() / SECONDS;
        let tag = hmac::sign(&self.0, &step.to_be_bytes());
        let tag = tag.as_ref();
        let at = usize::from(tag.last().copied().unwrap_or(0) & 15);
        let word = tag.iter().skip(at).take(4);
        let word = word.fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
        format!("{:06}", (word & 0x7fff_ffff) % 1_000_000)
    }
}
