//! Randomness as a parameter, so that tests can repeat themselves and formats can be frozen.
//! [`SystemRandom`] is what production passes in; nothing in this crate makes one for itself.

use std::fmt;

use crate::error::Error;

/// A source of cryptographically secure random bytes.
pub trait Random: Send + Sync + fmt::Debug {
    /// Fills all of `bytes`, or fails with [`Error::Random`] and leaves them unusable.
    ///
    /// # Errors
    /// When the source cannot deliver; the caller must then give up what it was making.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error>;
}

/// The random generator of the cryptographic library, seeded by the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
        aws_lc_rs::rand::fill(bytes).map_err(|_| Error::Random)
    }
}

/// `N` random bytes that are no secret (salts, nonces, ids).
pub(crate) fn array<const N: usize>(random: &dyn Random) -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    random.fill(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
pub(crate) mod testing {
    //! Repeatable and failing sources for tests.

    use std::sync::atomic::{AtomicU64, Ordering};

    use aws_lc_rs::digest;

    use super::{Error, Random};

    /// SHA-256 of a counter: every run gives the same bytes, no two calls do.
    #[derive(Debug, Default)]
    pub(crate) struct Repeatable(AtomicU64);

    impl Random for Repeatable {
        fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
            for part in bytes.chunks_mut(32) {
                let count = self.0.fetch_add(1, Ordering::Relaxed);
                let block = digest::digest(&digest::SHA256, &count.to_be_bytes());
                part.copy_from_slice(&block.as_ref()[..part.len()]);
            }
            Ok(())
        }
    }

    /// A source that never delivers.
    #[derive(Debug)]
    pub(crate) struct Broken;

    impl Random for Broken {
        fn fill(&self, _: &mut [u8]) -> Result<(), Error> {
            Err(Error::Random)
        }
    }

    #[test]
    fn the_system_source_fills_and_does_not_repeat() {
        let one: [u8; 32] = super::array(&super::SystemRandom).unwrap();
        let two: [u8; 32] = super::array(&super::SystemRandom).unwrap();
        assert_ne!(one, two);
        assert_ne!(one, [0; 32]);
    }
}
