//! Time-based one-time codes (RFC 6238): six digits, 30 seconds, one step of tolerance.

use crate::{core::Inner, error::Error};
use domain::{AccountId, Timestamp};
use vault::{KeyId, KeyUse, Purpose, RootWrap, SecretBytes, WrappedKey};

const STEP_SECONDS: i64 = 30;
/// Digits of a code.
pub(super) const DIGITS: usize = 6;

/// Which time step a code belongs to; nothing when it is wrong.
pub(super) fn check(
    inner: &Inner,
    account: AccountId,
    sealed: &[u8],
    code: &str,
    now: Timestamp,
) -> Result<Option<i64>, Error> {
    let secret = open(inner, account, sealed)?;
    let current = now.as_second() / STEP_SECONDS;
    let steps = [current - 1, current, current + 1];
    Ok(steps.into_iter().find(|step| {
        let right = code_at(secret.expose(), *step);
        subtle::ConstantTimeEq::ct_eq(right.as_bytes(), code.as_bytes()).into()
    }))
}

/// The code of a time step (RFC 4226 5.3, HMAC-SHA-1 as every authenticator app has it).
fn code_at(secret: &[u8], step: i64) -> String {
    use aws_lc_rs::hmac;
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes.last().copied().unwrap_or(0) & 0x0f);
    let word = bytes.get(offset..offset + 4).map_or([0; 4], |four| {
        let mut word = [0; 4];
        word.copy_from_slice(four);
        word
    });
    format!(
        "{:06}",
        (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000
    )
}

fn usage(context: &[u8]) -> KeyUse<'_> {
    KeyUse {
        purpose: Purpose::Pepper,
        context,
    }
}

fn open(inner: &Inner, account: AccountId, sealed: &[u8]) -> Result<SecretBytes, Error> {
    let context = format!("totp:{account}");
    let wrapped = WrappedKey::from_bytes(sealed)?;
    Ok(inner.root.unwrap(usage(context.as_bytes()), &wrapped)?)
}

/// Seals a secret for an account.
pub(super) fn seal(inner: &Inner, account: AccountId, secret: &[u8]) -> Result<Vec<u8>, Error> {
    let context = format!("totp:{account}");
    let wrapped = inner.root.wrap(
        usage(context.as_bytes()),
        KeyId::random(&*inner.random)?,
        secret,
        &*inner.random,
    )?;
    Ok(wrapped.to_bytes())
}

/// RFC 4648 base32 without padding.
pub(super) fn base32(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut out = String::new();
    for block in bytes.chunks(5) {
        let mut word = [0_u8; 8];
        for (to, from) in word.iter_mut().skip(3).zip(block) {
            *to = *from;
        }
        let bits = u64::from_be_bytes(word);
        let digits = (block.len() * 8).div_ceil(5);
        for digit in 0..digits {
            let index = (bits >> (35 - 5 * digit)) & 31;
            let letter = usize::try_from(index)
                .ok()
                .and_then(|index| ALPHABET.get(index));
            out.push(char::from(letter.copied().unwrap_or(b'A')));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_rfc_6238_appendix_b() {
        let secret = b"12345678901234567890";
        // the appendix prints eight digits; six are their tail
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(code_at(secret, seconds / STEP_SECONDS), code);
        }
    }

    #[test]
    fn base32_of_rfc_4648() {
        for (plain, coded) in [("f", "MY"), ("fo", "MZXQ"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(plain.as_bytes()), coded);
        }
    }
}
