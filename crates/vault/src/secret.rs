//! Types that hold secrets: wiped when dropped, shown as `[redacted]`, compared in constant
//! time, never serialised and never cloned by accident. Whoever needs the bytes says `expose`,
//! which is easy to search for in a review.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::error::Error;
use crate::random::Random;

/// A secret of exactly `N` bytes, such as a key. It lives on the heap, so that moving the
/// value leaves no copies behind on the stack.
pub struct Secret<const N: usize>(Box<[u8; N]>);

impl<const N: usize> Secret<N> {
    /// Takes the bytes over and wipes the copy that was passed in.
    #[must_use]
    pub fn new(mut bytes: [u8; N]) -> Self {
        let mut secret = Self(Box::new([0; N]));
        secret.0.copy_from_slice(&bytes);
        bytes.zeroize();
        secret
    }

    /// A fresh random secret.
    ///
    /// # Errors
    /// [`Error::Random`] when the source fails.
    pub fn random(random: &dyn Random) -> Result<Self, Error> {
        let mut secret = Self(Box::new([0; N]));
        random.fill(secret.0.as_mut_slice())?;
        Ok(secret)
    }

    /// Copies a slice of exactly `N` bytes; nothing for any other length.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut secret = Self(Box::new([0; N]));
        if bytes.len() != N {
            return None;
        }
        secret.0.copy_from_slice(bytes);
        Some(secret)
    }

    /// The bytes themselves. Do not copy them into anything that is not wiped.
    #[must_use]
    pub fn expose(&self) -> &[u8; N] {
        &self.0
    }

    pub(crate) fn expose_mut(&mut self) -> &mut [u8; N] {
        &mut self.0
    }
}

impl<const N: usize> Drop for Secret<N> {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}

impl<const N: usize> ZeroizeOnDrop for Secret<N> {}

/// A secret of any length, such as decrypted content.
pub struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Takes the bytes over. The vector should have been made at its final size: growing one
    /// leaves its former memory unwiped.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// `length` zero bytes to be filled.
    pub(crate) fn zeroed(length: usize) -> Self {
        Self::new(vec![0; length])
    }

    /// The bytes themselves. Do not copy them into anything that is not wiped.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn expose_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// How many bytes there are; the length is no secret.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl ZeroizeOnDrop for SecretBytes {}

/// A secret text, such as the key text of the embedded database.
pub struct SecretString(Zeroizing<String>);

impl SecretString {
    /// Takes the text over. As with [`SecretBytes::new`], make it at its final size.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself. Do not copy it into anything that is not wiped.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl ZeroizeOnDrop for SecretString {}

macro_rules! guarded {
    ($name:ident $(< const $n:ident : usize >)?, $bytes:expr) => {
        impl $(<const $n: usize>)? fmt::Debug for $name $(<$n>)? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("[redacted]")
            }
        }

        /// Takes the same time wherever the two differ; only different lengths show.
        impl $(<const $n: usize>)? PartialEq for $name $(<$n>)? {
            fn eq(&self, other: &Self) -> bool {
                let bytes: fn(&Self) -> &[u8] = $bytes;
                verify_slices_are_equal(bytes(self), bytes(other)).is_ok()
            }
        }

        impl $(<const $n: usize>)? Eq for $name $(<$n>)? {}
    };
}

guarded!(Secret<const N: usize>, |secret| secret.expose());
guarded!(SecretBytes, SecretBytes::expose);
guarded!(SecretString, |secret| secret.expose().as_bytes());

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::testing::{Broken, Repeatable};

    #[test]
    fn a_secret_never_shows_itself() {
        assert_eq!(format!("{:?}", Secret::new([7u8; 32])), "[redacted]");
        assert_eq!(
            format!("{:#?}", SecretBytes::new(b"open sesame".to_vec())),
            "[redacted]"
        );
        assert_eq!(
            format!("{:?}", Some(SecretString::new("芝麻".into()))),
            "Some([redacted])"
        );
    }

    #[test]
    fn secrets_are_wiped_when_dropped() {
        fn wiped<T: ZeroizeOnDrop>() {}
        wiped::<Secret<32>>();
        wiped::<SecretBytes>();
        wiped::<SecretString>();
    }

    #[test]
    fn a_secret_cannot_be_serialised_cloned_or_printed() {
        // Ambiguity trick: if the type had the trait, `probe` would have two candidates and
        // this would not compile.
        trait Lacks<Marker> {
            fn probe() {}
        }
        struct Any;
        struct Cloned;
        struct Shown;
        struct Serialised;
        impl<T> Lacks<Any> for T {}
        impl<T: Clone> Lacks<Cloned> for T {}
        impl<T: fmt::Display> Lacks<Shown> for T {}
        impl<T: serde::Serialize> Lacks<Serialised> for T {}
        <Secret<32> as Lacks<_>>::probe();
        <SecretBytes as Lacks<_>>::probe();
        <SecretString as Lacks<_>>::probe();
    }

    #[test]
    fn secrets_compare_by_content() {
        assert_eq!(Secret::new([1u8; 4]), Secret::new([1; 4]));
        assert_ne!(Secret::new([1u8; 4]), Secret::new([1, 1, 1, 2]));
        assert_ne!(SecretBytes::new(vec![1]), SecretBytes::new(vec![1, 0]));
        assert_eq!(SecretString::new("a".into()), SecretString::new("a".into()));
    }

    #[test]
    fn a_secret_has_its_exact_length() {
        assert!(Secret::<4>::from_slice(&[1, 2, 3]).is_none());
        assert_eq!(
            Secret::<3>::from_slice(&[1, 2, 3]).unwrap().expose(),
            &[1, 2, 3]
        );
    }

    #[test]
    fn a_broken_source_makes_no_secret() {
        assert!(matches!(Secret::<32>::random(&Broken), Err(Error::Random)));
        let random = Repeatable::default();
        let one = Secret::<32>::random(&random).unwrap();
        assert_ne!(one, Secret::<32>::random(&random).unwrap());
    }
}
